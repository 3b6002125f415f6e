"""The client's connections: redis-py's own, but for packing commands in C.

A handoff has some fifty arguments, and redis-py's asyncio connection packs each in Python: 126 µs a command where
hiredis, which redis-py already reads replies with, takes 20.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import hiredis
from redis.asyncio.connection import Connection, SSLConnection, UnixDomainSocketConnection


class _PacksInC:
    def pack_command(self, *args: Any) -> list[bytes]:
        """Pack one command. Names of two words (``CONFIG GET``) are two arguments to Redis."""
        name = args[0].encode() if isinstance(args[0], str) else args[0]
        return [hiredis.pack_command((*name.split(), *args[1:]))]


class PackedConnection(_PacksInC, Connection):
    """TCP."""


class PackedSSLConnection(_PacksInC, SSLConnection):
    """TLS."""


class PackedUnixConnection(_PacksInC, UnixDomainSocketConnection):
    """A socket in the file system."""


def connection_class(url: str) -> type[Connection]:
    """Return the class for an address: ``redis://``, ``rediss://`` or ``unix://``."""
    by_scheme: dict[str, Any] = {"rediss": PackedSSLConnection, "unix": PackedUnixConnection}
    chosen: type[Connection] = by_scheme.get(urlsplit(url).scheme, PackedConnection)
    return chosen
