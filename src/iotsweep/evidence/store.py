"""Saves a report as JSON and reads it back: whole or not at all, readable by one person, and never trusted."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iotsweep.model import Report

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

SCHEMA = "iotsweep-report/1"
SCHEMA_URL = "urn:iotsweep:report:1"
LARGEST = 64 * 1024 * 1024  # bytes: a home of 250 devices needs about 2 MiB
STANDARD_INPUT = Path("-")

_FAMILY, _, _MAJOR = SCHEMA.partition("/")


class EvidenceError(ValueError):
    """Evidence that cannot be written or used: one sentence or two, with the remedy."""


def dump(report: Report) -> str:
    """The report as JSON text, keys in the order of model.py, ending without a newline."""
    try:
        return _adapter().dump_json(report, indent=1).decode()
    except ValueError:  # half a character, as in an interface's odd name: nothing seen may be lost for it
        return json.dumps(_adapter().dump_python(report, mode="json"), ensure_ascii=False, indent=1)


def save(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write the report to `path`, mode 0600, whole or not at all. Raises EvidenceError.

    Under sudo the file belongs to whoever called sudo, or they could not read their own evidence.
    """
    folder = path.absolute().parent
    if path.exists() and not replace:
        raise EvidenceError(f"{path} is there already: choose another name, or ask for it to be replaced.")
    if path.is_dir():
        raise EvidenceError(f"{path} is a folder: give the name of a file in it.")
    if not folder.is_dir():
        raise EvidenceError(f"the folder {folder} is not there: make it first, or choose another place.")
    try:
        _write_whole(dump(report).encode("utf-8", "replace") + b"\n", path, folder, replace)
    except FileExistsError:
        raise EvidenceError(f"{path} is there already: choose another name, or ask for it to be replaced.") from None
    except OSError as error:
        reason = error.strerror or "it failed"
        raise EvidenceError(
            f"{path} could not be written ({reason}), and nothing half-written was left: choose another place, "
            "or make room or ask for permission there."
        ) from error


def read(path: Path) -> Report:
    """The report in `path` (`-`: standard input), equal to the one that was saved. Raises EvidenceError."""
    name = "standard input" if path == STANDARD_INPUT else str(path)
    return parse(_read_bytes(path, name), name)


def parse(data: bytes, name: str) -> Report:
    """The report in `data`. Fields that this version does not know are passed over. Raises EvidenceError."""
    if len(data) > LARGEST:
        raise EvidenceError(f"{name} is larger than {LARGEST // 2**20} MiB: it is no report that iotsweep saved.")
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{name} {_explain_bad_json(data, error)}") from None
    _check_schema(tree, name)
    from pydantic import ValidationError

    try:
        # JSON mode is the strict reading that still turns lists into tuples and words into enumerations.
        report = _adapter().validate_json(json.dumps(tree), strict=True)
    except ValidationError as error:
        raise EvidenceError(f"{name} {_explain_invalid(error)}") from None
    except (ValueError, RecursionError):
        raise EvidenceError(f"{name} is not a report that iotsweep saved: use the file as it was saved.") from None
    if not _points_inside(report):
        raise EvidenceError(f"{name} names observations that it does not hold: use the file as it was saved.")
    return report


def schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of saved reports."""
    made = _adapter().json_schema(mode="serialization")
    made["properties"]["schema"] = {"const": SCHEMA, "title": "Schema", "type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_URL,
        **made,
        "title": "iotsweep report, version 1",
    }


@cache
def _adapter() -> TypeAdapter[Report]:
    from pydantic import TypeAdapter

    return TypeAdapter(Report)


def _write_whole(data: bytes, path: Path, folder: Path, replace: bool) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".iotsweep-", suffix=".part", dir=folder)  # 0600 from the start
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            _give_to_caller(file.fileno())
        if replace:
            part.replace(path)
        else:
            _move_to_free_name(part, path)
    except BaseException:  # also Ctrl-C: nothing half-written stays behind
        with suppress(OSError):
            part.unlink()
        raise
    _sync_folder(folder)


def _move_to_free_name(part: Path, path: Path) -> None:
    """Raises FileExistsError when something took the name meanwhile: a link, unlike a rename, never replaces."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # file systems without links (FAT on a USB stick)
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)
        return
    part.unlink()


def _give_to_caller(descriptor: int) -> None:
    """The open file itself is given away, not its name: in the caller's own folder a name can be put elsewhere."""
    caller, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if caller.isdecimal() and group.isdecimal() and hasattr(os, "geteuid") and os.geteuid() == 0:
        with suppress(OSError, OverflowError):
            os.fchown(descriptor, int(caller), int(group))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        if path == STANDARD_INPUT:
            return sys.stdin.buffer.read(LARGEST + 1)
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise EvidenceError(f"{name} is not there: check the name and the folder.") from None
    except IsADirectoryError:
        raise EvidenceError(f"{name} is a folder: give the name of a file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it failed"
        raise EvidenceError(f"{name} could not be read ({reason}): check that you may read it.") from None


def _explain_bad_json(data: bytes, error: Exception) -> str:
    if not data.strip():
        return "is empty: use the file as it was saved."
    if isinstance(error, UnicodeDecodeError):
        cut_off, line = error.end >= len(data) and "end of data" in error.reason, data.count(b"\n") + 1
    elif isinstance(error, json.JSONDecodeError):
        rest = error.doc[error.pos :].strip()
        begun = len(rest) < 2 or any(word.startswith(rest) for word in ("null", "true", "false"))
        cut_off, line = begun or "Unterminated" in error.msg, error.lineno
    else:
        return "is not a report that iotsweep saved: use the file as it was saved."
    if cut_off:
        return f"is cut off in line {line}: copy the whole file again."
    return f"is not JSON (line {line}): use the file as it was saved."


def _check_schema(tree: object, name: str) -> None:
    found = tree.get("schema") if isinstance(tree, dict) else None
    family, _, major = found.partition("/") if isinstance(found, str) else ("", "", "")
    if family != _FAMILY:
        raise EvidenceError(f"{name} is not a report that iotsweep saved: give a file that --save wrote.")
    if major == _MAJOR:
        return
    if major.isdecimal() and len(major) < 9 and int(major) > int(_MAJOR):
        raise EvidenceError(f"{name} comes from a newer iotsweep (report version {major}): update iotsweep to read it.")
    raise EvidenceError(f"{name} has a report version that does not exist: use the file as it was saved.")


def _points_inside(report: Report) -> bool:
    """Whether every index of an observation exists, so that no reader of the report can stumble."""
    indexes: list[int] = []
    for finding in report.findings:
        indexes += finding.device.seen
        reasons = (finding.because, *(c.because for c in finding.can), *(m.because for m in finding.alternatives))
        indexes += [one.observation for because in reasons for one in because if one.observation is not None]
    return all(0 <= index < len(report.observations) for index in indexes)


def _explain_invalid(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"])[:120] or "the top"
    reason = problem["msg"][:120].rstrip(".")
    return f"does not hold together at {place} ({reason}): use the file as it was saved."
