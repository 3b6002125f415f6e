"""What the receiving server found, read from a header that anybody can write."""

from __future__ import annotations

import pytest

from services.ingest.items import Authentication
from tests.ingest.parse.reading import one

PASSED = (
    "mx.newsroom.example; spf=pass smtp.mailfrom=bounces@harbour.example; "
    "dkim=pass (2048-bit key) header.d=mailer.example; dmarc=pass (p=REJECT) header.from=harbour.example"
)


def checked(*values: str) -> tuple[Authentication, ...]:
    head = "".join(f"Authentication-Results: {value}\r\n" for value in values)
    text = f"{head}From: a@harbour.example\r\nSubject: Ferry returns\r\n\r\nIt sails at noon."
    return one(text, "message/rfc822").authentication


def test_results_are_read() -> None:
    (found,) = checked(PASSED)
    assert (found.server, found.spf, found.dkim, found.dmarc) == ("mx.newsroom.example", "pass", "pass", "pass")


def test_domain_is_the_one_that_dmarc_vouches_for() -> None:
    assert checked(PASSED)[0].domain == "harbour.example"


def test_header_of_the_last_server_comes_first() -> None:
    assert [found.server for found in checked("mx.newsroom.example; none", "elsewhere.example; dmarc=pass")] == [
        "mx.newsroom.example",
        "elsewhere.example",
    ]


def test_message_without_the_header_has_no_results() -> None:
    assert checked() == ()


def test_what_is_not_told_is_none() -> None:
    assert checked("mx.newsroom.example; spf=softfail")[0].dmarc == "none"


def test_failed_result_vouches_for_no_domain() -> None:
    assert checked("mx.newsroom.example; dmarc=fail header.from=harbour.example")[0].domain is None


@pytest.mark.parametrize(
    "value",
    [
        'mx.example; spf=fail smtp.mailfrom="x; dmarc=pass header.from=bank.example"@a.example',
        "mx.example; spf=fail (x; dmarc=pass header.from=bank.example) smtp.mailfrom=a.example",
        "mx.example; spf=fail (a (b) ; dmarc=pass)",
        'mx.example; spf=fail "\\"; dmarc=pass',
        "mx.example (; dmarc=pass",
    ],
)
def test_result_that_a_sender_wrote_into_free_text_is_none(value: str) -> None:
    assert [found.dmarc for found in checked(value)] in (["none"], [])


def test_one_good_signature_of_several_is_enough() -> None:
    assert checked("mx.example; dkim=fail header.d=a.example; dkim=pass header.d=b.example")[0].dkim == "pass"


def test_second_result_of_dmarc_does_not_undo_the_first() -> None:
    assert checked("mx.example; dmarc=fail header.from=a.example; dmarc=pass header.from=a.example")[0].dmarc == "fail"
