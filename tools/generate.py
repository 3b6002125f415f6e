"""Generate what derives from the models and the topics: ``python -m tools.generate [--check]``.

Writes the JSON Schemas, the AsyncAPI document and the README's table of topics. With ``--check`` nothing is written;
what is stale is named, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import asyncapi
from tools.schemas import data_schema, event_schema, event_types
from tools.topic_table import put_between

__all__ = ["generated", "main", "stale"]

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = "docs/schemas"


def generated(root: Path) -> dict[str, str]:
    """Return every generated file by its path in the project. The README is one where it exists."""
    files = {}
    for event in event_types():
        files[f"{SCHEMAS}/{event.event_type}.json"] = _json(data_schema(event))
        files[f"{SCHEMAS}/{event.event_type}.event.json"] = _json(event_schema(event))
    files["docs/asyncapi.yaml"] = (
        "# Generated from shared/topics.py and the event models: python -m tools.generate\n" + asyncapi.text()
    )
    readme = root / "README.md"
    if readme.exists():
        files["README.md"] = put_between(readme.read_text(encoding="utf-8"))
    return files


def stale(root: Path) -> list[str]:
    """Name what is not as it would be generated now: changed, missing, or a schema of no event any more."""
    files = generated(root)
    orphans = {p.relative_to(root).as_posix() for p in (root / SCHEMAS).glob("*.json")} - files.keys()
    return sorted(orphans | {path for path, text in files.items() if _read(root / path) != text})


def write(root: Path) -> list[str]:
    """Bring everything up to date and return what that changed."""
    files, changed = generated(root), stale(root)
    for path in changed:
        target = root / path
        if path not in files:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path], encoding="utf-8")
    return changed


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name what is stale")
    if parser.parse_args(arguments).check:
        old = stale(root)
        for path in old:
            print(f"stale: {path}", file=sys.stderr)
        if old:
            print("run: python -m tools.generate", file=sys.stderr)
        return 1 if old else 0
    for path in write(root):
        print(f"wrote {path}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _json(schema: object) -> str:
    # Sphinx roles of the docstrings mean nothing to a reader of the schema.
    text = re.sub(r":[a-z]+:`", "`", json.dumps(schema, indent=2, ensure_ascii=False))
    return text + "\n"


if __name__ == "__main__":
    sys.exit(main())
