from __future__ import annotations

import time

import pytest

from tests.ingest.parse.reading import one, refusal

PAGE = (
    "<html><head>{meta}<title>Café “opens” on Monday</title></head><body><p>It was shut for a year.</p></body></html>"
)
HEADLINE = "Café “opens” on Monday"


def record(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Return the code and the detail of how the charset was settled: every item has exactly one."""
    (note,) = [note for note in one(body, content_type).assumptions if note.code.startswith("charset")]
    return note.code, note.detail


def codes(body: bytes, content_type: str | None) -> list[str]:
    """Return what had to be assumed about the charset."""
    code = record(body, content_type)[0]
    return [] if code == "charset_read" else [code]


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


@pytest.mark.parametrize(
    ("body", "content_type", "code", "detail"),
    [
        (b"Cafe opens", None, "charset_read", "ascii, 100 of 100: there is nothing else in it"),
        (
            "Café opens".encode(),
            "text/plain; charset=utf-8",
            "charset_read",
            "utf-8, 100 of 100: its declaration says so and the bytes are",
        ),
        (
            "Café opens".encode("utf-16"),
            None,
            "charset_read",
            "utf-16-le, 100 of 100: its byte order mark says so",
        ),
        (
            "Café opens".encode("cp1252"),
            "text/plain; charset=windows-1252",
            "charset_read",
            "cp1252, 90 of 100: its declaration says so",
        ),
        ("Café opens".encode(), None, "charset_detected", "utf-8, 99 of 100: the bytes are"),
        (
            "Café opens".encode(),
            "text/plain; charset=latin-1",
            "charset_repaired",
            "utf-8, 99 of 100: declared latin-1, the bytes are utf-8",
        ),
        (
            "Café opens".encode("cp1252"),
            "text/plain; charset=utf-8",
            "charset_repaired",
            "cp1252, 70 of 100: not utf-8 throughout, which its declaration says",
        ),
    ],
)
def test_the_charset_is_recorded_with_how_sure_it_is(
    body: bytes, content_type: str | None, code: str, detail: str
) -> None:
    assert record(body, content_type) == (code, detail)


def test_single_bytes_of_windows_1252_in_utf8_are_read_and_the_utf8_kept() -> None:
    body = "Café “opens” ".encode() + "on Place Hébert".encode("cp1252")
    assert one(body, "text/plain; charset=utf-8").headline == "Café “opens” on Place Hébert"


@pytest.mark.parametrize("text", ["Café “opens” on Monday", "Мост открыт", "東京で開店"])
def test_text_that_was_encoded_twice_is_decoded_twice(text: str) -> None:
    # Latin-1 for the five bytes that windows-1252 has no letter for.
    seen = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in text.encode())
    assert one(seen.encode(), "text/plain; charset=utf-8").headline == text


@pytest.mark.parametrize("text", ["MAÇÃ”, she said", "Ã© is how é comes out", "Ärger über Öl", "“Â«” is wrong"])
def test_text_that_only_looks_as_if_it_were_encoded_twice_is_left_alone(text: str) -> None:
    assert one(text.encode(), "text/plain; charset=utf-8").headline == text


def test_russian_under_the_name_of_utf8_is_detected_and_not_taken_for_windows_1252() -> None:
    body = "Мэр города открыл новый мост через реку в понедельник утром, сообщила пресс-служба.".encode("cp1251")
    assert one(body * 3, "text/plain; charset=utf-8").headline.startswith("Мэр города")


def test_repairing_ten_megabytes_of_nothing_but_strays_ends_soon() -> None:
    began = time.process_time()
    refusal("é".encode() + b"\xe9" * 9_000_000, "text/plain; charset=utf-8")
    assert time.process_time() - began < 2
