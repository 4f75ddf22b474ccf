"""Publishes the catalogue so that `iotsweep catalogue update` can trust it (The Update Framework). For maintainers.

    python -m tools.release_catalogue keys KEYS                       make the four keys; then take root.pem offline
    python -m tools.release_catalogue start REPOSITORY --keys KEYS    sign the first root.json
    python -m tools.release_catalogue add REPOSITORY --keys KEYS      publish ./fingerprints under its dated VERSION
    python -m tools.release_catalogue refresh REPOSITORY --keys KEYS  sign again before the timestamp expires
    python -m tools.release_catalogue rotate REPOSITORY --keys OLD --new-keys NEW    replace keys; root.pem of both

Upload the folder REPOSITORY as it is, or copy it to a USB stick. Keys never lie in it, nor in the project.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # not in its __all__
from tuf.api.metadata import (  # type: ignore[attr-defined]  # not in its __all__
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from iotsweep.catalogue.updates.bundle import pack
from iotsweep.catalogue.updates.update import TARGET

ROLES = ("root", "targets", "snapshot", "timestamp")
# How long a signature holds. A copy that somebody holds back is noticed after the timestamp's days.
DAYS = {"root": 365, "targets": 180, "snapshot": 180, "timestamp": 30}
_PRETTY = JSONSerializer(compact=False)

Signers = Mapping[str, CryptoSigner]


def make_keys(folder: Path) -> None:
    """Write one private key per role, readable by their owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for role in ROLES:
        signer = CryptoSigner.generate_ed25519()
        descriptor = os.open(folder / f"{role}.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(signer.private_bytes)


def read_keys(folder: Path, roles: Sequence[str]) -> Signers:
    """The signers of these roles."""
    return {role: _read_key(folder / f"{role}.pem") for role in roles}


def _read_key(path: Path) -> CryptoSigner:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    return CryptoSigner(key)


def start(repository: Path, signers: Signers, now: datetime | None = None) -> None:
    """Sign the first root, and empty roles below it."""
    root = Root(expires=_until("root", now), consistent_snapshot=True)
    for role in ROLES:
        root.add_key(signers[role].public_key, role)
    (repository / "metadata").mkdir(parents=True)
    (repository / "targets").mkdir()
    _write(repository, "1.root.json", Metadata(root), [signers["root"]])
    _publish(repository, Targets(expires=_until("targets", now)), signers, now)


def add(repository: Path, signers: Signers, catalogue: Path, now: datetime | None = None) -> str:
    """Publish the catalogue in a folder; returns its version."""
    data = pack(catalogue)
    target = TargetFile.from_data(TARGET, data, ["sha256"])
    version = (catalogue / "VERSION").read_text(encoding="utf-8").strip()
    target.unrecognized_fields["custom"] = {"version": version}
    path = repository / "targets" / f"{target.hashes['sha256']}.{TARGET}"
    path.write_bytes(data)
    targets = Metadata[Targets].from_file(str(_newest_path(repository, "targets"))).signed
    targets.version += 1
    targets.expires = _until("targets", now)
    targets.targets = {TARGET: target}
    _publish(repository, targets, signers, now)
    return version


def refresh(repository: Path, signers: Signers, now: datetime | None = None) -> None:
    """Sign the timestamp again: all that has to happen while nothing changes."""
    timestamp = Metadata[Timestamp].from_file(str(repository / "metadata" / "timestamp.json"))
    timestamp.signed.version += 1
    timestamp.signed.expires = _until("timestamp", now)
    _write(repository, "timestamp.json", timestamp, [signers["timestamp"]])


def rotate(repository: Path, old: Signers, new: Signers, now: datetime | None = None) -> None:
    """Sign a next root that names new keys: by the old root key, so that clients follow, and by the new one."""
    root = Metadata[Root].from_file(str(_newest_path(repository, "root")))
    root.signed.version += 1
    root.signed.expires = _until("root", now)
    for role in ROLES:
        for keyid in list(root.signed.roles[role].keyids):
            root.signed.revoke_key(keyid, role)
        root.signed.add_key(new[role].public_key, role)
    _write(repository, f"{root.signed.version}.root.json", root, [old["root"], new["root"]])
    targets = Metadata[Targets].from_file(str(_newest_path(repository, "targets"))).signed
    targets.version += 1
    _publish(repository, targets, new, now)


def _publish(repository: Path, targets: Targets, signers: Signers, now: datetime | None) -> None:
    """Sign targets, then the snapshot that names them, then the timestamp that names the snapshot."""
    place = repository / "metadata"
    _write(repository, f"{targets.version}.targets.json", Metadata(targets), [signers["targets"]])
    started = (place / "timestamp.json").exists()
    snapshot, timestamp = Snapshot(), Timestamp()
    if started:
        snapshot = Metadata[Snapshot].from_file(str(_newest_path(repository, "snapshot"))).signed
        timestamp = Metadata[Timestamp].from_file(str(place / "timestamp.json")).signed
        snapshot.version += 1
        timestamp.version += 1
    snapshot.expires = _until("snapshot", now)
    snapshot.meta["targets.json"] = MetaFile(version=targets.version)
    _write(repository, f"{snapshot.version}.snapshot.json", Metadata(snapshot), [signers["snapshot"]])
    timestamp.expires = _until("timestamp", now)
    timestamp.snapshot_meta = MetaFile(version=snapshot.version)
    _write(repository, "timestamp.json", Metadata(timestamp), [signers["timestamp"]])


def _newest_path(repository: Path, role: str) -> Path:
    return max((repository / "metadata").glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))


def _write(repository: Path, name: str, metadata: Metadata, signers: Sequence[CryptoSigner]) -> None:  # type: ignore[type-arg]
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    path = repository / "metadata" / name
    part = path.with_name(f".{name}.part")
    part.write_bytes(metadata.to_bytes(_PRETTY))
    part.replace(path)


def _until(role: str, now: datetime | None) -> datetime:
    return (now or datetime.now(UTC)).replace(microsecond=0) + timedelta(days=DAYS[role])


def main(arguments: Sequence[str] | None = None) -> None:
    """Do one step."""
    options = argparse.ArgumentParser(prog="python -m tools.release_catalogue", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("step", choices=("keys", "start", "add", "refresh", "rotate"))
    options.add_argument("folder", type=Path)
    options.add_argument("--keys", type=Path)
    options.add_argument("--new-keys", type=Path)
    options.add_argument("--catalogue", type=Path, default=Path("fingerprints"))
    chosen = options.parse_args(arguments)
    if chosen.step == "keys":
        make_keys(chosen.folder)
        sys.stdout.write(f"Four keys in {chosen.folder}. Take root.pem offline now.\n")
        return
    if chosen.keys is None or (chosen.step == "rotate" and chosen.new_keys is None):
        options.error("--keys says where the keys are; rotate needs --new-keys too")
    _do(chosen)


def _do(chosen: argparse.Namespace) -> None:
    below = ("targets", "snapshot", "timestamp")
    if chosen.step == "start":
        start(chosen.folder, read_keys(chosen.keys, ROLES))
    elif chosen.step == "add":
        version = add(chosen.folder, read_keys(chosen.keys, below), chosen.catalogue)
        sys.stdout.write(f"Catalogue {version} is published in {chosen.folder}.\n")
    elif chosen.step == "refresh":
        refresh(chosen.folder, read_keys(chosen.keys, ("timestamp",)))
    else:
        rotate(chosen.folder, read_keys(chosen.keys, ("root",)), read_keys(chosen.new_keys, ROLES))


if __name__ == "__main__":
    main()
