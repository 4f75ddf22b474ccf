"""The gate before a check, in a real terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOW, WHO, ROUTER, MAY = "good time to go on?", "Who agrees to this", "Who runs the router", "be checked now?"
STOPPED = "stopped before anything was sent"


class Talk:
    """What was said in the terminal, the exit code, and what was agreed, if a check began."""

    def __init__(self, folder: Path, answers: list[tuple[str, str]], *options: str) -> None:
        note = folder / "agreed.json"
        ours, theirs = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "TERM": "xterm"}
        command = [sys.executable, "-m", "tests.cli.laptop", str(note), "scan", *options]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.said = ""
        try:
            for prompt, answer in answers:
                self._listen(ours, prompt)
                os.write(ours, answer.encode())
            self._listen(ours, None)
            self.code = process.wait(20)
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        self.agreed: dict[str, Any] | None = json.loads(note.read_text()) if note.exists() else None

    def _listen(self, terminal: int, prompt: str | None) -> None:
        """Until `prompt` was said and waits for its answer, or the terminal was closed."""
        heard, end = "", time.monotonic() + 20
        while prompt is None or prompt not in heard or not heard.rstrip(" ").endswith((":", "]")):
            if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                pytest.fail(f"never heard {prompt!r}: {self.said + heard}")
            try:
                heard += os.read(terminal, 4096).decode("utf-8", "replace")
            except OSError:  # closed
                break
        self.said += heard


def test_the_default_answer_stops(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "\n")])
    assert talk.code == 2
    assert STOPPED in talk.said
    assert "192.168.7.0/24 through wlan0" in talk.said
    assert talk.agreed is None


def test_the_last_question_stops_by_default_too(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "y\n"), (WHO, "tenant\n"), (ROUTER, "ourselves\n"), (MAY, "\n")])
    assert talk.code == 2
    assert STOPPED in talk.said
    assert talk.agreed is None


def test_a_check_begins_when_everything_was_agreed(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "y\n"), (WHO, "Account-Holder\n"), (ROUTER, "unknown\n"), (MAY, "y\n")])
    assert talk.code == 0, talk.said
    assert talk.agreed is not None
    consent = talk.agreed["consent"]
    assert (consent["role"], consent["recorded"], consent["router_run_by"]) == (
        "account-holder",
        "on screen",
        "unknown",
    )


def test_an_answer_that_is_none_is_asked_again(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "y\n"), (WHO, "her\n"), (WHO, "occupant\n"), (ROUTER, "unknown\n"), (MAY, "n\n")])
    assert "Please answer with one of: owner, tenant, occupant, account-holder." in talk.said
    assert talk.agreed is None


@pytest.mark.parametrize("answer", ["other", "unknown"])
def test_a_router_that_may_not_be_asked_changes_what_is_done_and_that_is_said(tmp_path: Path, answer: str) -> None:
    talk = Talk(tmp_path, [(NOW, "y\n"), (WHO, "occupant\n"), (ROUTER, f"{answer}\n"), (MAY, "y\n")])
    assert "What is left out: the router is not asked for the names of devices" in talk.said
    assert "--profile quiet" in talk.said
    assert talk.agreed is not None
    assert talk.agreed["consent"]["router_run_by"] == answer


def test_a_router_of_our_own_is_asked_and_nothing_is_left_out(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "y\n"), (WHO, "occupant\n"), (ROUTER, "ourselves\n"), (MAY, "n\n")])
    assert "What is left out" not in talk.said


def test_what_options_have_answered_is_not_asked(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "y\n"), (MAY, "y\n")], "--consent", "owner", "--router", "ourselves")
    assert talk.code == 0, talk.said
    assert WHO not in talk.said
    assert ROUTER not in talk.said


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_at_a_question_sends_nothing_and_says_so(tmp_path: Path, key: str) -> None:
    talk = Talk(tmp_path, [(NOW, key)])
    assert talk.code == 130
    assert STOPPED in talk.said
    assert "Traceback" not in talk.said
    assert talk.agreed is None


def test_several_networks_are_shown_together_and_one_answer_agrees_to_all(tmp_path: Path) -> None:
    first, second = "Who runs the router of 192.168.7.0/24", "Who runs the router of 10.0.0.0/24"
    may = "May 192.168.7.0/24 and 10.0.0.0/24 be checked now?"
    answers = [(NOW, "y\n"), (WHO, "owner\n"), (first, "ourselves\n"), (second, "other\n"), (may, "y\n")]
    talk = Talk(tmp_path, answers, "--interface", "wlan0", "--interface", "eth0")
    assert "This network: 192.168.7.0/24 through wlan0" in talk.said
    assert "This network: 10.0.0.0/24 through eth0" in talk.said
    assert "What is left out: the router is not asked" in talk.said
    assert talk.agreed is not None
    assert talk.agreed["network"] == "192.168.7.0/24"
    assert talk.agreed["consent"]["router_run_by"] == "ourselves"


def test_several_networks_are_all_left_alone_when_the_last_answer_is_no(tmp_path: Path) -> None:
    answers = [(NOW, "y\n"), ("be checked now?", "\n")]
    options = ("--interface", "wlan0", "--interface", "eth0", "--consent", "owner", "--router", "ourselves")
    talk = Talk(tmp_path, answers, *options)
    assert talk.code == 2
    assert STOPPED in talk.said
    assert talk.agreed is None


def test_a_check_that_only_listens_is_not_said_to_ask_and_words_are_not_broken(tmp_path: Path) -> None:
    answers = [(NOW, "y\n"), (WHO, "tenant\n"), (ROUTER, "other\n"), (MAY, "\n")]
    talk = Talk(tmp_path, answers, "--interface", "wlan0", "--profile", "quiet")
    assert "This check listens to what devices on the home network say unasked." in talk.said
    assert "asks devices" not in talk.said
    assert "What is left out" not in talk.said
    assert talk.agreed is None


def test_what_is_said_before_fits_a_terminal_of_80_columns(tmp_path: Path) -> None:
    talk = Talk(tmp_path, [(NOW, "\n")], "--interface", "wlan0", "--suspect", "192.168.7.9")
    before = talk.said[: talk.said.index("Is now a good time")]
    assert max(map(len, before.splitlines())) <= 80
    assert "a network monitor or a security router may tell its owner" in " ".join(before.split())
