"""A site that looks like its newsroom: what it may set, and what is refused when it starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.publish.settings import PublishSettings, read_site
from services.publish.site.contrast import contrast
from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.settings import ConfigError, SiteIdentity
from tests.publish.reading_pages import SYDNEY, Publish, parsed, words
from tests.publish.serving import serving
from tests.publish.written import article

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20"><path d="M0 0h90v20H0z"/></svg>'
Open = Callable[..., Any]


@pytest.fixture
def opened(site_database: Database) -> Open:
    @contextmanager
    def open_site(**members: Any) -> Iterator[httpx.Client]:
        site = SiteIdentity.model_validate({**SYDNEY.model_dump(), **members})
        with serving(site_app(site_database, site, checks={}, cached_pages=8, watch_every=0)) as client:
            yield client

    return open_site


def stylesheet(site: httpx.Client) -> str:
    (address,) = parsed(site.get("/")).xpath("//link[@rel='stylesheet']/@href")
    return site.get(address).text


def test_a_logo_stands_for_the_name_and_says_it(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "gull.svg").write_bytes(SVG)
    with opened(logo=tmp_path / "gull.svg") as site:
        (image,) = parsed(site.get("/")).xpath("//*[@class='nameplate']//img")
        answer = site.get(image.get("src"))
    assert image.get("alt") == "The Harbour Wire"
    assert (answer.content, answer.headers["content-type"]) == (SVG, "image/svg+xml")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("logo.gif", b"GIF89a", "not one of"),
        ("logo.png", SVG, "not what its name says"),
        ("logo.svg", SVG + b" " * 60_000, "larger than 60,000 bytes"),
        ("logo.webp", None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_logo_stops_the_start(
    opened: Open, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=said), opened(logo=tmp_path / name):
        pass


def test_colours_of_its_own_follow_ours_and_the_icon_wears_them(opened: Open) -> None:
    with opened(colours={"light": {"accent": "#0b3d91"}}) as site:
        css = stylesheet(site)
        icon = site.get(parsed(site.get("/")).xpath("//link[@rel='icon']/@href")[0]).text
    assert css.index("#0b3d91") > css.index("#8c1c13")
    assert "#0b3d91" in icon


def test_a_light_accent_does_not_get_into_the_dark(opened: Open) -> None:
    with opened(colours={"light": {"accent": "#0b3d91"}}) as site:
        after = stylesheet(site).partition("#0b3d91")[2]
    assert "--accent: #ff9c8c;" in after


@pytest.mark.parametrize("colours", [{"light": {"accent": "#ffcc00"}}, {"dark": {"soft": "#444444"}}])
def test_colours_that_cannot_be_read_stop_the_start(opened: Open, colours: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"contrast of [0-9.]+, and 4.5 is the least"), opened(colours=colours):
        pass


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)]
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_rules_of_its_own_come_last(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text(".card { border: 0 }\n")
    with opened(stylesheet=tmp_path / "own.css") as site:
        assert stylesheet(site).endswith(".card { border: 0 }\n")


def test_the_footer_says_what_the_newsroom_says(opened: Open) -> None:
    footer = {"text": "Printed & served in Brayhaven.", "links": [{"name": "About us", "href": "/about"}]}
    with opened(footer=footer) as site:
        (shown,) = parsed(site.get("/")).xpath("//body/footer")
    assert "Printed & served in Brayhaven." in words(shown)
    assert shown.xpath(".//a[.='About us']/@href") == ["/about"]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//elsewhere.example", "data:text/html,x"])
def test_a_link_that_is_none_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match=r"footer.links.0.href"):
        SiteIdentity.model_validate({"footer": {"links": [{"name": "x", "href": href}]}})


def test_a_template_stands_in_for_ours_and_can_build_on_it(opened: Open, publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "layout.html").write_text(
        '{% extends "wireroom/layout.html" %}{% block footer %}<footer>Our own</footer>{% endblock %}'
    )
    publish(article(headline="Ferry sails"))
    with opened(templates=tmp_path) as site:
        page = parsed(site.get("/"))
    assert words(page.xpath("//body/footer")[0]) == "Our own"
    assert page.xpath("//h2/a[.='Ferry sails']")


def test_a_template_that_is_none_stops_the_start_with_its_line(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "home.html").write_text("<p>\n{% if %}\n")
    with pytest.raises(ConfigError, match=r"site.templates: home.html:2: "), opened(templates=tmp_path):
        pass


def test_files_are_looked_for_beside_newsroom_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newsroom.yaml").write_text("site:\n  logo: brand/gull.svg\n")
    monkeypatch.setenv("NEWSROOM_CONFIG", str(tmp_path / "newsroom.yaml"))
    assert read_site(PublishSettings()).logo == tmp_path / "brand" / "gull.svg"
