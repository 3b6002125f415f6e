"""``message/rfc822``: an e-mail. Its text is copy, unless it is the letter around copy in a format of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email.message import Message

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.dates import Moment, read_moment
from services.ingest.parse.detect import Format
from services.ingest.parse.mail_copy import Letter, open_letter
from services.ingest.parse.mail_fields import authentication, field, identity, sender, thread
from services.ingest.parse.mail_gate import open_message
from services.ingest.parse.mail_part import charset_of, children, content, filename
from services.ingest.parse.text import bounded
from services.ingest.parse.wire_embargo import HELD, IMMEDIATE, Embargo, read_embargo
from shared.article import Assumption, Change, PubStatus

__all__ = ["parse_message"]

DEEPEST = 2
"""Messages within messages that are opened: a press office forwards, and its list server wraps."""
PREFIX = re.compile(
    r"\s*(?:(?:re|aw|fwd?|wg|tr)\s*:|\[[^\[\]]{1,40}\]"
    r"|(?:press|media|news) (?:release|statement)\s*[:|\u2013\u2014-])\s*",
    re.IGNORECASE,
)
SAID = re.compile(
    r"(?P<word>(?:mandatory )?kill|withdrawn?|recall(?:ed)?|withhold|hold|correct(?:ion|ed)|corrects|updated?)"
    r"(?:\s*[:|\u2013\u2014]|\s+-)\s*",
    re.IGNORECASE,
)
STATUSES = {"withhold": PubStatus.WITHHELD, "hold": PubStatus.WITHHELD}
OPENING = 4
"""Paragraphs in which an embargo is looked for."""
NO_FORMAT_OF_COPY = frozenset({"image", "audio", "video", "font"})

ReadPart = Callable[[bytes, str, Hints, int], Parsed]
"""Reads the bytes of an attachment in whatever format they are; the number says how deep it was found."""


def parse_message(body: bytes, hints: Hints, *, read_part: ReadPart, depth: int = 0) -> Parsed:
    """Read a message.

    Raises:
        UnreadableCopy: ``invalid_message``, a code of the gate, or what is wrong with the only copy in it.
    """
    if depth > DEEPEST:
        raise refused(Refusal.TOO_DEEP, f"more than {DEEPEST} messages within one another")
    return _read(open_message(body), hints, read_part, depth)


def _read(message: Message, hints: Hints, read_part: ReadPart, depth: int) -> Parsed:
    if message.get_content_type() == "multipart/report" or "auto-replied" in field(message, "Auto-Submitted").lower():
        raise refused(Refusal.NOT_TEXT, "a report or an answer by a mail server")
    letter = open_letter(message)
    attached, loose, warnings = _attachments(letter, hints, read_part, depth)
    if attached:
        if letter.blocks:
            warnings.insert(0, Warned(Refusal.ATTACHMENT_IGNORED, "the letter around the copy", filtered=True))
        items = attached
    elif letter.blocks or not loose:
        items = [_item(message, letter, hints)]
        warnings += [Warned(Refusal.ATTACHMENT_IGNORED, "text attached to a message that has its own") for _ in loose]
    else:
        items = loose
    checked = authentication(message)
    return Parsed(Format.MESSAGE.value, tuple(replace(item, authentication=checked) for item in items), tuple(warnings))


def _attachments(
    letter: Letter, hints: Hints, read_part: ReadPart, depth: int
) -> tuple[list[Item], list[Item], list[Warned]]:
    """Return the items in formats of copy, those that are mere text, and what the rest was."""
    items: list[Item] = []
    loose: list[Item] = []
    warnings: list[Warned] = []
    for part in letter.attached:
        kind, name = part.get_content_type(), bounded(filename(part), 80) or "no name"
        if part.get_content_maintype() in NO_FORMAT_OF_COPY or kind == "application/pdf":
            warnings.append(Warned(Refusal.ATTACHMENT_IGNORED, f"{name}: {kind}", filtered=True))
            continue
        try:
            parsed = _attachment(part, kind, hints, read_part, depth)
        except UnreadableCopy as problem:
            known = problem.code not in {Refusal.UNSUPPORTED_FORMAT, Refusal.NO_CONTENT}
            code = problem.code if known else Refusal.ATTACHMENT_IGNORED
            warnings.append(Warned(code, f"{name}: {problem.detail}"))
        else:
            mere_text = parsed.media_type in {Format.PLAIN.value, Format.PAGE.value}
            (loose if mere_text else items).extend(parsed.items)
            warnings += parsed.warnings
    return items, loose, warnings


def _attachment(part: Message, kind: str, hints: Hints, read_part: ReadPart, depth: int) -> Parsed:
    if (parts := children(part)) is not None:
        if not parts or kind != Format.MESSAGE.value:
            raise refused(Refusal.UNSUPPORTED_FORMAT, kind)
        if depth >= DEEPEST:
            raise refused(Refusal.TOO_DEEP, f"more than {DEEPEST} messages within one another")
        return _read(parts[0], replace(hints, url=None), read_part, depth + 1)
    charset = charset_of(part)
    return read_part(
        content(part), f"{kind}; charset={charset}" if charset else kind, replace(hints, url=None), depth + 1
    )


def _item(message: Message, letter: Letter, hints: Hints) -> Item:
    subject = _subject(message)
    said = SAID.match(subject)
    status, change = _said(said["word"].lower() if said else "")
    notes, blocks = _notes(letter.blocks)
    body = make_body(blocks)
    embargo = _embargo(subject, notes, hints)
    title, usable = _headline(subject, said, embargo), status is PubStatus.USABLE
    named = headline_or_first_sentence(title, body) if usable else (title or "", ())
    if named is None:
        raise refused(Refusal.NO_CONTENT, "neither subject nor text")
    headline, assumed = named
    moment, undated = _moment(message, hints)
    others = thread(message) if said else ()
    if not usable and not others:
        raise refused(Refusal.NO_IDENTITY, f"{status}, in a message that answers none")
    of_another = others[0] if others and usable else None
    return Item(
        headline=headline,
        body_html=body.html if usable else "",
        identity=of_another or identity(message),
        refers_to=() if usable else others,
        published=moment.at if moment and not of_another else None,
        modified=moment.at if moment else None,
        provider=sender(message),
        dateline=body.dateline,
        pub_status=status,
        change=change,
        ed_note=bounded(" ".join((*notes, *(() if usable else (block.text for block in body.blocks)))), 2_000),
        copyright_notice=body.copyright_notice,
        embargoed=embargo is not None,
        embargoed_until=embargo.until if embargo else None,
        assumptions=(
            *letter.assumptions,
            *(moment.assumptions if moment else undated),
            *((assumption(Assumed.STORY_BY_REFERENCE, of_another),) if of_another else ()),
            *(embargo.assumptions if embargo else ()),
            *assumed,
        ),
    )


def _moment(message: Message, hints: Hints) -> tuple[Moment | None, tuple[Assumption, ...]]:
    written = re.sub(r"\s*\([^()]*\)\s*$", "", field(message, "Date"))
    moment = read_moment(written, hints)
    return moment, (assumption(Assumed.DATE_UNREADABLE, written),) if written and moment is None else ()


def _subject(message: Message) -> str:
    text = bounded(field(message, "Subject"), 500) or ""
    for _ in range(5):
        found = PREFIX.match(text)
        if found is None:
            break
        text = text[found.end() :]
    return text


def _said(word: str) -> tuple[PubStatus, Change | None]:
    if not word or word.startswith(("correct", "update")):
        return PubStatus.USABLE, Change.CORRECTION if word.startswith("correct") else Change.UPDATE if word else None
    return STATUSES.get(word, PubStatus.CANCELED), None


def _notes(blocks: list[Block]) -> tuple[list[str], list[Block]]:
    """Take the lines that say when it may be published off the start of the text."""
    notes: list[str] = []
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        start = block.text[:60].lstrip(" *_([-\u2013\u2014!")
        is_note = number < OPENING and len(block.text) <= 300 and (HELD.match(start) or IMMEDIATE.match(start))
        (notes if is_note else kept).append(block.text if is_note else block)  # type: ignore[arg-type]
    return notes, kept


def _embargo(subject: str, notes: list[str], hints: Hints) -> Embargo | None:
    held = [subject] if HELD.match(subject.lstrip(" *[(")) else []
    return read_embargo([*held, *notes], [subject], hints)


def _headline(subject: str, said: re.Match[str] | None, embargo: Embargo | None) -> str | None:
    text = subject[said.end() :] if said else subject
    if embargo and HELD.match(text):
        # EMBARGOED UNTIL 00:01 GMT 25 NOVEMBER: Ferry returns
        text = re.split(r":\s+|\s[\u2013\u2014-]\s", text, maxsplit=1)[-1]
    return bounded(text, 500)
