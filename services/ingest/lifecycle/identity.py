"""Which story a piece of copy belongs to, and whether two pieces of copy say the same thing. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from services.ingest.items import Item
from shared.article import Change, Genre, Named, PubStatus, Subject

__all__ = [
    "Fingerprint",
    "OwnStory",
    "fingerprint",
    "is_absolute_uri",
    "other_names",
    "own_story",
    "story_id",
    "story_uri",
]

STORY_URN = "urn:wireroom:story:"
ID_LENGTH = 18
"""Characters of base 32, 90 bits: two stories in a thousand million million share an id less than once."""

DECLARED = {Change.CORRECTION, Change.KILL, Change.WITHHOLD, Change.REINSTATE}
"""What copy may say of itself that makes the same text another message."""

_URN = re.compile(rf"{STORY_URN}([0-9a-z]{{1,64}})")
_STORY_PAGE = re.compile(r"/story/(?:[^/]*-)?([0-9a-z]{16,64})/?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}:[!-~]{1,2000}")


def story_id(source: str, item: Item) -> str:
    """Return the story's id: of the provider's own name for it, else of what tells stories apart without one.

    Both are within the source, so no provider can write over the story of another by taking its name. Copy
    without a name is told by its headline and its day, so a changed headline makes it another story.
    """
    if item.identity:
        return _short_id("inferred" if item.identity_inferred else "declared", source, item.identity)
    words = _words(item.headline) or item.headline.strip()
    if not words:
        # A constant in place of a missing name would make one story of all of them.
        return _short_id("inferred", source, fingerprint(item).content)
    day = item.published.date().isoformat() if item.published else ""
    return _short_id("inferred", source, words, day)


def other_names(item: Item) -> tuple[str, ...]:
    """Return what else a notice may name the story by: its address, its slug, its headline where it has no name."""
    names = {"url": _without_query(item.url), "slug": _words(item.slugline or "")}
    if not item.identity:
        names["headline"] = _words(item.headline)
    return tuple(f"{kind} {name}" for kind, name in names.items() if name)


def story_uri(story: str, item: Item) -> str:
    """Return the article's ``uri``: the provider's own where it is one, else a URN of ours."""
    if item.identity and is_absolute_uri(item.identity) and not item.identity.startswith(STORY_URN):
        return item.identity
    return f"{STORY_URN}{story}"


def is_absolute_uri(text: str) -> bool:
    """Tell whether ``text`` has a scheme, is printable ASCII throughout and of a sane length."""
    return _ABSOLUTE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class OwnStory:
    """A story that the copy names by the name that we gave it."""

    story_id: str
    certain: bool
    """False for a web address, which may also be the provider's own page of its own story."""


def own_story(item: Item) -> OwnStory | None:
    """Return the story that the copy names by our URN or, to kill or withhold it, by the address of its page.

    Whether that story came in through the same source is for the caller to check: only it may be named so.
    """
    name = item.identity or ""
    if urn := _URN.fullmatch(name):
        return OwnStory(urn[1], certain=True)
    if item.pub_status is PubStatus.USABLE:
        return None
    try:
        address = urlsplit(name)
    except ValueError:
        return None
    page = _STORY_PAGE.fullmatch(address.path)
    return OwnStory(page[1], certain=not address.netloc) if page else None


class Fingerprint(NamedTuple):
    """``content`` is what a reader would see, ``meta`` what files the story; neither knows when it arrived."""

    content: str
    meta: str

    def __str__(self) -> str:
        """Return both in the form that a story's history keeps."""
        return f"{self.content}.{self.meta}"


def fingerprint(item: Item) -> Fingerprint:
    """Tell copy apart by what it says.

    Dates are left out: many feeds give every entry a new one at each poll, and that is no change to a reader.
    The query of an address is left out for the same reason: session and campaign marks live there.
    """
    content = (
        item.headline,
        item.body_html,
        item.summary,
        item.by,
        item.provider,
        item.dateline.text if item.dateline else None,
        item.ed_note,
        item.copyright_notice,
        item.pub_status.value,
        item.change.value if item.change in DECLARED else None,
    )
    meta = (
        *sorted(item.keywords),
        str(item.urgency),
        item.section,
        item.language,
        _without_query(item.url),
        *_declared_tags(item),
        *_pictures(item),
    )
    return Fingerprint(_digest(content, 32), _digest(meta, 16))


def _declared_tags(item: Item) -> list[str]:
    """Return the provider's tags by name: nothing for copy without any, whose digest then is what it always was."""
    tagged: tuple[Named | Subject | Genre, ...] = (
        *item.subjects,
        *item.people,
        *item.organisations,
        *item.places,
        *item.genres,
    )
    return sorted(tag.name for tag in tagged) + [text for text in (item.slugline, item.usage_terms) if text]


def _pictures(item: Item) -> list[str]:
    """Return the pictures by their names and captions; as with tags, copy without any is what it always was."""
    told = [(_without_query(picture.uri), picture.description("caption"), picture.by) for picture in item.pictures]
    return [text for picture in told for text in picture if text]


def _short_id(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode()[:ID_LENGTH].lower()


def _words(text: str) -> str:
    """Return the words alone, so that quotes, case and spacing do not make another story."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _digest(parts: tuple[str | None, ...], length: int) -> str:
    spaced = [" ".join(unicodedata.normalize("NFC", part).split()) if part else "" for part in parts]
    return hashlib.sha256(json.dumps(spaced).encode()).hexdigest()[:length]


def _without_query(url: str | None) -> str | None:
    return re.split(r"[?#]", url, maxsplit=1)[0] if url else None
