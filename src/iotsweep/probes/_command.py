"""Runs a fixed command of the system and reads what it prints, so much and so long as it may."""

from __future__ import annotations

import asyncio
import contextlib
import os


async def read_command(*command: str, seconds: float, most: int) -> str:
    """What a command prints, at most `most` bytes; "" when it cannot be run or hangs. No text of a device is in it."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except OSError:
        return ""
    data = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while child.stdout and len(data) < most and (part := await child.stdout.read(65536)):
                data += part
            if len(data) < most:  # it ends by itself; killing it would take its end away from asyncio's own watcher
                await child.wait()
    except TimeoutError:
        return ""
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return bytes(data[:most]).decode("utf-8", "replace")
