from __future__ import annotations

import pytest

from shared.article import Change, PubStatus
from tests.ingest.parse.reading import one, refusal
from tests.ingest.parse.wires import newsml_1

USABLE = '<Status FormalName="Usable"/>'
EMBARGOED = '<Status FormalName="Embargoed"/>'


def will_change(moment: str, status: str = "Usable") -> str:
    return (
        f'{EMBARGOED}<StatusWillChange><FutureStatus FormalName="{status}"/>'
        f"<DateAndTime>{moment}</DateAndTime></StatusWillChange>"
    )


def test_the_story_is_named_without_the_revision() -> None:
    item = one(newsml_1())
    assert (item.identity, item.version) == ("urn:newsml:tide.example:20240304:a", 2)


@pytest.mark.parametrize("mark", ["2N", "2U", "2"])
def test_a_public_identifier_gives_its_revision_up(mark: str) -> None:
    text = newsml_1().replace("<ProviderId>tide.example</ProviderId>", "")
    public = f"<PublicIdentifier>urn:newsml:tide.example:20240304:a:{mark}</PublicIdentifier>"
    assert one(text.replace("</NewsIdentifier>", f"{public}</NewsIdentifier>")).identity == (
        "urn:newsml:tide.example:20240304:a"
    )


@pytest.mark.parametrize(("word", "status"), [("Canceled", PubStatus.CANCELED), ("WITHHELD", PubStatus.WITHHELD)])
def test_a_status_is_read_in_any_case(word: str, status: PubStatus) -> None:
    assert one(newsml_1(f'<Status FormalName="{word}"/>')).pub_status is status


@pytest.mark.parametrize("word", ["Kill", "Delete", "Cancel"])
def test_an_instruction_to_kill_kills(word: str) -> None:
    assert one(newsml_1(f'{USABLE}<Instruction FormalName="{word}"/>')).pub_status is PubStatus.CANCELED


def test_an_instruction_about_earlier_revisions_leaves_this_one_usable() -> None:
    instruction = (
        '<Instruction FormalName="Delete"><RevisionStatus Revision="1"><Status FormalName="Canceled"/>'
        "</RevisionStatus></Instruction>"
    )
    assert one(newsml_1(USABLE + instruction)).pub_status is PubStatus.USABLE


@pytest.mark.parametrize("word", ["Correction", "Rectify"])
def test_an_instruction_to_correct_makes_a_correction(word: str) -> None:
    assert one(newsml_1(f'{USABLE}<Instruction FormalName="{word}"/>')).change is Change.CORRECTION


@pytest.mark.parametrize("word", ["Perhaps", ""])
def test_an_unknown_status_is_never_taken_for_usable(word: str) -> None:
    assert refusal(newsml_1(f'<Status FormalName="{word}"/>')) == "pub_status_unknown"


def test_an_embargo_ends_when_the_status_changes() -> None:
    assert str(one(newsml_1(will_change("20240305T063000+1300"))).embargoed_until) == "2024-03-05 06:30:00+13:00"


@pytest.mark.parametrize(
    "management",
    [EMBARGOED, will_change(""), will_change("20240305T063000"), will_change("20240305T0630Z", "Canceled")],
)
def test_an_embargo_whose_end_cannot_be_told_seals_the_item(management: str) -> None:
    item = one(newsml_1(management))
    assert (item.embargoed, item.embargoed_until) == (True, None)


@pytest.mark.parametrize("update", ["U", "A"])
def test_a_revision_of_parts_is_refused(update: str) -> None:
    assert refusal(newsml_1().replace('Update="N"', f'Update="{update}"')) == "partial_revision"


def test_a_revision_of_management_data_alone_may_still_kill() -> None:
    text = newsml_1('<Status FormalName="Canceled"/>').replace('Update="N"', 'Update="A"')
    assert one(text).pub_status is PubStatus.CANCELED


@pytest.mark.parametrize(
    "data",
    [
        "One.\n\nTwo.",
        "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;",
        "<![CDATA[<p>One.</p><p>Two.</p>]]>",
        "<p>One.</p><p>Two.</p>",
        "<html><head><title>x</title></head><body><p>One.</p><p>Two.</p></body></html>",
        "<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>",
        "<body.content><p>One.</p><p>Two.</p></body.content>",
    ],
)
def test_a_body_is_read_in_whatever_markup_it_comes(data: str) -> None:
    assert one(newsml_1(data=data)).body_html == "<p>One.</p>\n<p>Two.</p>"


def test_a_document_type_is_accepted_and_never_loaded() -> None:
    assert one(f'<!DOCTYPE NewsML SYSTEM "file:///etc/passwd">{newsml_1()}').headline == "A story"


def test_a_document_without_an_item_is_refused() -> None:
    assert refusal('<NewsML Version="1.2"><NewsEnvelope/></NewsML>') == "no_content"


def test_a_megabyte_of_body_comes_through_whole() -> None:
    words = "It rained on the hills and on the harbour too. " * 20
    body = "".join(f"<p>{number}. {words}</p>" for number in range(1_000))
    assert one(newsml_1(data=body)).body_html.count("<p>") == 1_000


def test_a_place_is_read_from_a_dateline_in_small_letters() -> None:
    line = "<DateLine>Strasbourg, 10 juil 2024 (Tide)</DateLine>"
    dateline = one(newsml_1().replace("</NewsLines>", f"{line}</NewsLines>")).dateline
    assert dateline is not None
    assert dateline.place == "Strasbourg"
