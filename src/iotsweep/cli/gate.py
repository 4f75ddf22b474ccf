"""The gate before anything is sent: is now a good time, who agrees, who runs the router. The default is to stop."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from iotsweep.cli.fail import fail
from iotsweep.cli.wrapping import say
from iotsweep.clock import utc_now
from iotsweep.model import Consent, ConsentRole, Profile, RouterRunBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iotsweep.model import Scope

# Whoever owns the network or holds its account runs the router, unless we are told otherwise.
_RUNS_ROUTER = {ConsentRole.OWNER, ConsentRole.ACCOUNT_HOLDER}

_ASKS = (
    "This check asks devices on the home network who they are. It signs in to nothing and changes nothing.",
    "It can be noticed: the router and some apps show that this laptop joined, and a network monitor or a security "
    "router may tell its owner about the check. Nobody can promise that it stays unseen.",
)
_LISTENS = (
    "This check listens to what devices on the home network say unasked. It asks nobody, signs in to nothing and "
    "changes nothing.",
    "That this laptop joined can be noticed: the router, some apps and a network monitor show it. Nobody can promise "
    "that it stays unseen.",
)
_PLAN = "Is somebody due back? Is there a plan for what happens if it is noticed? If not, stop here; nothing was sent."

_WITHOUT_ROUTER = (
    "What is left out: the router is not asked for the names of devices, because it may keep a record of that.",
    "Its app may still show this laptop. Listening only is noticed less: to choose it, stop here and add "
    "--profile quiet.",
)


_DEEP = (
    "After the usual check this one device alone is asked every question there is, and then sent up to {searches:,} "
    "small searches, {rate} a second: up to {time}. The first answer ends it. Ctrl-C ends it too, and keeps what was "
    "seen.",
    "It signs in to nothing and changes nothing. A weak device can be slow meanwhile, and a network monitor can notice "
    "it.",
)


def say_deep(suspect: str) -> None:
    """What the deep check of one device does and how long it takes, before anybody agrees to it."""
    from iotsweep.probes.deep_pppp import RATE, SECONDS
    from iotsweep.wire.pppp_keys import SEARCHES

    minutes, seconds = divmod(round(SECONDS), 60)
    time = f"{minutes} minutes and {seconds} seconds"
    _say_part(
        f"The deep check of {suspect}",
        *(sentence.format(searches=SEARCHES, rate=RATE, time=time) for sentence in _DEEP),
    )


def _say_part(title: str, *paragraphs: str) -> None:
    say(f"\n{title}" if title else "")
    for paragraph in paragraphs:
        say(paragraph, "  ")
    say("")


def consent_by_option(role: ConsentRole, router: RouterRunBy | None) -> Consent:
    """Consent as a script states it. An owner or account holder is taken to run the router unless `router` says no."""
    ourselves = RouterRunBy.OURSELVES if role in _RUNS_ROUTER else RouterRunBy.UNKNOWN
    return Consent(role, utc_now(), "by option", router or ourselves)


def ask_consent(scopes: Sequence[Scope], role: ConsentRole | None, router: RouterRunBy | None) -> tuple[Consent, ...]:
    """Show every network and ask once for all: one consent for each, which covers that network and no other.

    Leaves with exit code 2 when nobody agrees or nobody can be asked.
    """
    if not sys.stdin.isatty():
        fail(
            "nothing was sent, because nobody agreed to the check: "
            "run it in a terminal, or add --consent owner|tenant|occupant|account-holder --no-input"
        )
    typer.echo("", err=True)
    for scope in scopes:
        typer.echo(
            f"This network: {scope.network} through {scope.interface}, as {scope.address} ({scope.profile}).", err=True
        )
    quiet = all(scope.profile is Profile.QUIET for scope in scopes)
    _say_part("Before anything is sent", *(_LISTENS if quiet else _ASKS), _PLAN)
    if not typer.confirm("Is now a good time to go on?", default=False, err=True):
        fail("stopped before anything was sent")
    role = role or ConsentRole(_choose("Who agrees to this check of the network?", [str(each) for each in ConsentRole]))
    routers = tuple(router or _ask_router(scope, of_several=len(scopes) > 1) for scope in scopes)
    if not quiet and set(routers) != {RouterRunBy.OURSELVES}:
        _say_part("", *_WITHOUT_ROUTER)
    networks = " and ".join(scope.network for scope in scopes)
    if not typer.confirm(f"May {networks} be checked now?", default=False, err=True):
        fail("stopped before anything was sent")
    return tuple(Consent(role, utc_now(), "on screen", each) for each in routers)


def _ask_router(scope: Scope, *, of_several: bool) -> RouterRunBy:
    """Each network has a router of its own, and perhaps somebody else runs it."""
    router = f"the router of {scope.network}" if of_several else "the router"
    return RouterRunBy(_choose(f"Who runs {router} (its app or its password)?", [str(each) for each in RouterRunBy]))


def _choose(question: str, words: list[str]) -> str:
    """One of `words`, asked until it is one of them."""
    while True:
        say(question)
        answer = str(typer.prompt(f"  {' / '.join(words)}", err=True)).strip().lower()
        if answer in words:
            return answer
        typer.echo(f"Please answer with one of: {', '.join(words)}.", err=True)
