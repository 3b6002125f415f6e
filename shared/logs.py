"""Logs: JSON lines on standard output, or one readable line on a terminal. One canonical line per event."""

from __future__ import annotations

import logging
import sys
from typing import Any, cast

import structlog

__all__ = ["configure_logs", "get_logger"]

LONGEST_VALUE = 8_192


def configure_logs(service: str, *, fmt: str = "json", level: str = "info") -> None:
    """Send every log line of this process, libraries' included, through one formatter."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _known_and_bounded,
    ]
    renderer: structlog.typing.Processor
    if fmt == "console":
        # Whoever runs the services beside one another writes the time and the service before each line.
        renderer = structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=22,
            sort_keys=False,
            # The default shows local variables, which hold copy.
            exception_formatter=structlog.dev.plain_traceback,
        )
    else:
        shared += [
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _name_service(service),
            structlog.processors.format_exc_info,
        ]
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # A cached logger keeps the settings that it was first used under, whoever configures what afterwards.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # A line for each request or poll says nothing that our own canonical lines do not.
    for name in ("httpx", "httpcore", "uvicorn.access", "uvicorn.error", "trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger. Event names are snake_case facts; values go in key-value pairs, never in the name."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def _name_service(service: str) -> structlog.typing.Processor:
    def add(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event.setdefault("service", service)
        return event

    return add


def _known_and_bounded(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out what is not known, and cut what is too long for a log: copy from outside can be of any size."""
    for key, value in list(event.items()):
        if value is None and key != "exc_info":
            del event[key]
        elif isinstance(value, str) and len(value) > LONGEST_VALUE:
            event[key] = value[:LONGEST_VALUE] + "…"
    return event
