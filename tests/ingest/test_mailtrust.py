"""What the receiving mail server says, told from what anybody writes in its name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from services.ingest.channels import MaildirConfig
from services.ingest.folders.mailtrust import mail_problem, trusted_results, with_results
from services.ingest.items import Authentication, Item

OURS = "mx.newsroom.example"
RECEIVED = "Received: from relay.harbour.example by mx.newsroom.example; Mon, 04 May 2026 10:00:00 +0000"
PASSED = f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=harbour.example; dkim=pass; dmarc=pass"


def results(*head: str, server: str | None = OURS) -> Authentication | None:
    lines = [*head, "From: Desk <desk@harbour.example>", "Subject: Ferry", "", "The ferry is back."]
    return trusted_results("\r\n".join(lines).encode(), server)


def told(*head: str) -> tuple[str, str, str] | None:
    found = results(*head)
    return (found.spf, found.dkim, found.dmarc) if found else None


def config(**parts: Any) -> MaildirConfig:
    return MaildirConfig(**{"path": "mail", "trust": OURS, **parts})


def test_results_are_those_of_the_receiving_server() -> None:
    assert told(PASSED, RECEIVED) == ("pass", "pass", "pass")


def test_name_of_the_server_is_told_whatever_its_case() -> None:
    assert told(PASSED.replace("mx.newsroom", "MX.Newsroom"), RECEIVED) == ("pass", "pass", "pass")


def test_results_may_be_folded_and_commented() -> None:
    folded = (
        f"Authentication-Results: {OURS} (ours; yes) 1;\r\n\tdmarc=pass (p=none; dis=none)\r\n\theader.from=h.example"
    )
    assert told(folded, RECEIVED) == ("none", "none", "pass")


def test_each_check_may_have_a_header_of_its_own() -> None:
    head = [f"Authentication-Results: {OURS}; {one}" for one in ("dmarc=pass", "dkim=fail", "spf=softfail")]
    assert told(*head, RECEIVED) == ("softfail", "fail", "pass")


def test_word_of_another_server_means_nothing() -> None:
    assert told(PASSED.replace(OURS, "mx.elsewhere.example"), RECEIVED) is None


@pytest.mark.parametrize("name", [f"{OURS}.evil.example", f"x{OURS}", f"mx ({OURS})"])
def test_name_that_only_looks_like_the_servers_means_nothing(name: str) -> None:
    assert told(PASSED.replace(OURS, name), RECEIVED) is None


def test_header_that_came_with_the_message_means_nothing() -> None:
    genuine = f"Authentication-Results: {OURS}; dmarc=fail"
    assert told(genuine, RECEIVED, PASSED) == ("none", "none", "fail")


def test_forgery_adds_nothing_to_what_the_server_left_out() -> None:
    assert told(f"Authentication-Results: {OURS}; spf=fail", RECEIVED, PASSED) == ("fail", "none", "none")


def test_server_may_write_its_results_below_its_own_received() -> None:
    assert told(RECEIVED, f"Authentication-Results: {OURS}; dmarc=fail", PASSED) == ("pass", "pass", "fail")


@pytest.mark.parametrize("trick", ['"; dmarc=pass"', "(; dmarc=pass)", r"(\(; dmarc=pass)"])
def test_results_in_comments_and_quotes_are_no_results(trick: str) -> None:
    assert told(f"Authentication-Results: {OURS}; spf=fail smtp.helo={trick}", RECEIVED) == ("fail", "none", "none")


def test_results_in_the_body_are_no_results() -> None:
    assert trusted_results(f"Subject: Ferry\r\n\r\n{PASSED}\r\n".encode(), OURS) is None


def test_nothing_is_believed_where_nobody_is_trusted() -> None:
    assert results(PASSED, RECEIVED, server=None) is None


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"(" * 100_000, b"Authentication-Results: " + b"(" * 9_000])
def test_bytes_that_are_no_message_say_nothing(body: bytes) -> None:
    assert trusted_results(body, OURS) is None


@pytest.mark.parametrize("said", ["fail", "none", "temperror", "bestguesspass"])
def test_source_that_asks_for_dmarc_takes_nothing_else(said: str) -> None:
    problem = mail_problem(config(dmarc="pass"), Authentication(server=OURS, dmarc=said))
    assert problem is not None
    assert problem.code == "mail_not_authenticated"


def test_source_that_asks_for_dmarc_refuses_silence() -> None:
    assert mail_problem(config(dmarc="pass"), None) is not None


def test_source_that_asks_for_dmarc_takes_what_passed() -> None:
    assert mail_problem(config(dmarc="pass"), Authentication(server=OURS, dmarc="pass")) is None


def test_source_that_asks_for_nothing_takes_everything() -> None:
    assert mail_problem(config(), None) is None


def test_item_says_what_the_server_said() -> None:
    item = with_results(Item(headline="Ferry"), Authentication(server=OURS, dmarc="pass", domain="harbour.example"))
    assert item.assumptions[0].detail == f"{OURS}: spf=none dkim=none dmarc=pass harbour.example"


def test_item_keeps_nobody_elses_word() -> None:
    forged = Item(headline="Ferry", authentication=(Authentication(server="evil.example", dmarc="pass"),))
    assert with_results(forged, None).authentication == ()


def test_dmarc_without_a_server_to_trust_is_refused() -> None:
    with pytest.raises(ValidationError, match="dmarc needs trust"):
        MaildirConfig.model_validate({"path": "mail", "dmarc": "pass"})
