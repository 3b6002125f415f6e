"""Pulling page by page: the cursor moves when every item is safe, and one bad item does not cost the page."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network
from typing import Any, cast

import pytest
from pydantic import HttpUrl
from redis.exceptions import RedisError
from starlette.responses import Response

from services.ingest.admission.admit import Admission
from services.ingest.channels import PullConfig
from services.ingest.feeds.fetch import Fetcher
from services.ingest.health.health_book import HealthBook
from services.ingest.pulling.pageitems import MOST_TRIES, TRIES_IN_AN_OUTAGE
from services.ingest.pulling.pull import Pull
from services.ingest.pulling.pullcursor import PullCursor, PullCursors
from shared.delivery import Delivery
from shared.events import Outcome
from tests.ingest.desk import HARBOUR, Desk
from tests.ingest.making import ninjs
from tests.ingest.pages import FarInterface
from tests.ingest.serving import serving

LOOPBACK = (ip_network("127.0.0.0/8"),)
KEY = {"x-api-key": "not-for-others"}
Make = Callable[..., Pull]


def story(name: str, **members: Any) -> dict[str, Any]:
    return dict(json.loads(ninjs(uri=f"urn:example:{name}", **members)))


@pytest.fixture
def far() -> FarInterface:
    far = FarInterface()
    far.put_page(0, story("a"), story("b"))
    far.put_page(1, story("c"), following=None)
    return far


@pytest.fixture
def health(delivery: Delivery) -> HealthBook:
    return HealthBook(delivery, ["harbour"])


@pytest.fixture
async def make(far: FarInterface, delivery: Delivery, admission: Admission, health: HealthBook) -> AsyncIterator[Make]:
    # Reading the certificates of the system takes longer than a test.
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    fetcher = Fetcher(max_bytes=100_000, seconds=2, allowed=LOOPBACK, tls=tls)
    async with serving(far.app()) as url:

        def made(*, path: str = "/feed", every: float = 60, **parts: Any) -> Pull:
            where = {"items": "data.items", "next": "data.next_page", **parts}
            config = PullConfig(url=HttpUrl(url + path), **where)
            return Pull(
                "harbour",
                HARBOUR,
                config,
                every=every,
                headers=KEY,
                fetcher=fetcher,
                cursors=PullCursors(delivery.redis),
                admission=admission,
                health=health,
            )

        yield made
    await fetcher.close()


def told(desk: Desk) -> list[str]:
    return [event.data.uri.rpartition(":")[2] for event in desk.ingested]


def cursor(desk: Desk) -> dict[str, str]:
    fields = cast("dict[bytes, bytes]", desk.redis.hgetall("ingest:pull:harbour"))
    return {name.decode(): value.decode() for name, value in fields.items()}


async def test_every_item_of_a_page_is_admitted(make: Make, desk: Desk) -> None:
    await make().pull()
    assert told(desk) == ["a", "b"]


async def test_next_page_is_read_next(make: Make, desk: Desk) -> None:
    pull = make()
    await pull.pull()
    await pull.pull()
    assert told(desk) == ["a", "b", "c"]


async def test_cursor_outlives_the_process(make: Make, far: FarInterface) -> None:
    await make().pull()
    await make().pull()
    assert far.asked == ["/feed", "/feed?page=1"]


async def test_next_page_is_read_soon(make: Make) -> None:
    pull = make()
    await pull.pull()
    assert await pull.wait_seconds() < 1


async def test_last_page_is_read_again_at_its_pace(make: Make) -> None:
    pull = make()
    await pull.pull()
    await pull.pull()
    assert 50 < await pull.wait_seconds() < 67


async def test_last_page_that_did_not_change_is_no_input(make: Make, desk: Desk) -> None:
    pull = make()
    for _ in range(4):
        await pull.pull()
    assert len(desk.outcomes) == 3


async def test_last_page_that_grew_gives_what_is_new(make: Make, far: FarInterface, desk: Desk) -> None:
    pull = make()
    await pull.pull()
    await pull.pull()
    far.put_page(1, story("c"), story("d"), following=None)
    await pull.pull()
    assert (told(desk), len(desk.outcomes)) == (["a", "b", "c", "d"], 4)


async def test_page_that_is_read_again_after_a_crash_doubles_nothing(make: Make, desk: Desk) -> None:
    await make().pull()
    desk.redis.delete("ingest:pull:harbour")
    await make().pull()
    assert (told(desk), len(desk.outcomes)) == (["a", "b"], 2)


@pytest.mark.parametrize("admitted", [0, 1])
async def test_cursor_stays_when_ingest_dies_in_the_middle_of_a_page(
    make: Make, desk: Desk, admission: Admission, monkeypatch: pytest.MonkeyPatch, admitted: int
) -> None:
    admit, left = admission.admit, [admitted]

    async def die(*args: Any) -> Any:
        if not left[0]:
            raise RedisError("away")
        left[0] -= 1
        return await admit(*args)

    with monkeypatch.context() as broken:
        broken.setattr(admission, "admit", die)
        with pytest.raises(RedisError):
            await make().pull()
    assert cursor(desk) == {}
    await make().pull()
    assert (told(desk), len(desk.outcomes)) == (["a", "b"], 2)


async def test_bad_item_does_not_cost_the_page(make: Make, far: FarInterface, desk: Desk) -> None:
    far.put_page(0, story("a"), {"uri": "urn:example:x", "pubStatus": "perhaps"}, story("b"))
    await make().pull()
    assert (told(desk), cursor(desk)["next"].rpartition("/")[2]) == (["a", "b"], "feed?page=1")


async def test_bad_item_is_in_the_books_with_its_bytes(make: Make, far: FarInterface, desk: Desk) -> None:
    far.put_page(0, {"uri": "urn:example:x", "pubStatus": "perhaps"})
    await make().pull()
    (booked,) = desk.outcomes
    assert (booked.outcome, booked.code, bool(booked.raw)) == (Outcome.DEAD_LETTERED, "pub_status_unknown", True)


async def test_items_without_a_name_are_each_told(make: Make, far: FarInterface, desk: Desk) -> None:
    """A constant in place of a missing name would make one of them all."""
    far.put_page(0, *({**story("x", headlines=[{"value": f"Take {n}"}]), "uri": None} for n in range(3)))
    await make().pull()
    assert {event.data.headline for event in desk.ingested} == {"Take 0", "Take 1", "Take 2"}


async def test_items_may_be_fetched_by_their_links(make: Make, far: FarInterface, desk: Desk) -> None:
    far.items = {"a": ninjs(uri="urn:example:a"), "b": ninjs(uri="urn:example:b")}
    far.put_page(0, {"item": {"uri": "/items/a"}}, {"item": {"uri": "/items/b"}})
    await make(link="item.uri").pull()
    assert told(desk) == ["a", "b"]


async def test_item_that_cannot_be_had_yet_keeps_the_cursor(make: Make, far: FarInterface, desk: Desk) -> None:
    far.items = {"a": ninjs(uri="urn:example:a")}
    far.put_page(0, {"uri": "/items/late"}, {"uri": "/items/a"})
    await make(link="uri").pull()
    assert (told(desk), cursor(desk)["next"]) == (["a"], "")


async def test_item_that_comes_later_is_told(make: Make, far: FarInterface, desk: Desk) -> None:
    far.items = {"a": ninjs(uri="urn:example:a")}
    far.put_page(0, {"uri": "/items/late"}, {"uri": "/items/a"})
    pull = make(link="uri")
    await pull.pull()
    far.items["late"] = ninjs(uri="urn:example:late")
    await pull.pull()
    assert (told(desk), len(desk.outcomes)) == (["a", "late"], 2)


async def test_item_that_never_comes_is_set_aside_where_others_come(make: Make, far: FarInterface, desk: Desk) -> None:
    far.items = {"a": ninjs(uri="urn:example:a")}
    far.put_page(0, {"uri": "/items/never"}, {"uri": "/items/a"})
    pull = make(link="uri")
    for _ in range(MOST_TRIES):
        await pull.pull()
    assert ([o.code for o in desk.outcomes], cursor(desk)["next"][-6:]) == ([None, "item_unavailable"], "page=1")


async def test_outage_of_the_items_sets_none_aside(make: Make, far: FarInterface, desk: Desk) -> None:
    far.put_page(0, {"uri": "/items/a"}, {"uri": "/items/b"})
    pull = make(link="uri")
    for _ in range(MOST_TRIES + 1):
        await pull.pull()
    assert (desk.outcomes, MOST_TRIES + 1 < TRIES_IN_AN_OUTAGE) == ([], True)


@pytest.mark.parametrize("answer", [Response(status_code=410), Response(b"x" * 100_001)], ids=["gone", "too large"])
async def test_item_that_can_never_be_had_is_set_aside_at_once(
    make: Make, far: FarInterface, desk: Desk, answer: Response
) -> None:
    far.broken["/items/a"] = answer
    far.put_page(0, {"uri": "/items/a"})
    await make(link="uri").pull()
    assert ([o.code for o in desk.outcomes], cursor(desk)["next"][-6:]) == (["item_unavailable"], "page=1")


async def test_entry_without_its_link_is_set_aside(make: Make, far: FarInterface, desk: Desk) -> None:
    far.put_page(0, {"headline": "Ferry returns"})
    await make(link="uri").pull()
    assert [(o.code, o.detail) for o in desk.outcomes] == [("item_unavailable", "uri is no address")]


@pytest.mark.parametrize("following", [7, "https://elsewhere.example.org/feed"])
async def test_next_link_that_cannot_be_followed_is_never_stored(
    make: Make, far: FarInterface, desk: Desk, following: Any
) -> None:
    far.put_page(0, story("a"), following=following)
    pull = make()
    await pull.pull()
    await pull.pull()
    assert (told(desk), cursor(desk)["next"], cursor(desk)["failures"]) == (["a"], "", "2")


@pytest.mark.parametrize(
    "answer",
    [Response(status_code=500), Response(b"<html>"), Response(b'{"error": "no"}'), Response(status_code=410)],
    ids=["500", "html", "error", "410"],
)
async def test_answer_that_is_no_page_moves_nothing(
    make: Make, far: FarInterface, desk: Desk, answer: Response
) -> None:
    pull = make()
    await pull.pull()
    far.broken["/feed?page=1"] = answer
    await pull.pull()
    assert (cursor(desk)["next"][-6:], cursor(desk)["failures"]) == ("page=1", "1")


async def test_interface_is_left_alone_for_as_long_as_it_asks(make: Make, far: FarInterface) -> None:
    far.broken["/feed"] = Response(status_code=429, headers={"Retry-After": "7200"})
    pull = make()
    await pull.pull()
    assert await pull.wait_seconds() > 7100


async def test_interface_that_fails_is_put_off(make: Make, far: FarInterface) -> None:
    far.broken["/feed"] = Response(status_code=500)
    pull = make(every=100)
    for _ in range(3):
        await pull.pull()
    assert await pull.wait_seconds() > 300


async def test_key_is_sent(make: Make, far: FarInterface) -> None:
    await make().pull()
    assert far.requests[0].headers["x-api-key"] == "not-for-others"


async def test_key_is_not_sent_to_another_server(make: Make, far: FarInterface) -> None:
    async with serving(far.app()) as elsewhere:
        far.put_page(0, {"uri": f"{elsewhere}/items/a"})
        await make(link="uri").pull()
    assert [("x-api-key" in request.headers) for request in far.requests] == [True, False]


async def test_key_does_not_follow_a_redirect_to_another_server(make: Make, far: FarInterface) -> None:
    async with serving(far.app()) as elsewhere:
        await make(path=f"/away?to={elsewhere}/feed").pull()
    assert [("x-api-key" in request.headers) for request in far.requests] == [True, False]


async def test_other_first_page_begins_anew(make: Make, desk: Desk) -> None:
    await make().pull()
    await make(path="/feed?page=1").pull()
    assert told(desk) == ["a", "b", "c"]


async def test_cursor_is_not_moved_back_by_one_that_was_slow(delivery: Delivery) -> None:
    cursors = PullCursors(delivery.redis)
    slow = await cursors.load("harbour", "https://api.example.org/feed")
    await cursors.move("harbour", PullCursor(url=slow.url, next="https://api.example.org/feed?page=9"))
    assert not await cursors.move("harbour", slow)


async def test_health_of_the_source_is_kept(make: Make, far: FarInterface, health: HealthBook) -> None:
    far.broken["/feed"] = Response(status_code=500)
    await make().pull()
    del far.broken["/feed"]
    await make().pull()
    await health.flush()
    known = await health.read("harbour")
    assert (known.reached_ms > 0, dict(known.errors)) == (True, {"http_500": 1})
