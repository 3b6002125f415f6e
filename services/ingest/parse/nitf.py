"""NITF 3.x: one document is one item, or a kill of another document, or both."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from services.ingest.items import Hints, Item, Parsed
from services.ingest.parse.addresses import absolute
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import Body, headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.detect import Format
from services.ingest.parse.metadata import language_tag
from services.ingest.parse.nitf_docdata import DocData, embargo_of, read_docdata
from services.ingest.parse.nitf_head import read_head
from services.ingest.parse.nitf_pictures import read_pictures
from services.ingest.parse.nitf_tags import keywords_of, tags_of
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_body import blocks_of_markup, has_media, language_of, without_headline
from services.ingest.parse.xml_fields import Dates
from services.ingest.parse.xml_notes import heed
from services.ingest.parse.xml_tree import Element, first_text, name_of, read_tree, under
from shared.article import Assumption, PubStatus

__all__ = ["parse_nitf"]


def parse_nitf(text: str, hints: Hints) -> Parsed:
    """Read one document.

    Raises:
        UnreadableCopy: a code of the gate, or what is wrong with the document.
    """
    root, notes = read_tree(text)
    if name_of(root) != "nitf":
        raise refused(Refusal.INVALID_XML, f"the root element is {name_of(root)[:40]}")
    data = read_docdata(under(root, "head/docdata"))
    recalls = _recalls(data)
    items = [_recall(recall, data, root, hints) for recall in recalls]
    if data.status is PubStatus.USABLE and not any(recall.itself for recall in recalls):
        items.append(heed(_document(root, data, hints)))
    return Parsed(Format.NITF.value, tuple(replace(item, assumptions=(*notes, *item.assumptions)) for item in items))


class Recalled(NamedTuple):
    status: PubStatus
    itself: bool
    """False for the document that this one refers to."""


def _recalls(data: DocData) -> list[Recalled]:
    """Return what the document takes back: another document, where it names one, else itself.

    ``management-idref-status`` is the new status of the other document; without it, a document that is canceled and
    names another is the cancellation of that one.
    """
    refers = data.other is not None and data.other != data.identity
    if data.other is not None and data.other_status in {PubStatus.CANCELED, PubStatus.WITHHELD}:
        return [Recalled(data.other_status, not refers)]
    if data.status is PubStatus.USABLE:
        return []
    return [Recalled(data.status, not refers or data.other_status is not None)]


def _recall(recall: Recalled, data: DocData, root: Element, hints: Hints) -> Item:
    """Return a kill or a withhold. By reference it has no name of its own: what it has is the other document's."""
    if recall.itself and data.identity is None:
        raise refused(Refusal.NO_IDENTITY, f"{recall.status}, without the doc-id of what is")
    dates = Dates(hints)
    # The text of a document that may be used, perhaps not yet, is no note on what it takes back.
    reason = None if data.status is PubStatus.USABLE else first_text(root, 500, "body/body.content")
    return Item(
        # The headline of a kill by reference is its own, and not that of the story that it kills.
        headline=(read_head(root).headline or "") if recall.itself else "",
        identity=data.identity if recall.itself else None,
        refers_to=() if recall.itself else data.others,
        version=data.version if recall.itself else None,
        modified=dates.read(data.issued),
        pub_status=recall.status,
        ed_note=data.ed_note or reason,
        assumptions=dates.assumptions,
    )


def _document(root: Element, data: DocData, hints: Hints) -> Item:
    head = read_head(root)
    content = under(root, "body/body.content")
    media = has_media(content)
    publication = under(root, "head/pubdata")
    url = absolute(publication.get("ex-ref") if publication is not None else None, None) or absolute(hints.url, None)
    pictures = read_pictures(root, url)
    body = make_body(without_headline(_blocks(root, hints), head.headline))
    if not body.blocks and media:
        raise refused(Refusal.NOT_TEXT, "pictures or sound, and no text")
    named = headline_or_first_sentence(head.headline or _title(root, body), body)
    if named is None:
        raise refused(Refusal.NO_CONTENT, "no headline and no text")
    dates, embargo = Dates(hints), embargo_of(data, hints)
    story_date = under(root, "body/body.head/dateline/story.date")
    published = dates.read(story_date.get("norm") if story_date is not None else None, data.issued)
    return Item(
        headline=named[0],
        body_html=body.html,
        summary=head.summary,
        identity=data.story,
        version=data.version,
        published=published,
        modified=dates.read(data.issued),
        provider=head.provider,
        by=head.by,
        dateline=head.dateline or body.dateline,
        language=language_tag(language_of(root)) or language_tag(language_of(under(root, "body"))),
        section=bounded(publication.get("position.section"), 40) if publication is not None else None,
        url=url,
        urgency=data.urgency,
        change=data.change,
        ed_note=data.ed_note,
        copyright_notice=first_text(root, 500, "body/body.head/copyrite")
        or data.copyright_notice
        or body.copyright_notice,
        copyright_holder=data.copyright_holder,
        usage_terms=data.usage_terms,
        expires=dates.read(data.expires),
        slugline=data.slugline,
        keywords=keywords_of(root),
        pictures=pictures,
        embargoed=embargo.embargoed,
        embargoed_until=embargo.until,
        assumptions=(*dates.assumptions, *named[1], *_by_reference(data)),
        **tags_of(root)._asdict(),
    )


def _blocks(root: Element, hints: Hints) -> list[Block]:
    found = [under(root, f"body/{name}") for name in ("body.content", "body.end")]
    return [block for element in found if element is not None for block in blocks_of_markup(element, hints.url)]


def _title(root: Element, body: Body) -> str | None:
    """The title is often a slug: it stands in for a headline only where there is no text to take one from."""
    return None if body.blocks else first_text(root, 500, "head/title")


def _by_reference(data: DocData) -> tuple[Assumption, ...]:
    if data.story == data.identity:
        return ()
    return (assumption(Assumed.STORY_BY_REFERENCE, f"{data.story}, which {data.identity or 'this'} is about"),)
