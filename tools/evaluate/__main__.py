"""``python -m tools.evaluate [--write] [--check]``: measure the enrichers on the held-out articles.

``--write`` writes docs/tagging.md. ``--check`` ends with 1, and says why, when a figure falls under its floor
(:mod:`tools.evaluate.floors`).

``NLP_DATA``, a directory, names data of others to measure on as well.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

import structlog

from services.enrich.loading import load_all
from services.enrich.registry import FULL
from tools.evaluate.floors import shortfalls
from tools.evaluate.labelled import SETS, read_set
from tools.evaluate.report import Run, enrichers, report
from tools.evaluate.tables import put_between

PAGE = Path(__file__).parent.parent.parent / "docs" / "tagging.md"


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluate", description="Measure the enrichers.")
    parser.add_argument("--write", action="store_true", help="write docs/tagging.md")
    parser.add_argument("--check", action="store_true", help="fail when a figure falls under its floor")
    parser.add_argument("--set", default="test", choices=("dev", "test"), help="the articles (test)")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sentences = (SETS / "languages.tsv").read_text(encoding="utf-8").splitlines()
    run = Run(
        loaded=load_all(FULL),
        test=read_set(SETS / given.set),
        seen=frozenset(article.outlet for article in read_set(SETS / "dev")),
        languages=[(language, sentence) for language, _, sentence in (line.partition("\t") for line in sentences)],
        data=Path(os.environ["NLP_DATA"]) if os.environ.get("NLP_DATA") else None,
    )
    lines = list(report(run))
    section = "\n".join(lines)
    sys.stdout.write(f"{section}\n")
    if given.write and given.set == "test":
        page = put_between(PAGE.read_text(encoding="utf-8"), "quality", section)
        PAGE.write_text(put_between(page, "enrichers", "\n".join(enrichers(FULL))), encoding="utf-8")
    if given.check and (short := shortfalls(lines)):
        sys.exit("under its floor:\n" + "\n".join(short))


if __name__ == "__main__":
    main()
