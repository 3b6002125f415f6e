from __future__ import annotations

import pytest

from tests.ingest.parse.reading import one, refusal

PAGE = (
    "<html><head>{meta}<title>Café “opens” on Monday</title></head><body><p>It was shut for a year.</p></body></html>"
)
HEADLINE = "Café “opens” on Monday"


def codes(body: bytes, content_type: str | None) -> list[str]:
    return [note.code for note in one(body, content_type).assumptions if note.code.startswith("charset")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PAGE.format(meta="").encode(), "text/html; charset=utf-8"),
        (PAGE.format(meta='<meta charset="utf-8">').encode(), "text/html"),
        (PAGE.format(meta="").encode("utf-8-sig"), None),
        (PAGE.format(meta="").encode("utf-16"), None),
        (PAGE.format(meta="").encode("cp1252"), "text/html; charset=windows-1252"),
        (
            PAGE.format(meta='<meta http-equiv="x" content="text/html; charset=windows-1252">').encode("cp1252"),
            "text/html",
        ),
    ],
    ids=["content type", "meta", "utf-8 mark", "utf-16 mark", "windows-1252", "old meta"],
)
def test_a_true_declaration_is_followed_and_nothing_is_assumed(body: bytes, content_type: str | None) -> None:
    assert (one(body, content_type).headline, codes(body, content_type)) == (HEADLINE, [])


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii", "windows-1252"])
def test_utf8_under_another_name_is_read_as_utf8(declared: str) -> None:
    body, content_type = PAGE.format(meta="").encode(), f"text/html; charset={declared}"
    assert (one(body, content_type).headline, codes(body, content_type)) == (HEADLINE, ["charset_repaired"])


def test_windows_1252_under_the_name_of_utf8_is_repaired() -> None:
    body, content_type = PAGE.format(meta="").encode("cp1252"), "text/html; charset=utf-8"
    assert (one(body, content_type).headline, codes(body, content_type)) == (HEADLINE, ["charset_repaired"])


def test_latin_1_means_windows_1252_as_it_does_to_browsers() -> None:
    assert one(PAGE.format(meta="").encode("cp1252"), "text/html; charset=iso-8859-1").headline == HEADLINE


def test_undeclared_text_is_detected_and_said_to_be() -> None:
    body = "Мэр города открыл новый мост через реку в понедельник утром, сообщила пресс-служба.".encode("cp1251")
    assert one(body * 3, None).headline.startswith("Мэр города")


def test_a_detected_charset_is_an_assumption() -> None:
    assert codes("Café opens".encode(), "text/plain") == ["charset_detected"]


def test_plain_ascii_needs_no_assumption() -> None:
    assert codes(b"Cafe opens on Monday", None) == []


def test_json_and_xml_are_utf8_by_their_own_standards() -> None:
    assert codes('{"uri":"a:1","headline":"Café"}'.encode(), "application/json") == []


@pytest.mark.parametrize("label", ["utf-7", "UTF7", "unicode-1-1-utf-7"])
def test_utf7_is_refused(label: str) -> None:
    assert refusal(b"+ADw-script+AD4-", f"text/html; charset={label}") == "charset_refused"


@pytest.mark.parametrize("label", ["no-such", "idna", "unicode_escape", "x\0y", "é", "rot13", "punycode"])
def test_a_label_that_is_no_charset_is_ignored(label: str) -> None:
    assert one(PAGE.format(meta="").encode(), f"text/html; charset={label}").headline == HEADLINE
