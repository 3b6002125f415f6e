"""What the XML wire formats say of a story, all the way to the topic."""

from __future__ import annotations

from services.ingest.admission.admit import Admission
from shared.article import Change
from shared.events import Outcome
from tests.ingest.desk import Desk, send
from tests.ingest.parse.wires import newsml_1, newsml_g2, nitf

STORY = nitf('<doc-id regsrc="TIDE" id-string="1"/>').encode()
KILL = nitf(
    '<doc-id regsrc="TIDE" id-string="2"/>', attributes='management-status="canceled" management-doc-idref="1"'
).encode()


async def test_nitf_kills_the_story_that_it_refers_to(admission: Admission, desk: Desk) -> None:
    await send(admission, STORY)
    await send(admission, KILL)
    story, kill = (event.data.newsroom for event in desk.ingested)
    assert (kill.story_id, kill.change) == (story.story_id, Change.KILL)


async def test_nitf_kill_that_meets_no_story_says_so(admission: Admission) -> None:
    (outcome,) = await send(admission, KILL)
    assert outcome.code == "kill_unresolved"


async def test_a_story_that_nitf_killed_beforehand_is_born_dead(admission: Admission) -> None:
    await send(admission, KILL)
    (outcome,) = await send(admission, STORY)
    assert outcome.outcome is Outcome.STALE


async def test_a_correction_in_nitf_is_of_the_story_that_it_corrects(admission: Admission, desk: Desk) -> None:
    await send(admission, STORY)
    data = '<correction id-string="1" regsrc="TIDE"/><doc-id regsrc="TIDE" id-string="3"/>'
    await send(admission, nitf(data, body="<p>It happened on Tuesday.</p>").encode())
    first, second = (event.data.newsroom for event in desk.ingested)
    assert (second.story_id, second.change) == (first.story_id, Change.CORRECTION)


async def test_subjects_of_newsml_g2_reach_the_article(admission: Admission, desk: Desk) -> None:
    content = '<headline>A story</headline><subject qcode="medtop:04000000"><name>economy</name></subject>'
    await send(admission, newsml_g2(content=content).encode())
    assert [subject.uri for subject in desk.ingested[0].data.subjects] == [
        "http://cv.iptc.org/newscodes/mediatopic/04000000"
    ]


async def test_newsml_g2_under_an_empty_embargo_is_held(admission: Admission) -> None:
    (outcome,) = await send(admission, newsml_g2("<embargoed/>").encode())
    assert (outcome.outcome, outcome.code) == (Outcome.HELD, "embargo_unreadable")


async def test_an_older_revision_of_newsml_1_comes_too_late(admission: Admission) -> None:
    await send(admission, newsml_1().encode())
    (outcome,) = await send(admission, newsml_1(data="Earlier.").replace(">2</RevisionId>", ">1</RevisionId>").encode())
    assert (outcome.outcome, outcome.code) == (Outcome.STALE, "older")
