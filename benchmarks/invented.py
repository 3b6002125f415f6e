"""Invented copy for the benchmarks of the site: as many stories as asked for, each of about 3 kB, with tags."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.article import Article, Body, Change, Description, Headline, Kind, Newsroom, Tag

__all__ = ["START", "stories"]

START = datetime(2026, 1, 1, tzinfo=UTC)
SECTIONS = ("news", "world", "business", "science", "culture", "sport")
PLACES = ("Nairobi", "Lima", "Hobart", "Turku", "Cork", "Osaka", "Windhoek", "Quito", "Bergen", "Accra")
THINGS = ("ferry", "tram", "harbour", "museum", "orchard", "reservoir", "library", "stadium", "bridge", "market")
DOINGS = ("reopens", "is sold", "closes early", "wins a grant", "is flooded", "is named", "expands", "is repaired")
TOPICS = {"medtop:11000000": "politics", "medtop:04000000": "economy", "medtop:15000000": "sport"}
PEOPLE = ("Ana Lind", "Tomas Okafor", "Keiko Brandt", "Rui Farah", "Ines Holm")
WORDS = tuple(
    "council engineer survey winter budget island passengers repair timetable volunteers district plan report "  # noqa: SIM905 - read as words
    "weather tide evening season workers families visitors concert permit river station valley".split()
)


def stories(count: int, *, seed: int = 1) -> Iterator[Article]:
    """Yield stories a minute apart. The same seed gives the same stories."""
    chance = random.Random(seed)  # noqa: S311 - variety, not secrecy
    for number in range(count):
        yield _story(number, chance)


def _story(number: int, chance: random.Random) -> Article:
    place, thing = chance.choice(PLACES), chance.choice(THINGS)
    headline = f"{place} {thing} {chance.choice(DOINGS)} as {chance.choice(WORDS)} {chance.choice(WORDS)} {number}"
    code, topic = chance.choice(list(TOPICS.items()))
    moment = START + timedelta(minutes=number)
    return Article(
        uri=f"urn:bench:{number}",
        first_created=moment,
        version_created=moment,
        headlines=(Headline(value=headline),),
        descriptions=(Description(value=f"{_sentence(chance)} {_sentence(chance)}"),),
        bodies=(Body(value="".join(f"<p>{_paragraph(chance)}</p>" for _ in range(8))),),
        by=chance.choice(PEOPLE),
        language="en",
        newsroom=Newsroom(
            story_id=f"story{number}",
            revision=1,
            change=Change.NEW,
            source="bench",
            provider="Harbour News",
            section=chance.choice(SECTIONS),
            received=moment,
            tags=(
                Tag(scheme="mediatopic", code=code, name=topic, enricher="topics", confidence=80, relevance=90),
                Tag(
                    scheme="geonames",
                    code=str(100 + PLACES.index(place)),
                    name=place,
                    kind=Kind.PLACE,
                    enricher="places",
                    confidence=90,
                    relevance=80,
                ),
                Tag(scheme="name", name=chance.choice(PEOPLE), kind=Kind.PERSON, enricher="names", confidence=80),
            ),
        ),
    )


def _sentence(chance: random.Random) -> str:
    return f"The {' '.join(chance.choices(WORDS, k=11))}.".capitalize()


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(4))
