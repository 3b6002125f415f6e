"""Pictures of each kind of page for the docs: ``python -m tests.browser.screenshots [FOLDER]``, docs/images by default.

The paper is invented and its dates stand still, so that a picture changes where the site does.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from pathlib import Path

import structlog
from playwright.sync_api import Browser, sync_playwright

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.settings import SiteIdentity
from tests.browser.conftest import BROWSERS, FLAGS
from tests.browser.edition import LEADING, edition
from tests.publish.serving import serving

SITE = SiteIdentity(
    name="The Harbour Wire",
    description="News from the coast, live from the wire.",
    language="en-AU",
    timezone="Australia/Sydney",
)
WIDE, PHONE = (1280, 960), (390, 844)
# name, path, size, colours, whether the whole page is taken
SHOTS = (
    ("front-page", "/", WIDE, "light", False),
    ("front-page-dark", "/", WIDE, "dark", False),
    ("front-page-phone", "/", PHONE, "light", False),
    ("story", f"/story/x-{LEADING}", WIDE, "light", True),
    ("story-phone-dark", f"/story/x-{LEADING}", PHONE, "dark", False),
    ("section", "/world", WIDE, "light", False),
    ("topic", "/topic/20000426", WIDE, "light", False),
    ("place", "/place/brayhaven-900000001", WIDE, "light", False),
    ("search", "/search?q=sea", WIDE, "light", False),
    ("archive", "/archive/2026-06-17", WIDE, "light", False),
    ("history", f"/story/{LEADING}/history", WIDE, "light", True),
    ("not-found", "/no-such-page", WIDE, "light", False),
)


def main(folder: Path) -> None:
    """Write the pictures into the folder, one at a time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        database = Database(f"sqlite:///{data}/site.db")
        Store(database).apply(edition())
        with serving(site_app(database, SITE, checks={}, cached_pages=64, watch_every=0)) as client:
            browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
            for name, path, size, colours, whole in SHOTS:
                _take(
                    browser, f"{str(client.base_url).rstrip('/')}{path}", folder / f"{name}.png", size, colours, whole
                )
            browser.close()
        database.close()


def _take(browser: Browser, url: str, file: Path, size: tuple[int, int], colours: str, whole: bool) -> None:  # noqa: FBT001, PLR0917 - a row of SHOTS
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if colours == "dark" else "light",
        timezone_id=SITE.timezone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    answer = page.goto(url, wait_until="load")
    page.screenshot(path=file, full_page=whole)
    sys.stdout.write(f"{file.name}: {answer.status if answer else 'no answer'}\n")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/images"))
