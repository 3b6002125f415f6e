"""Numbers that a wire counts its transmissions with, and which of them never came. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Sequence", "read_sequence"]

MOST_MISSING = 100
"""Missing numbers that are remembered, the newest. A wire that lost more has been away, and says so by silence."""

SEQUENCE = re.compile(r"([A-Za-z]*)[-_ ]?([0-9]{2,8})", re.ASCII)


def read_sequence(text: str) -> tuple[str, int, int] | None:
    """Read ``a0123`` as service ``a``, number 123 and width 4: the width says where the wire starts again."""
    found = SEQUENCE.fullmatch(text.strip()) if len(text) < 20 else None
    return (found[1].lower(), int(found[2]), len(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Where the numbers of one service stand."""

    last: int
    day: int
    """Of the last number, in days since 1970: many wires start again at 1 each day."""
    missing: tuple[int, ...] = ()

    def after(self, number: int, *, width: int, day: int) -> tuple[Sequence, tuple[int, ...]]:
        """Return the standing after a number, and what went missing just before it.

        What comes later than its successors fills its gap. Numbers pass from 9999 to 0000 or to 0001.
        """
        turn = 10**width
        ahead = (number - self.last) % turn
        if day > self.day and number <= turn // 100 < ahead:
            # A new day's count. What is missing of an earlier one will not come under its number any more.
            skipped = _between(0, number, turn)
            return Sequence(number, day, skipped), skipped
        if 0 < ahead <= turn // 2:
            skipped = _between(self.last, number, turn)
            return Sequence(number, day, (*self.missing, *skipped)[-MOST_MISSING:]), skipped
        return Sequence(self.last, self.day, tuple(n for n in self.missing if n != number)), ()

    def __str__(self) -> str:
        return f"{self.last} {self.day} {','.join(map(str, self.missing))}".strip()

    @classmethod
    def read(cls, text: str) -> Sequence:
        """Read what :meth:`__str__` wrote."""
        last, day, *missing = text.split()
        return cls(int(last), int(day), tuple(map(int, missing[0].split(","))) if missing else ())


def _between(last: int, number: int, turn: int) -> tuple[int, ...]:
    """Return the numbers after ``last`` and before ``number``, at most :data:`MOST_MISSING`; 0 may be left out."""
    between = ((number - last) % turn) - 1
    numbers = [(last + step) % turn for step in range(max(1, between + 1 - MOST_MISSING), between + 1)]
    return tuple(n for n in numbers if n)
