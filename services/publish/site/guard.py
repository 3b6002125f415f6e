"""What holds for every response of the site, its errors too: security headers outside, one log line inside."""

from __future__ import annotations

import time
import traceback

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.logs import get_logger

__all__ = ["Guard"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
QUIET = {"/healthz", "/readyz", "/metrics"}
log = get_logger(__name__)


class Guard:
    """Wraps the whole application. Starlette answers an error outside its own middleware; not outside of this."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=list(message["headers"]))
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a page may have a policy of its own
                message = {**message, "headers": headers.raw}
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            # The page for it has gone out by now; what is left is to say what happened, once, and without the
            # error's message and values: they may be the copy, and copy has no place in a log.
            log.error("request_failed", path=scope["path"], error=type(error).__name__, at=_place(error))  # noqa: TRY400
            if not status:
                raise
        finally:
            _write_line(scope["path"], status, started)


def _place(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-5:]]


def _write_line(path: str, status: int, started: float) -> None:
    write = log.debug if path in QUIET else log.info
    write("page_served", path=path, status=status, ms=round((time.perf_counter() - started) * 1000, 2))
