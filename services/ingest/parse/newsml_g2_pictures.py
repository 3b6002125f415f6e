"""The pictures of a NewsML-G2 message, and which of its stories each goes with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.ingest.items import UnreadableCopy
from services.ingest.parse.newsml_g2_meta import byline_of, embargo_of, status_in
from services.ingest.parse.pictures import Told, few, picture, rendition
from services.ingest.parse.qcodes import Catalogs, catalogs_of
from services.ingest.parse.xml_tree import Element, all_named, first_text, name_of, text_of, under
from shared.article import Association, PubStatus, Rendition

__all__ = ["MessagePictures"]

NATURES = frozenset({"picture", "graphic"})
MOST_FILES = 50
MOST_MEMBERS = 1_000
ALT_ROLES = frozenset({"alttext", "accessalttext"})


class MessagePictures:
    """Tells a story's pictures: those that it links to, those in a package with it, all where it is the one story."""

    def __init__(self, items: Sequence[Element], header: Element | None, base: str | None) -> None:
        self._pictures: dict[str, Association] = {}
        self.used: set[str] = set()
        """The guids of pictures that a story was given."""
        for item in items:
            guid = item.get("guid")
            if guid and (found := _picture(item, header, base)) is not None:
                self._pictures.setdefault(guid, found)
        self._packages = [_members(item) for item in items if name_of(item) == "packageItem"]
        others = [item for item in items if name_of(item) == "newsItem" and item.get("guid") not in self._pictures]
        self._is_one_story = len(others) == 1

    def of(self, item: Element) -> tuple[Association, ...]:
        """Return the pictures of a story, in the order in which it names them."""
        chosen = [guid for guid in self._named(item) if guid in self._pictures]
        pictures = few(self._pictures[guid] for guid in dict.fromkeys(chosen))
        self.used.update(guid for guid in chosen if self._pictures[guid] in pictures)
        return pictures

    def _named(self, item: Element) -> Iterator[str]:
        if not self._pictures:
            return
        for link in all_named(item, "itemMeta/link"):
            yield link.get("residref") or link.get("href") or ""
        for members in self._packages:
            if item.get("guid") in members:
                yield from members
        if self._is_one_story:
            yield from self._pictures


def _members(package: Element) -> list[str]:
    references = list(package.iterfind(".//itemRef"))[:MOST_MEMBERS]
    return [found.get("residref") or found.get("href") or "" for found in references]


def _picture(item: Element, header: Element | None, base: str | None) -> Association | None:
    """Return an item as a picture; None for what is none, or may not be used, or not yet."""
    catalogs = catalogs_of(item, header)
    nature = catalogs.iptc(under(item, "itemMeta/itemClass"), "ninature")
    if name_of(item) != "newsItem" or nature not in NATURES or embargo_of(item)[1] or not _is_usable(item, catalogs):
        return None
    content = under(item, "contentMeta")
    return picture(
        _files(item, base),
        Told(
            uri=item.get("guid"),
            headline=first_text(content, 500, "headline"),
            caption=_caption(content, catalogs),
            alt=_alt(content, catalogs),
            by=byline_of(content, None),
            credit=first_text(content, 200, "creditline"),
            notice=first_text(item, 500, "rightsInfo/copyrightNotice"),
            usage=first_text(item, 1_000, "rightsInfo/usageTerms"),
        ),
    )


def _is_usable(item: Element, catalogs: Catalogs) -> bool:
    try:
        return status_in(item, catalogs) is PubStatus.USABLE
    except UnreadableCopy:
        return False


def _files(item: Element, base: str | None) -> Iterator[Rendition | None]:
    for found in all_named(item, "contentSet/remoteContent", MOST_FILES):
        yield rendition(
            found.get("href"),
            base,
            name=(found.get("rendition") or "").rpartition(":")[2],
            content_type=found.get("contenttype"),
            width=found.get("width"),
            height=found.get("height"),
        )


def _caption(content: Element | None, catalogs: Catalogs) -> str | None:
    described = [(_role(e, catalogs), text_of(e, 2_000)) for e in all_named(content, "description")]
    ordered = sorted((role != "caption", place) for place, (role, text) in enumerate(described) if text)
    shown = [described[place] for _, place in ordered]
    return next((text for role, text in shown if role not in ALT_ROLES), None)


def _alt(content: Element | None, catalogs: Catalogs) -> str | None:
    described = all_named(content, "description")
    return next((text_of(element, 500) for element in described if _role(element, catalogs) in ALT_ROLES), None)


def _role(element: Element, catalogs: Catalogs) -> str:
    return (catalogs.iptc(element, "descriptionrole", "role", "roleuri") or "").lower()
