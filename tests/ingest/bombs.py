"""Bombs, each read in this process with what it cost: ``python -m tests.ingest.bombs`` prints them as JSON.

A process of its own, so that the memory counted is the parsers' and not that of whatever tests ran before.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from services.ingest.items import Hints, UnreadableCopy
from services.ingest.parse import LARGEST_BODY, parse
from shared.fetching.inflate import BodyTooLarge, Inflater

HINTS = Hints(provider="Harbour Weekly", timezone=UTC, timezone_name="UTC", received=datetime(2026, 5, 4, tzinfo=UTC))
DEEP = 100_000
LONG = "x" * 10_000_000
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
SUBSETS = {
    "laughs": f"<!ENTITY l0 'ha'>{LAUGHS}",
    "local file": '<!ENTITY l9 SYSTEM "file:///etc/hostname">',
    "remote DTD": '<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;',
}
FILLERS = ("<!---->", "<?a?>")
"""What is no copy: nodes by the million, if a parser made any of them."""

ROOTS = ("rss", "feed", "newsItem", "nitf", "NewsML")


def nested(root: str) -> str:
    return f"<{root}>" + "<a>" * DEEP


def typed(root: str, subset: str) -> str:
    return f"<!DOCTYPE {root} [{subset}]><{root}>&l9;</{root}>"


def filled(filler: str) -> str:
    return f"<rss version='2.0'><channel><item><title>Ferry</title>{filler * 1_300_000}</item></channel></rss>"


class Bomb(NamedTuple):
    """A body, and the code that it must be refused with."""

    code: str
    make: Callable[[], str]
    media_type: str = "application/xml"


def bombs() -> dict[str, Bomb]:
    """Return all of them, by name. Each is made when it is wanted: together they are large."""
    found = {
        "json nested deep": Bomb("too_deep", lambda: '{"uri":' * DEEP + "1" + "}" * DEEP, "application/json"),
        "html nested deep": Bomb("too_deep", lambda: "<html>" + "<div>" * DEEP, "text/html"),
        "ninjs body nested deep": Bomb(
            "too_deep", lambda: json.dumps({"uri": "a:1", "headline": "x", "body_html": "<div>" * DEEP}), "text/json"
        ),
        "html attribute of 10 MB": Bomb("too_large", lambda: f'<html><p title="{LONG}">Words</p></html>', "text/html"),
        "rss attribute of 10 MB": Bomb("too_large", lambda: f'<rss><channel title="{LONG[:9_990_000]}"/></rss>'),
        "quadratic entities": Bomb(
            "doctype_forbidden", lambda: f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]><rss>{"&a;" * 50_000}</rss>'
        ),
    }
    for root in ROOTS:
        found[f"{root} nested deep"] = Bomb("too_deep", partial(nested, root))
        for name, subset in SUBSETS.items():
            found[f"{root} {name}"] = Bomb("doctype_forbidden", partial(typed, root, subset))
    for filler in FILLERS:
        found[filler] = Bomb("taken", partial(filled, filler))
    return found


def peak_mib() -> float:
    """Return the most memory that was resident since the last :func:`forget_peak`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def parsed(bomb: Bomb) -> tuple[str, float, float]:
    """Return the code that it was refused with, the seconds and the MiB that this took."""
    return measured(lambda: parse(bomb.make().encode(), content_type=bomb.media_type, hints=HINTS))


def inflated() -> tuple[str, float, float]:
    """Do the same for a gzip bomb: 1 GB in 1 MB."""
    squeezed = gzip.compress(bytes(1_000_000), compresslevel=9) * 1_000
    return measured(lambda: Inflater("gzip", limit=LARGEST_BODY).feed(squeezed))


def measured(read: Callable[[], object]) -> tuple[str, float, float]:
    forget_peak()
    before, began = peak_mib(), time.process_time()
    try:
        read()
        code = "taken"
    except UnreadableCopy as refused:
        code = refused.code
    except BodyTooLarge:
        code = "too_large"
    return code, time.process_time() - began, peak_mib() - before


if __name__ == "__main__":
    results = {name: parsed(bomb) for name, bomb in bombs().items()}
    sys.stdout.write(json.dumps({**results, "gzip": inflated()}))
