"""The pictures that come with copy, in ninjs's terms, whatever the format: bounded, absolute, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.ingest.parse.addresses import absolute
from services.ingest.parse.text import bounded
from shared.article import Association, Description, Headline, InfoSource, Rendition
from shared.uris import as_uri

__all__ = ["MOST_PICTURES", "Told", "few", "picture", "rendition"]

MOST_PICTURES = 10
MOST_RENDITIONS = 8
LONGEST_CAPTION = 2_000
LARGEST_MEASURE = 100_000
SPELLINGS = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
RASTER = re.compile(r"image/(?!svg)[\w.+-]{1,60}")
MEASURE = re.compile(r"\s*([0-9]{1,6})(?:\.[0-9]{1,3})?\s*(?:px)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the copy says of a picture, as it says it."""

    name: str | None = None
    uri: str | None = None
    headline: str | None = None
    caption: str | None = None
    alt: str | None = None
    by: str | None = None
    credit: str | None = None
    notice: str | None = None
    usage: str | None = None


def rendition(
    address: str | None,
    base: str | None = None,
    *,
    name: str | None = None,
    content_type: str | None = None,
    width: str | int | None = None,
    height: str | int | None = None,
) -> Rendition | None:
    """Return one file of a picture; None where its address is not of the web, or it is said to be no raster image."""
    href = as_uri(absolute(address, base) or "")
    kind = (content_type or "").partition(";")[0].strip().lower() or None
    if href is None or (kind is not None and not RASTER.fullmatch(kind)):
        return None
    across = measure(width)
    return Rendition(
        name=bounded(name, 60) or (f"{across}w" if across else "original"),
        href=href,
        content_type=SPELLINGS.get(kind or "", kind),
        width=across,
        height=measure(height),
    )


def measure(value: str | int | None) -> int | None:
    """Return a number of pixels, None where none is told."""
    found = MEASURE.fullmatch(str(value)) if value is not None else None
    return int(found[1]) if found and 0 < int(found[1]) <= LARGEST_MEASURE else None


def picture(files: Iterable[Rendition | None], told: Told) -> Association | None:
    """Return a picture; None where there is no file of it."""
    by_address: dict[str | None, Rendition] = {}
    for file in files:
        if file is not None:
            by_address.setdefault(file.href, file)
    kept = tuple(by_address.values())[:MOST_RENDITIONS]
    if not kept:
        return None
    described = {"caption": bounded(told.caption, LONGEST_CAPTION), "alt": bounded(told.alt, 500)}
    headline, credit = bounded(told.headline, 500), bounded(told.credit, 200)
    return Association(
        name=bounded(told.name, 60) or "picture",
        uri=as_uri((told.uri or "")[:2_048]) or kept[0].href or "",
        by=bounded(told.by, 200),
        copyright_notice=bounded(told.notice, 500),
        usage_terms=bounded(told.usage, 1_000),
        headlines=(Headline(value=headline),) if headline else (),
        descriptions=tuple(Description(role=role, value=text) for role, text in described.items() if text),
        info_sources=(InfoSource(role="credit", name=credit),) if credit else (),
        renditions=kept,
    )


def few(pictures: Iterable[Association | None]) -> tuple[Association, ...]:
    """Return the first ten pictures, each once: the same file with another query is the same picture."""
    found: dict[str, Association] = {}
    for one in pictures:
        if one is None:
            continue
        found.setdefault((one.renditions[0].href or one.uri).partition("?")[0], one)
        if len(found) == MOST_PICTURES:
            break
    return tuple(found.values())
