"""Old wires and e-mail through admission: a story is found again by a name that had to be made for it."""

from __future__ import annotations

from services.ingest.admission.admit import Admission
from shared.article import Change
from shared.events import Outcome
from tests.ingest.desk import Desk, send
from tests.ingest.parse.wire_copy import anpa, iptc7901, zczc

STORY = anpa("BC-HW--Harbour-Ferry,100", "Ferry returns")
LEAD = anpa(
    "BC-HW--Harbour-Ferry,1st Ld,120",
    "Ferry returns, late",
    first="a0124\x1fhwval",
    stamp="HW-WF-03-04-24 0612GMT",
)
KILL = anpa("BC-HW--Harbour-Ferry, KILL", "MANDATORY KILL", first="a0130\x1fhwval", stamp="HW-WF-03-04-24 0712GMT")
MAIL = (
    "From: a@harbour.example\r\nSubject: {subject}\r\nDate: Mon, 4 Mar 2024 0{hour}:00:00 +0000\r\n"
    "Message-ID: <{name}@harbour.example>\r\nReferences: {answers}\r\n\r\nThe ferry returned on Monday."
)


async def changes(admission: Admission, desk: Desk, *bodies: bytes) -> list[tuple[Change, str]]:
    for body in bodies:
        await send(admission, body)
    return [(event.data.newsroom.change, event.data.newsroom.story_id) for event in desk.ingested]


async def test_lead_updates_the_story(admission: Admission, desk: Desk) -> None:
    (new, story), (update, same) = await changes(admission, desk, STORY, LEAD)
    assert (new, update, same) == (Change.NEW, Change.UPDATE, story)


async def test_kill_takes_the_story_back(admission: Admission, desk: Desk) -> None:
    (_, story), *_, (kill, same) = await changes(admission, desk, STORY, LEAD, KILL)
    assert (kill, same) == (Change.KILL, story)


async def test_kill_of_the_day_after_finds_the_story_by_its_slug(admission: Admission, desk: Desk) -> None:
    late = KILL.replace(b"03-04 0100", b"03-05 0100").replace(b"03-04-24 0712", b"03-05-24 0712")
    (_, story), (kill, same) = await changes(admission, desk, STORY, late)
    assert (kill, same) == (Change.KILL, story)


async def test_transmission_sent_again_is_a_duplicate(admission: Admission, desk: Desk) -> None:
    await changes(admission, desk, STORY, STORY)
    assert [outcome.outcome for outcome in desk.outcomes] == [Outcome.EMITTED, Outcome.DUPLICATE]


async def test_story_killed_in_the_same_file_stays_killed_when_it_is_sent_again(
    admission: Admission, desk: Desk
) -> None:
    found = await changes(admission, desk, STORY + KILL, STORY)
    assert [change for change, _ in found] == [Change.NEW, Change.KILL]


async def test_article_says_that_its_story_was_inferred(admission: Admission, desk: Desk) -> None:
    await send(admission, iptc7901())
    assert desk.ingested[0].data.newsroom.identity == "inferred"


async def test_article_carries_the_number_on_the_wire(admission: Admission, desk: Desk) -> None:
    await send(admission, STORY)
    assert [name.value for name in desk.ingested[0].data.alt_ids if name.role == "wire-sequence"] == ["a0123"]


async def test_embargoed_wire_copy_is_held(admission: Admission, desk: Desk) -> None:
    (result,) = await send(
        admission, zczc("#FERRY", "$Ferry returns", text="EMBARGOED UNTIL WEDNESDAY.\r\n\r\nIt did.")
    )
    assert (result.outcome, desk.ingested) == (Outcome.HELD, [])


async def test_kill_by_mail_takes_back_the_message_that_it_answers(admission: Admission, desk: Desk) -> None:
    first = MAIL.format(subject="Ferry returns", name="1", answers="", hour=6)
    kill = MAIL.format(subject="KILL: Ferry returns", name="2", answers="<1@harbour.example>", hour=7)
    (_, story), (change, same) = await changes(admission, desk, first.encode(), kill.encode())
    assert (change, same) == (Change.KILL, story)


async def test_correction_by_mail_corrects_the_message_that_it_answers(admission: Admission, desk: Desk) -> None:
    first = MAIL.format(subject="Ferry returns", name="1", answers="", hour=6)
    second = MAIL.format(subject="CORRECTION: Ferry returns, late", name="2", answers="<1@harbour.example>", hour=7)
    (_, story), (change, same) = await changes(admission, desk, first.encode(), second.encode())
    assert (change, same) == (Change.CORRECTION, story)
