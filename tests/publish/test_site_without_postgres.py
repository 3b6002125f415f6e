"""The site while its PostgreSQL is down: what is in memory is served and says how old it may be, and it heals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Change
from tests.publish.postgres import Postgres, postgres_server
from tests.publish.reading_pages import SYDNEY, story_page
from tests.publish.serving import serving
from tests.publish.written import article
from tests.waiting import wait_until_sync

pytestmark = pytest.mark.heavy


@pytest.fixture
def server(postgres_binaries: Path) -> Iterator[Postgres]:
    with postgres_server(postgres_binaries) as server:
        yield server


def test_the_site_outlives_its_database(server: Postgres) -> None:
    database = Database(server.url)
    Store(database).apply([article(), article("ferry2", headline="Second ferry ordered")])
    with serving(site_app(database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05)) as site:
        shown = story_page(site)
        assert (site.get("/").status_code, shown.status_code) == (200, 200)
        server.stop()
        wait_until_sync(lambda: "cache-status" in site.get("/").headers, timeout=20)
        assert site.get(shown.url.path).status_code == 200
        unseen = site.get("/local")
        assert (unseen.status_code, unseen.headers["retry-after"]) == (503, "5")
        server.start()
        wait_until_sync(lambda: "cache-status" not in site.get("/").headers, timeout=20)
        assert site.get("/local").status_code == 200
        Store(database).apply([article(revision=2, change=Change.KILL)])
        wait_until_sync(lambda: story_page(site).status_code == 410, timeout=5)
    database.close()
