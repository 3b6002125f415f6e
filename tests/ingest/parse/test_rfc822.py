"""An e-mail: its text, the copy attached to it, what its subject says, and what its size may be."""

from __future__ import annotations

import time
from base64 import encodebytes

import pytest

from services.ingest.items import Parsed
from shared.article import Change, PubStatus
from tests.ingest.parse.reading import one, read, refusal
from tests.ingest.parse.wire_copy import iptc7901

HEAD = {
    "From": "Bay Harbour Board <press@harbour.example>",
    "Subject": "Ferry returns",
    "Date": "Mon, 4 Mar 2024 16:12:00 +1100",
    "Message-ID": "<0412@harbour.example>",
}
TEXT = "The ferry returned to service on Monday. It sails at noon."
MAIL = "message/rfc822"


def message(body: str | bytes = TEXT, **fields: str) -> bytes:
    """Return a message; ``fields`` add to its header or replace what is in it."""
    named = HEAD | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return head.encode() + b"\r\n" + (body.encode() if isinstance(body, str) else body)


def part(kind: str, body: bytes, *, name: str = "") -> bytes:
    attached = f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    head = f"Content-Type: {kind}\r\n{attached}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + encodebytes(body)


def parts(*found: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--=b\r\n" + one_part + b"\r\n" for one_part in found) + b"--=b--\r\n"
    return message(body, Content_Type=f'multipart/{kind}; boundary="=b"')


def codes(parsed: Parsed) -> list[str]:
    return [warned.code for warned in parsed.warnings]


@pytest.mark.parametrize("content_type", [MAIL, None, "", "text/plain", "application/octet-stream"])
def test_a_message_is_told_from_its_header(content_type: str | None) -> None:
    assert read(message(), content_type).media_type == MAIL


def test_story_that_opens_like_a_header_is_a_story() -> None:
    assert read("From: the harbour\nSubject: the ferry\n\nIt returned to service on Monday.").media_type == "text/plain"


def test_bytes_without_a_header_are_no_message() -> None:
    assert refusal(b"\x00 what\r\n\r\nis this", MAIL) == "invalid_message"


def test_subject_is_the_headline() -> None:
    assert one(message(Subject="[Press] Fwd: Press release: Ferry returns"), MAIL).headline == "Ferry returns"


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?q?F=C3=A4hre?=", "=?iso-8859-1?Q?F=E4hre?=", "=?utf-8?B?RsOkaHJl?=", "=?x-none?q?F=E4hre?=", "Fähre"],
)
def test_subject_is_decoded_however_it_was_encoded(subject: str) -> None:
    assert one(message(Subject=subject), MAIL).headline == "Fähre"


@pytest.mark.parametrize("sender", ["Harbour Board <a@b.example>", '"Harbour Board" <a@b.example>'])
def test_name_of_the_sender_is_the_provider(sender: str) -> None:
    assert one(message(From=sender), MAIL).provider == "Harbour Board"


@pytest.mark.parametrize("sender", ["a@b.example", "<a@b.example>"])
def test_sender_without_a_name_is_told_by_the_domain(sender: str) -> None:
    assert one(message(From=sender), MAIL).provider == "b.example"


def test_message_id_is_the_identity_as_a_uri() -> None:
    assert one(message(), MAIL).identity == "mid:0412@harbour.example"


def test_date_that_cannot_be_read_is_said() -> None:
    item = one(message(Date="sometime on Monday"), MAIL)
    assert (item.published, "date_unreadable" in {note.code for note in item.assumptions}) == (None, True)


def test_signature_is_no_copy() -> None:
    assert "555" not in one(message(f"{TEXT}\r\n\r\n-- \r\nIda Roe\r\nTelephone 555 0100\r\n"), MAIL).body_html


def test_rule_in_the_middle_of_long_copy_is_no_signature() -> None:
    assert "Last words" in one(message(f"{TEXT}\r\n--\r\n" + f"{TEXT}\r\n\r\n" * 50 + "Last words."), MAIL).body_html


@pytest.mark.parametrize(
    "footer",
    [
        "This e-mail and any attachments are confidential.",
        "Unsubscribe",
        "Sent from my phone",
        "To unsubscribe, reply.",
    ],
)
def test_footer_of_a_mail_program_is_no_copy(footer: str) -> None:
    assert one(message(f"{TEXT}\r\n\r\n{footer}"), MAIL).body_html == f"<p>{TEXT}</p>"


def test_marked_up_text_is_preferred_to_the_plain_one() -> None:
    body = parts(part("text/plain", b"Plain."), part("text/html", b"<p>Marked <b>up</b>.</p>"), kind="alternative")
    assert one(body, MAIL).body_html == "<p>Marked <strong>up</strong>.</p>"


@pytest.mark.parametrize("broken", [b"<p></p>", b"<b>" * 300, b""])
def test_plain_text_is_read_where_the_other_is_broken_or_empty(broken: bytes) -> None:
    body = parts(part("text/plain", b"The ferry returned."), part("text/html", broken), kind="alternative")
    assert one(body, MAIL).body_html == "<p>The ferry returned.</p>"


def test_each_part_is_read_in_its_own_charset() -> None:
    body = parts(
        part("text/plain; charset=cp1252", "Fähre.".encode("cp1252")), part("text/plain; charset=utf-8", "Bö.".encode())
    )
    assert one(body, MAIL).body_html == "<p>Fähre.</p>\n<p>Bö.</p>"


def test_copy_attached_in_a_known_format_is_the_item() -> None:
    body = parts(
        part("text/plain", b"Dear desk, see attached."), part("application/octet-stream", iptc7901(), name="1.dat")
    )
    assert [item.wire_sequence for item in read(body, MAIL).items] == ["hwn0412"]


def test_letter_around_copy_is_left_out_and_said_to_be() -> None:
    body = parts(
        part("text/plain", b"Dear desk, see attached."), part("application/octet-stream", iptc7901(), name="1.dat")
    )
    assert codes(read(body, MAIL)) == ["attachment_ignored"]


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/x-odd"])
def test_other_attachment_costs_the_text_nothing_and_is_said(kind: str) -> None:
    parsed = read(parts(part("text/plain", TEXT.encode()), part(kind, b"\x00\x01\x02", name="x")), MAIL)
    assert (len(parsed.items), codes(parsed)) == (1, ["attachment_ignored"])


def test_picture_inside_the_text_is_no_attachment() -> None:
    picture = b"Content-Type: image/png\r\nContent-Disposition: inline\r\nContent-ID: <a>\r\n\r\nx"
    assert codes(read(parts(part("text/plain", TEXT.encode()), picture), MAIL)) == []


def test_text_attached_to_an_empty_message_is_the_copy() -> None:
    body = parts(part("text/plain", b"\r\n"), part("text/plain", TEXT.encode(), name="release.txt"))
    assert TEXT in one(body, MAIL).body_html


def test_message_within_a_message_is_read() -> None:
    inner = message(Message_ID="<inner@harbour.example>")
    assert one(parts(b"Content-Type: message/rfc822\r\n\r\n" + inner), MAIL).identity == "mid:inner@harbour.example"


def test_messages_are_not_opened_without_end() -> None:
    body = message()
    for _ in range(4):
        body = parts(part("application/octet-stream", body, name="x.eml"))
    assert "too_deep" in codes(read(body, MAIL))


@pytest.mark.parametrize("word", ["KILL", "Mandatory kill", "WITHDRAWN", "Recall"])
def test_kill_names_the_messages_that_it_answers(word: str) -> None:
    item = one(message(Subject=f"{word}: Ferry returns", References="<a@b.example> <c@b.example>"), MAIL)
    assert (item.pub_status, item.refers_to) == (PubStatus.CANCELED, ("mid:a@b.example", "mid:c@b.example"))


def test_kill_that_answers_no_message_is_refused_aloud() -> None:
    assert refusal(message(Subject="KILL: Ferry returns"), MAIL) == "no_identity"


@pytest.mark.parametrize("subject", ["Kill bill dies in the house", "Storms kill 4", "Recall of ferries begins"])
def test_subject_with_such_a_word_in_a_sentence_is_a_headline(subject: str) -> None:
    assert one(message(Subject=subject), MAIL).pub_status is PubStatus.USABLE


def test_correction_is_of_the_message_that_it_answers() -> None:
    item = one(message(Subject="CORRECTION: Ferry returns", In_Reply_To="<a@b.example>"), MAIL)
    assert (item.change, item.identity) == (Change.CORRECTION, "mid:a@b.example")


def test_answer_without_such_a_word_is_a_story_of_its_own() -> None:
    assert one(message(In_Reply_To="<a@b.example>"), MAIL).identity == "mid:0412@harbour.example"


def test_embargo_in_the_first_line_is_kept_and_no_copy() -> None:
    item = one(message(f"Embargoed until 00:01 GMT, Wednesday 6 March 2024\r\n\r\n{TEXT}"), MAIL)
    assert (str(item.embargoed_until), item.body_html) == ("2024-03-06 00:01:00+00:00", f"<p>{TEXT}</p>")


def test_embargo_without_a_zone_in_the_subject_seals() -> None:
    item = one(message(Subject="EMBARGOED UNTIL 6 MARCH: Ferry returns"), MAIL)
    assert (item.headline, item.embargoed, item.embargoed_until) == ("Ferry returns", True, None)


@pytest.mark.parametrize(
    "fields", [{"Auto_Submitted": "auto-replied"}, {"Content_Type": "multipart/report; boundary=x"}]
)
def test_answer_by_a_mail_server_is_no_copy(fields: dict[str, str]) -> None:
    assert refusal(message(**fields), MAIL) == "not_text"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (message() + b"\r\n" + b"x\r\n" * 700_000, "too_many_elements"),
        (message(Subject="x" * 300_000), "too_large"),
        (message("", Content_Type="text/plain; " + "a=b; " * 5_000), "too_large"),
        (message(b"--b\r\n\r\n" * 3_000, Content_Type="multipart/mixed; boundary=b"), "too_many_elements"),
        (message("Content-Type: message/rfc822\r\n\r\n" * 500, Content_Type=MAIL), "too_deep"),
        (
            message(
                b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(30))
            ),
            "too_deep",
        ),
    ],
    ids=["lines", "header", "parameters", "parts", "messages", "boundaries"],
)
def test_message_built_to_take_long_is_refused_within_two_seconds(body: bytes, code: str) -> None:
    started = time.process_time()
    assert refusal(body, MAIL) == code
    assert time.process_time() - started < 2
