"""Making the sizes of a picture in a process of its own, a few at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from services.publish.pictures.resizer import REFUSED
from services.publish.pictures.sizes import FILES
from services.publish.pictures.unavailable import LASTING, PictureUnavailable

__all__ = ["Resizer", "Sizes"]

PROGRAM = Path(__file__).with_name("resizer.py")
SECONDS = 30.0
"""For one picture, on a machine that is busy. Most take less than one."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What was made: the files by name, each a whole image, and the picture's own width and height in pixels."""

    files: dict[str, bytes]
    width: int
    height: int


class Resizer:
    """Runs the program for each picture, ``at_once`` at most side by side, at a lower priority than pages have."""

    def __init__(self, at_once: int = 2, seconds: float = SECONDS) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def make(self, data: bytes) -> Sizes:
        """Return the sizes of a picture.

        Raises:
            PictureUnavailable: it is none, or costs too much.
        """
        async with self._turns:
            status, out = await self._run(data)
        if status == REFUSED and (code := out.decode("ascii", "replace")) in LASTING:
            raise PictureUnavailable(code, "refused by the program that opened it")
        if status == -signal.SIGKILL:
            # Crowded out, by the system or by whoever waited: there may be more room later.
            raise PictureUnavailable("too_crowded", "the program was killed")
        if status != 0:
            # Ended by a limit, or by a fault in a decoder: it would end so again.
            raise PictureUnavailable("too_costly", f"the program ended with {status}")
        return _sizes(out)

    async def _run(self, data: bytes) -> tuple[int, bytes]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(PROGRAM),
            *FILES,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},  # none of the service's secrets
        )
        try:
            async with asyncio.timeout(self._seconds):
                out, _ = await process.communicate(data)
        except TimeoutError:
            return -signal.SIGKILL, b""
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return process.returncode or 0, out


def _sizes(out: bytes) -> Sizes:
    line, _, rest = out.partition(b"\n")
    head = json.loads(line)
    files: dict[str, bytes] = {}
    for name, length in head["files"].items():
        files[name], rest = rest[:length], rest[length:]
    return Sizes(files, head["width"], head["height"])
