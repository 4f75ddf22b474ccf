"""Homes from YAML files: read as text, repeated and unknown keys refused, errors with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from iotsweep.practice.home import Home

DEFAULT_HOME = "family-home"
_LARGEST = 1 << 20
_FOLDER = Path(str(files("iotsweep.practice"))) / "homes"
Place = tuple[str | int, ...]


class HomeError(Exception):
    """A practice home that cannot be used; the message names the file, the line and the remedy."""


def bundled_homes() -> tuple[str, ...]:
    """The names of the homes that come with iotsweep, the default first."""
    names = sorted(path.stem for path in _FOLDER.glob("*.yaml"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT_HOME))


def find_home(name: str) -> Path:
    """The file of a bundled home, or the path that was given. Raises HomeError."""
    if name in bundled_homes():
        return _FOLDER / f"{name}.yaml"
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return path
    raise HomeError(
        f"no practice home is called {name!r}; choose one of {', '.join(bundled_homes())}, or give a .yaml file"
    )


def load_home(path: Path) -> Home:
    """The home that a file describes. Raises HomeError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise HomeError(f"{path}: larger than 1 MB; a practice home is a few hundred lines")
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise HomeError(f"{path}: cannot be read ({error}); check the path and that it is UTF-8 text") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise HomeError(f"{path}: not YAML ({' '.join(str(error).split())}); check indentation and quotes") from error
    if root is None:
        raise HomeError(f"{path}: is empty; see {DEFAULT_HOME}.yaml for what a home holds")
    reader = _Reader(path)
    home = _build(reader.read(root), reader.lines, path)
    for place, sentence in _contradictions(home):
        raise HomeError(f"{path}:{_line(place, reader.lines)}: {sentence}")
    return home


@cache
def _adapter() -> TypeAdapter[Home]:
    return TypeAdapter(Home)


def _build(data: object, lines: dict[Place, int], path: Path) -> Home:
    try:
        return _adapter().validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place: Place = first["loc"]
        where = ".".join(str(part) for part in place) or "the file"
        message = f"{path}:{_line(place, lines)}: {where}: {_remedy(first['type'], first['msg'])}"
        raise HomeError(message) from error


def _remedy(kind: str, message: str) -> str:
    return {
        "missing": "is missing; add it",
        "unexpected_keyword_argument": "is not a word that a home knows; check its spelling",
    }.get(kind, message[:1].lower() + message[1:])


def _line(place: Place, lines: dict[Place, int]) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


class _Reader:
    """Turns nodes into dicts, lists and strings, and remembers the line of each place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self._met: set[int] = set()

    def read(self, node: yaml.Node, place: Place = ()) -> Any:  # noqa: ANN401
        """The plain value of a node. An alias is refused: it can be made to grow without end."""
        if id(node) in self._met:
            raise self._error(node, "is used again through an alias; write it out in both places")
        self._met.add(id(node))
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._read_mapping(node, place)

    def _read_mapping(self, node: yaml.Node, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key has to be a plain word")
            if key.value in found:
                raise self._error(key, f"{key.value!r} stands twice; keep one")
            found[key.value] = self.read(value, (*place, key.value))
        return found

    def _error(self, node: yaml.Node, sentence: str) -> HomeError:
        return HomeError(f"{self.path}:{node.start_mark.line + 1}: {sentence}")


def _contradictions(home: Home) -> Iterator[tuple[Place, str]]:
    try:
        network = IPv4Network(home.network)
    except (AddressValueError, NetmaskValueError, ValueError):
        yield ("network",), f"{home.network} is not a network; write for example 192.168.31.0/24"
        return
    if not network.is_private or network.prefixlen < 20:
        yield ("network",), f"{home.network} has to be private and no larger than a /20"
    yield from _wrong_addresses(home, network)
    for field, values in (("id", [d.id for d in home.devices]), ("mac", [d.mac for d in home.devices])):
        for value, count in Counter(values).items():
            if count > 1:
                index = len(values) - 1 - values[::-1].index(value)
                yield ("devices", index, field), f"{value} belongs to two devices; every device needs its own"


def _wrong_addresses(home: Home, network: IPv4Network) -> Iterator[tuple[Place, str]]:
    taken = {home.laptop.address}
    for index, device in enumerate(home.devices):
        for address in (device.address, *device.also_answers_for):
            if not _inside(address, network):
                yield ("devices", index, "address"), f"{address} is not a host of {network}"
            if address in taken:
                yield ("devices", index, "address"), f"{address} is taken; every device needs its own"
            taken.add(address)
    if not _inside(home.laptop.address, network):
        yield ("laptop", "address"), f"{home.laptop.address} is not a host of {network}"
    if home.gateway not in {device.address for device in home.devices}:
        yield ("gateway",), f"{home.gateway} is no device of this home; give the router's address"


def _inside(address: str, network: IPv4Network) -> bool:
    try:
        return IPv4Address(address) in set(network.hosts())
    except AddressValueError:
        return False
