"""The pictures of copy, from the bytes to the topic."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.admission.admit import Admission
from shared.article import to_ninjs
from tests.ingest.desk import Desk, send
from tests.ingest.making import ninjs

PICTURE: dict[str, Any] = {
    "name": "quay",
    "uri": "urn:x:1",
    "type": "picture",
    "descriptions": [{"role": "caption", "value": "The quay."}],
    "renditions": [{"name": "main", "href": "https://a.example/quay.jpg?token=1", "width": 800, "height": 600}],
}
OTHER = {**PICTURE, "uri": "urn:x:2", "renditions": [{"name": "main", "href": "https://a.example/other.jpg"}]}


async def test_a_storys_pictures_reach_the_article(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(associations=[PICTURE]))
    (picture,) = desk.ingested[0].data.pictures
    assert (picture.renditions[0].href, picture.description("caption")) == (
        "https://a.example/quay.jpg?token=1",
        "The quay.",
    )


async def test_they_are_associations_in_ninjs(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(associations=[PICTURE]))
    (picture,) = to_ninjs(desk.ingested[0].data)["associations"]
    assert (picture["type"], picture["renditions"][0]["width"]) == ("picture", 800)


async def test_another_picture_amends_the_story(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(associations=[PICTURE]))
    await send(admission, ninjs(associations=[PICTURE, OTHER]))
    assert [event.data.newsroom.change for event in desk.ingested] == ["new", "amend"]


async def test_a_token_in_the_address_of_a_picture_is_no_change(admission: Admission, desk: Desk) -> None:
    nameless = {key: value for key, value in PICTURE.items() if key != "uri"}
    renewed = {**nameless, "renditions": [{"name": "main", "href": "https://a.example/quay.jpg?token=2"}]}
    await send(admission, ninjs(associations=[nameless]))
    await send(admission, ninjs(associations=[renewed]))
    assert len(desk.ingested) == 1


@pytest.mark.parametrize("status", ["canceled", "withheld"])
async def test_what_is_taken_back_carries_no_picture(admission: Admission, desk: Desk, status: str) -> None:
    await send(admission, ninjs(associations=[PICTURE]))
    await send(admission, ninjs(associations=[PICTURE], pubStatus=status))
    assert desk.ingested[-1].data.associations == ()


async def test_a_picture_under_embargo_does_not_reach_the_article(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(associations=[{**PICTURE, "embargoedUntil": "2100-01-01T00:00:00Z"}]))
    assert desk.ingested[0].data.associations == ()
