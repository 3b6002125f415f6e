"""Headlines In Title Case and TEXT IN CAPITALS, written as the body writes the same words.

The model learned on sentences: in a line of capitals it takes everything for a name, or nothing. Every character keeps
its place, so that what is found in the restored text stands where it does in the copy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from services.enrich.stop_words import ENGLISH

__all__ = ["Spellings", "is_capitals", "is_title_case", "restored"]

WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
FEWEST_WORDS = 4
"""A shorter headline in capitals may be a name and nothing else."""
VERBS = frozenset(
    [
        "accused",
        "admits",
        "after",
        "against",
        "agrees",
        "aims",
        "announces",
        "apologises",
        "appeals",
        "approves",
        "arrested",
        "as",
        "asks",
        "at",
        "attack",
        "attacks",
        "back",
        "backs",
        "ban",
        "bans",
        "be",
        "beat",
        "beats",
        "before",
        "begins",
        "bid",
        "bids",
        "blast",
        "blasts",
        "blocks",
        "boost",
        "breaks",
        "brings",
        "build",
        "builds",
        "buy",
        "buys",
        "by",
        "call",
        "calls",
        "ceasefire",
        "charged",
        "claims",
        "clash",
        "closes",
        "collapse",
        "comes",
        "confirms",
        "court",
        "crash",
        "cup",
        "cut",
        "cuts",
        "day",
        "dead",
        "deal",
        "death",
        "deaths",
        "deliver",
        "denies",
        "despite",
        "die",
        "dies",
        "drop",
        "drops",
        "ease",
        "eases",
        "election",
        "emerges",
        "end",
        "ends",
        "enters",
        "exit",
        "expands",
        "face",
        "faces",
        "fails",
        "fall",
        "falls",
        "fears",
        "fight",
        "final",
        "find",
        "finds",
        "fire",
        "first",
        "five",
        "flood",
        "floods",
        "for",
        "four",
        "from",
        "game",
        "gains",
        "get",
        "gets",
        "gives",
        "goes",
        "growth",
        "gun",
        "head",
        "heads",
        "heat",
        "help",
        "helps",
        "hit",
        "hits",
        "hold",
        "holds",
        "hopes",
        "how",
        "hunt",
        "in",
        "inflation",
        "inquiry",
        "into",
        "is",
        "jail",
        "jailed",
        "jobs",
        "joins",
        "jump",
        "jumps",
        "keeps",
        "kill",
        "killed",
        "kills",
        "launch",
        "launches",
        "law",
        "lead",
        "leader",
        "leads",
        "leave",
        "leaves",
        "lose",
        "loses",
        "loss",
        "make",
        "makes",
        "man",
        "market",
        "may",
        "meet",
        "meets",
        "minister",
        "more",
        "move",
        "moves",
        "murder",
        "near",
        "new",
        "no",
        "not",
        "of",
        "off",
        "offers",
        "old",
        "on",
        "one",
        "open",
        "opens",
        "order",
        "orders",
        "out",
        "over",
        "pay",
        "plan",
        "plans",
        "plea",
        "pledges",
        "police",
        "poll",
        "port",
        "power",
        "praises",
        "president",
        "price",
        "prices",
        "probe",
        "profit",
        "profits",
        "protest",
        "protests",
        "push",
        "quake",
        "quits",
        "raises",
        "raid",
        "rain",
        "rallies",
        "rally",
        "rate",
        "rates",
        "record",
        "rejects",
        "report",
        "reports",
        "resigns",
        "rise",
        "rises",
        "row",
        "rule",
        "rules",
        "run",
        "sales",
        "says",
        "school",
        "seeks",
        "sees",
        "sell",
        "sells",
        "sets",
        "seven",
        "shares",
        "shot",
        "show",
        "shows",
        "shuts",
        "sign",
        "signs",
        "six",
        "slams",
        "slump",
        "soar",
        "soars",
        "south",
        "start",
        "starts",
        "state",
        "steps",
        "stocks",
        "stop",
        "storm",
        "storms",
        "strike",
        "strikes",
        "strong",
        "sues",
        "summit",
        "surge",
        "surges",
        "suspends",
        "take",
        "takes",
        "talks",
        "tax",
        "ten",
        "test",
        "tests",
        "the",
        "three",
        "to",
        "told",
        "top",
        "trade",
        "trial",
        "two",
        "under",
        "unveils",
        "up",
        "urges",
        "vote",
        "votes",
        "voters",
        "vows",
        "wants",
        "war",
        "warn",
        "warning",
        "warns",
        "water",
        "will",
        "win",
        "wins",
        "with",
        "woman",
        "workers",
        "world",
        "wounded",
        "year",
        "years",
    ]
) - {"south", "world", "may"}
"""Words of headlines that are no names, for those that the body does not show."""


class Spellings:
    """How the body of a story writes its words, where a sentence does not force a capital."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self.forms: dict[str, Counter[str]] = {}
        for paragraph in paragraphs:
            if is_capitals(paragraph):
                continue
            for found in WORD.finditer(paragraph):
                begins = paragraph[: found.start()].rstrip(" \"'\u201c\u2018(")[-1:] in {"", ".", "!", "?", ":"}
                if not begins or found[0][0].islower() or found[0].isupper():
                    self.forms.setdefault(found[0].casefold(), Counter())[found[0]] += 1

    def of(self, word: str) -> str | None:
        """Return the commonest spelling, if the body has the word."""
        forms = self.forms.get(word.casefold()) or self.forms.get(re.sub(r"['\u2019]s$", "", word.casefold()))
        return min(forms, key=lambda form: (-forms[form], form)) if forms else None


def is_capitals(text: str) -> bool:
    """Tell whether a text of several words is in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(text.split()) >= FEWEST_WORDS and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def is_title_case(text: str) -> bool:
    """Tell whether a headline begins its words with capitals."""
    words = [word for word in WORD.findall(text)[1:] if word.casefold() not in ENGLISH and len(word) > 2]
    return len(words) >= FEWEST_WORDS - 1 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def restored(text: str, spellings: Spellings) -> str:
    """Return the text in the casing of a sentence, character for character; one in plain casing is returned as it is."""
    capitals = is_capitals(text)
    if not capitals and not is_title_case(text):
        return text
    begun = False

    def restore(found: re.Match[str]) -> str:
        nonlocal begun
        word, begun, first = found[0], True, not begun
        form = spellings.of(word)
        if form is None:
            common = word.casefold() in ENGLISH or word.casefold() in VERBS
            form = word.lower() if common else word.capitalize() if capitals else word
        elif len(form) != len(word):
            form += word[len(form) :].lower()
        if first and form.islower():
            form = form.capitalize()
        return form if len(form) == len(word) else word

    return WORD.sub(restore, text)
