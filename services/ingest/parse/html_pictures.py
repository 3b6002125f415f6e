"""The pictures that HTML shows: its figures with their captions, and others that are large enough to be news."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html as lxml_html

from services.ingest.parse.fragment import is_chrome, tree_of
from services.ingest.parse.markup import strip
from services.ingest.parse.pictures import MOST_PICTURES, Told, few, measure, picture, rendition
from services.ingest.parse.text import bounded, squeeze
from shared.article import Association, Rendition

__all__ = ["pictures_in", "pictures_of_markup"]

MOST_IMAGES = 200
SMALLEST = 80
"""Pixels: less is an icon, an avatar or a counter."""
LATER = ("data-src", "data-original", "data-lazy-src")
"""Where pages that load pictures late keep the address; ``src`` is then a placeholder."""
CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([0-9]{1,5})w|\s+[0-9.]{1,6}x)?\s*(?:,|$)")
CREDIT = re.compile(r"\b(?:photo(?:graph)?|picture|image|credit)s?(?: by)?\s*:\s*(.{2,100})$", re.IGNORECASE)
NO_NEWS = re.compile(r"logo|avatar|icon|pixel|spacer|emoji|gravatar|badge", re.IGNORECASE)


def pictures_of_markup(value: str, base: str | None) -> tuple[Association, ...]:
    """Return the pictures of a piece of HTML, such as a feed's description.

    Raises:
        UnreadableCopy: it is deeper or wider than any copy.
    """
    if "<img" not in value.lower():
        return ()
    tree = tree_of(strip(value).text)
    return () if tree is None else pictures_in(tree, base, page=False)


def pictures_in(tree: lxml_html.HtmlElement, base: str | None, *, page: bool) -> tuple[Association, ...]:
    """Return the pictures in the order of the HTML; of a whole ``page`` figures alone, since others are furniture."""
    return few(_found(tree, base, page=page))


def _found(tree: lxml_html.HtmlElement, base: str | None, *, page: bool) -> Iterator[Association | None]:
    whole = len(tree.text_content()) if page else 0
    taken = 0
    for number, image in enumerate(tree.iter("img")):
        if number >= MOST_IMAGES or taken >= MOST_PICTURES:
            return
        figure = _figure(image)
        if _is_no_news(image) or (page and (figure is None or _in_chrome(image, whole))):
            continue
        found = picture(_files(image, base), _told(image, figure))
        taken += found is not None
        yield found


def _figure(image: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    return next(image.iterancestors("figure"), None)


def _in_chrome(image: lxml_html.HtmlElement, whole: int) -> bool:
    return any(isinstance(above, lxml_html.HtmlElement) and is_chrome(above, whole) for above in image.iterancestors())


def _is_no_news(image: lxml_html.HtmlElement) -> bool:
    sides = [measure(image.get(name)) for name in ("width", "height")]
    small = any(side is not None and side < SMALLEST for side in sides)
    return small or NO_NEWS.search(f"{image.get('class', '')} {image.get('id', '')}"[:200]) is not None


def _files(image: lxml_html.HtmlElement, base: str | None) -> Iterator[Rendition | None]:
    width, height = measure(image.get("width")), measure(image.get("height"))
    late = next((image.get(name) for name in LATER if image.get(name)), None)
    yield rendition(late or image.get("src"), base, width=width, height=height)
    for found in CANDIDATE.finditer((image.get("srcset") or image.get("data-srcset") or "")[:8_000]):
        if found[2]:
            # One picture in several sizes: they have one shape.
            tall = round(int(found[2]) * height / width) if width and height else None
            yield rendition(found[1], base, width=found[2], height=tall)


def _told(image: lxml_html.HtmlElement, figure: lxml_html.HtmlElement | None) -> Told:
    caption = _caption(figure)
    credited = CREDIT.search(caption or "")
    return Told(alt=image.get("alt"), caption=caption, credit=credited[1].rstrip(" .") if credited else None)


def _caption(figure: lxml_html.HtmlElement | None) -> str | None:
    found = figure.find(".//figcaption") if figure is not None else None
    return bounded(squeeze(found.text_content()[:4_000]), 2_000) if found is not None else None
