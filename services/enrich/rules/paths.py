"""The fields that a rule may name: those of the article's own JSON form, so that a slip is found before any copy."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator

from services.enrich.rules.facts import WORDS
from shared.article import Article

__all__ = ["FieldPath", "known_paths"]

DEEPEST = 4


@cache
def known_paths() -> frozenset[str]:
    """Return every path that leads to a value, lists passed through: ``newsroom.source``, ``subjects.name``."""
    schema = Article.model_json_schema(by_alias=True)
    return frozenset({*_paths(schema, schema.get("$defs", {}), ""), *WORDS} - {"bodies"})


def _paths(node: dict[str, Any], parts: dict[str, Any], before: str) -> set[str]:
    node = parts[node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node
    found: set[str] = set()
    for choice in node.get("anyOf", ()):
        found |= _paths(choice, parts, before)
    if "items" in node:
        found |= _paths(node["items"], parts, before)
    if before.count(".") < DEEPEST:
        for name, inner in node.get("properties", {}).items():
            path = f"{before}.{name}" if before else name
            found |= {path} | _paths(inner, parts, path)
    return found


def _known(path: str) -> str:
    """Return the path in full; members of ``newsroom`` may be named without it."""
    for full in (path, f"newsroom.{path}"):
        if full in known_paths():
            return full
    near = difflib.get_close_matches(path, known_paths(), n=1)
    raise ValueError(f"an article has no field {path!r}" + (f"; perhaps {near[0]!r}" if near else ""))


FieldPath = Annotated[str, AfterValidator(_known)]
