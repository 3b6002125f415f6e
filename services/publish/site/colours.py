"""The site's own colours: written into the stylesheet where they can be read on one another. Pure."""

from __future__ import annotations

import re
from itertools import product

from services.publish.site.contrast import ENOUGH, contrast
from shared.branding import Colours, Palette
from shared.settings import ConfigError

__all__ = ["colour_rules", "our_palettes"]

_DECLARED = re.compile(r"--(accent|paper|ink|soft|wash|line): (#[0-9a-f]{6});")
WRITTEN = ("ink", "soft", "accent")
BEHIND = ("paper", "wash")


def our_palettes(css: str) -> tuple[Palette, Palette]:
    """Return the light and the dark colours that our stylesheet begins with, in this order."""
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for name, colour in _DECLARED.findall(css):
        (found[1] if name in found[0] else found[0]).setdefault(name, colour)
    return Palette(**found[0]), Palette(**found[1])


def colour_rules(css: str, colours: Colours) -> str:
    """Return what goes after our stylesheet for a site with these colours; paper keeps its own, black on white.

    Raises:
        ConfigError: text in one of the colours could not be read on another.
    """
    light, dark = our_palettes(css)
    _check("light", light, colours.light)
    _check("dark", dark, colours.dark)
    rules = _rule(colours.light), _rule(colours.dark)
    parts = [f"@media screen {{ {rules[0]} }}"] if rules[0] else []
    if rules[1] or rules[0]:
        # What is set for light alone would otherwise stand in the dark too.
        restored = _rule(dark.model_copy(update=colours.dark.model_dump(exclude_none=True)))
        parts.append(f"@media screen and (prefers-color-scheme: dark) {{ {restored} }}")
    return "".join(f"{part}\n" for part in parts)


def _check(which: str, ours: Palette, theirs: Palette) -> None:
    merged = ours.model_copy(update=theirs.model_dump(exclude_none=True))
    for text, ground in product(WRITTEN, BEHIND):
        ratio = contrast(getattr(merged, text), getattr(merged, ground))
        if ratio < ENOUGH:
            raise ConfigError(
                f"site.colours.{which}: {text} {getattr(merged, text)} on {ground} {getattr(merged, ground)} has a"
                f" contrast of {ratio:.1f}, and {ENOUGH} is the least that can be read (WCAG AA)"
            )


def _rule(palette: Palette) -> str:
    declared = " ".join(f"--{name}: {colour};" for name, colour in palette.model_dump(exclude_none=True).items())
    return f":root {{ {declared} }}" if declared else ""
