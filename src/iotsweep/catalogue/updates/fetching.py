"""Where an update comes from: an https address, or a folder such as a USB stick. The framework checks what comes."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient.fetcher import FetcherInterface

from iotsweep.catalogue.updates.errors import UpdateError

FOLDER = "folder:///"  # the base under which a folder's files are asked for
_CHUNK = 64 * 1024
_TIMEOUT = 20.0  # seconds without a byte
_LONGEST = 600.0  # seconds for one file
_LOOPBACK = "127.0.0.1"


class FolderFetcher(FetcherInterface):
    """Reads a repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        parts = urllib.parse.unquote(url.removeprefix(FOLDER)).split("/")
        path = self._folder.joinpath(*parts)
        if any(part in ("", ".", "..") for part in parts) or not path.is_file():
            raise DownloadHTTPError(f"{path.name} is not there", 404)
        return _chunks(path.open("rb"))


class HttpsFetcher(FetcherInterface):
    """Reads a repository over https, and follows it nowhere else."""

    def __init__(self, *, loopback: bool = False) -> None:
        self._loopback = loopback  # for tests alone: plain http to this very computer
        self._opener = urllib.request.build_opener(_OnlyHttps(loopback))

    def _fetch(self, url: str) -> Iterator[bytes]:
        refuse_plain(url, loopback=self._loopback)
        try:
            answer = self._opener.open(url, timeout=_TIMEOUT)
        except urllib.error.HTTPError as error:
            with error:
                raise DownloadHTTPError(f"the server answered {error.code}", error.code) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DownloadError(f"it cannot be reached ({_reason(error)})") from None
        return _chunks(answer)


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def __init__(self, loopback: bool) -> None:
        self._loopback = loopback

    def redirect_request(self, *given: Any) -> urllib.request.Request | None:  # noqa: ANN401  (urllib's own signature)
        try:
            refuse_plain(given[-1], loopback=self._loopback)
        except UpdateError:
            given[1].close()  # the answer that sends us elsewhere
            raise
        return super().redirect_request(*given)


def refuse_plain(url: str, *, loopback: bool = False) -> None:
    """Raise UpdateError for an address that is not https."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" and parts.hostname and not parts.username:
        return
    if loopback and parts.scheme == "http" and parts.hostname == _LOOPBACK:
        return
    raise UpdateError("an update comes from an https address or a folder: give one that begins with https://")


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
    return str(reason)[:120]


def _chunks(file: IO[bytes] | http.client.HTTPResponse) -> Iterator[bytes]:
    began = time.monotonic()
    with file:
        while True:
            try:
                chunk = file.read(_CHUNK)
            except (OSError, http.client.HTTPException) as error:
                raise DownloadError(f"it broke off ({_reason(error)})") from None
            if not chunk:
                return
            yield chunk
            if time.monotonic() - began > _LONGEST:
                raise SlowRetrievalError("it came too slowly")
