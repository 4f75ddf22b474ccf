"""The documentation is true: commands, options, links and words are compared with what stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import EnumType
from pathlib import Path
from typing import Any

import pytest
import typer

from iotsweep.cli.app import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
HELP = {"--help", "-h"}
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")

# How nobody is to be written to (said of devices, homes or people), and words that sell.
WORDS = (
    *(r"attack\w*", r"victim\w*", r"suspicious", r"threat\w*", r"risk score", r"all clear", r"rogue", r"perpetrator"),
    *(r"spying", r"infected", r"compromised", r"hacked", r"legitimate", r"hidden camera", r"your ex"),
    *(r"your home is safe", r"devices? (is|are) (safe|clean)", r"nothing to worry", r"weak password"),
    *(
        r"prompt engineering",
        r"language model",
        r"state of the art",
        r"blazing\w*",
        r"military[- ]grade",
        r"seamless\w*",
    ),
)
# Places of one machine, and package hosts: a page that names them is wrong elsewhere.
PLACES = (
    r"/work/",
    r"/home/\w+/",
    r"/opt/",
    r"/root/",
    r"/tmp/\w",
    r"pypi\.org/simple",
    r"index-url",
    r"localhost:\d+",
)


def walk(command: Any, path: str = "iotsweep") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Every command with its full name."""
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from walk(child, f"{path} {name}")


TREE = dict(walk(typer.main.get_command(app)))
LEAVES = {path: command for path, command in TREE.items() if not getattr(command, "commands", {})}


def options_of(command: Any) -> set[str]:  # noqa: ANN401
    """The options of a command."""
    return {name for parameter in command.params if parameter.param_type_name == "option" for name in parameter.opts}


def arguments_of(command: Any) -> set[str]:  # noqa: ANN401
    """The arguments of a command as its help shows them, without brackets and dots."""
    shown = (parameter for parameter in command.params if parameter.param_type_name == "argument")
    return {(argument.metavar or argument.name.upper()).strip("[].") for argument in shown}


def section(path: str) -> str:
    """What docs/commands.md says under the heading of a command, up to the next heading."""
    found = re.search(rf"^#+ `{re.escape(path)}`$(.*?)(?=^#|\Z)", COMMANDS, re.MULTILINE | re.DOTALL)
    return found[1] if found else pytest.fail(f"docs/commands.md has no heading for `{path}`")


def table(path: str) -> set[str]:
    """What the first column of a command's tables names."""
    cells = re.findall(r"^\| (`.*?) \|", section(path), re.MULTILINE)
    return {word for cell in cells for code in re.findall(r"`([^`]+)`", cell) for word in code.split()[:1]}


def invocations(text: str) -> Iterator[list[str]]:
    """Every `iotsweep ...` in code of a page, as words."""
    blocks = [
        line for block in re.findall(r"```\n?(?:sh|console)?\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    for code in (*re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)), *blocks):
        for part in re.split(r"&&|\|", code):
            words = shlex.split(part, comments=True) if part.count("'") % 2 == 0 else part.split()
            names = [index for index, word in enumerate(words[:3]) if word.rpartition("/")[2] == "iotsweep"]
            if names and len(words) > names[0] + 1:
                yield ["iotsweep", *words[names[0] + 1 :]]


def resolve(words: list[str]) -> tuple[str, list[str]]:
    """The longest command that the words name, and the rest."""
    path, rest = words[0], words[1:]
    while rest and f"{path} {rest[0]}" in TREE:
        path, rest = f"{path} {rest[0]}", rest[1:]
    return path, rest


@pytest.mark.parametrize("path", sorted(TREE.keys() - {"iotsweep"}))
def test_every_command_has_a_section_with_an_example(path: str) -> None:
    text = section(path)
    if path in LEAVES:
        assert any(resolve(words)[0] == path for words in invocations(text)), "no example"


@pytest.mark.parametrize("path", sorted(LEAVES))
def test_every_option_and_argument_is_in_the_table_and_no_other(path: str) -> None:
    named, command = table(path), LEAVES[path]
    assert named == (options_of(command) - HELP) | arguments_of(command)


def test_the_values_to_choose_from_are_all_named() -> None:
    seen = 0
    for path, command in LEAVES.items():
        for parameter in command.params:
            annotation: Any = parameter.type_descriptor.annotation
            choices: list[Any] = list(annotation) if isinstance(annotation, EnumType) else []
            for choice in choices:
                seen += 1
                assert re.search(rf"[` ]{choice.value}`", section(path)), f"{path} {parameter.name}: {choice.value}"
    assert seen >= 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    for words in invocations(page.read_text(encoding="utf-8")):
        path, rest = resolve(words)
        given = {word.partition("=")[0] for word in rest if OPTION.fullmatch(word.partition("=")[0])}
        assert given <= options_of(TREE[path]) | HELP, f"{' '.join(words)}: {path} has no such option"
        assert path in LEAVES or not rest or rest[0].startswith(("-", "...")), f"no command {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("https://", "http://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_words_are_calm_and_name_no_machine(page: Path) -> None:
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        for word in WORDS:
            assert not re.search(rf"\b{word}\b", line, re.IGNORECASE), f"{page.name}:{number}: {word}"
        for place in PLACES:
            assert not re.search(place, line), f"{page.name}:{number}: {place}"
        assert "!" not in re.sub(r"`[^`]*`|!\[", "", line), f"{page.name}:{number}: an exclamation mark"


def test_the_readme_gives_two_lines_to_paste_and_ci_runs_the_second() -> None:
    blocks = re.findall(r"```\n(.*?)```", README, re.DOTALL)
    first, second = blocks[0].splitlines(), blocks[1].splitlines()
    assert len(first) == len(second) == 1
    assert first[0].startswith("python3 -m venv .venv && ")
    assert first[0].endswith(" && .venv/bin/iotsweep demo")
    assert "--require-hashes -r requirements.lock" in first[0]
    assert second == ["scripts/check"]
    assert '/../scripts/check"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_picture_asks_for_nothing_from_elsewhere() -> None:
    picture = (ROOT / "docs" / "images" / "report.svg").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"\s]+", picture)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\((?!#)|@import|@font-face|<script|<image", picture)
    for words in ("Check first", "Find it", "What", "192.168."):
        assert words in picture.replace("&#160;", " ")


def test_the_practice_homes_that_the_docs_name_exist() -> None:
    homes = {path.stem for path in (ROOT / "src/iotsweep/practice/homes").glob("*.yaml")}
    for page in PAGES:
        for words in invocations(page.read_text(encoding="utf-8")):
            path, rest = resolve(words)
            if path == "iotsweep demo" and rest and not rest[0].startswith("-") and not rest[0].endswith(".yaml"):
                assert rest[0] in homes
