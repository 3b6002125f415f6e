"""Which of the forms of an article a request takes, by its ``Accept`` (RFC 9110, 12.5.1): pure."""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = ["Form", "negotiate"]

LONGEST = 2_000
"""Characters of ``Accept`` that are looked at."""
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


class Form(StrEnum):
    """A form by its media type. The IPTC has registered none for ninjs: both that are in use are taken."""

    OURS = "application/json"
    NINJS = "application/ninjs+json"
    NINJS_VENDOR = "application/vnd.iptc.ninjs+json"

    @property
    def is_ninjs(self) -> bool:
        return self is not Form.OURS


def negotiate(accept: str) -> Form | None:
    """Return the form that the request likes best, ours where it does not mind, None where it takes none of them."""
    ranges = _ranges(accept[:LONGEST])
    if not ranges:
        return Form.OURS
    best = max(Form, key=lambda form: _quality(form, ranges))  # of equals, the first
    return best if _quality(best, ranges) > 0 else None


def _quality(form: Form, ranges: dict[str, float]) -> float:
    """Return how much the form is liked: what names it counts before what only covers it."""
    for name in (form.value, "application/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def _ranges(accept: str) -> dict[str, float]:
    """Return each media range with its quality; parameters other than ``q`` say nothing about our forms."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            qualities = [match[1] for match in map(_QUALITY.fullmatch, parameters) if match]
            found[name] = float(qualities[0]) if qualities else 1.0
    return found
