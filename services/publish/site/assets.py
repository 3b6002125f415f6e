"""Files that every page needs, each under an address that holds its hash: it may be kept for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from services.publish.site.colours import colour_rules, our_palettes
from shared.settings import ConfigError, SiteIdentity

__all__ = ["Asset", "load_assets"]

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
# A picture's first bytes say what it is, whatever its name says: browsers are told to believe the name (nosniff).
BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".webp": (b"RIFF",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".svg": (b"<svg", b"<?xml", b"<!--"),
}
LARGEST_PICTURE = 60_000
LARGEST_STYLESHEET = 30_000
"""Bytes. A page is to weigh less than 100 kB, pictures of stories apart."""


@dataclass(frozen=True, slots=True)
class Asset:
    path: str
    media_type: str
    content: bytes


def load_assets(site: SiteIdentity, folder: Path = FOLDER) -> dict[str, Asset]:
    """Return the assets by the name of their file; the site's own are ``logo`` and ``icon.svg``.

    Raises:
        ConfigError: a file of the site's own cannot be read, is too large, or is not what its name says.
    """
    files = {file.name: file for file in sorted(folder.iterdir()) if file.suffix in MEDIA_TYPES}
    assets = {name: _asset(file.stem, file.suffix, file.read_bytes()) for name, file in files.items()}
    css = files["site.css"].read_text(encoding="utf-8")
    assets["site.css"] = _asset("site", ".css", _stylesheet(css, site).encode())
    assets["icon.svg"] = _icon(files["icon.svg"], css, site)
    if site.logo is not None:
        assets["logo"] = _asset("logo", site.logo.suffix.lower(), _picture("logo", site.logo, BEGINNINGS))
    return assets


def _stylesheet(css: str, site: SiteIdentity) -> str:
    own = ""
    if site.stylesheet is not None:
        own = _read("stylesheet", site.stylesheet, LARGEST_STYLESHEET).decode("utf-8", "replace")
    return "".join((css, colour_rules(css, site.colours), own))


def _icon(ours: Path, css: str, site: SiteIdentity) -> Asset:
    """Return the site's icon, or ours in the site's accent."""
    if site.icon is not None:
        return _asset("icon", site.icon.suffix.lower(), _picture("icon", site.icon, (".svg", ".png")))
    accent = our_palettes(css)[0].accent or ""
    return _asset("icon", ".svg", ours.read_text().replace(accent, site.colours.light.accent or accent).encode())


def _picture(what: str, file: Path, kinds: Iterable[str]) -> bytes:
    suffix = file.suffix.lower()
    if suffix not in kinds:
        raise ConfigError(f"site.{what}: {file.name} is not one of {', '.join(sorted(kinds))}")
    content = _read(what, file, LARGEST_PICTURE)
    if not content.lstrip().startswith(BEGINNINGS[suffix]):
        raise ConfigError(f"site.{what}: {file} is not what its name says")
    return content


def _read(what: str, file: Path, largest: int) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(largest + 1)
    except OSError as error:
        raise ConfigError(f"site.{what}: {file} cannot be read: {error.strerror}") from error
    if len(content) > largest:
        raise ConfigError(f"site.{what}: {file} is larger than {largest:,} bytes")
    return content


def _asset(stem: str, suffix: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(f"/static/{stem}.{digest}{suffix}", MEDIA_TYPES[suffix], content)
