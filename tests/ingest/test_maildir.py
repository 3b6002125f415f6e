"""Copy by e-mail: each message is one input, and lies afterwards where a mail program shows it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.ingest.admission.admit import Admission
from services.ingest.channels import MaildirConfig
from services.ingest.ending import end
from services.ingest.folders.drop import DropHabits
from services.ingest.folders.maildir import Maildir
from services.ingest.folders.mailfolder import MailFolder
from shared.events import Outcome
from tests.ingest.desk import HARBOUR, Desk
from tests.waiting import wait_until

HABITS = DropHabits(max_bytes=100_000, stable_seconds=0.05, rescan_seconds=60, polls=False)
OURS = "mx.newsroom.example"
Look = Callable[..., Awaitable[float]]


def letter(subject: str = "Ferry returns to Port Ellis", *, said: str = "dmarc=pass", server: str = OURS) -> bytes:
    return (
        f"Authentication-Results: {server}; {said}\r\n"
        "Received: from relay.harbour.example by mx.newsroom.example; Mon, 04 May 2026 10:00:00 +0000\r\n"
        "From: Harbour Desk <desk@harbour.example>\r\n"
        "Date: Mon, 04 May 2026 10:00:00 +0000\r\n"
        "Message-ID: <ferry.1@harbour.example>\r\n"
        f"Subject: {subject}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        "PORT ELLIS: The ferry is back at its berth after two weeks in dock.\r\n\r\n"
        "It sails again on Tuesday, the harbour office said.\r\n"
    ).encode()


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


@pytest.fixture
def folder(mail: Path) -> Iterator[MailFolder]:
    opened = MailFolder(mail)
    yield opened
    opened.close()


@pytest.fixture
def make(mail: Path, admission: Admission) -> Callable[..., Maildir]:
    def made(**parts: Any) -> Maildir:
        config = MaildirConfig(path=mail, **parts)
        return Maildir("harbour", HARBOUR, config, path=mail, admission=admission, habits=HABITS)

    return made


@pytest.fixture
def look(make: Callable[..., Maildir], folder: MailFolder) -> Look:
    async def once(**parts: Any) -> float:
        return await make(**parts).round(folder)

    return once


def deliver(mail: Path, body: bytes, name: str = "1777888800.M1P2.mx") -> Path:
    """Deliver as mail servers do: written aside, renamed into place."""
    aside = mail / "tmp" / name
    aside.write_bytes(body)
    os.utime(aside, (1_777_888_800, 1_777_888_800))
    return aside.rename(mail / "new" / name)


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


async def test_message_is_told_as_soon_as_it_is_delivered(make: Callable[..., Maildir], mail: Path, desk: Desk) -> None:
    task = asyncio.create_task(make().run())
    await wait_until((mail / ".Rejected" / "maildirfolder").exists)
    deliver(mail, letter())
    await wait_until(lambda: desk.ingested, timeout=3)
    await end([task])
    assert desk.ingested[0].data.headline == "Ferry returns to Port Ellis"


async def test_message_that_was_taken_is_shown_as_read(look: Look, mail: Path) -> None:
    deliver(mail, letter())
    await look()
    assert (names(mail / "new"), names(mail / "cur")) == ([], ["1777888800.M1P2.mx:2,S"])


async def test_copy_is_read_as_mail_whatever_it_looks_like(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, letter())
    await look()
    assert desk.ingested[0].data.newsroom.raw_type == "message/rfc822"


async def test_what_the_receiving_server_says_goes_with_the_story(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, letter(said="spf=pass; dkim=pass; dmarc=pass"))
    await look(trust=OURS)
    told = {one.code: one.detail for one in desk.ingested[0].data.newsroom.assumptions}
    assert told["mail_authentication"] == f"{OURS}: spf=pass dkim=pass dmarc=pass"


async def test_what_another_server_says_does_not(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, letter(server="mx.elsewhere.example"))
    await look(trust=OURS)
    assert "mail_authentication" not in {one.code for one in desk.ingested[0].data.newsroom.assumptions}


@pytest.mark.parametrize("body", [letter(said="dmarc=fail"), letter(server="mx.elsewhere.example")])
async def test_message_that_is_not_authenticated_is_no_story(look: Look, mail: Path, desk: Desk, body: bytes) -> None:
    deliver(mail, body)
    await look(trust=OURS, dmarc="pass")
    (booked,) = desk.outcomes
    assert (booked.outcome, booked.code) == (Outcome.DEAD_LETTERED, "mail_not_authenticated")


async def test_message_that_is_authenticated_is_a_story(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, letter())
    await look(trust=OURS, dmarc="pass")
    assert len(desk.ingested) == 1


async def test_refused_message_is_kept_where_mail_programs_show_it(look: Look, mail: Path) -> None:
    deliver(mail, body := letter(said="dmarc=fail"))
    await look(trust=OURS, dmarc="pass")
    assert (mail / ".Rejected" / "cur" / "1777888800.M1P2.mx:2,").read_bytes() == body


async def test_bytes_of_a_refused_message_are_in_the_archive(
    look: Look, mail: Path, desk: Desk, tmp_path: Path
) -> None:
    deliver(mail, body := letter(said="dmarc=fail"))
    await look(trust=OURS, dmarc="pass")
    raw = desk.outcomes[0].raw or ""
    assert (tmp_path / "raw" / raw[:2] / raw[2:4] / raw).read_bytes() == body


async def test_refused_message_has_its_reason_beside_it(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, letter(said="dmarc=fail"))
    await look(trust=OURS, dmarc="pass")
    reason = json.loads((mail / ".Rejected" / "1777888800.M1P2.mx.reason.json").read_text())
    assert (reason["code"], f"{reason['receipt']}.0") == ("mail_not_authenticated", desk.outcomes[0].input)


async def test_bytes_that_are_no_message_cost_no_other_anything(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, b"\x00\x01\x02", "1.bad")
    deliver(mail, letter(), "2.good")
    await look()
    assert [o.outcome for o in desk.outcomes] == [Outcome.DEAD_LETTERED, Outcome.EMITTED]


async def test_message_that_a_crash_brings_back_is_the_same_input(look: Look, mail: Path, desk: Desk) -> None:
    for _ in range(2):
        deliver(mail, letter())
        await look()
    assert len(desk.outcomes) == 1


async def test_message_that_is_too_large_is_refused_unread(look: Look, mail: Path, desk: Desk) -> None:
    deliver(mail, letter() + b"x" * 100_000)
    await look()
    await asyncio.sleep(HABITS.stable_seconds)
    await look()
    assert ([o.code for o in desk.outcomes], names(mail / "new")) == (["too_large"], [])


async def test_link_in_new_is_never_followed(
    make: Callable[..., Maildir], folder: MailFolder, mail: Path, desk: Desk
) -> None:
    maildir = make()
    (mail / "new" / "1.link").symlink_to("/etc/hostname")
    await maildir.round(folder)
    await asyncio.sleep(HABITS.stable_seconds)
    await maildir.round(folder)
    assert ([o.code for o in desk.outcomes], (mail / ".Rejected" / "cur" / "1.link:2,").is_symlink()) == (
        ["not_a_file"],
        True,
    )


async def test_maildir_that_is_not_there_is_not_made(make: Callable[..., Maildir], mail: Path) -> None:
    (mail / "new").rmdir()
    with pytest.raises(FileNotFoundError):
        await make().run()
    assert not (mail / "new").exists()
