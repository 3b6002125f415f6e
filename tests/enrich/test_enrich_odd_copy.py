"""Copy that no desk would write, through every enricher of the registry: tags or none, in bounded time, no error."""

# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from pydantic import ValidationError

from services.enrich.additions import Additions, Enrich, Enricher, Found
from services.enrich.apply import apply
from services.enrich.copy import READ, Copy
from services.enrich.registry import DEFAULT
from shared.article import Article, Position, Tag, to_ninjs
from tests.enrich.stories import BODY, HEADLINE, story

pytestmark = pytest.mark.heavy

LONGEST = 10.0
"""Seconds for one story, a hundred times what the longest takes: only what hangs is over it."""
MOST_KEYWORDS, LONGEST_SLUGLINE, MOST_POSITIONS = 10, 40, 20

RESULTS = [("Arsenal", "2-1", "Chelsea"), ("Leeds", "0-0", "Everton"), ("Odede M. (KEN)", "2:04:11", "Tan W. (SGP)")]
TABLE = "<table>" + "".join(f"<tr><td>{a}</td><td>{n}</td><td>{b}</td></tr>" for a, n, b in RESULTS * 20) + "</table>"
TONGUES = [
    "The ferry company will try two electric ferries on the lake from May, its head said.",
    "Die Reederei erprobt ab Mai zwei elektrische Fähren auf dem See, sagte die Leiterin.",
    "La compagnie essaiera deux traversiers électriques sur le lac dès le mois de mai.",
    "La naviera probará dos transbordadores eléctricos en el lago a partir de mayo.",
    "Судоходная компания с мая испытает на озере два электрических парома.",
    "船会社は五月から湖で電動フェリー二隻を試験運航すると発表した。",
    "أعلنت شركة العبارات أنها ستجرب عبارتين كهربائيتين في البحيرة ابتداء من شهر مايو.",
    "חברת המעבורות תנסה שתי מעבורות חשמליות באגם החל מחודש מאי, אמרה המנהלת.",
    "Kampuni ya feri itajaribu feri mbili za umeme katika ziwa kuanzia Mei.",
    "फेरी कंपनी मई से झील पर दो इलेक्ट्रिक फेरी का परीक्षण करेगी।",
]
ZALGO = "".join(letter + "\u0300\u0316\u0327\u0489\u20dd" * 4 for letter in "Stoltenberg visits Tokyo to see Kishida. ")

BODIES: Mapping[str, str] = {
    "a megabyte of one word": f"<p>{'Tokyo ' * 170_000}</p>",
    "a megabyte without spaces": f"<p>{'Tokyo' * 200_000}</p>",
    "Arabic": f"<p>{TONGUES[6]}</p>" * 5,
    "Hebrew": f"<p>{TONGUES[7]}</p>" * 5,
    "turned about": "<p>\u202eTokyo ni eciffo na nepo lliw OTAN\u202c \u200fNATO\u200e \u2067Tokyo\u2069</p>",
    "emoji": f"<p>{'🎉👩‍👩‍👧‍👦🇯🇵❤️ ' * 200}</p>",
    "capitals": BODY.upper().replace("<P>", "<p>").replace("</P>", "</p>"),
    "sports results": TABLE,
    "ten languages": "".join(f"<p>{said}</p>" for said in TONGUES),
    "no body": "",
    "no text": "<p> </p><p>&nbsp;</p><ul><li></li></ul>",
    "control characters": "<p>NATO\x00\x01\x08\x1b[31m said\x7f in \x85Tokyo"
    "\ufeff\ufffe\U0010ffff that\x0b it\x0c will</p>",
    "zalgo": f"<p>{ZALGO * 5}</p>",
    "ten thousand letters": "<p>a</p>" * 10_000,
    "nested deep": "<div>" * 20_000 + "NATO said in Tokyo that it will." + "</div>" * 20_000,
    "a huge number": f"<p>It cost ${'9' * 10_000}.{'0' * 1_000} in Tokyo.</p>",
    "entities": f"<p>{'&amp;lt;b&amp;gt; NATO&nbsp;&#8212;&#x1F600;&bogus;&#0;&#xD800;&#99999999999; Tokyo ' * 50}</p>",
    "an entity of a thousand digits": f"<p>&#{'9' * 5_000}; Tokyo</p>",
    "half a tag": BODY + "<p>And then <a href='",
    "nothing but marks": f"<p>{'—.,;:!?…“”‘’()[]{{}} ' * 300}</p>",
    "initials": f"<p>{'A. B. C. ' * 500}</p>",
    "names in a row": f"<p>{'Wanjiru Odede, ' * 400}</p>",
    "datelines in a row": "<p>" + "LONDON, June 17 (NWP) - " * 150 + "</p>",
    "brackets": f"<p>{'(' * 1_000}Tokyo{')' * 1_000}</p>",
    "a word of capitals": f"<p>{'A' * 3_000} (NWP) - </p>",
    "slashes": f"<p>{'LONDON/' * 700} - said</p>",
}
HEADLINES: Mapping[str, str] = {
    "headline alone": HEADLINE,
    "no headline": "",
    "a headline of emoji": "🎉" * 500,
    "a long headline": "NATO to open office in Tokyo " * 1_000,
    "a headline of nothing": " \u200b\u00ad ",
}
STORIES: Mapping[str, Article] = {
    **{name: story(body=body) for name, body in BODIES.items()},
    **{name: story(headline=headline, body="") for name, headline in HEADLINES.items()},
}


@dataclass(frozen=True)
class Told:
    """What the registry said of a story."""

    copy: Copy
    found: Mapping[str, Additions]
    seconds: float
    enriched: Article


@cache
def loaded() -> tuple[tuple[Enricher, Enrich], ...]:
    return tuple((enricher, enricher.load()) for enricher in DEFAULT)


@cache
def told(name: str) -> Told:
    article = STORIES[name]
    started = time.monotonic()
    copy = Copy.of(article)
    found: dict[str, Additions] = {}
    for enricher, enrich in loaded():
        (found[enricher.name],) = enrich([copy.knowing(found)])
    findings = [Found(enricher.name, enricher.version, found[enricher.name]) for enricher in DEFAULT]
    enriched = apply(article, findings)
    return Told(copy, found, time.monotonic() - started, enriched)


@cache
def ninjs() -> Validator:
    path = Path(__file__).parent.parent / "contracts/ninjs/ninjs-schema_3.1.json"
    return Draft202012Validator(json.loads(path.read_text("utf-8")))


every_story = pytest.mark.parametrize("name", STORIES)


@every_story
def test_every_enricher_answers_in_time(name: str) -> None:
    loaded()
    assert told(name).found.keys() == {enricher.name for enricher in DEFAULT}
    assert told(name).seconds < LONGEST


@every_story
def test_what_is_read_is_bounded(name: str) -> None:
    copy = told(name).copy
    assert len(copy.headline) <= READ
    assert sum(map(len, copy.paragraphs)) <= READ


@every_story
def test_what_is_said_is_bounded(name: str) -> None:
    for additions in told(name).found.values():
        assert len(additions.keywords) <= MOST_KEYWORDS
        assert len(additions.slugline or "") <= LONGEST_SLUGLINE
        assert all(len(tag.positions) <= MOST_POSITIONS for tag in additions.tags)


@every_story
def test_every_tag_is_a_whole_one(name: str) -> None:
    for additions in told(name).found.values():
        for tag in additions.tags:
            assert Tag.model_validate_json(tag.model_dump_json(by_alias=True)) == tag
            assert tag.name.strip()


@every_story
def test_every_position_is_of_a_word_in_the_text(name: str) -> None:
    copy = told(name).copy
    for additions in told(name).found.values():
        at = [position for tag in additions.tags for position in tag.positions]
        for position in [*at, *(mention.position for mention in additions.mentions)]:
            assert printed(copy, position).strip()


@every_story
def test_every_mention_is_printed_where_it_says(name: str) -> None:
    copy = told(name).copy
    for additions in told(name).found.values():
        for mention in additions.mentions:
            assert printed(copy, mention.position) == mention.name


@every_story
def test_the_event_can_be_sent_and_read_again(name: str) -> None:
    enriched = told(name).enriched
    assert Article.model_validate_json(enriched.model_dump_json(by_alias=True)) == enriched


@every_story
def test_ninjs_stays_valid(name: str) -> None:
    assert [error.message[:200] for error in ninjs().iter_errors(to_ninjs(told(name).enriched))] == []


def test_a_story_gets_the_same_whatever_stands_beside_it() -> None:
    names = ["sports results", "capitals", "no body", "Hebrew", "headline alone", "ten languages", "control characters"]
    copies = [Copy.of(STORIES[name]) for name in names]
    found: list[dict[str, Additions]] = [{} for _ in names]
    for enricher, enrich in loaded():
        answers = enrich([copy.knowing(known) for copy, known in zip(copies, found, strict=True)])
        for known, answer in zip(found, answers, strict=True):
            known[enricher.name] = answer
    assert found == [told(name).found for name in names]


def test_half_a_character_is_no_copy() -> None:
    sent = story(body="<p>half</p>").model_dump_json(by_alias=True).replace("half", r"\ud800")
    with pytest.raises(ValidationError):
        Article.model_validate_json(sent)


def printed(copy: Copy, position: Position) -> str:
    text = copy.headline if position.part == "headline" else copy.paragraphs[position.paragraph]
    assert 0 <= position.start < position.end <= len(text)
    return text[position.start : position.end]
