"""How a newsroom's site looks and what it offers: parts of ``site:`` in ``newsroom.yaml``.

Here is their form alone. Whether colours can be read on one another, and whether files are what they should be, is
for publish to say when it starts.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field

__all__ = ["Colours", "Comments", "Footer", "Link", "Palette", "ShareTarget"]

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Line = Annotated[str, Field(min_length=1, max_length=300)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
ShareTarget = Literal["copy", "email", "bluesky", "facebook", "linkedin", "reddit", "telegram", "whatsapp", "x"]
Origin = Annotated[str, Field(pattern=r"^https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?$")]
"""As it stands in a Content-Security-Policy."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Palette(_Part):
    """Colours as ``#rrggbb``; what is left out stays as in our stylesheet."""

    accent: Colour | None = None
    """Links, the kicker, the line above the masthead."""
    paper: Colour | None = None
    ink: Colour | None = None
    soft: Colour | None = None
    """Small print."""
    wash: Colour | None = None
    """Behind notes and tags."""
    line: Colour | None = None


class Colours(_Part):
    light: Palette = Palette()
    dark: Palette = Palette()


class Link(_Part):
    name: Name
    href: Annotated[str, Field(pattern=r"^(https?://[^\s]+|mailto:[^\s]+|/[^/\s][^\s]*|/)$", max_length=500)]


class Footer(_Part):
    text: Annotated[str, Field(max_length=600)] = ""
    links: Annotated[tuple[Link, ...], Field(max_length=20)] = ()


class Comments(_Part):
    """Comments under a story, kept by somebody else. Nothing is asked of their server until a reader asks for it."""

    provider: Name
    """As readers see it: *Load comments from …*"""
    script: AnyHttpUrl
    attributes: dict[Annotated[str, Field(pattern=r"^(class|id|data-[a-z0-9-]{1,60})$")], Line] = {}
    """Of the element that the script fills. ``{url}`` is the story's address, ``{story_id}`` its name."""
    origins: Annotated[tuple[Origin, ...], Field(max_length=20)] = ()
    """Where its scripts, frames, pictures and data come from, as far as they are others than the script's own."""
    inline_styles: bool = False
    """Whether its script has to write styles into the page."""
