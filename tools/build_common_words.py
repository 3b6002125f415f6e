"""``python -m tools.build_common_words NEWS.tsv …``: how common words are in news, for the weights of links' terms.

Reads tab-separated files whose columns ``headline`` and ``text`` hold an article. The committed table was made from
the English development part of MasakhaNEWS (AFL-3.0); it holds counts of words and no text.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path

from services.enrich.links.shingles import words_of
from services.enrich.links.terms import COMMON, stem

LEAST = 4
"""Articles in a thousand: a rarer word is as good as unseen in a set of this size."""


def main() -> None:
    """Count the words of the files named and write the table."""
    csv.field_size_limit(10_000_000)
    seen: Counter[str] = Counter()
    articles = 0
    for name in sys.argv[1:]:
        with Path(name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                seen.update({stem(word) for word in words_of([row.get("headline") or "", row.get("text") or ""])})
                articles += 1
    shares = {word: round(1000 * count / articles, 1) for word, count in sorted(seen.items())}
    kept = {word: share for word, share in shares.items() if share >= LEAST and word.isalpha()}
    COMMON.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
