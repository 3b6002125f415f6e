from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.ingest.admission.received import Copy
from services.ingest.items import Item
from services.ingest.lifecycle.compose import Origin, article_of
from services.ingest.lifecycle.decide import decide
from services.ingest.lifecycle.sections import section_of
from services.ingest.parse import parse
from shared.article import Subject
from shared.settings import SiteIdentity
from tests.ingest.desk import HARBOUR
from tests.ingest.making import NOON

SITE = SiteIdentity().sections
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize(
    ("named", "section"),
    [
        ({"section": "Sport"}, "sport"),
        ({"section": "Tide tables", "keywords": ("ferry", "Business")}, "business"),
        ({"section": "World", "keywords": ("sport",)}, "world"),
        ({"keywords": ("Cülture",)}, "culture"),
        ({"subjects": (Subject(name="Science"),)}, "science"),
        ({"keywords": ("ferry",)}, "harbour"),
        ({"section": "../admin"}, "harbour"),
        ({}, "harbour"),
    ],
)
def test_copy_goes_to_the_first_section_of_the_site_that_it_names(named: dict[str, Any], section: str) -> None:
    assert section_of(Item(headline="Ferry returns", **named), SITE, "harbour") == section


def sections_of(sample: str, content_type: str) -> list[str]:
    copy = Copy(source="harbour", config=HARBOUR, body=(SAMPLES / sample).read_bytes(), content_type=content_type)
    origin = Origin(source="harbour", config=HARBOUR, received=NOON, raw="0", raw_type="x/y", sections=SITE)
    items = parse(copy.body, content_type=content_type, hints=copy.hints()).items
    decisions = [(item, decide(None, item, source="harbour", uri="a:1", now=NOON)) for item in items]
    return [article_of(item, decision, origin, story_id="s1").newsroom.section for item, decision in decisions]


def test_the_categories_of_a_feed_become_sections() -> None:
    assert set(sections_of("culture-desk.xml", "application/atom+xml")) == {"culture"}
