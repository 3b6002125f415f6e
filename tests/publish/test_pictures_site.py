"""Pictures on the pages of the site, from the store to the reader, and gone from both with their story."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from services.publish.pictures.settings import PictureSettings
from services.publish.pictures.site import SitePictures
from services.publish.site.watch import STORE_ERRORS
from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.article import Article, Association, Change, Description, Rendition
from tests.publish.picture_server import FarPictures
from tests.publish.reading_pages import SYDNEY, Publish, parsed, story_page
from tests.publish.serving import serving
from tests.publish.written import article
from tests.waiting import wait_until_sync

pytestmark = pytest.mark.heavy

SOON = 1.0
"""Seconds within which a killed story's pictures are promised to be gone."""


def settings(data: Path) -> PictureSettings:
    return PictureSettings.model_validate(
        {"WIREROOM_DATA": data, "SITE_PICTURE_ALLOW_PRIVATE": (ip_network("127.0.0.0/8"),)}
    )


@pytest.fixture
def far() -> Iterator[tuple[FarPictures, str]]:
    far = FarPictures()
    with serving(far.app()) as client:
        yield far, str(client.base_url).rstrip("/")


def app(database: Database, data: Path) -> Any:
    pictures = SitePictures(settings(data), database, store_errors=STORE_ERRORS)
    return site_app(database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05, pictures=pictures)


@pytest.fixture
def site(site_database: Database, tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(app(site_database, tmp_path)) as client:
        yield client


def kept(data: Path) -> list[str]:
    """Return the files on disk. They may go while this is looking."""
    return [name for _, _, names in os.walk(data / "pictures") for name in names if name.endswith(".webp")]


def picture(address: str, **members: Any) -> Association:
    file = Rendition(name="main", href=address, width=1600, height=1000)
    return Association(name="picture", uri=address, renditions=(file,), **members)


def illustrated(url: str, revision: int = 1, change: Change = Change.NEW, *, file: str = "photo.jpg") -> Article:
    shown = picture(
        f"{url}/{file}",
        by="Ada Quay",
        descriptions=(
            Description(role="caption", value='The ferry & its "crew" on Monday.'),
            Description(role="alt", value="A white ferry at a quay"),
        ),
    )
    return article(revision=revision, change=change, associations=(shown,))


def image_on(page: httpx.Response) -> Any:
    """Return the one picture of a page."""
    (image,) = parsed(page).xpath("//img[contains(@class, 'picture')]")
    return image


def test_the_picture_of_a_story_page_can_be_had_in_the_size_that_fits(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish
) -> None:
    publish(illustrated(far[1]))
    image = image_on(story_page(site))
    offers = dict(reversed(offer.split(" ")) for offer in image.get("srcset").split(", "))
    assert list(offers) == ["320w", "640w", "960w", "1280w"]
    answer = site.get(offers["320w"])
    assert Image.open(io.BytesIO(answer.content)).size == (320, 200)


def test_a_page_keeps_room_for_its_picture(far: tuple[FarPictures, str], site: httpx.Client, publish: Publish) -> None:
    publish(illustrated(far[1]))
    image = image_on(story_page(site))
    assert (image.get("width"), image.get("height"), bool(image.get("sizes"))) == ("960", "600", True)


def test_a_picture_has_its_text_its_caption_and_its_credit(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish
) -> None:
    publish(illustrated(far[1]))
    page = parsed(story_page(site))
    (caption,) = page.xpath("//figcaption")
    assert page.xpath("//figure/img/@alt") == ["A white ferry at a quay"]
    assert " ".join(caption.text_content().split()) == 'The ferry & its "crew" on Monday. Picture: Ada Quay'


@pytest.mark.parametrize("path", ["/", "/local"])
def test_lists_show_the_leading_picture(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish, path: str
) -> None:
    publish(illustrated(far[1]))
    assert site.get(image_on(site.get(path)).get("src")).status_code == 200


def test_pages_ask_no_other_host_for_a_picture(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish
) -> None:
    publish(illustrated(far[1]))
    page = story_page(site)
    sources = [source for source in page.headers["content-security-policy"].split("; ") if source.startswith("img-src")]
    assert (sources, far[1] in page.text) == (["img-src 'self'"], False)


def test_a_picture_has_headers_of_its_own(far: tuple[FarPictures, str], site: httpx.Client, publish: Publish) -> None:
    publish(illustrated(far[1]))
    headers = site.get(image_on(story_page(site)).get("src")).headers
    assert (headers["content-security-policy"], headers["x-content-type-options"], headers.get("content-encoding")) == (
        "default-src 'none'; sandbox",
        "nosniff",
        None,
    )


@pytest.mark.parametrize("ending", [(Change.KILL, 410), (Change.WITHHOLD, 404)], ids=lambda ending: ending[0])
def test_within_a_second_of_its_story_a_picture_is_gone_and_off_the_disk(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish, tmp_path: Path, ending: tuple[Change, int]
) -> None:
    change, status = ending
    publish(illustrated(far[1]))
    address = image_on(story_page(site)).get("src")
    assert (site.get(address).status_code, len(kept(tmp_path))) == (200, 4)
    publish(article(revision=2, change=change))
    told = time.monotonic()
    assert site.get(address).status_code == status
    wait_until_sync(lambda: not kept(tmp_path))
    assert time.monotonic() - told < SOON


def test_a_picture_that_a_correction_leaves_out_is_off_the_disk_too(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish, tmp_path: Path
) -> None:
    publish(illustrated(far[1]))
    address = image_on(story_page(site)).get("src")
    site.get(address)
    publish(illustrated(far[1], 2, Change.CORRECTION, file="other.jpg"))
    wait_until_sync(lambda: not kept(tmp_path))
    assert site.get(address).status_code == 404


def test_a_picture_that_an_update_still_shows_is_kept(
    far: tuple[FarPictures, str], site: httpx.Client, publish: Publish, tmp_path: Path
) -> None:
    publish(illustrated(far[1]))
    address = image_on(story_page(site)).get("src")
    site.get(address)
    publish(illustrated(far[1], 2, Change.UPDATE), article("other1"))
    wait_until_sync(lambda: "other1" in site.get("/").text)
    assert (site.get(address).status_code, far[0].asked, len(kept(tmp_path))) == (200, ["/photo.jpg"], 4)


def test_what_was_killed_while_the_site_was_down_is_off_the_disk_when_it_is_back(
    far: tuple[FarPictures, str], site_database: Database, publish: Publish, tmp_path: Path
) -> None:
    publish(illustrated(far[1]))
    with serving(app(site_database, tmp_path)) as site:
        site.get(image_on(story_page(site)).get("src"))
    publish(article(revision=2, change=Change.KILL))
    assert kept(tmp_path)
    with serving(app(site_database, tmp_path)):
        wait_until_sync(lambda: not kept(tmp_path))


def test_what_hostile_copy_says_of_a_picture_is_only_text(site: httpx.Client, publish: Publish) -> None:
    bad = '"><script>alert(1)</script>'
    shown = picture("https://a.example/1.jpg", by=bad, descriptions=(Description(role="caption", value=bad),))
    publish(article(associations=(shown,)))
    page = story_page(site)
    assert (page.status_code, "<script>alert" in page.text) == (200, False)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", ""])
def test_a_picture_without_an_address_on_the_web_is_not_shown(
    site: httpx.Client, publish: Publish, address: str
) -> None:
    publish(article(associations=(picture(address),)))
    page = story_page(site)
    assert (page.status_code, parsed(page).xpath("//img[contains(@class, 'picture')]")) == (200, [])
