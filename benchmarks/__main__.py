"""``python -m benchmarks [NAME …] [--write]``: run the measurements, print them, write docs/performance.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from functools import partial
from pathlib import Path

from benchmarks import (
    duplicates,
    hop,
    isolation,
    links,
    live_clients,
    loop_lag,
    parsing,
    polling,
    projecting,
    serving,
    sizes,
    tagging,
)

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BENCHMARKS = {
    "duplicates": duplicates.measure,
    "hop": hop.measure,
    "isolation": isolation.measure,
    "links": links.measure,
    "live_clients": live_clients.measure,
    "loop_lag": loop_lag.measure,
    "parsing": parsing.measure,
    "polling": polling.measure,
    "projecting": projecting.measure,
    "serving": serving.measure,
    "sizes": sizes.measure,
    "tagging": tagging.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which (all)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md, what is measured of it")
    parser.add_argument("--million", action="store_true", help="sizes: a million stories too (ten minutes more)")
    arguments = parser.parse_args()
    if arguments.million:
        BENCHMARKS["sizes"] = partial(sizes.measure, (*sizes.SIZES, 1_000_000))
    chosen = arguments.names or list(BENCHMARKS)
    sections = [asyncio.run(BENCHMARKS[name]()) for name in chosen]
    about = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores."
    sys.stdout.write("\n".join(sections))
    if arguments.write:
        kept = {} if not arguments.names else _sections(PAGE.read_text())
        kept |= {_title(section): section for section in sections}
        PAGE.write_text("\n".join(["# Performance", "", INTRODUCTION, "", about, "", *kept.values()]))


def _sections(page: str) -> dict[str, str]:
    """Return the sections of a page by their titles: those that are not measured now stay as they are."""
    found = [f"## {part}" for part in page.split("\n## ")[1:]]
    return {_title(section): section for section in found}


def _title(section: str) -> str:
    return section.partition("\n")[0]


INTRODUCTION = """\
Written by `make bench`; nothing here is asserted in a test. Rates depend on the machine and on what else it does, so
read the ratios: every row of a table is from the same run, the variants in turn, and a ratio is the median of the
rounds' ratios."""


if __name__ == "__main__":
    main()
