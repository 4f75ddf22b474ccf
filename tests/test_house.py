"""The rules of the house: imports go one way, --help stays light, files stay small, lock files name no place."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "iotsweep"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 300
LONGER = {"model.py": 400}  # every type stands in one file, in flow order, so that it can be read as a whole

# A part may import itself, the parts beside it and those below.
STOREYS = (
    {"choices", "model", "clean", "clock"},
    {"answers", "estimate", "durations", "runs"},
    {"wire", "network"},
    {"vendors"},
    {"catalogue", "devices", "guidance", "probes", "captures"},
    {"concern", "evidence", "coverage", "monitors"},
    {"stamp", "reports"},
    {"stages"},
    {"sweep"},
    {"plan", "doctor"},
    {"practice"},
    {"cli"},
    {"__main__"},
)
# Who may touch the network, the screen and the command line (docs/architecture.md).
ONLY = {
    "socket": ("network/", "probes/", "practice/"),
    "scapy": ("network/",),
    "zeroconf": ("probes/",),
    "nmap": ("probes/",),
    "typer": ("cli/",),
    "rich": ("cli/", "reports/terminal", "reports/live"),
}
NOT_FOR_HELP = ("scapy", "zeroconf", "pydantic", "aiohttp", "rich", "nmap", "mac_vendor_lookup", "yaml", "re2")


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def _imports(path: Path) -> set[str]:
    """The dotted names that a file imports anywhere, inside functions too, but not for type checking only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "iotsweep":
            found |= {f"iotsweep.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _storey(part: str) -> int:
    storey = next((number for number, parts in enumerate(STOREYS) if part in parts), None)
    assert storey is not None, f"{part} has no storey yet: say in STOREYS which parts it may import"
    return storey


def _parts(names: set[str]) -> set[str]:
    parts = {name.split(".")[1] for name in names if name.startswith("iotsweep.")}
    return parts - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_imports_go_one_way(path: Path) -> None:
    own = _name(path).split("/")[0].removesuffix(".py")
    if own == "__init__":
        assert _parts(_imports(path)) == set()
        return
    upward = {part for part in _parts(_imports(path)) - {own} if _storey(part) > _storey(own)}
    assert not upward, f"{_name(path)} imports {upward}, which stands above it"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_only_few_files_touch_the_network_and_the_screen(path: Path) -> None:
    tops = {name.split(".")[0] for name in _imports(path)}
    trespassed = {top for top, places in ONLY.items() if top in tops and not _name(path).startswith(places)}
    assert not trespassed


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_file_fits_in_one_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGER.get(_name(path), LONGEST_FILE)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, iotsweep.__main__ as main\n"
        "sys.argv = ['iotsweep', '--help']\n"
        "try: main.main()\n"
        "except SystemExit: pass\n"
        f"print(sorted({{name.split('.')[0] for name in sys.modules}} & {set(NOT_FOR_HELP)!r}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src")
    assert "Usage" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_has_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s)(/|--index|--extra-index|--find-links|-[ef]\s|file:)", text, re.MULTILINE)
    pinned = re.findall(r"^[A-Za-z0-9][^\n]*", text, re.MULTILINE)
    assert pinned
    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert text.count("--hash=sha256:") >= len(pinned)


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    development = project["dependency-groups"]["dev"] + project["build-system"]["requires"]
    for name, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["project"]["dependencies"] + development),
    ):
        locked = {
            line.split("==")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line
        }
        names = {re.split(r"[><=\s\[;]", entry)[0].lower() for entry in wanted}
        assert names <= locked
