"""Pairs of texts of which it is known whether the second says nothing that the first does not.

Twelve invented stories (``fixtures/duplicates/stories.txt``), each as what wires and their customers make of one: put
in other furniture, cut, led anew, edited, told over. And what only looks alike: the same form with other figures.
``first`` is the text that is there, ``second`` the copy that comes from another provider.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Pair", "Story", "html", "pairs", "stories", "with_furniture"]

STORIES = Path(__file__).parent / "fixtures" / "duplicates" / "stories.txt"

FURNITURE = (
    ("", "Read the full story in our app. All rights reserved, Harbour Weekly."),
    ("Hills Herald staff with wire reports.", "Sign up for the morning letter of the Hills Herald."),
    ("", "This report was first published by the Gull and is used with permission."),
    ("From our correspondent.", "Do you know more? Write to the desk of Coast Today."),
)

PROMOTION = (
    "This story is free for you to read. If you like what we do, become a member and support reporting from the places "
    "that others leave out. Members get our magazine four times a year, a seat at our evenings with reporters and a "
    "tote bag that is larger than it looks."
)

OTHER_WORDS = ("amber", "bracken", "cinder", "dapple", "ember", "fathom", "gravel", "hazel", "ingot", "juniper", "kelp")

WEATHER = (
    "Weather for {place} on {day}: partly cloudy with a high of {a} degrees and a low of {b} degrees. Winds from the "
    "west at {c} kilometres an hour, gusts up to {d}. The chance of rain is {e} per cent in the morning and {f} per "
    "cent in the afternoon. Sunrise is at 6.{g} and sunset at 19.{h}. The pollen count is low, and the sea is {c} "
    "degrees at the pier. The outlook for the days after is for {a} to {d} degrees and little change."
)
MARKET = (
    "{place} shares closed {a} points lower on {day}. The main index ended the session at {b}{c}, after {d} points of "
    "losses in the morning. Volume was {e} million shares, of which {f} million in the last hour. Banks fell {g} per "
    "cent and mines {h} per cent. The crown was at {a}.{b} to the dollar. Analysts said that trade was thin before "
    "the holiday and that most investors were waiting for the figures of the central bank on Thursday."
)
LANDINGS = (
    "Catch landed at {place} on {day}: herring {a} tonnes, cod {b} tonnes, saithe {c} tonnes, crab {d} crates. Prices "
    "a kilo at auction: herring {e} crowns, cod {f} crowns, saithe {g} crowns. {h} boats were in. Ice was available "
    "at the northern quay, and the diesel barge is expected before noon. The harbour master asks all skippers to "
    "report by radio before they pass the outer mole, since the dredger is still at work in the fairway."
)
OUTAGE = (
    "The water will be off in {place} on {day} from the early morning until the late afternoon while the mains are "
    "flushed. Households are asked to fill a pot the evening before and to leave one tap open. When the water comes "
    "back it may be brown for a while, which is harmless. Those who depend on a constant supply can call the works, "
    "which will send a cart. The works in {place} thank everybody for their patience."
)
PLACES = ("Port Ellis", "Tresco", "Dunmore", "Carrow", "Oberau", "Brenna")


@dataclass(frozen=True, slots=True)
class Story:
    """One event, told by one desk and by another."""

    name: str
    told: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and the truth about them."""

    kind: str
    name: str
    first: str
    second: str
    folds: bool


def stories() -> list[Story]:
    """Read the stories."""
    sections = re.split(r"^== (\w+)\n", STORIES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    named = zip(sections[::2], sections[1::2], strict=True)
    return [Story(name, *(half.strip() for half in text.split("\n---\n"))) for name, text in named]


def html(text: str) -> str:
    """Set a paragraph a line."""
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line)


def with_furniture(text: str, house: int) -> str:
    """Put a house's lines around the text."""
    before, after = FURNITURE[house % len(FURNITURE)]
    return "\n".join(filter(None, (before, text, after)))


def pairs() -> list[Pair]:
    """Return all pairs, the same ones every time."""
    told = [pair for number, story in enumerate(stories()) for pair in _of_story(number, story)]
    return told + list(_siblings())


def _of_story(number: int, story: Story) -> Iterator[Pair]:
    text, chance = story.told, random.Random(story.name)  # noqa: S311 - the same copies every time
    cut = _first(text, 0.6)
    added = f"{text}\n{story.otherwise}"
    copies = {
        "furniture": (with_furniture(text, number), with_furniture(text, number + 1), True),
        "house style": (text, _in_house_style(text), True),
        "cut to 60 %": (text, cut, True),
        "cut, in furniture": (with_furniture(text, number), with_furniture(cut, number + 1), True),
        "two words changed": (text, _edited(text, chance, words=2), True),
        "one figure changed": (text, _refigured(text), False),
        "one name changed": (text, _renamed(text), False),
        "one word changed that matters": (text, _reversed(text), False),
        "in long furniture": (text, f"{text}\n{PROMOTION}", True),
        "whole after its cut": (cut, text, False),
        "a third new": (text, f"{_first(text, 0.67)}\n{_first(story.otherwise, 0.8)}", False),
        "more added": (text, added, False),
        "edited 15 %": (text, _edited(text, chance, words=round(len(text.split()) * 0.15)), False),
        "edited 30 %": (text, _edited(text, chance, words=round(len(text.split()) * 0.3)), False),
        "in other words": (text, story.otherwise, False),
    }
    for kind, (first, second, folds) in copies.items():
        yield Pair(kind, story.name, html(first), html(second), folds)


def _first(text: str, share: float) -> str:
    """Return the first words, line ends kept."""
    words = text.split(" ")
    return " ".join(words[: round(len(words) * share)])


def _in_house_style(text: str) -> str:
    """Return the text with other quotes, apostrophes, dashes, markup and paragraphs."""
    curly = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text).replace("'", "\u2019").replace(", said", " \u2014 said")
    return re.sub(r"\b([A-Z]\w+)\b", r"<strong>\1</strong>", curly, count=3).replace("\n", " ")


def _edited(text: str, chance: random.Random, *, words: int) -> str:
    """Change so many words, never a number."""
    parts = text.split(" ")
    places = [at for at, word in enumerate(parts) if word.isalpha()]
    for at in chance.sample(places, words):
        parts[at] = chance.choice(OTHER_WORDS)
    return " ".join(parts)


def _refigured(text: str) -> str:
    """Change the first number, as a correction of a toll does."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 3), text, count=1)


def _renamed(text: str) -> str:
    """Change the surname of the person who is quoted, as a correction does."""
    return re.sub(r"([a-z]) ([A-Z][a-z]+) ([A-Z][a-z]+)\b", r"\1 \2 Abernathy", text, count=1)


def _reversed(text: str) -> str:
    """Turn a sentence into its opposite by one word in small letters."""
    return re.sub(r"\b(will|has|was|is|had|can|may|say) ", r"\1 not ", text, count=1)


def _siblings() -> Iterator[Pair]:
    chance = random.Random("siblings")  # noqa: S311 - as above
    for number, template in enumerate((WEATHER, MARKET, LANDINGS, OUTAGE) * 3):
        first, second = (html(_filled(template, place, chance)) for place in chance.sample(PLACES, 2))
        yield Pair("same form", f"form {number}", first, second, folds=False)


def _filled(template: str, place: str, chance: random.Random) -> str:
    figures = {letter: chance.randint(10, 59) for letter in "abcdefgh"}
    return template.format(place=place, day=chance.choice(("Monday", "Tuesday")), **figures)
