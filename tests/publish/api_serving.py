"""A site with stories, for tests of the content API that change nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Article
from tests.publish.reading_pages import SYDNEY
from tests.publish.serving import serving

__all__ = ["served"]


@contextmanager
def served(folder: Path, *articles: Article) -> Iterator[httpx.Client]:
    """Yield a client of a site that has these stories; its answers stay in memory."""
    database = Database(f"sqlite:///{folder / 'site.db'}")
    Store(database).apply(articles)
    with serving(site_app(database, SYDNEY, checks={}, cached_pages=8, watch_every=0.2)) as client:
        yield client
    database.close()
