"""Whether colours can be told apart: the contrast ratio of WCAG 2.2, 1.4.3. Pure."""

from __future__ import annotations

__all__ = ["ENOUGH", "contrast"]

ENOUGH = 4.5
"""What level AA asks of text of any size."""


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, given as ``#rrggbb``: from 1, the same, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
