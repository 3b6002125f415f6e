"""Why nothing could be had from a source, by code."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from shared.fetching.guarded import BadRedirect
from shared.fetching.inflate import BadEncoding, BodyTooLarge
from shared.fetching.judge import ForbiddenAddress

__all__ = ["UNREACHED", "SourceGone", "SourceUnavailable", "unavailable_by"]

UNREACHED = frozenset({"connection_failed", "too_slow", "dns_failed"})
"""Codes that speak of the host, and so of every source on it. A body that drips is the host's doing as well."""

CODES: dict[type[BaseException], str] = {
    BodyTooLarge: "too_large",
    BadEncoding: "bad_encoding",
    BadRedirect: "bad_redirect",
    ForbiddenAddress: "forbidden_address",
    httpx.TimeoutException: "too_slow",
    ssl.SSLCertVerificationError: "bad_certificate",
    ssl.SSLError: "tls_failed",
}
NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class SourceUnavailable(Exception):
    """Nothing could be had from the source this time. ``retry_after`` is what it asked for, in seconds."""

    def __init__(self, code: str, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class SourceGone(Exception):
    """The source answered 410: it is not to be asked again."""


def unavailable_by(error: Exception) -> SourceUnavailable:
    """Return what an error of the connection, of the protocol or of the body says about the source."""
    code = next((code for cause in _causes(error) if (code := _code_of(cause))), "connection_failed")
    return SourceUnavailable(code, f"{type(error).__name__}: {error}")


def _code_of(cause: BaseException) -> str | None:
    if isinstance(cause, socket.gaierror):
        return "no_such_host" if cause.errno in NO_NAME else "dns_failed"
    return next((code for kind, code in CODES.items() if isinstance(cause, kind)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it came from: httpx tells what failed, and ssl and the resolver why."""
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
