r"""Regular expressions that cannot hang the service.

Python's engine goes back over what it has read, and a careless pattern (``(a+)+b``) takes longer than the universe on
thirty characters. So a pattern is costed before it is taken: it reads the first :data:`READ` characters of a value,
and the ways in which its repeats can share them out, times the places where it can begin, must stay under
:data:`MOST`. Back-references and looking ahead or behind are refused. One ``*`` or ``+`` always fits, several do where
they are bounded (``\d{1,6}``) or the pattern begins with ``^``; a nested one never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

__all__ = ["MOST", "READ", "Refused", "compiled"]

# The parser is the engine's own, under these names only; whether a type checker knows them depends on its version.
codes: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

READ = 500
"""Characters of a value that a pattern reads: any headline, slugline or byline."""
MOST = 300_000
"""Steps; some ten milliseconds."""
LONGEST = 300

ONE_STEP = {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.AT}
REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


class Refused(ValueError):
    """A pattern that is none, or that could take too long. The message is for the operator."""


def compiled(pattern: str, *, case_sensitive: bool) -> re.Pattern[str]:
    """Return the pattern, ready to search the first :data:`READ` characters of a value.

    Raises:
        Refused: it is no pattern, or one that could take too long.
    """
    if len(pattern) > LONGEST:
        raise Refused(f"a pattern of more than {LONGEST} characters")
    try:
        tree = parser.parse(pattern)
        ready = re.compile(pattern, 0 if case_sensitive else re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise Refused(f"no regular expression: {error}") from error
    begins = 1 if tree and tree[0] in _FIXED else READ
    if begins * _ways(tree) > MOST:
        raise Refused("this pattern could take too long: bound its repeats (\\d{1,6}), or begin it with ^")
    return ready


_FIXED = [(codes.AT, codes.AT_BEGINNING), (codes.AT, codes.AT_BEGINNING_STRING)]


def _ways(items: Iterable[tuple[Any, Any]]) -> int:
    """Return how many ways through a sequence there are at most, from one place."""
    ways = 1
    for operation, argument in items:
        ways = min(ways * _ways_of(operation, argument), MOST + 1)
    return ways


def _ways_of(operation: Any, argument: Any) -> int:
    if operation in ONE_STEP:
        return 1
    if operation is codes.SUBPATTERN:
        return _ways(argument[3])
    if operation is codes.ATOMIC_GROUP:
        return _ways(argument)
    if operation is codes.BRANCH:
        return sum([_ways(branch) for branch in argument[1]])
    if operation in REPEATS:
        _, most, inner = argument
        most = min(int(most), READ)
        once: int = _ways(inner)
        ways: int = min(once**most, MOST + 1)
        return min(max(most, 1) * ways, MOST + 1)
    raise Refused("a pattern may not refer back, nor look ahead or behind")
