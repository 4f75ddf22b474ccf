"""How the catalogue does for makers that nobody listed. `python -m benchmarks.unseen LINES.jsonl [--wrong]`

The lines of `benchmarks.truth`, each asked as if no fingerprint of its own maker existed. What is right then comes from
what any maker's device says: its Apple Home category, its UPnP device type, its maker's name, its address block.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.measure import table
from benchmarks.truth import Answer, ask, by_confidence, by_kind


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.unseen", description=__doc__)
    options.add_argument("lines", type=Path)
    options.add_argument("--wrong", action="store_true", help="list every line without the right kind and maker")
    chosen = options.parse_args()
    answers = ask(chosen.lines, unseen=True)
    known = [one for one in answers if one.right_kind]
    print(f"{len(answers)} lines, {len(known)} of them tell a kind\n")
    print(table(("confidence", "said", "kind right", "share", "wanted"), by_confidence(answers)), "\n")
    print(table(("kind", "lines", "named", "kind right", "maker right"), by_kind(known)))
    for one in answers if chosen.wrong else ():
        if not (one.is_right and one.names_the_maker):
            print(describe(one))


def describe(answer: Answer) -> str:
    """A line of the list of what was not right."""
    said = f"{answer.kind} of {answer.maker} by {answer.fingerprint} ({answer.confidence})"
    return f"{answer.line}: {said}, is {answer.right_kind} of {answer.right_maker}"


if __name__ == "__main__":
    main()
