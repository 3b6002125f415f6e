"""Addresses by which a reader hands a story on: plain links, of which nobody hears before one is followed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from shared.branding import ShareTarget

__all__ = ["ShareLink", "share_links"]

# {url} and {title} stand percent-encoded.
TARGETS: dict[ShareTarget, tuple[str, str]] = {
    "email": ("Email", "mailto:?subject={title}&body={url}"),
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "reddit": ("Reddit", "https://www.reddit.com/submit?url={url}&title={title}"),
    "telegram": ("Telegram", "https://t.me/share/url?url={url}&text={title}"),
    "whatsapp": ("WhatsApp", "https://wa.me/?text={title}%20{url}"),
    "x": ("X", "https://x.com/intent/post?text={title}&url={url}"),
}


@dataclass(frozen=True, slots=True)
class ShareLink:
    """``href`` is None for the button that copies the story's address, which takes a script."""

    name: str
    href: str | None


def share_links(targets: Sequence[ShareTarget], *, url: str, headline: str) -> tuple[ShareLink, ...]:
    """Return the links in the order of ``targets``, each once."""
    parts = {"url": quote(url, safe=""), "title": quote(headline, safe="")}
    return tuple(_link(target, parts) for target in dict.fromkeys(targets))


def _link(target: ShareTarget, parts: dict[str, str]) -> ShareLink:
    if target == "copy":
        return ShareLink("Copy link", None)
    name, href = TARGETS[target]
    return ShareLink(name, href.format(**parts))
