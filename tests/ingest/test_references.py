"""A kill finds the story that it means, by whatever names it; and says so loudly when it finds none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.admission.received import Copy, Taken
from services.ingest.items import Item, Parsed
from shared.article import Change, PubStatus
from shared.events import Outcome, StageResult
from tests.ingest.desk import HARBOUR, Desk

STORY = Item(
    headline="Ferry returns to Port Ellis",
    body_html="<p>The ferry is back.</p>",
    identity="urn:example:ferry",
    slugline="Ferry-Ellis",
    url="https://harbour.example/ferry?from=wire",
)
NOTICE = Item(headline="Kill: Ferry", pub_status=PubStatus.CANCELED)


async def let_in(admission: Admission, item: Item, *, source: str = "harbour") -> StageResult:
    copy = Copy(source=source, config=HARBOUR, body=b"copy", content_type=None)
    return await admission.admit(Taken(copy, "", Parsed("text/plain", (item,))), 0, item)


@pytest.mark.parametrize(
    "names",
    [
        {"identity": "urn:example:ferry"},
        {"identity": "urn:example:notice-7", "refers_to": ("urn:example:ferry",)},
        {"refers_to": ("urn:example:elsewhere", "urn:example:ferry")},
        {"identity": "harbour ferry-ellis 2026-05-05", "identity_inferred": True, "slugline": "FERRY-ELLIS"},
        {"slugline": "ferry ellis"},
        {"url": "https://harbour.example/ferry"},
    ],
)
async def test_kill_finds_its_story(admission: Admission, desk: Desk, names: dict[str, Any]) -> None:
    first = await let_in(admission, STORY)
    killed = await let_in(admission, replace(NOTICE, **names))
    assert (killed.story_id, killed.change, killed.code, len(desk.urgent)) == (first.story_id, Change.KILL, None, 1)


async def test_kill_finds_the_story_of_its_slug_that_came_last(admission: Admission) -> None:
    await let_in(admission, STORY)
    last = await let_in(admission, replace(STORY, identity="urn:example:ferry-2", headline="Ferry leaves again"))
    killed = await let_in(admission, replace(NOTICE, slugline="ferry-ellis"))
    assert killed.story_id == last.story_id


async def test_kill_finds_a_story_without_a_name_by_its_headline(admission: Admission) -> None:
    first = await let_in(admission, replace(STORY, identity=None, slugline=None, url=None))
    killed = await let_in(admission, replace(NOTICE, headline="“Ferry returns to Port Ellis”"))
    assert killed.story_id == first.story_id


async def test_kill_that_names_a_story_by_its_own_name_means_no_other(admission: Admission) -> None:
    first = await let_in(admission, STORY)
    killed = await let_in(admission, replace(NOTICE, identity="urn:example:other", slugline="ferry-ellis"))
    assert (killed.story_id != first.story_id, killed.code) == (True, "kill_before_story")


async def test_kill_by_slug_finds_no_story_of_another_source(admission: Admission) -> None:
    await let_in(admission, STORY, source="hills")
    killed = await let_in(admission, replace(NOTICE, slugline="ferry-ellis"))
    assert killed.code == "kill_unresolved"


async def test_update_is_never_led_by_a_slug(admission: Admission) -> None:
    first = await let_in(admission, STORY)
    other = await let_in(admission, replace(STORY, identity="urn:example:second-day", body_html="<p>Again.</p>"))
    assert other.story_id != first.story_id


async def test_kill_that_meets_no_story_wakes_somebody(admission: Admission) -> None:
    labels = {"source": "harbour", "code": "kill_unresolved"}
    counted = REGISTRY.get_sample_value("newsroom_kills_unresolved_total", labels) or 0
    with capture_logs() as lines:
        await let_in(admission, replace(NOTICE, refers_to=("urn:example:ferry",)))
    after = REGISTRY.get_sample_value("newsroom_kills_unresolved_total", labels)
    assert ([(line["log_level"], line["code"]) for line in lines], after) == (
        [("critical", "kill_unresolved")],
        counted + 1,
    )


async def test_kill_that_met_no_story_still_leaves_its_tombstone(admission: Admission, desk: Desk) -> None:
    await let_in(admission, replace(NOTICE, refers_to=("urn:example:ferry",)))
    late = await let_in(admission, STORY)
    assert (late.outcome, late.code, len(desk.ingested)) == (Outcome.STALE, "killed", 1)
