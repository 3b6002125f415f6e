"""The pictures of a page: the figures of its copy, or else the one that it names to machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html as lxml_html

from services.ingest.parse.html_pictures import pictures_in
from services.ingest.parse.pictures import Told, few, picture, rendition
from shared.article import Association

__all__ = ["Declared", "declared_picture", "pictures_of_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The picture that JSON-LD or OpenGraph names."""

    address: str
    width: str | None = None
    height: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


def declared_picture(image: Any, meta: Mapping[str, str]) -> Declared | None:
    """Return the ``image`` of a schema.org article, a string, an ``ImageObject`` or a list; else OpenGraph's."""
    first = image[0] if isinstance(image, list) and image else image
    graph = meta.get("og:image") or meta.get("og:image:url") or meta.get("twitter:image")
    alt = meta.get("og:image:alt") or meta.get("twitter:image:alt")
    if isinstance(first, dict) and (address := _text(first.get("url")) or _text(first.get("contentUrl"))):
        return Declared(
            address=address,
            width=_text(first.get("width")),
            height=_text(first.get("height")),
            alt=alt,
            caption=_text(first.get("caption")),
            credit=_text(first.get("creditText")) or _text(first.get("copyrightHolder")),
        )
    if named := _text(first):
        return Declared(address=named, alt=alt)
    if graph is None:
        return None
    return Declared(address=graph, width=meta.get("og:image:width"), height=meta.get("og:image:height"), alt=alt)


def pictures_of_page(
    tree: lxml_html.HtmlElement, copy: lxml_html.HtmlElement | None, base: str | None, declared: Declared | None
) -> tuple[Association, ...]:
    """Return the figures of the marked ``copy``; without such the declared picture, and without that any figure.

    Figures tell more, a caption and a text for those who do not see them. But those of a page whose copy is not
    marked may belong to other stories.
    """
    figures = pictures_in(_around(copy), base, page=True) if copy is not None else ()
    return figures or _declared(declared, base) or pictures_in(tree, base, page=True)


def _around(copy: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """Return the article that the copy is the body of: the leading picture stands above the body."""
    above = next(copy.iterancestors("article"), None)
    return above if isinstance(above, lxml_html.HtmlElement) else copy


def _declared(declared: Declared | None, base: str | None) -> tuple[Association, ...]:
    if declared is None:
        return ()
    file = rendition(declared.address, base, width=declared.width, height=declared.height)
    return few([picture([file], Told(alt=declared.alt, caption=declared.caption, credit=declared.credit))])


def _text(value: Any) -> str | None:
    """Return text of a JSON-LD value: numbers and quantities are written in several ways."""
    if isinstance(value, dict):
        value = value.get("value") or value.get("name")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip()[:2_048] or None if isinstance(value, str) else None
