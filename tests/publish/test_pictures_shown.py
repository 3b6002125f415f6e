"""Which file of a picture is taken, how its addresses are signed, and what a page says of it. All of it pure."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from services.publish.pictures.settings import PictureSettings, picture_key
from services.publish.pictures.signing import Signer
from services.publish.pictures.sizes import offered, source_of
from services.publish.pictures.view import PictureView, picture_view
from services.publish.sanitise import clean_article, tombstone
from shared.article import Article, Association, Description, Headline, InfoSource, PubStatus, Rendition
from shared.settings import ConfigError
from tests.publish.written import article

SIGNER = Signer(b"a key for tests, nothing more")
ADDRESS = "https://a.example/1.jpg"


def files(*widths: int | None) -> Association:
    """Return a picture in files of these widths, each twice as wide as high."""
    return Association(
        name="picture",
        uri=ADDRESS,
        renditions=tuple(
            Rendition(name=str(w), href=f"https://a.example/{w}.jpg", width=w, height=w and w // 2) for w in widths
        ),
    )


def view(**members: Any) -> PictureView:
    shown = picture_view(files(1600).model_copy(update=members), "s1", SIGNER)
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("widths", "taken"),
    [
        ((4000, 1600, 320), 1600),  # the smallest that is enough
        ((320, 800), 800),  # the largest where none is
        ((140, None), None),  # one of unknown size stands before a thumbnail
        ((None, 1280), 1280),
    ],
)
def test_the_file_is_taken_that_is_large_enough_and_no_larger(widths: tuple[Any, ...], taken: int | None) -> None:
    found = source_of(files(*widths))
    assert found is not None
    assert found.width == taken


def test_of_a_picture_without_a_file_nothing_is_shown() -> None:
    nowhere = Association(name="picture", uri=ADDRESS, renditions=(Rendition(name="main"),))
    assert picture_view(nowhere, "s1", SIGNER) is None


@pytest.mark.parametrize(
    ("width", "wide"),
    [(None, [320, 640, 960, 1280]), (4000, [320, 640, 960, 1280]), (640, [320, 640]), (500, [320, 500]), (90, [90])],
)
def test_nothing_larger_than_the_picture_is_offered(width: int | None, wide: list[int]) -> None:
    assert [across for _, across in offered(width)] == wide


@pytest.mark.parametrize(
    "other",
    [("s2", ADDRESS, "640.webp"), ("s1", f"{ADDRESS}?", "640.webp"), ("s1", ADDRESS, "960.webp")],
)
def test_a_signature_is_of_one_story_one_address_and_one_file(other: tuple[str, str, str]) -> None:
    signature = SIGNER.signature("s1", ADDRESS, "640.webp")
    assert (SIGNER.is_signed(signature, "s1", ADDRESS, "640.webp"), SIGNER.is_signed(signature, *other)) == (
        True,
        False,
    )


@pytest.mark.parametrize("forged", ["", "x", "é", "A" * 24])
def test_what_we_did_not_sign_is_not_signed(forged: str) -> None:
    assert not SIGNER.is_signed(forged, "s1", ADDRESS, "640.webp")


def test_another_key_signs_otherwise() -> None:
    signature = Signer(b"another key for tests").signature("s1", ADDRESS, "640.webp")
    assert not SIGNER.is_signed(signature, "s1", ADDRESS, "640.webp")


def test_an_address_on_the_site_does_not_tell_the_providers() -> None:
    assert "a.example" not in view().srcset + view().src


def test_a_page_is_told_the_shape_of_what_it_shows() -> None:
    assert (view().width, view().height) == (960, 480)


def test_a_shape_that_nobody_told_is_not_made_up() -> None:
    shown = picture_view(files(None), "s1", SIGNER)
    assert shown is not None
    assert (shown.width, shown.height) == (None, None)


@pytest.mark.parametrize(
    ("members", "alt"),
    [
        ({"descriptions": (Description(role="alt", value="Two boats"),)}, "Two boats"),
        ({"headlines": (Headline(value="The quay"),)}, "The quay"),
        ({"descriptions": (Description(role="caption", value="Boats."), Description(role="alt", value="Boats."))}, ""),
        ({}, ""),
    ],
    ids=["its own", "its headline", "the caption's words", "none"],
)
def test_the_text_in_place_of_a_picture_is_not_its_caption_again(members: dict[str, Any], alt: str) -> None:
    assert view(**members).alt == alt


@pytest.mark.parametrize(
    ("members", "credit"),
    [
        ({"by": "Ada Quay"}, "Ada Quay"),
        ({"by": "Ada Quay", "info_sources": (InfoSource(role="credit", name="Tidewire"),)}, "Ada Quay / Tidewire"),
        ({"by": "A. Quay", "info_sources": (InfoSource(role="credit", name="Wire/A. Quay"),)}, "Wire/A. Quay"),
        ({"by": "Ada Quay", "descriptions": (Description(role="caption", value="Boats. Photo: Ada Quay"),)}, ""),
        ({"copyright_notice": "© Tidewire"}, "© Tidewire"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_picture_is_credited_once(members: dict[str, Any], credit: str) -> None:
    assert view(**members).credit == credit


def settings(data: Path, key: str = "") -> PictureSettings:
    return PictureSettings.model_validate({"WIREROOM_DATA": data, "SITE_PICTURE_KEY": key})


def test_the_key_is_made_once_and_kept_for_nobody_else_to_read(tmp_path: Path) -> None:
    first = picture_key(settings(tmp_path))
    place = tmp_path / "secrets" / "picture.key"
    assert (picture_key(settings(tmp_path)), stat.S_IMODE(place.stat().st_mode)) == (first, 0o600)


def test_replicas_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    found: set[bytes] = set()
    threads = [threading.Thread(target=lambda: found.add(picture_key(settings(tmp_path)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), [entry.name for entry in (tmp_path / "secrets").iterdir()]) == (1, ["picture.key"])


def test_a_key_that_is_given_is_used(tmp_path: Path) -> None:
    assert picture_key(settings(tmp_path, "sixteen letters!")) == b"sixteen letters!"


def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SITE_PICTURE_KEY"):
        picture_key(settings(tmp_path, "secret"))


def test_a_folder_that_cannot_keep_a_key_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="secrets"):
        picture_key(settings(tmp_path))


def illustrated(count: int, **members: Any) -> Article:
    numbered = (files(640).model_copy(update={"name": str(number), **members}) for number in range(count))
    return article(associations=tuple(numbered))


def test_ten_pictures_of_a_story_are_kept() -> None:
    kept = clean_article(illustrated(15)).associations
    assert [picture.name for picture in kept] == [str(number) for number in range(10)]


def test_what_is_no_picture_is_not_published_with_the_story() -> None:
    assert clean_article(illustrated(1, type="video")).associations == ()


def test_the_words_of_a_picture_are_cleaned_as_those_of_the_story() -> None:
    said = Description(role="caption", value="Two\x00 boats\u202e\n at a quay")
    (picture,) = clean_article(illustrated(1, descriptions=(said,), by="Ada\x1b Quay")).associations
    assert (picture.description("caption"), picture.by) == ("Two boats at a quay", "Ada Quay")


@pytest.mark.parametrize("status", [PubStatus.CANCELED, PubStatus.WITHHELD])
def test_a_story_that_is_off_the_site_has_no_picture(status: PubStatus) -> None:
    assert tombstone(illustrated(1), status).associations == ()
