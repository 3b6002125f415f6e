from __future__ import annotations

import pytest

from services.ingest.items import Item
from shared.article import Change, PubStatus
from tests.ingest.parse.reading import one, read, refusal
from tests.ingest.parse.wires import nitf

ME = '<doc-id regsrc="TIDE" id-string="2"/>'


def released(norm: str, issued: str = "", status: str = "") -> Item:
    data = f'{ME}<date.issue norm="{issued}"/><date.release norm="{norm}"/>'
    return one(nitf(data, attributes=f'management-status="{status}"' if status else ""))


def told(attributes: str) -> list[tuple[str | None, PubStatus]]:
    """Return the stories that a document speaks of, and what it says of each."""
    items = read(nitf(ME, attributes=attributes)).items
    return [(item.identity or f"by reference {item.refers_to[0]}", item.pub_status) for item in items]


def test_a_story_is_named_by_who_registered_it_and_its_id() -> None:
    assert one(nitf()).identity == "TIDE 1"


def test_an_id_that_is_a_uri_names_the_story_alone() -> None:
    assert one(nitf('<doc-id regsrc="TIDE" id-string="urn:newsml:tide:1"/>')).identity == "urn:newsml:tide:1"


def test_a_cancellation_that_names_another_document_kills_that_one() -> None:
    assert told('management-status="canceled" management-doc-idref="1"') == [
        ("by reference TIDE 1", PubStatus.CANCELED)
    ]


@pytest.mark.parametrize("reference", ["TIDE:1", "TIDE/1", "TIDE 1"])
def test_a_reference_may_name_the_register_too(reference: str) -> None:
    attributes = f'management-status="canceled" management-doc-idref="{reference}"'
    assert told(attributes) == [("by reference TIDE 1", PubStatus.CANCELED)]


def test_a_document_is_referred_to_by_every_name_it_may_have_come_by() -> None:
    (kill,) = read(nitf(ME, attributes='management-status="canceled" management-doc-idref="TIDE:1"')).items
    assert kill.refers_to == ("TIDE 1", "1", "TIDE:1")


def test_a_kill_by_reference_has_no_name_of_its_own() -> None:
    (kill,) = read(nitf(ME, attributes='management-status="canceled" management-doc-idref="1"')).items
    assert kill.identity is None


def test_a_cancellation_that_names_none_kills_itself() -> None:
    assert told('management-status="canceled"') == [("TIDE 2", PubStatus.CANCELED)]


def test_a_usable_document_may_cancel_another() -> None:
    attributes = 'management-status="usable" management-doc-idref="1" management-idref-status="canceled"'
    assert told(attributes) == [("by reference TIDE 1", PubStatus.CANCELED), ("TIDE 2", PubStatus.USABLE)]


def test_a_document_that_cancels_itself_by_reference_is_not_published() -> None:
    attributes = 'management-status="usable" management-doc-idref="2" management-idref-status="canceled"'
    assert told(attributes) == [("TIDE 2", PubStatus.CANCELED)]


def test_a_withheld_document_withholds_the_one_that_it_names() -> None:
    assert told('management-status="withheld" management-doc-idref="1"') == [
        ("by reference TIDE 1", PubStatus.WITHHELD)
    ]


def test_a_reference_without_a_status_is_of_the_story_that_is_updated() -> None:
    assert told('management-status="usable" management-doc-idref="1"') == [("TIDE 1", PubStatus.USABLE)]


def test_a_kill_says_nothing_of_the_text_of_a_document_that_waits_for_its_release() -> None:
    attributes = 'management-status="embargoed" management-doc-idref="1" management-idref-status="canceled"'
    assert read(nitf(ME, attributes=attributes)).items[0].ed_note is None


def test_a_kill_that_names_nothing_is_refused() -> None:
    assert refusal(nitf("", attributes='management-status="canceled"')) == "no_identity"


@pytest.mark.parametrize("word", ["maybe", "kill", "usable?"])
def test_an_unknown_status_is_never_taken_for_usable(word: str) -> None:
    assert refusal(nitf(attributes=f'management-status="{word}"')) == "pub_status_unknown"


def test_an_embargo_ends_at_the_release() -> None:
    item = released("20240305T063000+1300", status="embargoed")
    assert str(item.embargoed_until) == "2024-03-05 06:30:00+13:00"


def test_a_release_to_come_is_an_embargo_whatever_the_status_says() -> None:
    assert released("20240305T063000+1300", status="usable").embargoed


@pytest.mark.parametrize("norm", ["", "20240305T063000", "20240305", "soon"])
def test_a_release_that_cannot_be_told_seals_the_document(norm: str) -> None:
    item = released(norm)
    assert (item.embargoed, item.embargoed_until) == (True, None)


@pytest.mark.parametrize("norm", ["20240304T010000Z", "20240303T010000", "20240302", "20240303000000-0500"])
def test_a_release_that_has_passed_everywhere_is_no_embargo(norm: str) -> None:
    assert not released(norm).embargoed


def test_a_release_at_the_time_of_issue_is_no_embargo() -> None:
    assert not released("20240304T180000", issued="20240304T180000").embargoed


def test_an_expiry_is_no_embargo() -> None:
    item = one(nitf(ME + '<date.expire norm="20240305T063000+1300"/>'))
    assert (item.embargoed, str(item.expires)) == (False, "2024-03-05 06:30:00+13:00")


def test_a_document_under_embargo_without_a_release_is_sealed() -> None:
    item = one(nitf(ME, attributes='management-status="embargoed"'))
    assert (item.embargoed, item.embargoed_until) == (True, None)


def test_a_correction_is_of_the_document_that_it_corrects() -> None:
    item = one(nitf(ME + '<correction id-string="1" regsrc="TIDE" info="Fixes the depth."/>'))
    assert (item.identity, item.change, item.ed_note) == ("TIDE 1", Change.CORRECTION, "Fixes the depth.")


def test_generations_count_before_versions() -> None:
    older, newer = (
        one(nitf(f'{ME}<du-key key="k" generation="{generation}" version="{version}"/>')).version
        for generation, version in ((2, 9), (3, 1))
    )
    assert (older or 0) < (newer or 0)


@pytest.mark.parametrize(("urgency", "number"), [("1", 1), ("8", 8), ("9", None), ("0", None), ("f", None)])
def test_urgency_runs_from_one_to_eight(urgency: str, number: int | None) -> None:
    assert one(nitf(f'{ME}<urgency ed-urg="{urgency}"/>')).urgency == number


def test_a_byline_goes_without_its_title() -> None:
    assert one(nitf(head="<hedline><hl1>A</hl1></hedline><byline>By Tom Aspey, <byttl>Poet</byttl></byline>")).by == (
        "Tom Aspey"
    )


def test_a_document_type_is_accepted_and_never_loaded() -> None:
    doctype = '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.3//EN" "file:///etc/passwd">'
    assert one(f"<?xml version='1.0'?><!-- x -->{doctype}{nitf()}").headline == "A story"


@pytest.mark.parametrize(
    "subset", ["[]", "[<!ENTITY x 'y'>]", "SYSTEM 'a.dtd' [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]"]
)
def test_a_document_type_with_an_internal_subset_is_refused(subset: str) -> None:
    assert refusal(f"<!DOCTYPE nitf {subset}>{nitf()}") == "doctype_forbidden"


def test_a_second_document_type_is_refused() -> None:
    assert refusal(f"<!DOCTYPE nitf SYSTEM 'a'><!DOCTYPE nitf [<!ENTITY x 'y'>]>{nitf()}") == "doctype_forbidden"


def test_letters_that_the_document_type_would_declare_are_known() -> None:
    assert one(
        f"<!DOCTYPE nitf SYSTEM 'a'>{nitf(body='<p>Caf&eacute; &amp; bar &LT;b&gt;.</p>')}"
    ).body_html.startswith("<p>Café &amp; bar")


def test_a_megabyte_of_body_comes_through_whole() -> None:
    words = "It rained on the hills and on the harbour too. " * 20
    body = "".join(f"<p>{number}. {words}</p>" for number in range(1_000))
    assert one(nitf(body=body)).body_html.count("<p>") == 1_000


def test_a_time_for_machines_is_no_dateline() -> None:
    date = '<story.date norm="20240304T010000Z">20240304T010000Z</story.date>'
    head = f"<hedline><hl1>A story</hl1></hedline><dateline>{date}</dateline>"
    assert one(nitf(head=head)).dateline is None


def test_a_second_headline_that_repeats_the_first_is_no_summary() -> None:
    assert not one(nitf(head="<hedline><hl1>A story</hl1><hl2>A Story</hl2></hedline>")).summary


def test_the_language_is_the_documents_base_language() -> None:
    assert one(nitf().replace("<nitf>", '<nitf baselang="nb-NO">')).language == "nb-NO"
