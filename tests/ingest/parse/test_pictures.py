from __future__ import annotations

import time
from typing import Any

import pytest

from services.ingest.items import Item
from services.ingest.parse.pictures import MOST_PICTURES, Told, few, picture, rendition
from tests.ingest.parse.reading import one, read

MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def entry(content: str, title: str = "Title") -> Item:
    """Read a feed of one entry."""
    return one(f'<rss version="2.0" {MEDIA}><channel><item><title>{title}</title>{content}</item></channel></rss>')


def addresses(item: Item) -> list[str | None]:
    return [picture.renditions[0].href for picture in item.pictures]


@pytest.mark.parametrize(
    "address",
    ["", "data:image/png;base64,AAAA", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/1.jpg",
     "https://user:pass@a.example/1.jpg", "//", "https://[::1]/1.jpg", "http:///1.jpg", "https://a.example:port/1.jpg"],
)  # fmt: skip
def test_an_address_that_is_not_of_the_web_is_no_picture(address: str) -> None:
    assert rendition(address) is None


def test_a_relative_address_without_a_base_is_no_picture() -> None:
    assert rendition("/1.jpg") is None


@pytest.mark.parametrize("kind", ["image/svg+xml", "video/mp4", "text/html", "image/", "application/octet-stream"])
def test_what_is_said_to_be_no_raster_image_is_no_picture(kind: str) -> None:
    assert rendition("https://a.example/1", content_type=kind) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [("640", 640), (640, 640), ("640px", 640), ("640.5", 640), ("0", None), ("-3", None), ("100%", None),
     ("9999999", None), ("auto", None), (None, None)],
)  # fmt: skip
def test_a_width_is_read_as_pages_write_it(written: Any, read: int | None) -> None:
    found = rendition("https://a.example/1.jpg", width=written)
    assert found is not None
    assert found.width == read


def test_of_many_pictures_the_first_ten_are_kept() -> None:
    many = [picture([rendition(f"https://a.example/{n}.jpg")], Told()) for n in range(50)]
    assert [found.uri for found in few(many)] == [f"https://a.example/{n}.jpg" for n in range(MOST_PICTURES)]


def test_one_picture_under_two_queries_is_shown_once() -> None:
    twice = [picture([rendition(f"https://a.example/1.jpg?w={width}")], Told()) for width in (100, 900)]
    assert len(few(twice)) == 1


def test_a_caption_is_bounded() -> None:
    found = picture([rendition("https://a.example/1.jpg")], Told(caption="word " * 10_000))
    assert found is not None
    assert len(found.description("caption")) <= 2_000


def test_the_caption_of_a_picture_is_not_the_text_of_its_entry() -> None:
    caption = "<media:description>A caption far longer than the text</media:description>"
    item = entry(f"<description>Text.</description>{caption}<media:content url='https://a.example/1.jpg'/>")
    assert (item.body_html, item.pictures[0].description("caption")) == (
        "<p>Text.</p>",
        "A caption far longer than the text",
    )


def test_a_description_of_media_is_the_text_where_there_is_no_other() -> None:
    assert entry("<media:group><media:description>All there is.</media:description></media:group>").body_html


def test_the_text_after_a_caption_stays() -> None:
    item = entry("<description>One.</description><media:description>x<b>y</b></media:description><author>Ann</author>")
    assert (item.body_html, item.by) == ("<p>One.</p>", "Ann")


def test_pictures_of_one_entry_are_not_those_of_the_next() -> None:
    feed = f"""<rss version="2.0" {MEDIA}><channel><item><title>A</title></item>
      <item><title>B</title><media:content url="https://a.example/b.jpg" medium="image"/></item></channel></rss>"""
    assert [addresses(item) for item in read(feed).items] == [[], ["https://a.example/b.jpg"]]


def test_an_atom_entry_has_its_media_and_its_enclosures() -> None:
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom" {MEDIA}><title>T</title>
      <entry><id>1</id><title>A</title><media:thumbnail url="https://a.example/t.jpg"/></entry>
      <entry><id>2</id><title>B</title><link rel="enclosure" type="image/png" href="https://a.example/e.png"/></entry>
      </feed>"""
    assert [addresses(item) for item in read(feed).items] == [["https://a.example/t.jpg"], ["https://a.example/e.png"]]


def test_the_picture_of_a_json_feed_stands_before_those_in_its_text() -> None:
    item = one(
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "T", '
        '"image": "https://a.example/lead.jpg", "content_html": "<p>Text <img src=\'https://a.example/in.jpg\'></p>"}]}'
    )
    assert addresses(item) == ["https://a.example/lead.jpg"]


def test_thousands_of_images_on_a_page_take_no_time() -> None:
    figures = "<figure><img src='https://a.example/1.jpg' srcset='" + "/a.jpg 1w, " * 400 + "'></figure>"
    page = f"<html><h1>Title</h1><article><p>{'word ' * 60}.</p>{figures * 2_000}</article></html>"
    started = time.monotonic()
    item = one(page, "text/html")
    assert (len(item.pictures), time.monotonic() - started < 5) == (1, True)
