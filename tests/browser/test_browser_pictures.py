"""Pictures as a browser has them: from the site alone, in the size that fits, without anything moving."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from services.publish.pictures.settings import PictureSettings
from services.publish.pictures.site import SitePictures
from services.publish.site.watch import STORE_ERRORS
from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.article import Association, Description, Rendition
from tests.browser.conftest import Served
from tests.publish.picture_server import FarPictures
from tests.publish.reading_pages import SYDNEY
from tests.publish.serving import serving
from tests.publish.written import article

MOVED = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) moved += one.value })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 300);
})"""
"""The sum of what the browser calls layout shifts: 0 where nothing that was read moved."""
SHOWN = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def far() -> Iterator[str]:
    with serving(FarPictures().app()) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site with pictures, which may fetch them from this machine."""
    database = Database(f"sqlite:///{tmp_path / 'site.db'}")
    loopback = (ip_network("127.0.0.0/8"),)
    settings = PictureSettings.model_validate({"WIREROOM_DATA": tmp_path, "SITE_PICTURE_ALLOW_PRIVATE": loopback})
    pictures = SitePictures(settings, database, store_errors=STORE_ERRORS)
    app = site_app(database, SYDNEY, checks={}, cached_pages=64, watch_every=0.05, pictures=pictures)
    with serving(app) as client:
        yield Served(str(client.base_url).rstrip("/"), database)
    database.close()


def illustrate(served: Served, far: str, *, width: int | None = 1600) -> None:
    """Publish a story with a picture, of which the provider may not have told the size."""
    file = Rendition(name="main", href=f"{far}/photo.jpg", width=width, height=1000 if width else None)
    words = (Description(role="alt", value="A white ferry"), Description(role="caption", value="The ferry on Monday."))
    picture = Association(name="picture", uri=file.href or "", renditions=(file,), descriptions=words)
    served.publish(article(associations=(picture,)))


@pytest.mark.parametrize("width", [1600, None], ids=["shape told", "shape not told"])
@pytest.mark.parametrize("path", ["/", "/local", "/story/x-ferry1"])
def test_a_picture_is_shown_and_nothing_moves(
    served: Served, far: str, page: Page, path: str, width: int | None
) -> None:
    illustrate(served, far, width=width)
    page.goto(path, wait_until="networkidle")
    image = page.get_by_role("img", name="A white ferry")
    expect(image).to_be_visible()
    assert (image.evaluate(SHOWN), page.evaluate(MOVED)) == (True, 0)


@pytest.mark.parametrize(("width", "taken"), [(320, "320.webp"), (700, "960.webp")])
def test_a_browser_takes_the_size_that_fits(
    served: Served, far: str, context: BrowserContext, width: int, taken: str
) -> None:
    illustrate(served, far)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/story/x-ferry1", wait_until="networkidle")
    chosen = page.get_by_role("img", name="A white ferry").evaluate("image => image.currentSrc")
    assert chosen.endswith(taken)


def test_a_picture_that_cannot_be_had_leaves_its_text(served: Served, far: str, page: Page) -> None:
    illustrate(served, f"{far}/nowhere")
    page.goto("/story/x-ferry1", wait_until="networkidle")
    assert not page.get_by_role("img", name="A white ferry").evaluate(SHOWN)
    expect(page.get_by_text("The ferry on Monday.")).to_be_visible()
