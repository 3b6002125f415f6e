"""What old wires say in words: leads, corrections, kills, adds, embargoes, and which story they are about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.ingest.items import Item
from services.ingest.parse.wire_embargo import read_embargo
from shared.article import Change, PubStatus
from tests.ingest.parse.golden import HINTS
from tests.ingest.parse.reading import one, refusal
from tests.ingest.parse.wire_copy import anpa, iptc7901, zczc


def slugged(slug: str, *more: str, text: str = "The ferry returned on Monday. It sails at noon.") -> Item:
    return one(anpa(slug, *(more or ("Ferry returns",)), second="r e\x13\x11   03-04 0100", text=text))


STORY = slugged("BC-Harbour-Ferry,100")


@pytest.mark.parametrize(
    "slug",
    [
        "BC-Harbour-Ferry,450",
        "AM-Harbour-Ferry,1st Ld,450",
        "BC-HW--Harbour-Ferry,2nd Ld-Writethru,450",
        "BC-Harbour-Ferry, Correction",
        "BC-Harbour Ferry,KILL",
    ],
)
def test_all_versions_of_a_story_have_one_name(slug: str) -> None:
    assert slugged(slug).identity == STORY.identity


def test_name_made_of_slug_and_day_is_said_to_be_inferred() -> None:
    assert STORY.identity_inferred


def test_another_day_is_another_story() -> None:
    other = one(anpa("BC-Harbour-Ferry,100", "Ferry returns", second="r e\x13\x11   03-05 0100"))
    assert other.identity != STORY.identity


def test_alerts_of_one_day_are_not_one_story() -> None:
    one_alert, other = slugged("BC-HW--NewsAlert,10", "Ferry sinks"), slugged("BC-HW--NewsAlert,10", "Ferry found")
    assert one_alert.identity != other.identity


def test_the_same_bytes_again_are_the_same_transmission() -> None:
    assert one(anpa()).transmission == one(anpa()).transmission


def test_another_text_under_the_same_number_is_another_transmission() -> None:
    assert one(anpa(text="Other text than before.")).transmission != one(anpa()).transmission


@pytest.mark.parametrize("slug", ["BC-Ferry,1st Ld,450", "BC-Ferry,Writethru,450", "BC-Ferry,3rd Ld-Writethru,450"])
def test_lead_and_writethru_are_updates(slug: str) -> None:
    assert slugged(slug).change is Change.UPDATE


def test_number_of_the_lead_is_the_version() -> None:
    assert slugged("BC-Ferry,3rd Ld-Writethru,450").version == 3


def test_lead_does_not_say_when_the_story_was_first_sent() -> None:
    lead = slugged("BC-Ferry,1st Ld,450")
    assert (lead.published, lead.modified is not None) == (None, True)


@pytest.mark.parametrize("line", ["CORRECTION", "Eds: CORRECTS name of ferry.", "(corrects name of ferry)"])
def test_correction_is_told_by_a_line_for_editors(line: str) -> None:
    assert one(iptc7901("Ferry/", line, "Ferry returns")).change is Change.CORRECTION


def test_line_for_editors_is_kept_from_readers() -> None:
    item = one(iptc7901("Ferry/", "(corrects name of ferry)", "Ferry returns"))
    assert (item.headline, item.ed_note) == ("Ferry returns", "(corrects name of ferry)")


def test_add_is_shown_apart_and_never_takes_the_place_of_the_story() -> None:
    assert slugged("BC-Harbour-Ferry,1st Add,40").identity == f"{STORY.identity}/add 1"


@pytest.mark.parametrize("line", ["KILL", "MANDATORY KILL", "BULLETIN KILL", "Eds: Kill the story.", "URGENT - KILL"])
def test_kill_is_told_by_its_label(line: str) -> None:
    assert slugged("BC-Ferry,40", line).pub_status is PubStatus.CANCELED


@pytest.mark.parametrize("slug", ["BC-Ferry, KILL", "BC-Ferry,Kill", "BC-Ferry,1st Ld-Kill", "BC-Ferry KILL"])
def test_kill_is_told_by_the_end_of_the_slug(slug: str) -> None:
    assert slugged(slug).pub_status is PubStatus.CANCELED


def test_kill_is_told_by_the_last_keyword() -> None:
    assert one(iptc7901("Ferry/harbour/KILL/", "Ferry returns")).pub_status is PubStatus.CANCELED


@pytest.mark.parametrize(
    "headline", ["STORMS KILL 4", "Storms kill four", "Bill to kill tax dies", "A KILL FEE FOR ALL"]
)
@pytest.mark.parametrize("slug", ["BC-Storms-Kill,100", "BC-Tax Kill Bill,100"])
def test_story_about_a_killing_is_no_kill(headline: str, slug: str) -> None:
    assert slugged(slug, headline).pub_status is PubStatus.USABLE


def test_withhold_is_told_by_its_label() -> None:
    assert slugged("BC-Ferry,40", "BULLETIN WITHHOLD").pub_status is PubStatus.WITHHELD


def test_kill_brings_no_text_along() -> None:
    assert slugged("BC-Ferry, KILL", "MANDATORY KILL").body_html == ""


def test_kill_may_name_another_slug_in_its_text() -> None:
    kill = one(zczc("#ADVISORY", "$MANDATORY KILL", text='Editors: kill the story slugged "FERRY". It is wrong.'))
    assert kill.identity == one(zczc("#FERRY", "$Ferry returns")).identity


def test_kill_that_names_nothing_is_refused_aloud() -> None:
    assert refusal(zczc("$MANDATORY KILL", text="Editors: a kill is mandatory.")) == "no_identity"


@pytest.mark.parametrize(
    "text",
    [
        "Please read in 3rd graf: It sails at noon.",
        "Eds: In BC-Ferry, in the third graf, make it noon.",
        "In Ferry, please read noon.",
    ],
)
def test_note_in_place_of_copy_is_for_editors_and_never_published(text: str) -> None:
    assert refusal(zczc("#FERRY", "$Ferry", text=text)) == "advisory_only"


@pytest.mark.parametrize(
    ("line", "lift"),
    [
        ("EMBARGOED UNTIL 0600 GMT MARCH 6, 2024", "2024-03-06T06:00+00:00"),
        ("EMBARGOED UNTIL 6 a.m. AEDT, Wednesday, March 6, 2024", "2024-03-05T19:00+00:00"),
        ("Embargo: 00:01 GMT, 6 March 2024", "2024-03-06T00:01+00:00"),
        ("HOLD FOR RELEASE 6:30 p.m. ET March 6 2024", "2024-03-06T23:30+00:00"),
        ("NOT FOR PUBLICATION BEFORE 2024-03-06T06:00+11:00", "2024-03-05T19:00+00:00"),
        ("UNDER EMBARGO UNTIL NOON GMT 6TH MARCH 2024", "2024-03-06T12:00+00:00"),
        ("EMBARGOED UNTIL 0600 GMT JANUARY 6", "2025-01-06T06:00+00:00"),
    ],
)
def test_lift_is_read_when_day_time_and_zone_are_told(line: str, lift: str) -> None:
    embargo = read_embargo([line], [], HINTS)
    assert embargo is not None
    assert embargo.until == datetime.fromisoformat(lift)


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGOED",
        "EMBARGOED UNTIL 0600 MARCH 6",
        "EMBARGOED UNTIL MARCH 6 2024 GMT",
        "EMBARGOED UNTIL 0600 GMT WEDNESDAY",
        "EMBARGOED UNTIL 0600 GMT 06/03/2024",
        "EMBARGOED UNTIL 0600 IST MARCH 6, 2024",
        "EMBARGOED UNTIL MIDNIGHT GMT MARCH 6, 2024",
        "EMBARGOED UNTIL 0600 GMT MARCH 6 (PRINT) AND MARCH 7 (WEB)",
        "EMBARGOED UNTIL 2024-03-06T06:00Z OR 2024-03-07T06:00Z",
        "EMBARGOED UNTIL 25:61 GMT MARCH 6, 2024",
        "EMBARGOED UNTIL 0600 GMT FEBRUARY 30, 2024",
        "HOLD FOR RELEASE WEDNESDAY A.M.",
        "BC-Ferry,Adv06,400",
    ],
)
def test_lift_that_leaves_anything_open_seals(line: str) -> None:
    embargo = read_embargo([line], [], HINTS)
    assert embargo is not None
    assert embargo.until is None


def test_lift_may_stand_on_the_line_below() -> None:
    embargo = read_embargo(["EMBARGOED UNTIL", "0600 GMT MARCH 6, 2024"], [], HINTS)
    assert embargo is not None
    assert embargo.until == datetime(2024, 3, 6, 6, tzinfo=UTC)


def test_one_unreadable_lift_among_several_seals() -> None:
    lines = ["EMBARGOED UNTIL 0600 GMT MARCH 6, 2024", "HOLD FOR RELEASE 6 p.m. MARCH 7"]
    embargo = read_embargo(lines, [], HINTS)
    assert embargo is not None
    assert embargo.until is None


@pytest.mark.parametrize(
    "line",
    [
        "Embargo 00:01 Wednesday",
        "STRICT EMBARGO",
        "EMBARGO - WEDNESDAY",
        "FOR IMMEDIATE RELEASE - EMBARGOED UNTIL WEDNESDAY",
        "EMBARGO LIFTED on the first part, the second EMBARGOED UNTIL WEDNESDAY",
    ],
)
def test_embargo_is_told_in_whatever_words(line: str) -> None:
    assert read_embargo([line], [], HINTS) is not None


def test_hour_that_the_clocks_pass_twice_is_taken_at_its_second_time() -> None:
    embargo = read_embargo(["EMBARGOED UNTIL 1:30 a.m. ET NOVEMBER 3, 2024"], [], HINTS)
    assert embargo is not None
    assert embargo.until == datetime(2024, 11, 3, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["EMBARGO LIFTED", "FOR IMMEDIATE RELEASE", "Iran-oil-embargo", "Not embargoed", "Ferry returns"]
)
def test_line_that_holds_nothing_back_is_no_embargo(line: str) -> None:
    assert read_embargo([line], [], HINTS) is None


def test_story_about_an_embargo_is_not_sealed() -> None:
    assert not slugged("BC-Iran-Embargo,100", "EU lifts arms embargo: what comes next").embargoed


def test_embargo_in_capitals_at_the_start_of_the_text_seals() -> None:
    assert slugged("BC-Ferry,100", text="EMBARGOED UNTIL WEDNESDAY. The ferry returns.").embargoed


def test_embargoed_copy_keeps_its_lift() -> None:
    item = one(iptc7901("Ferry/", "EMBARGOED UNTIL 0600 GMT MARCH 6, 2024", "Ferry returns"))
    assert (item.embargoed, item.embargoed_until) == (True, datetime(2024, 3, 6, 6, tzinfo=UTC))
