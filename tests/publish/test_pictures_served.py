"""Pictures over HTTP: from the far server through the desk to a reader, and gone with their story."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from services.publish.pictures.cache import PictureCache
from services.publish.pictures.desk import PictureDesk
from services.publish.pictures.fetch import PictureFetcher
from services.publish.pictures.resizing import Resizer
from services.publish.pictures.signing import Signer
from services.publish.pictures.web import Standing, picture_routes
from shared.article import Association, PubStatus, Rendition
from tests.publish.picture_server import FarPictures, bomb
from tests.publish.serving import serving
from tests.waiting import wait_until_sync

pytestmark = pytest.mark.heavy

SIGNER = Signer(b"a key for tests, nothing more")
LOOPBACK = (ip_network("127.0.0.0/8"),)


class Newsroom:
    """One story and its standing, and everything that its pictures pass on their way."""

    def __init__(self, folder: Path, far: FarPictures, far_url: str) -> None:
        self.far = far
        self.folder = folder
        self.address = f"{far_url}/photo.jpg"
        self.status = PubStatus.USABLE
        self.broken = False
        fetcher = PictureFetcher(max_bytes=10_000_000, seconds=5, allowed=LOOPBACK)
        self.desk = PictureDesk(fetcher, Resizer(), PictureCache(folder, limit=50_000_000))
        self.client: httpx.Client

    def lookup(self, story_id: str) -> Standing | None:
        if self.broken:
            raise OSError("the store is away")
        renditions = (Rendition(name="main", href=self.address),)
        picture = Association(name="picture", uri=self.address, renditions=renditions)
        return Standing(self.status, (picture,)) if story_id == "s1" else None

    def app(self) -> Starlette:
        @asynccontextmanager
        async def closing(_: Starlette) -> AsyncIterator[None]:
            yield
            await self.desk.close()

        routes = picture_routes(self.desk, SIGNER, self.lookup, store_errors=(OSError,))
        return Starlette(routes=routes, lifespan=closing)

    def path(self, file: str = "640.webp", story_id: str = "s1") -> str:
        return SIGNER.path(story_id, self.address, file)

    def get(self, file: str = "640.webp") -> httpx.Response:
        return self.client.get(self.path(file))

    def kill(self) -> None:
        """Do as the store and the watch do."""
        self.status = PubStatus.CANCELED
        self.desk.forget("s1")

    @property
    def kept(self) -> list[str]:
        """The files on disk. They may go while this is looking."""
        return [name for _, _, names in os.walk(self.folder) for name in names]


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    far = FarPictures()
    with serving(far.app()) as server:
        made = Newsroom(tmp_path / "pictures", far, str(server.base_url).rstrip("/"))
        with serving(made.app()) as client:
            made.client = client
            yield made


def aside(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_picture_comes_in_the_size_that_was_asked_for(newsroom: Newsroom) -> None:
    answer = newsroom.get("640.webp")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(answer.content)).size == (640, 400)


def test_a_browser_is_told_what_it_is_and_to_do_nothing_else_with_it(newsroom: Newsroom) -> None:
    headers = newsroom.get().headers
    assert (headers["x-content-type-options"], headers["content-security-policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


def test_a_cache_may_keep_it_for_an_hour_and_no_longer(newsroom: Newsroom) -> None:
    assert newsroom.get().headers["cache-control"] == "public, max-age=3600, must-revalidate, immutable"


def test_one_that_a_browser_has_is_not_sent_again(newsroom: Newsroom) -> None:
    etag = newsroom.get().headers["etag"]
    answer = newsroom.client.get(newsroom.path(), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_far_server_is_asked_once_for_all_sizes(newsroom: Newsroom) -> None:
    answers = [newsroom.get(file).status_code for file in ("320.webp", "1280.webp", "1280.jpg", "320.webp")]
    assert (answers, newsroom.far.asked) == ([200] * 4, ["/photo.jpg"])


def test_of_many_who_ask_at_once_one_has_it_fetched(newsroom: Newsroom) -> None:
    newsroom.far.wait = 0.3
    statuses: list[int] = []
    threads = [aside(lambda: statuses.append(newsroom.get().status_code)) for _ in range(8)]
    for thread in threads:
        thread.join()
    assert (statuses, newsroom.far.asked) == ([200] * 8, ["/photo.jpg"])


def test_a_picture_is_shown_while_its_server_is_away(newsroom: Newsroom) -> None:
    newsroom.get()
    newsroom.far.status = 503
    assert newsroom.get("960.webp").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/picture/s1/AAAAAAAAAAAAAAAAAAAAAAAA/640.webp",
        "/picture/s1//640.webp",
        "/picture/s1/{signature}/641.webp",
        "/picture/s1/{signature}/960.webp",
        "/picture/s1/{signature}/..%2f640.webp",
        "/picture/s2/{signature}/640.webp",
        "/picture/..%2Fs1/{signature}/640.webp",
    ],
)
def test_what_no_page_shows_is_not_there_and_nobody_is_asked_for_it(newsroom: Newsroom, path: str) -> None:
    signature = newsroom.path().split("/")[3]
    answer = newsroom.client.get(path.replace("{signature}", signature))
    assert (answer.status_code, newsroom.far.asked) == (404, [])


def test_a_picture_that_the_story_does_not_show_any_more_is_not_there(newsroom: Newsroom) -> None:
    before = newsroom.path()
    newsroom.address = newsroom.address.replace("photo", "other")
    assert newsroom.client.get(before).status_code == 404


def test_a_killed_storys_picture_is_gone_and_off_the_disk(newsroom: Newsroom) -> None:
    newsroom.get()
    newsroom.kill()
    answer = newsroom.get()
    assert (answer.status_code, answer.headers["cache-control"], newsroom.kept) == (410, "no-store", [])


def test_a_kill_is_obeyed_before_anybody_has_emptied_the_cache(newsroom: Newsroom) -> None:
    newsroom.get()
    newsroom.status = PubStatus.CANCELED
    assert newsroom.get().status_code == 410


def test_a_killed_storys_picture_is_gone_whatever_the_signature(newsroom: Newsroom) -> None:
    newsroom.kill()
    assert newsroom.client.get("/picture/s1/AAAAAAAAAAAAAAAAAAAAAAAA/640.webp").status_code == 410


def test_a_withheld_storys_picture_may_come_back(newsroom: Newsroom) -> None:
    newsroom.status = PubStatus.WITHHELD
    withheld = newsroom.get().status_code
    newsroom.status = PubStatus.USABLE
    assert (withheld, newsroom.get().status_code) == (404, 200)


def test_a_story_that_is_killed_while_its_picture_is_made_leaves_nothing(newsroom: Newsroom) -> None:
    newsroom.far.wait = 0.3
    statuses: list[int] = []
    asking = aside(lambda: statuses.append(newsroom.get().status_code))
    wait_until_sync(lambda: newsroom.far.asked)
    newsroom.kill()
    asking.join()
    assert (statuses, newsroom.kept) == ([410], [])


def test_a_reader_who_leaves_does_not_keep_a_killed_picture_on_the_disk(newsroom: Newsroom) -> None:
    newsroom.far.wait = 0.3
    with pytest.raises(httpx.ReadTimeout):
        newsroom.client.get(newsroom.path(), timeout=0.1)
    newsroom.kill()
    made = newsroom.get()  # of a second reader: it waits for nothing
    wait_until_sync(lambda: not newsroom.desk.at_work)
    assert (made.status_code, newsroom.kept) == (410, [])


@pytest.mark.parametrize("body", [b"<html>no picture</html>", bomb()], ids=["a page", "a bomb"])
def test_what_is_no_picture_is_not_there_and_not_asked_for_again(newsroom: Newsroom, body: bytes) -> None:
    newsroom.far.body = body
    statuses = [newsroom.get().status_code for _ in range(3)]
    assert (statuses, newsroom.far.asked, newsroom.kept) == ([404] * 3, ["/photo.jpg"], [])


def test_a_server_that_is_in_trouble_is_left_alone_for_a_while(newsroom: Newsroom) -> None:
    newsroom.far.status = 500
    answers = [newsroom.get() for _ in range(3)]
    told = [(answer.status_code, answer.headers["retry-after"]) for answer in answers]
    assert (told, newsroom.far.asked) == ([(503, "60")] * 3, ["/photo.jpg"])


def test_an_address_inside_is_never_asked(newsroom: Newsroom) -> None:
    newsroom.address = "http://169.254.169.254/latest/meta-data/"
    started = time.monotonic()
    assert (newsroom.get().status_code, time.monotonic() - started < 2) == (404, True)


def test_while_the_store_is_away_nothing_is_shown_that_may_be_dead(newsroom: Newsroom) -> None:
    newsroom.get()
    newsroom.broken = True
    answer = newsroom.get()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_disk_that_keeps_nothing_costs_no_reader_the_picture(newsroom: Newsroom) -> None:
    newsroom.folder.write_text("a file where the folder should be")
    assert newsroom.get().status_code == 200
