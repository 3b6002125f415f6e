"""What stands before a person's name: titles, ranks and offices. They prove the person and are no part of the name."""

from __future__ import annotations

import re

__all__ = ["name_after_title", "title_at_start", "title_before"]

_OFFICES = (
    r"President-elect|Vice[- ]President|President|Prime Minister|Deputy Prime Minister|Premier|Chancellor|Taoiseach|"
    r"(?:Foreign|Defence|Defense|Finance|Interior|Health|Home|Justice|Education|Trade|Energy|Environment|Culture|"
    r"Transport|Agriculture|Labou?r|Economy|Sports?|Climate|Water|Housing|Treasury|Cabinet|Chief|First|Junior|State) "
    r"(?:Minister|Secretary)|Minister|Secretary[- ]General|Secretary of State|Secretary|Attorney[- ]General|"
    r"Attorney General|Governor[- ]General|Governor|Lieutenant Governor|Mayor|Deputy Mayor|Senator|Sen\.|"
    r"Representative|Reps?\.|Gov\.|Congressman|Congresswoman|Councillor|Councilor|Cllr\.?|Alderman|Ambassador|"
    r"High Commissioner|Commissioner|Speaker|Chairman|Chairwoman|Chairperson|Chair|Director[- ]General|Director|"
    r"Chief Executive(?: Officer)?|CEO|CFO|Managing Director|Chief Justice|Justice|Judge|Magistrate|Prosecutor|MP|"
    r"King|Queen|Prince|Princess|Emperor|Empress|Crown Prince|Sheikh|Sultan|Emir|Duke|Duchess|Lord|Lady|Baroness|Baron|"
    r"Count(?:ess)?|Dame|Sir|Pope|Archbishop|Bishop|Cardinal|Patriarch|Imam|Ayatollah|Rabbi|Reverend|Rev\.?|Pastor|"
    r"Father|Sister|Brother|Canon|Dean|Coach|Captain|Capt\.?|General|Gen\.|Major[- ]General|Major|Maj\.?|"
    r"Lieutenant[- ]Colonel|Lieutenant|Lt\.?|Colonel|Col\.?|Sergeant|Sgt\.?|Corporal|Private|Admiral|Adm\.?|"
    r"Commander|Commodore|Marshal|Inspector|Detective|Superintendent|Chief Inspector|Constable|Officer|Sheriff|"
    r"Professor|Prof\.?|Doctor|Dr\.?|Mr\.?|Mrs\.?|Ms\.?|Miss|Mx\.?|Mme|Monsieur|Madame|Se[nñ]or(?:a)?|Herr|Frau"
)
_ONE = rf"(?:(?:[Ff]ormer|[Ee]x-|[Dd]eputy|[Aa]cting|[Ii]nterim|[Ss]enior|[Aa]ssistant)[ ]?)?(?:{_OFFICES})"
TITLE = rf"(?:{_ONE})(?:[ ](?:{_ONE})){{0,3}}"
START = re.compile(rf"^({TITLE})[ ]+(?=\w)")
BEFORE = re.compile(rf"(?:^|[\s(“\"'‘-])({TITLE})[ ]+$")  # noqa: RUF001 - as copy has them
_PARTICLE = r"(?:de|da|dos|del|van|von|der|bin|al|el|la|ter)(?=[ ])"
_FIRST, _REST = r"[^\W\d_a-z][\w'’-]*", r"[^\W\d_a-z][\w'’-]+"  # noqa: RUF001
NAME = rf"{_FIRST}(?:[ ](?:[A-Z]\.|{_PARTICLE}|{_REST})){{0,5}}"
AFTER = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Judge|Justice|Senator|Sen|Rep|Gov|President|Prime Minister|"
    r"Chancellor|Mayor|Governor|Minister|Secretary|Sheriff|Colonel|Sergeant|Inspector|Superintendent|Archbishop|Bishop|"
    rf"Cardinal|Imam|Rabbi|Rev|Pastor)\.?[ ]({NAME})"
)
LOOK_BACK = 60
"""Characters before a name that are read for its title."""
NO_NAME = frozenset({"Minister", "Secretary", "General", "President", "Office", "Office's", "Of", "And", "The"})


def title_at_start(text: str) -> tuple[int, str]:
    """Return how long the title at the start of a name is with the space after it, and the title."""
    found = START.match(text)
    return (found.end(), found[1]) if found else (0, "")


def title_before(text: str) -> str:
    """Return the title that a text ends with, if it does."""
    found = BEFORE.search(text[-LOOK_BACK:])
    return found[1] if found else ""


def name_after_title(text: str) -> list[tuple[int, int]]:
    """Return where names stand that a title proves: *Mrs Odede*."""
    return [found.span(1) for found in AFTER.finditer(text) if found[1].split()[0] not in NO_NAME]
