"""Messages between the service and its parsers: a length, then so many bytes, over a socket."""

from __future__ import annotations

import socket
import struct
from typing import Literal

from services.ingest.items import Parsed

__all__ = ["FD_CLOSED", "READY", "Answer", "read_frame", "write_frame"]

READY = b"r"
FD_CLOSED = b""
"""What reading gives when the other end has closed. No message is empty."""

Answer = tuple[Literal["parsed"], Parsed] | tuple[Literal["costly"], str] | tuple[Literal["refused"], tuple[str, str]]
"""What a parser answers: what it read; why that costs too much; or the code and the detail of its refusal."""

LENGTH = struct.Struct(">I")


def write_frame(channel: socket.socket, message: bytes) -> None:
    """Send a message."""
    channel.sendall(LENGTH.pack(len(message)) + message)


def read_frame(channel: socket.socket) -> bytes:
    """Return the next message, or :data:`FD_CLOSED` when the other end closes, in the middle of one too."""
    head = read_exactly(channel, LENGTH.size)
    return read_exactly(channel, LENGTH.unpack(head)[0]) if head else FD_CLOSED


def read_exactly(channel: socket.socket, size: int) -> bytes:
    """Return ``size`` bytes, or none."""
    whole = bytearray(size)
    rest = memoryview(whole)
    while rest:
        taken = channel.recv_into(rest)
        if not taken:
            return FD_CLOSED
        rest = rest[taken:]
    return bytes(whole)
