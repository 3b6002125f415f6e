"""Kills as old wires and NITF send them, from the bytes to the story that they mean."""

from __future__ import annotations

from services.ingest.admission.admit import Admission
from shared.article import Change
from tests.ingest.desk import Desk, send

STORY = (
    b"\x16\x16\x01a0123\x1fhwhar-\r\nr i\x13\x11BC-Ferry-Ellis   05-04 0099\r\n"
    b"\x02^BC-Ferry-Ellis,99<\r\n^Ferry returns to Port Ellis<\r\n"
    b"\t   PORT ELLIS, Harbour (HW) _ The ferry is back at its berth after a winter in the yard.\r\n"
    b"\x03HW-WF-05-04-26 0650GMT<\r\n\x04"
)
KILL_NEXT_DAY = (
    b"\x16\x16\x01a0456\x1fhwhar-\r\nb i\x13\x11BC-Ferry-Ellis,KILL   05-05 0040\r\n"
    b"\x02^BC-Ferry-Ellis,KILL<\r\n^BULLETIN KILL<\r\n"
    b"\t   Eds: Kill the story slugged Ferry-Ellis. A kill is mandatory.\r\n"
    b"\x03HW-WF-05-05-26 0700GMT<\r\n\x04"
)
NITF = """<?xml version="1.0" encoding="UTF-8"?>
<nitf><head><docdata management-status="{status}"{refers}><doc-id regsrc="harbour" id-string="{name}"/></docdata></head>
<body><body.head><hedline><hl1>{headline}</hl1></hedline></body.head>
<body.content><p>The ferry is back at its berth.</p></body.content></body></nitf>"""


def nitf(name: str, headline: str, *, status: str = "usable", refers: str = "") -> bytes:
    attribute = f' management-doc-idref="{refers}"' if refers else ""
    return NITF.format(name=name, headline=headline, status=status, refers=attribute).encode()


async def test_kill_by_slug_of_the_next_day_finds_its_story(admission: Admission, desk: Desk) -> None:
    (first,) = await send(admission, STORY, content_type="text/vnd.iptc.anpa")
    (killed,) = await send(admission, KILL_NEXT_DAY, content_type="text/vnd.iptc.anpa")
    assert (killed.change, killed.story_id, killed.code, len(desk.urgent)) == (Change.KILL, first.story_id, None, 1)


async def test_kill_by_slug_of_a_story_that_never_came_is_unresolved(admission: Admission) -> None:
    (killed,) = await send(admission, KILL_NEXT_DAY, content_type="text/vnd.iptc.anpa")
    assert (killed.change, killed.code) == (Change.KILL, "kill_unresolved")


async def test_kill_by_the_reference_of_a_document_finds_its_story(admission: Admission) -> None:
    (first,) = await send(admission, nitf("ferry-1", "Ferry returns"))
    (killed,) = await send(admission, nitf("notice-9", "Cancellation", status="canceled", refers="ferry-1"))
    assert (killed.change, killed.story_id, killed.code) == (Change.KILL, first.story_id, None)


async def test_kill_by_a_reference_to_nothing_is_unresolved(admission: Admission) -> None:
    (killed,) = await send(admission, nitf("notice-9", "Cancellation", status="canceled", refers="ferry-2"))
    assert (killed.change, killed.code) == (Change.KILL, "kill_unresolved")
