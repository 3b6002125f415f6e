"""What a page that lists stories calls itself. Pure, but for a list of countries that is read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.publish.sanitise import plain
from services.publish.slug import section_title
from services.publish.store.labels import label_of
from shared.article import Article, Kind

__all__ = ["Heading", "label_heading", "section_heading"]

COUNTRIES = Path(__file__).parent / "countries.txt"
KINDS = {Kind.TOPIC: "Topic", Kind.PLACE: "Place", Kind.PERSON: "Person", Kind.ORGANISATION: "Organisation"}


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    kicker: str = ""
    """A word above the title: what kind of page this is."""
    country: str = ""
    """Of a place that is not a country itself, by its name."""
    description: str = ""
    """One sentence, for search engines."""


def section_heading(section: str, site_name: str) -> Heading:
    """Return the heading of a section's page."""
    title = section_title(section)
    return Heading(title, description=f"{title}: the latest stories from {site_name}.")


def label_heading(kind: Kind, key: str, name: str, site_name: str, article: Article | None) -> Heading:
    """Return the heading of a label's page. ``article`` is a story about it, which knows more of it than its name."""
    country = _country(kind, key, article) if kind is Kind.PLACE and article is not None else ""
    full = f"{name}, {country}" if country else name
    return Heading(name, KINDS[kind], country, f"{full}: the latest stories about it from {site_name}.")


def _country(kind: Kind, key: str, article: Article) -> str:
    """Return the name of the place's country: the story's own tag for it, or what the country is called in English."""
    tags = article.newsroom.tags
    places = (tag for tag in tags if (label := label_of(tag)) and (label.kind, label.key) == (kind, key))
    place = next(places, None)
    if place is None or not place.country or place.scheme == "iso3166":
        return ""
    told = (plain(tag.name) for tag in tags if tag.scheme == "iso3166" and tag.code == place.country)
    return next(told, _countries().get(place.country, ""))


@cache
def _countries() -> dict[str, str]:
    lines = COUNTRIES.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))
