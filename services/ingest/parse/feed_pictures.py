"""Media RSS (https://www.rssboard.org/media-rss), taken out of a feed before the feed parser reads it.

feedparser takes ``media:description``, the caption of a picture, for the text of the entry, and flattens groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from services.ingest.parse.pictures import Told, few, picture, rendition
from services.ingest.parse.text import plain
from services.ingest.parse.xml_tree import Element, text_of
from shared.article import Association

__all__ = ["enclosed", "take_media"]

NAMESPACES = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")
MARK = b"search.yahoo.com/mrss"
MOST_MEDIA = 100
"""Elements of one entry that are looked at."""
TEXTS = frozenset({"description", "summary", "content", "encoded"})
WORDS = frozenset({"title", "description", "text", "credit", "copyright"})


def take_media(xml: bytes) -> tuple[bytes, list[tuple[Association, ...]]]:
    """Return the feed without what its media say of themselves, and the pictures of each entry in order.

    ``xml`` has passed the gate. A feed without Media RSS comes back as it is, and with no list.
    """
    if MARK not in xml:
        return xml, []
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    root = etree.fromstring(xml, parser)
    entries = [element for element in root.iter(etree.Element) if _local(element) in {"item", "entry"}]
    found = [_pictures_of(entry) for entry in entries]
    for entry in entries:
        _quieten(entry)
    return etree.tostring(root, encoding="utf-8"), found


def enclosed(entry: Any, base: str | None) -> tuple[Association, ...]:
    """Return the pictures that a feedparser entry encloses."""
    links = [link for link in entry.get("links", [])[:MOST_MEDIA] if link.get("rel") == "enclosure"]
    pictures = (link for link in links if str(link.get("type", "")).startswith("image/"))
    return few(
        picture([rendition(link.get("href"), base, content_type=link.get("type"))], Told(caption=link.get("title")))
        for link in pictures
    )


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _media(element: Element, *names: str) -> list[Element]:
    """Return the Media RSS elements with these names right under an element, in the order of the feed."""
    wanted = {space + name for space in NAMESPACES for name in names}
    return list(element.iterchildren(*wanted))[:MOST_MEDIA]


def _pictures_of(entry: Element) -> tuple[Association, ...]:
    """Return the contents; a thumbnail only where there is no content that is a picture."""
    groups = [_media(group, "content") for group in _media(entry, "group")]
    pictures = few(_picture(files, entry) for files in [*groups, *_alike(_media(entry, "content"))])
    if pictures:
        return pictures
    places = [entry, *_media(entry, "group"), *_media(entry, "content")]
    thumbnails = [thumbnail for place in places for thumbnail in _media(place, "thumbnail")]
    return few([_picture(thumbnails, entry)])


def _alike(contents: list[Element]) -> Iterator[list[Element]]:
    """Yield contents together that are one address with several queries: sizes of one picture, though in no group."""
    by_address: dict[str, list[Element]] = {}
    for content in contents:
        by_address.setdefault((content.get("url") or "").partition("?")[0], []).append(content)
    yield from by_address.values()


def _picture(files: list[Element], entry: Element) -> Association | None:
    images = [file for file in files if _is_image(file)]
    if not images:
        return None
    renditions = (
        rendition(i.get("url"), content_type=i.get("type"), width=i.get("width"), height=i.get("height"))
        for i in images
    )
    # What is said of the media may stand in the content, in the group around it, or in the entry.
    around = images[0].getparent()
    places = [*images, *([] if around is None else [around]), entry]
    return picture(
        renditions,
        Told(
            caption=_said(places, "description") or _said(images, "title"),
            alt=_said(images, "text"),
            credit=_said(places, "credit"),
            notice=_said(places, "copyright"),
        ),
    )


def _is_image(file: Element) -> bool:
    kind, medium = file.get("type") or "", file.get("medium") or ""
    return kind.startswith("image/") or medium == "image" or (not kind and not medium)


def _said(places: list[Element], name: str) -> str | None:
    words = (text_of(found, 4_000) for place in places for found in _media(place, name))
    return next((text for found in words if found and (text := plain(found))), None)


def _quieten(entry: Element) -> None:
    """Take out the words of the media, unless the entry has none of its own: then they are all its text."""
    if not any(_local(child) in TEXTS and not _is_media(child) for child in entry.iterchildren(etree.Element)):
        return
    for element in list(entry.iter(etree.Element)):
        if _is_media(element) and _local(element) in WORDS:
            for inner in list(element):
                element.remove(inner)
            element.text, element.tag = None, f"{NAMESPACES[0]}said"


def _is_media(element: Element) -> bool:
    return str(element.tag).startswith(NAMESPACES)
