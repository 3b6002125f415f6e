"""A proxy before Redis that lets a command through and loses its reply: the far end did it, and nobody was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class CuttingProxy:
    """Forwards both ways. While ``cuts`` lasts, a request with ``command`` in it costs its connection the reply."""

    def __init__(self, url: str, command: bytes) -> None:
        self._far = urlsplit(url)
        self._command = command
        self.cuts = 0
        self.cut = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._far.hostname, self._far.port)
        losing = asyncio.Event()

        async def answers() -> None:
            while data := await far_reader.read(65_536):
                if losing.is_set():
                    return
                writer.write(data)
                await writer.drain()

        answering = asyncio.create_task(answers())
        with suppress(ConnectionError):
            while data := await reader.read(1_048_576):
                if self.cuts and self._command in data:
                    self.cuts -= 1
                    self.cut += 1
                    losing.set()
                far_writer.write(data)
                await far_writer.drain()
                if losing.is_set():
                    await answering
                    break
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        for end in (writer, far_writer):
            end.close()


@asynccontextmanager
async def cutting(url: str, command: bytes) -> AsyncIterator[CuttingProxy]:
    proxy = CuttingProxy(url, command)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    try:
        yield proxy
    finally:
        server.close()
        if hasattr(server, "close_clients"):
            server.close_clients()
