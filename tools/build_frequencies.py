"""Count how common words are in English, for the weights of keyphrases.

    python -m tools.build_frequencies --huffpost FILE --wikigold FILE

The texts are headlines of the News Category Dataset (R. Misra, CC BY 4.0), the articles of WikiGold (Balasuriya et al.,
CC BY 4.0) and the definitions of the Media Topics (© IPTC, CC BY 4.0). The table holds counts of words and no text. The
same files give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from services.enrich.frequencies import TABLE, stem
from services.enrich.text import WORD
from services.enrich.topics.vocabulary import load_vocabulary

LEAST = 3
"""Occurrences under which a word is left out: it is as good as unseen."""
LONGEST = 24
LICENCES = {
    "huffpost": "News Category Dataset, R. Misra, arXiv:2209.11429, CC BY 4.0",
    "wikigold": "WikiGold, Balasuriya et al. 2009, CC BY 4.0",
    "mediatopics": "IPTC Media Topic NewsCodes, © IPTC (https://iptc.org), CC BY 4.0",
}


def huffpost(path: Path) -> Iterator[str]:
    """Yield the headlines."""
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)["raw"].replace(" '", "'")


def wikigold(path: Path) -> Iterator[str]:
    """Yield the sentences, without the lines that part the articles."""
    for sentence in path.read_text("utf-8").split("\n\n"):
        yield " ".join(line.split(" ")[0] for line in sentence.splitlines() if not line.startswith("-DOCSTART-"))


def main() -> None:
    """Count the words and write the table."""
    parser = argparse.ArgumentParser(description="Count how common words are.")
    parser.add_argument("--huffpost", type=Path, required=True)
    parser.add_argument("--wikigold", type=Path, required=True)
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    for text in (*huffpost(given.huffpost), *wikigold(given.wikigold), *definitions()):
        counts.update(stem(word) for word in WORD.findall(text.casefold()) if len(word) <= LONGEST)
    kept = {word: count for word, count in sorted(counts.items()) if count >= LEAST and word.isalpha()}
    document = {
        "licences": LICENCES,
        "sha256": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (given.huffpost, given.wikigold)
        },
        "total": counts.total(),
        "counts": kept,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    TABLE.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{TABLE}: {len(kept):,} words of {counts.total():,}, {TABLE.stat().st_size:,} bytes")


def definitions() -> Iterator[str]:
    """Yield the definitions of the topics."""
    for concept in load_vocabulary().concepts.values():
        yield concept.definition or ""


if __name__ == "__main__":
    main()
