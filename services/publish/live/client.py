"""One live stream: what waits to be sent to it, within bounds."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import Send

__all__ = ["Client"]

MOST_WAITING = 64
LONGEST_WAITING = 128 * 1024
"""Chunks and bytes that may wait for a reader who does not take them, beside what the sockets hold."""
BEATS_MISSED = 2


class Client:
    """A reader's stream. Idle it holds no task: one is made when there is something to send, and ends with it."""

    __slots__ = ("_bytes", "_ended", "_missed", "_send", "_sending", "_waiting", "heard")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._missed = 0
        self._ended = False
        self._sending: asyncio.Task[None] | None = None
        self.heard = 0
        """How much of what was heard it has been told (:attr:`Telling.heard`)."""

    def offer(self, chunk: bytes) -> bool:
        """Send the chunk when the reader takes it. False: too much waits already, and the reader is to be dropped."""
        if len(self._waiting) >= MOST_WAITING or self._bytes + len(chunk) > LONGEST_WAITING:
            return False
        self._waiting.append(chunk)
        self._bytes += len(chunk)
        self._wake()
        return True

    def beat(self, chunk: bytes) -> bool:
        """Send a sign of life; False for a reader who has taken nothing between two of them."""
        if not self._waiting:
            return self.offer(chunk)
        self._missed += 1
        return self._missed < BEATS_MISSED

    def end(self) -> None:
        """End the stream after what waits."""
        self._ended = True
        self._wake()

    def cut(self) -> None:
        """End the connection, whatever waits. ASGI has no word for that; uvicorn has."""
        self._ended = True
        self._waiting.clear()
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()

    def _wake(self) -> None:
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        with suppress(OSError):  # the reader is gone, which `receive` says too
            while chunks := len(self._waiting):
                content = self._waiting[0] if chunks == 1 else b"".join(self._waiting)
                await self._send(_body(content, more=True))
                del self._waiting[:chunks]  # only now: what is being sent still counts as waiting
                self._bytes -= len(content)
                self._missed = 0
            if self._ended:
                await self._send(_body(b"", more=False))
        self._sending = None


def _body(content: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": more}
