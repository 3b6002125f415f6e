"""The site on a real port, and Debian's Chromium to read it with.

``make test`` leaves this folder out; ``.ci/run`` runs it: ``python -m pytest tests/browser``. A browser that is missing
is a failure and no reason to skip.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Article
from tests.publish.reading_pages import SYDNEY
from tests.publish.serving import serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A browser that asks nobody but the site. Containers run it as root, where its sandbox does not work.
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update")
PATIENCE_MS = 10_000


@dataclass(frozen=True, slots=True)
class Served:
    """A site that runs, and the way to put stories on it."""

    url: str
    database: Database

    def publish(self, *articles: Article) -> None:
        Store(self.database).apply(articles)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site of its own for each test; it looks at its store twenty times a second."""
    database = Database(f"sqlite:///{tmp_path / 'site.db'}")
    with serving(site_app(database, SYDNEY, checks={}, cached_pages=64, watch_every=0.05)) as client:
        yield Served(str(client.base_url).rstrip("/"), database)
    database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    """A browser that knows nothing yet, at the site."""
    context = chromium.new_context(base_url=served.url)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Iterator[Page]:
    """A tab. What it does is looked at in the end: no script may fail in it, and it may ask no other host."""
    failures: list[str] = []
    page = context.new_page()

    def note(request: Request) -> None:
        if not request.url.startswith((f"{served.url}/", "data:", "blob:")):
            failures.append(f"it asked {request.url}")

    page.on("pageerror", lambda error: failures.append(f"a script failed: {error}"))
    page.on("request", note)
    yield page
    assert failures == []
