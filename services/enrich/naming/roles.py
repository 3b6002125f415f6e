"""What news calls people by, right before their names, without a title: *teacher Ada Byrne*, *Farmer Ada Byrne said*.

Nobody writes these before the name of a body. At the start of a sentence the model takes them for a part of the name.
"""

from __future__ import annotations

import re

__all__ = ["is_role", "role_at_start", "role_before"]

ROLES = frozenset(
    """
    teacher headmaster headmistress manager coach captain striker goalkeeper midfielder defender skipper winger ruckman
    spokesman spokeswoman spokesperson official officer chairman chairwoman chief director founder owner editor mayor
    minister secretary ambassador governor senator lawmaker deputy leader candidate economist analyst trader scientist
    researcher professor geologist biologist historian engineer doctor nurse surgeon lawyer attorney prosecutor judge
    detective sergeant farmer fisherman baker cobbler driver pilot sailor miner worker student pupil resident villager
    shopkeeper actor actress singer author novelist poet painter conductor dancer swimmer runner sprinter cyclist jockey
    boxer golfer keeper guide priest bishop monk nun imam rabbi patriarch widow widower mother father brother sister
    daughter son wife husband grandmother grandfather neighbour neighbor survivor organiser organizer activist mahout
    campaigner president executive operator inventor curator architect chef ranger warden referee umpire
    """.split()  # noqa: SIM905 - one a line would fill pages
)
BEFORE = re.compile(r"\b([^\W\d_]+) $")
AT_START = re.compile(r"([A-Z][a-z]+) (?=\S+ \S)")
"""With a full name after it: *Baker Mayfield* is called so."""


def is_role(word: str) -> bool:
    """Tell whether a word is what somebody is called by; case says nothing."""
    return word.casefold() in ROLES


def role_before(text: str) -> str:
    """Return the role that a text ends with, if it does."""
    found = BEFORE.search(text)
    return found[1] if found and is_role(found[1]) else ""


def role_at_start(name: str) -> str:
    """Return the role that a person's name has been drawn to begin with, if a full name follows it."""
    found = AT_START.match(name)
    return found[1] if found and is_role(found[1]) else ""
