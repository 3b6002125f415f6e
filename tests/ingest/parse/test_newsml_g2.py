from __future__ import annotations

import pytest

from services.ingest.items import Item
from shared.article import Change, PubStatus
from tests.ingest.parse.golden import FIXTURES
from tests.ingest.parse.reading import one, read, refusal
from tests.ingest.parse.wires import newsml_g2

OWN = '<catalog><scheme alias="p" uri="http://cv.iptc.org/newscodes/pubstatusg2/"/></catalog>'
STATION = '<catalog><scheme alias="stat" uri="https://tide.example/station/"/></catalog>'
ELSEWHERE = '<catalogRef href="https://tide.example/all.xml"/>'


def listing(name: str) -> str:
    (path,) = (FIXTURES / "iptc" / "newsml-g2").glob(f"LISTING_{name}_*.xml")
    return path.read_text(encoding="utf-8")


def story_of_listing_25() -> Item:
    return one(newsml_g2(content="", body=listing("25")))


def test_a_provider_may_call_the_iptcs_scheme_what_it_likes() -> None:
    item = one(newsml_g2('<pubStatus qcode="p:withheld"/>', catalogs=OWN))
    assert item.pub_status is PubStatus.WITHHELD


def test_an_alias_of_the_iptcs_is_nothing_where_the_provider_gives_it_to_a_scheme_of_its_own() -> None:
    assert refusal(newsml_g2('<pubStatus qcode="stat:usable"/>', catalogs=STATION)) == "pub_status_unknown"


def test_what_the_item_declares_itself_goes_before_the_iptcs_catalog() -> None:
    catalogs = '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_9.xml"/>' + STATION
    assert refusal(newsml_g2('<pubStatus qcode="stat:usable"/>', catalogs=catalogs)) == "pub_status_unknown"


def test_a_kill_is_obeyed_under_an_alias_that_nobody_declares() -> None:
    item = one(newsml_g2('<pubStatus qcode="what:canceled"/>', catalogs=STATION))
    assert item.pub_status is PubStatus.CANCELED


def test_a_status_may_be_given_as_a_uri() -> None:
    meta = '<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>'
    assert one(newsml_g2(meta)).pub_status is PubStatus.CANCELED


def test_an_item_without_a_status_is_usable() -> None:
    assert one(newsml_g2()).pub_status is PubStatus.USABLE


@pytest.mark.parametrize("word", ["maybe", "", "embargo"])
def test_an_unknown_status_is_never_taken_for_usable(word: str) -> None:
    assert refusal(newsml_g2(f'<pubStatus qcode="stat:{word}"/>')) == "pub_status_unknown"


def test_an_alias_of_a_catalog_that_is_elsewhere_is_taken_for_the_iptcs_and_said_to_be() -> None:
    item = one(newsml_g2('<pubStatus qcode="stat:usable"/>', catalogs=ELSEWHERE))
    assert "catalog_unread" in [note.code for note in item.assumptions]


def test_a_kill_needs_a_name() -> None:
    assert refusal(newsml_g2('<pubStatus qcode="stat:canceled"/>', attributes="")) == "no_identity"


@pytest.mark.parametrize("lift", ["", "2024-03-05T06:00:00", "2024-03-05", "on Friday"])
def test_an_embargo_whose_end_cannot_be_told_seals_the_item(lift: str) -> None:
    item = one(newsml_g2(f"<embargoed>{lift}</embargoed>"))
    assert (item.embargoed, item.embargoed_until) == (True, None)


def test_an_embargo_ends_when_it_says() -> None:
    item = one(newsml_g2("<embargoed>2024-03-05T06:30:00+13:00</embargoed>"))
    assert str(item.embargoed_until) == "2024-03-05 06:30:00+13:00"


def test_a_correction_is_told_by_its_signal_among_others() -> None:
    item = one(newsml_g2('<signal qcode="sig:update"/><signal qcode="sig:correction"/>'))
    assert item.change is Change.CORRECTION


def test_a_correction_is_told_by_its_note() -> None:
    assert one(newsml_g2("<edNote>CORRECTION: the age.</edNote>")).change is Change.CORRECTION


@pytest.mark.parametrize(("version", "number"), [("11", 11), ("0", None), ("1.5", None), ("x", None)])
def test_only_a_whole_number_is_a_version(version: str, number: int | None) -> None:
    assert one(newsml_g2(attributes=f'guid="urn:a" version="{version}"')).version == number


@pytest.mark.parametrize(("urgency", "number"), [("1", 1), ("9", 9), ("0", None), ("10", None), ("f", None)])
def test_urgency_runs_from_one_to_nine(urgency: str, number: int | None) -> None:
    assert one(newsml_g2(content=f"<urgency>{urgency}</urgency><headline>A story</headline>")).urgency == number


def test_html_is_taken_before_plain_text() -> None:
    body = (
        '<contentSet><inlineData contenttype="text/plain">Plain.</inlineData>'
        '<inlineData contenttype="text/html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineData></contentSet>'
    )
    assert one(newsml_g2(body=body)).body_html == "<p>One.</p>\n<p>Two.</p>"


def test_a_body_in_base64_is_decoded() -> None:
    body = (
        '<contentSet><inlineData contenttype="text/plain" encoding="encd:base64">TcSBbmdlcmUu</inlineData></contentSet>'
    )
    assert one(newsml_g2(body=body)).body_html == "<p>Māngere.</p>"


@pytest.mark.parametrize("root", ["packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"])
def test_items_that_are_no_story_are_refused_by_name(root: str) -> None:
    assert refusal(f'<{root} xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a"/>') == "not_text"


def test_a_message_without_items_is_refused() -> None:
    assert refusal('<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet/></newsMessage>') == "no_content"


def test_an_element_of_somebody_elses_namespace_is_no_headline() -> None:
    content = '<headline xmlns="https://tide.example/ns">Not this</headline><headline>A story</headline>'
    assert one(newsml_g2(content=content)).headline == "A story"


def test_nitf_in_an_item_gives_headline_byline_and_abstract() -> None:
    item = story_of_listing_25()
    assert (item.headline[:20], item.by, item.summary[:30]) == (
        "Arizona Diamondbacks",
        "Sports Network",
        "A pair of teams coming off big",
    )


def test_nitf_in_an_item_gives_its_text_without_its_head() -> None:
    assert story_of_listing_25().body_html.startswith("<p>(Sports Network) - With the Philadelphia Phillies")


def test_the_dateline_is_as_printed_and_its_place_is_read_from_it() -> None:
    text = listing("28").replace("</contentMeta>", "<headline>A story</headline></contentMeta>")
    content = text.removeprefix("<contentMeta>").removesuffix("</contentMeta>").strip()
    dateline = one(newsml_g2(content=content.removesuffix("</contentMeta>"))).dateline
    assert dateline is not None
    assert (dateline.text, dateline.place) == ("MOSCOW, Monday (Reuters)", "Moscow")


def test_places_that_the_item_is_about_are_told_apart_from_where_it_was_written() -> None:
    text = listing("28").replace("</contentMeta>", "<headline>A story</headline></contentMeta>").strip()
    item = one(newsml_g2(content=text.removeprefix("<contentMeta>").removesuffix("</contentMeta>")))
    assert [place.name for place in item.places] == ["city:Tskhinvali", "city:Tblisi"]


def test_a_megabyte_of_body_comes_through_whole() -> None:
    words = "It rained on the hills and on the harbour too. " * 20
    paragraphs = "".join(f"<p>{number}. {words}</p>" for number in range(1_000))
    body = f'<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>{paragraphs}</body></html></inlineXML></contentSet>'
    assert read(newsml_g2(body=body)).items[0].body_html.count("<p>") == 1_000


def test_a_heading_that_repeats_the_headline_is_left_out_of_the_body() -> None:
    html = '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>A Story</h1><p>One.</p></body></html>'
    assert one(newsml_g2(body=f"<contentSet><inlineXML>{html}</inlineXML></contentSet>")).body_html == "<p>One.</p>"


def test_letters_written_as_in_windows_1252_are_the_letters_that_were_meant() -> None:
    assert one(newsml_g2(content="<headline>It&#146;s &#x93;late&#x94;</headline>")).headline == "It\u2019s “late”"


def test_a_date_that_cannot_be_read_is_said() -> None:
    item = one(newsml_g2("<expires>in spring</expires>"))
    assert [note.detail for note in item.assumptions if note.code == "date_unreadable"] == ["in spring"]


UNREAD = '<itemClass qcode="icls:text"/>'
PLAIN = '<contentSet><inlineData contenttype="text/plain">It rained.</inlineData></contentSet>'


def test_a_class_that_no_catalog_tells_is_judged_by_whether_there_is_text() -> None:
    assert one(newsml_g2(UNREAD, body=PLAIN)).body_html == "<p>It rained.</p>"


def test_a_class_that_no_catalog_tells_without_any_text_is_no_story() -> None:
    assert refusal(newsml_g2(UNREAD)) == "not_text"


def test_a_headline_without_a_role_goes_before_one_of_another_kind() -> None:
    content = '<headline role="hld:sub">Beneath</headline><headline>A story</headline>'
    assert one(newsml_g2(content=content)).headline == "A story"


def test_a_concept_is_named_by_what_the_item_asserts_of_it() -> None:
    content = '<headline>A story</headline><subject qcode="tide:7" relevance="40" creator="tide:machine"/>'
    asserted = '<assert qcode="tide:7"><name>ferries</name></assert>'
    (subject,) = one(newsml_g2(content=content, body=asserted)).subjects
    assert (subject.name, subject.literal, subject.relevance, subject.creator) == (
        "ferries",
        "tide:7",
        40,
        "tide:machine",
    )


def test_a_place_may_be_named_literally() -> None:
    dateline = one(newsml_g2(content='<located literal="Rome"/><headline>A story</headline>')).dateline
    assert dateline is not None
    assert dateline.place == "Rome"


def test_html_that_is_called_plain_is_html() -> None:
    body = (
        '<contentSet><inlineData contenttype="text/plain"><![CDATA[ <p>One.</p><p>Two.</p>]]></inlineData></contentSet>'
    )
    assert one(newsml_g2(body=body)).body_html == "<p>One.</p>\n<p>Two.</p>"
