"""The place for comments that somebody else keeps: what their script fills, and what it may do on that page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from services.publish.site.guard import HEADERS
from shared.branding import Comments

__all__ = ["CommentsSlot", "comments_headers", "comments_slot"]

POLICY = "Content-Security-Policy"
EXTENDED = ("script-src", "style-src", "img-src", "connect-src", "font-src", "frame-src", "media-src")


@dataclass(frozen=True, slots=True)
class CommentsSlot:
    provider: str
    script: str
    attributes: dict[str, str]


def comments_slot(comments: Comments, *, url: str, story_id: str) -> CommentsSlot:
    """Return the slot under one story."""
    filled = {
        name: value.replace("{url}", url).replace("{story_id}", story_id) for name, value in comments.attributes.items()
    }
    return CommentsSlot(comments.provider, str(comments.script), filled)


def comments_headers(comments: Comments) -> tuple[tuple[str, str], ...]:
    """Return the headers of a page that has the slot: its policy, and none other's, lets the provider in.

    A log-in opens a window that has to find its way back, which ``same-origin`` would forbid.
    """
    origins = " ".join(dict.fromkeys((_origin(str(comments.script)), *comments.origins)))
    directives = dict(part.strip().partition(" ")[::2] for part in HEADERS[POLICY].split(";"))
    for name in EXTENDED:
        directives[name] = f"{directives.get(name, '')} {origins}".strip()
    if comments.inline_styles:
        directives["style-src"] += " 'unsafe-inline'"
    policy = "; ".join(f"{name} {sources}" for name, sources in directives.items())
    return ((POLICY, policy), ("Cross-Origin-Opener-Policy", "same-origin-allow-popups"))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
