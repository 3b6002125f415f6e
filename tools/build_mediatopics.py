"""Build the vocabulary of IPTC Media Topics that the enrichers read.

    python -m tools.build_mediatopics DIRECTORY

DIRECTORY holds the IPTC's own files: ``mediatopics-levels.json`` (labels, levels, dates of retirement, subject codes,
Wikidata) and ``cptall-x-all.json`` (SKOS; its change notes say what a retired concept was replaced by). The same
files give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "services/enrich/data/mediatopics.json.gz"
LEVELS = "mediatopics-levels.json"
SKOS = "cptall-x-all.json"
ATTRIBUTION = "IPTC Media Topic NewsCodes, © IPTC (https://iptc.org), CC BY 4.0; English only, one file of two"
REPLACED = re.compile(r"medtop:(\d{8})")

Concept = dict[str, Any]


def told(value: object) -> str | None:
    """Return a cell's text; an empty one was read as a float that is no number."""
    return value if isinstance(value, str) and value else None


def broader(code: str, row: Mapping[str, Any]) -> str | None:
    """Return the concept of the last level above its own; levels may be left out."""
    levels = [told(row[f"Level{number}/NewsCode"]) for number in range(1, 7)]
    above = [level.removeprefix("medtop:") for level in levels if level]
    return next((level for level in reversed(above) if level != code), None)


def replacement(code: str, skos: Mapping[str, Any]) -> str | None:
    """Read from a concept's change note what to use instead."""
    notes = (skos.get(member, {}).get("en-GB", "") for member in ("changeNote", "note"))
    named = [other for note in notes for other in REPLACED.findall(str(note)) if other != code]
    return named[0] if named else None


def concept(code: str, row: Mapping[str, Any], skos: Mapping[str, Any]) -> Concept:
    """Return what is kept of one concept; members that it has not are left out."""
    retired = told(row["RetiredDate"]) or told(skos.get("retired"))
    parts = {
        "name": told(row["Name (en-GB)"]),
        "definition": told(row["Definition (en-GB)"]),
        "broader": broader(code, row),
        "retired": retired[:10] if retired else None,
        "replacement": replacement(code, skos) if retired else None,
        "subject": (told(row["SubjectCode mapping"]) or "").rpartition("/")[2][:8] or None,
        "wikidata": (told(row["Wikidata mapping"]) or "").rpartition("/")[2] or None,
    }
    return {name: value for name, value in parts.items() if value}


def build(levels: bytes, skos: bytes) -> bytes:
    """Return the vocabulary as it is committed."""
    scheme = json.loads(skos)
    later = {entry["qcode"]: entry for entry in scheme["conceptSet"]}
    rows = json.loads(levels)
    concepts = {key.removeprefix("medtop:"): concept(key[7:], row, later.get(key, {})) for key, row in rows.items()}
    document = {
        "attribution": ATTRIBUTION,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "released": {
            "skos": scheme["dateReleased"][:10],
            "levels": "after " + max(entry["retired"] for entry in concepts.values() if "retired" in entry),
        },
        "sha256": {LEVELS: hashlib.sha256(levels).hexdigest(), SKOS: hashlib.sha256(skos).hexdigest()},
        "concepts": dict(sorted(concepts.items())),
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def main() -> None:
    """Write the vocabulary and say what is in it."""
    parser = argparse.ArgumentParser(description="Build the vocabulary of Media Topics.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    packed = build((given.directory / LEVELS).read_bytes(), (given.directory / SKOS).read_bytes())
    given.out.write_bytes(packed)
    print(f"{given.out}: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
