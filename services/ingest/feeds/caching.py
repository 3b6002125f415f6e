"""What an answer says of when to ask again: Retry-After, Cache-Control and Expires, in seconds from now. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["fresh_for", "retry_after"]

LONGEST_WAIT = 86_400.0
"""The longest Retry-After that is believed."""

LONGEST_FRESHNESS = 3_600.0
"""Caching headers are often a site-wide default for pictures: a year of it must not keep a correction from us."""

MAX_AGE = re.compile(r'max-age\s*=\s*"?([0-9]{1,9})"?\Z', re.ASCII)


def fresh_for(headers: Mapping[str, str], *, now: datetime) -> float:
    """Return for how long the answer need not be asked for again; 0 where it does not say. ``headers`` has any case."""
    told = [part.strip().lower() for part in headers.get("cache-control", "")[:1_000].split(",")]
    if {"no-cache", "no-store"} & set(told):
        return 0.0
    ages = [float(found[1]) for found in map(MAX_AGE.match, told) if found]
    if ages:
        age = headers.get("age", "").strip()
        return _bounded(min(ages) - (float(age[:9]) if age.isascii() and age.isdigit() else 0.0), LONGEST_FRESHNESS)
    expires = _moment(headers.get("expires"))
    # Both by the far clock where it can be had: ours may differ.
    return (
        _bounded((expires - (_moment(headers.get("date")) or now)).total_seconds(), LONGEST_FRESHNESS)
        if expires
        else 0.0
    )


def retry_after(header: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date; at most :data:`LONGEST_WAIT` is believed."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    moment = _moment(text)
    return None if moment is None else _bounded((moment - now).total_seconds(), LONGEST_WAIT)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime((text or "")[:100])
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(seconds: float, longest: float) -> float:
    return min(max(seconds, 0.0), longest)
