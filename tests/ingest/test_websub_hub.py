"""WebSub on real sockets: a feed that offers a hub, the hub's questions, and what it delivers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.websub_web import Hubs
from services.ingest.pushing.problems import exception_handlers
from shared.delivery import Delivery
from tests.ingest.desk import Desk
from tests.ingest.feeds import FarServer
from tests.ingest.making import entry, rss
from tests.ingest.polling import LOOPBACK, TLS, polled
from tests.ingest.serving import serving

MAX_BYTES = 20_000


class Newsroom:
    """Our side as a hub sees it: a feed that is polled, and the callback."""

    def __init__(self, feed: FeedPoll, far: FarServer, client: httpx.AsyncClient) -> None:
        self.feed = feed
        self.far = far
        self.client = client

    @property
    def form(self) -> dict[str, str]:
        """What the hub was last asked."""
        return self.far.forms[-1]

    async def ask_back(self, **changes: str) -> httpx.Response:
        told = {"hub.mode": "subscribe", "hub.topic": self.form["hub.topic"], "hub.lease_seconds": "86400"}
        query = {"hub.challenge": "c0ffee", **told, **{f"hub.{name}": value for name, value in changes.items()}}
        return await self.client.get(self.form["hub.callback"], params=query)

    async def subscribe(self) -> None:
        await self.feed.poll()
        await self.ask_back()

    async def deliver(self, body: bytes, *, secret: str | None = None) -> httpx.Response:
        key = (secret or self.form["hub.secret"]).encode()
        signature = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
        headers = {"X-Hub-Signature": signature, "Content-Type": "application/rss+xml"}
        return await self.client.post(self.form["hub.callback"], content=body, headers=headers)


@pytest.fixture
def far() -> FarServer:
    far = FarServer()
    far.body = rss(entry("a", "Ferry returns"))
    far.headers = {"Link": "</hub>; rel=hub, </feed>; rel=self", "ETag": '"v1"'}
    return far


@pytest.fixture
async def newsroom(far: FarServer, delivery: Delivery, admission: Admission) -> AsyncIterator[Newsroom]:
    app = Starlette(exception_handlers=exception_handlers)
    async with (
        polled(far, delivery, admission) as make,
        serving(app) as url,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        fetcher = Fetcher(max_bytes=1, seconds=2, allowed=LOOPBACK, tls=TLS)
        subscriber = Subscriber(delivery, fetcher, callback=url)
        feed = make(subscriber=subscriber)
        hubs = Hubs(subscriber, {"harbour": feed}, max_bytes=MAX_BYTES, seconds=2, at_once=4)
        app.router.routes.extend(hubs.routes())
        yield Newsroom(feed, far, client)
        await fetcher.close()


async def test_hub_that_a_feed_offers_is_asked(newsroom: Newsroom) -> None:
    await newsroom.feed.poll()
    form = newsroom.form
    assert (form["hub.mode"], form["hub.topic"], len(form["hub.secret"])) == ("subscribe", newsroom.feed.url, 64)


async def test_hub_is_asked_once(newsroom: Newsroom) -> None:
    for _ in range(3):
        await newsroom.feed.poll()
    assert len(newsroom.far.forms) == 1


async def test_nothing_is_asked_without_an_address_to_deliver_to(
    far: FarServer, delivery: Delivery, admission: Admission
) -> None:
    async with polled(far, delivery, admission) as make:
        await make().poll()
    assert far.forms == []


async def test_question_of_the_hub_is_answered_with_its_challenge(newsroom: Newsroom) -> None:
    await newsroom.feed.poll()
    answer = await newsroom.ask_back()
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200,
        "c0ffee",
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(
    "changes", [{"topic": "https://other.example/"}, {"mode": "unsubscribe"}, {"mode": ""}, {"challenge": "x" * 600}]
)
async def test_what_nobody_asked_for_is_not_confirmed(newsroom: Newsroom, changes: dict[str, str]) -> None:
    await newsroom.feed.poll()
    assert (await newsroom.ask_back(**changes)).status_code == 404


async def test_polls_are_seldom_while_the_hub_delivers(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    await newsroom.feed.poll()
    assert await newsroom.feed.wait_seconds() > 3_000


async def test_hub_that_did_not_ask_back_slows_nothing(newsroom: Newsroom) -> None:
    for _ in range(2):
        await newsroom.feed.poll()
    assert await newsroom.feed.wait_seconds() < 70


async def test_delivery_is_admitted(newsroom: Newsroom, desk: Desk) -> None:
    await newsroom.subscribe()
    answer = await newsroom.deliver(rss(entry("b", "Bridge shut")))
    assert (answer.status_code, [e.data.headline for e in desk.ingested]) == (202, ["Ferry returns", "Bridge shut"])


async def test_entry_that_was_delivered_is_no_input_of_the_next_poll(newsroom: Newsroom, desk: Desk) -> None:
    await newsroom.subscribe()
    await newsroom.deliver(rss(entry("b", "Bridge shut")))
    newsroom.far.body = rss(entry("b", "Bridge shut"), entry("a", "Ferry returns"))
    await newsroom.feed.poll()
    assert len(desk.outcomes) == 2


async def test_delivery_with_anothers_signature_is_not_taken(newsroom: Newsroom, desk: Desk) -> None:
    await newsroom.subscribe()
    with capture_logs() as lines:
        answer = await newsroom.deliver(rss(entry("b", "Bridge shut")), secret="guessed")
    told = [line["event"] for line in lines]
    assert (answer.status_code, len(desk.ingested), "websub_forged" in told) == (403, 1, True)


async def test_delivery_to_an_address_that_nobody_was_told_is_refused_for_good(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    newsroom.form["hub.callback"] = newsroom.form["hub.callback"][:-4] + "0000"
    assert (await newsroom.deliver(rss())).status_code == 410


async def test_delivery_that_is_too_large_is_refused(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    assert (await newsroom.deliver(bytes(MAX_BYTES + 1))).status_code == 413


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><p>Hello", b"\x00\x01\x02"])
async def test_delivery_that_is_no_feed_is_kept_and_not_asked_for_again(
    newsroom: Newsroom, desk: Desk, body: bytes
) -> None:
    await newsroom.subscribe()
    answer = await newsroom.deliver(body)
    assert (answer.status_code, desk.outcomes[-1].outcome) == (202, "dead_lettered")


async def test_subscription_is_renewed_by_an_answer_without_a_body_under_the_same_secret(
    newsroom: Newsroom, desk: Desk
) -> None:
    await newsroom.subscribe()
    desk.redis.hset("ingest:websub:harbour", mapping={"renew_ms": "2", "asked_ms": "1"})
    newsroom.far.status = 304
    await newsroom.feed.poll()
    first, second = newsroom.far.forms
    assert (first["hub.secret"], first["hub.callback"]) == (second["hub.secret"], second["hub.callback"])


async def test_feed_that_offers_no_hub_any_more_is_polled_at_its_pace(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    newsroom.far.body, newsroom.far.headers = rss(entry("b", "Bridge shut")), {}
    await newsroom.feed.poll()
    assert await newsroom.feed.wait_seconds() < 70


async def test_hub_that_denies_is_not_asked_again_at_the_next_poll(newsroom: Newsroom) -> None:
    await newsroom.feed.poll()
    await newsroom.ask_back(mode="denied")
    newsroom.far.body = rss(entry("b", "Bridge shut"))
    await newsroom.feed.poll()
    assert len(newsroom.far.forms) == 1


async def refused(far: FarServer, delivery: Delivery, admission: Admission, **offer: Any) -> tuple[list[str], int]:
    """Poll once and return the codes for which no hub was asked, and how many were."""
    allowed = (ip_network("127.0.0.1/32"),)
    fetcher = Fetcher(max_bytes=1, seconds=2, allowed=allowed, tls=TLS)
    far.headers = offer.pop("headers", far.headers)
    subscriber = Subscriber(delivery, fetcher, **offer)
    async with polled(far, delivery, admission) as make:
        with capture_logs() as lines:
            await make(subscriber=subscriber).poll()
    await fetcher.close()
    return [line["code"] for line in lines if line["event"] == "websub_not_asked"], len(far.forms)


async def test_hub_at_a_private_address_is_not_asked(far: FarServer, delivery: Delivery, admission: Admission) -> None:
    headers = {"Link": "<http://169.254.169.254/>; rel=hub"}
    answer = await refused(far, delivery, admission, callback="http://127.0.0.1:9", headers=headers)
    assert answer == (["forbidden_address"], 0)


async def test_callback_at_a_private_address_is_not_told(
    far: FarServer, delivery: Delivery, admission: Admission
) -> None:
    assert await refused(far, delivery, admission, callback="http://10.0.0.1/") == (["forbidden_address"], 0)


async def test_hub_that_refuses_costs_the_poll_nothing(
    far: FarServer, delivery: Delivery, admission: Admission, desk: Desk
) -> None:
    far.hub_status = 500
    codes, _ = await refused(far, delivery, admission, callback="http://127.0.0.1:9")
    assert (codes, len(desk.ingested)) == (["http_500"], 1)
