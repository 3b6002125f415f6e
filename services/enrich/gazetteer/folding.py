"""Names as they are looked up: without case, accents, points and hyphens."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import unicodedata

__all__ = ["fold", "fold_in_place"]


REMEMBERED = 0x2000
"""Letters under this are kept once folded: alphabets, and not what else Unicode has room for."""


class _Letters(dict[int, str]):
    """One character for each character: lower case, no accent; hyphens and points are spaces."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        base = unicodedata.normalize("NFKD", letter)[0].lower()
        folded = base if len(base) == 1 else letter
        if code < REMEMBERED:
            self[code] = folded
        return folded


_LETTERS = _Letters({ord(c): " " for c in "-‐‑–.\n\t"} | {ord("’"): "'", ord("‘"): "'", ord("ı"): "i"})


def fold_in_place(text: str) -> str:
    """Return the text folded, every character where it was, so that a place in it is a place in the original."""
    return text.translate(_LETTERS)


def fold(name: str) -> str:
    """Return a name as it is looked up. Points leave nothing where they stand between capitals (``U.S.``, ``us``)."""
    return " ".join(fold_in_place(name.replace(".", "")).split())
