"""NewsML-G2 2.x: ``newsItem`` and ``newsMessage``; pictures go with their stories, other items are named and left.

What the item's metadata says of it is :mod:`services.ingest.parse.newsml_g2_meta`'s.
"""

from __future__ import annotations

from dataclasses import replace

from services.ingest.items import Hints, Item, Parsed, UnreadableCopy, Warned
from services.ingest.parse.addresses import absolute
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.metadata import keyword_list, language_tag
from services.ingest.parse.newsml_g2_meta import (
    byline_of,
    change_of,
    dates_of,
    embargo_of,
    located,
    printed_dateline,
    provider_of,
    rights_of,
    status_in,
    tags_of,
)
from services.ingest.parse.newsml_g2_pictures import MessagePictures
from services.ingest.parse.nitf_head import Head, read_head
from services.ingest.parse.qcodes import Catalogs, catalogs_of
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_body import blocks_of_data, blocks_of_markup, decoded, without_headline
from services.ingest.parse.xml_fields import Dates, identity_of, number
from services.ingest.parse.xml_notes import heed
from services.ingest.parse.xml_tree import LANG, Element, all_named, first_text, name_of, read_tree, text_of, under
from shared.article import Assumption, PubStatus

__all__ = ["MEDIA_TYPE", "parse_newsml_g2"]

MEDIA_TYPE = "application/vnd.iptc.g2.{}+xml"
MOST_ITEMS = 1_000
MOST_BODIES = 50
ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
READ_NATURES = {"text", "composite"}


def parse_newsml_g2(text: str, hints: Hints) -> Parsed:
    """Read an item, or the items of a message.

    Raises:
        UnreadableCopy: a code of the gate, ``too_many_items``, or what is wrong with the item when there is but one.
    """
    root, notes = read_tree(text)
    media_type = MEDIA_TYPE.format(name_of(root).lower())
    if name_of(root) != "newsMessage":
        return Parsed(media_type, (_item(root, hints, None, notes),))
    found = [element for element in root.iterfind("itemSet/*") if name_of(element) in ITEMS]
    if len(found) > MOST_ITEMS:
        raise refused(Refusal.TOO_MANY_ITEMS, f"more than {MOST_ITEMS} items")
    items: list[Item] = []
    warnings: list[Warned] = []
    header = under(root, "header")
    # Before the stories: reading a body takes it apart.
    pictures = MessagePictures(found, header, hints.url)
    shown = [pictures.of(element) for element in found]
    for place, element in enumerate(found, start=1):
        if element.get("guid") in pictures.used:
            continue
        try:
            item = _item(element, hints, header, notes)
            items.append(item if item.takes_back else replace(item, pictures=shown[place - 1]))
        except UnreadableCopy as problem:
            name = bounded(element.get("guid"), 100) or f"item {place}"
            filtered = problem.code == Refusal.NOT_TEXT
            warnings.append(Warned(problem.code, f"{name}: {problem.detail}", filtered=filtered))
    if not found:
        raise refused(Refusal.NO_CONTENT, "a message without items")
    return Parsed(media_type, tuple(items), tuple(warnings))


def _item(root: Element, hints: Hints, header: Element | None, notes: tuple[Assumption, ...]) -> Item:
    catalogs = catalogs_of(root, header)
    identity = identity_of(root.get("guid"))
    status = status_in(root, catalogs)
    if status is not PubStatus.USABLE:
        return _recall(root, hints, status, identity, (*notes, *catalogs.notes.values()))
    _must_be_news(root)
    return heed(_story(root, catalogs, identity, hints, notes))


def _story(
    root: Element, catalogs: Catalogs, identity: str | None, hints: Hints, notes: tuple[Assumption, ...]
) -> Item:
    content = under(root, "contentMeta")
    blocks, head, body_notes = _body(root, hints)
    _must_be_text(root, catalogs, blocks)
    headline = _headline(content) or head.headline or ("" if blocks else first_text(root, 500, "itemMeta/title"))
    body = make_body(without_headline(blocks, headline))
    named = headline_or_first_sentence(headline, body)
    if named is None:
        raise refused(Refusal.NO_CONTENT, "no headline and no text")
    dates = Dates(hints)
    ed_note, change = change_of(root, catalogs)
    until, is_embargoed = embargo_of(root)
    tags, moments = tags_of(root, catalogs), dates_of(root, dates)
    return Item(
        headline=named[0],
        body_html=body.html,
        summary=_summary(content, catalogs) or head.summary,
        identity=identity,
        version=number(root.get("version"), 10**15),
        provider=provider_of(root),
        by=byline_of(content, head.by),
        dateline=printed_dateline(content, catalogs) or head.dateline or body.dateline or located(content, catalogs),
        language=_language(root),
        url=absolute(hints.url, None),
        urgency=number(first_text(content, 9, "urgency"), 9),
        change=change,
        ed_note=ed_note,
        slugline=first_text(content, 200, "slugline"),
        keywords=keyword_list([text_of(found, 80) for found in all_named(content, "keyword")]),
        embargoed=is_embargoed,
        embargoed_until=until,
        assumptions=(*notes, *dates.assumptions, *body_notes, *named[1], *catalogs.notes.values()),
        **rights_of(root, body.copyright_notice),
        **moments,
        **tags._asdict(),
    )


def _recall(
    root: Element, hints: Hints, status: PubStatus, identity: str | None, notes: tuple[Assumption, ...]
) -> Item:
    """Return a kill or a withhold: what it names, when, and why."""
    if identity is None:
        raise refused(Refusal.NO_IDENTITY, f"{status}, without the guid of what is")
    dates = Dates(hints)
    return Item(
        headline=_headline(under(root, "contentMeta")) or "",
        identity=identity,
        version=number(root.get("version"), 10**15),
        modified=dates.read(first_text(root, 100, "itemMeta/versionCreated")),
        language=_language(root),
        pub_status=status,
        ed_note=first_text(root, 2_000, "itemMeta/edNote"),
        assumptions=(*notes, *dates.assumptions),
    )


def _must_be_news(root: Element) -> None:
    if name_of(root) == "packageItem":
        members = [(found.get("residref") or found.get("href") or "?")[:80] for found in root.iter("itemRef")]
        raise refused(Refusal.NOT_TEXT, f"a package of {len(members)} items: {', '.join(members[:20])}")
    if name_of(root) != "newsItem":
        raise refused(Refusal.NOT_TEXT, f"a {name_of(root)}")


def _must_be_text(root: Element, catalogs: Catalogs, blocks: list[Block]) -> None:
    """Go by the item's class; by whether there is any text where no catalog that is here tells the class."""
    element = under(root, "itemMeta/itemClass")
    if element is None:
        return
    nature = catalogs.iptc(element, "ninature")
    if nature not in READ_NATURES if nature else not blocks:
        named = nature or element.get("qcode") or element.get("uri")
        raise refused(Refusal.NOT_TEXT, f"an item of class {named}"[:200])


def _headline(content: Element | None) -> str | None:
    """Return the headline that is marked as main, else one without a role, else the first."""
    found = [(element.get("role") or "", text_of(element, 500)) for element in all_named(content, "headline")]
    said = sorted((not role.endswith(":main"), bool(role), place) for place, (role, text) in enumerate(found) if text)
    return found[said[0][2]][1] if said else None


def _summary(content: Element | None, catalogs: Catalogs) -> str:
    found = [(catalogs.iptc(e, "descriptionrole", "role", "roleuri"), e) for e in all_named(content, "description")]
    ordered = [e for role, e in found if role == "summary"] + [e for role, e in found if role != "caption"]
    return next((text for element in ordered if (text := text_of(element, 1_000))), "")


def _language(root: Element) -> str | None:
    tag = under(root, "contentMeta/language")
    return language_tag(tag.get("tag") if tag is not None else None) or language_tag(root.get(LANG))


def _body(root: Element, hints: Hints) -> tuple[list[Block], Head, tuple[Assumption, ...]]:
    """Return the first rendition of the text that has any; the others of a ``contentSet`` say the same."""
    content = under(root, "contentSet")
    for element in all_named(content, "inlineXML", MOST_BODIES):
        for inner in element.iterchildren("*"):
            head = read_head(inner) if name_of(inner) == "nitf" else Head()
            if blocks := blocks_of_markup(inner, hints.url):
                return blocks, head, ()
    elements = list(all_named(content, "inlineData", MOST_BODIES))
    elements.sort(key=lambda element: "html" not in (element.get("contenttype") or ""))
    for element in elements:
        text = decoded("".join(map(str, element.itertext())), element.get("encoding") or "")
        if blocks := blocks_of_data(text, (element.get("contenttype") or "").lower(), hints.url):
            return blocks, Head(), ()
    elsewhere = next((found.get("href") or found.get("residref") for found in all_named(content, "remoteContent")), "")
    return [], Head(), (assumption(Assumed.BODY_ELSEWHERE, elsewhere),) if elsewhere else ()
