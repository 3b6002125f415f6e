"""What the picture desk measures."""

from __future__ import annotations

from prometheus_client import Counter

__all__ = ["PICTURES"]

PICTURES = Counter(
    "newsroom_pictures_total",
    "Pictures asked for, by what came of it: kept (from disk), made, failed (the far server), or the code of a "
    "refusal. `made` grows as fast as `kept`: raise SITE_PICTURE_CACHE_MIB.",
    ["outcome"],
)
