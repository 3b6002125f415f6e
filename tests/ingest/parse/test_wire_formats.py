"""The three old wire formats: what each mark means, and what stays of copy that lost some."""

from __future__ import annotations

import pytest

from services.ingest.parse.wire_frame import told_by_marks
from tests.ingest.parse.reading import one, read, refusal
from tests.ingest.parse.wire_copy import anpa, iptc7901, zczc

GENERIC = [None, "", "text/plain", "text/plain; charset=us-ascii", "application/octet-stream"]
FORMATS = [(iptc7901(), "text/vnd.iptc.7901"), (anpa(), "text/vnd.iptc.anpa"), (zczc(), "text/x-zczc")]
IDS = ["7901", "anpa", "zczc"]


@pytest.mark.parametrize("content_type", GENERIC)
@pytest.mark.parametrize(("body", "media_type"), FORMATS, ids=IDS)
def test_the_marks_tell_the_format_when_the_content_type_does_not(
    body: bytes, media_type: str, content_type: str | None
) -> None:
    assert read(body, content_type).media_type == media_type


@pytest.mark.parametrize(("body", "media_type"), FORMATS, ids=IDS)
def test_the_formats_own_type_is_accepted(body: bytes, media_type: str) -> None:
    assert read(body, media_type).media_type == media_type


@pytest.mark.parametrize(("body", "media_type"), FORMATS, ids=IDS)
def test_noise_before_the_first_mark_is_no_copy(body: bytes, media_type: str) -> None:
    assert read(b"\x00\x16\x7f\r\n" + body).media_type == media_type


@pytest.mark.parametrize("text", ["The ZCZC of old. It was typed by hand.", "Copy with \x01 in it.", "a0123\x1f"])
def test_text_that_only_holds_a_mark_is_no_wire(text: str) -> None:
    assert told_by_marks(text.encode()) is None


@pytest.mark.parametrize("body", [b"no mark at all", b"\x01", b"\x01###\r\n\x02x\x03"])
@pytest.mark.parametrize("kind", ["text/vnd.iptc.7901", "text/vnd.iptc.anpa"])
def test_bytes_that_are_not_what_they_are_said_to_be_are_refused_with_a_code(body: bytes, kind: str) -> None:
    assert refusal(body, kind) == "invalid_transmission"


@pytest.mark.parametrize("body", [iptc7901(), anpa(), zczc()], ids=IDS)
def test_headline_is_the_line_that_is_one(body: bytes) -> None:
    assert one(body).headline == "Ferry returns"


@pytest.mark.parametrize("body", [iptc7901(), anpa(), zczc()], ids=IDS)
def test_text_is_all_of_the_text_and_nothing_else(body: bytes) -> None:
    assert one(body).body_html == "<p>The ferry returned to service on Monday. Crews were glad of it.</p>"


@pytest.mark.parametrize(
    ("body", "sequence"), [(iptc7901(), "hwn0412"), (anpa(), "a0123"), (zczc(), "hwa0211")], ids=IDS
)
def test_service_and_number_are_kept_so_that_gaps_show(body: bytes, sequence: str) -> None:
    assert one(body).wire_sequence == sequence


@pytest.mark.parametrize("body", [iptc7901(), anpa()], ids=IDS[:2])
def test_stamp_after_the_end_mark_is_when_it_was_sent(body: bytes) -> None:
    assert str(one(body).published) == "2024-03-04 05:12:00+00:00"


@pytest.mark.parametrize("body", [iptc7901(), anpa(), zczc()], ids=IDS)
def test_every_transmission_of_a_file_is_an_item(body: bytes) -> None:
    assert len(read(body * 3).items) == 3


@pytest.mark.parametrize("body", [iptc7901(), anpa(), zczc()], ids=IDS)
def test_missing_end_mark_is_said(body: bytes) -> None:
    cut = body[: body.index(b"glad")]
    assert "end_mark_missing" in {note.code for note in one(cut).assumptions}


@pytest.mark.parametrize("body", [iptc7901(), anpa()], ids=IDS[:2])
def test_broken_transmission_is_a_warning_and_costs_the_others_nothing(body: bytes) -> None:
    parsed = read(body + b"\x01?!\r\n\x02lost\x03" + body)
    assert (len(parsed.items), [w.code for w in parsed.warnings]) == (2, ["invalid_transmission"])


@pytest.mark.parametrize("body", [iptc7901(), anpa()], ids=IDS[:2])
def test_stray_opening_mark_in_the_text_does_not_cost_the_story_its_end(body: bytes) -> None:
    assert "glad of it" in one(body.replace(b"Crews", b"\x01Crews")).body_html


@pytest.mark.parametrize(
    ("priority", "urgency"), [("f", 1), ("b", 2), ("u", 3), ("r", 5), ("d", 6), ("s", 7), ("q", None)]
)
def test_letters_of_anpa_priority_become_urgency(priority: str, urgency: int | None) -> None:
    assert one(anpa(second=f"{priority} e\x13\x11BC-Ferry   03-04 0100")).urgency == urgency


def test_mapped_priority_stays_on_record() -> None:
    details = [note.detail for note in one(anpa()).assumptions if note.code == "urgency_mapped"]
    assert details == ["priority r read as 5"]


@pytest.mark.parametrize("digit", range(1, 10))
def test_digits_of_7901_priority_are_urgency_as_they_are(digit: int) -> None:
    assert one(iptc7901(first=f"hwn0412 {digit} i 92")).urgency == digit


def test_keywords_of_7901_are_the_parts_of_its_keyword_line() -> None:
    assert one(iptc7901("Transport/ferry/", "Ferry returns")).keywords == ("Transport", "ferry")


def test_tabular_copy_keeps_its_lines() -> None:
    body = anpa(second="r s\x14\x12BC-Table   03-04 0100", text="Harbour;7;1\r\nMarsh End;5;3")
    assert one(body).body_html == "<p>Harbour;7;1<br>Marsh End;5;3</p>"


def test_teletype_quotes_and_dashes_become_those_of_print() -> None:
    assert one(anpa(text="``Never,'' he said _ and meant it.")).body_html == "<p>“Never,” he said — and meant it.</p>"


def test_crosshead_of_anpa_is_a_heading() -> None:
    body = anpa(text="The ferry returned on Monday.\r\n^What comes next=\r\n\tIt sails at noon.")
    assert "<h3>What comes next</h3>" in one(body).body_html


def test_subject_code_of_zczc_is_a_subject_with_its_uri() -> None:
    (subject,) = one(zczc("#FERRY", "$Ferry returns", "*04015003")).subjects
    assert subject.uri == "http://cv.iptc.org/newscodes/subjectcode/04015003"


@pytest.mark.parametrize(
    "header", [("#FERRY", "$Ferry returns"), (":FERRY", "^Ferry returns"), ("$s", ":Ferry returns")]
)
def test_signs_of_zczc_are_read_by_what_they_hold(header: tuple[str, ...]) -> None:
    assert one(zczc(*header)).headline == "Ferry returns"


def test_initials_at_the_end_are_no_copy() -> None:
    assert "jk" not in one(zczc(text="The ferry returned.\r\n\r\nHW jk")).body_html


@pytest.mark.parametrize(
    "line", ["The following information is not intended for publication", "# Notebook", "* * * *\r\n# Notebook"]
)
def test_what_is_for_editors_below_the_copy_never_reaches_readers(line: str) -> None:
    item = one(iptc7901(text=f"The ferry returned.\r\n\r\n{line}\r\n- Telephone 555 0100"))
    assert (item.body_html, "555 0100" in (item.ed_note or "")) == ("<p>The ferry returned.</p>", True)


def test_dateline_of_a_wire_is_taken_off_whatever_its_case() -> None:
    item = one(iptc7901(text="Port Ellis (hw) - The ferry returned."))
    assert (item.dateline and item.dateline.place, item.body_html) == ("Port Ellis", "<p>The ferry returned.</p>")


def test_transmission_without_text_or_headline_is_refused() -> None:
    assert refusal(b"\x01hwn0412 4 i 92\r\nFerry/\r\n\x02\r\n\x03") == "no_content"


@pytest.mark.parametrize(("encoding", "named"), [("cp1252", "cp1252"), ("cp437", "cp437"), ("utf-8", "utf-8")])
def test_code_page_is_told_by_the_letters_it_makes(encoding: str, named: str) -> None:
    item = one(iptc7901("Fähre/", "Fähre fährt über die Bucht", encoding=encoding))
    charset = next(note.detail for note in item.assumptions if note.code == "charset_detected")
    assert (item.headline, charset.split(",")[0]) == ("Fähre fährt über die Bucht", named)


def test_lines_of_one_transmission_may_be_in_different_code_pages() -> None:
    body = iptc7901("Cafe/", "Café reopens").replace(b"Monday", "le café Noël".encode("cp1252"))
    item = one(body)
    assert (item.headline, "le café Noël" in item.body_html) == ("Café reopens", True)
