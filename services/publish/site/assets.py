"""Files that every page needs, each under an address that holds its hash: it may be kept for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Asset", "load_assets"]

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    path: str
    media_type: str
    content: bytes


def load_assets(folder: Path = FOLDER) -> dict[str, Asset]:
    """Return the assets by the name of their file."""
    return {file.name: _asset(file) for file in sorted(folder.iterdir()) if file.suffix in MEDIA_TYPES}


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(f"/static/{file.stem}.{digest}{file.suffix}", MEDIA_TYPES[file.suffix], content)
