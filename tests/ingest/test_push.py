"""Pushing copy over HTTP: what is answered, when, and what is kept of what was refused."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.pushing.limits import PushLimits
from services.ingest.pushing.problems import exception_handlers
from services.ingest.pushing.push import NO_LIMITS, Push, continued_trace
from services.ingest.pushing.tokens import Tokens
from services.ingest.settings import IngestSettings, Source, Sources
from services.ingest.web import create_app
from shared.delivery import Delivery
from shared.events import trace_id
from tests.ingest.desk import HARBOUR, Desk
from tests.ingest.making import entry, ninjs, rss
from tests.ingest.serving import serving
from tests.waiting import wait_until
from tools.redis_server import RedisServer

HARBOUR_TOKEN, HILLS_TOKEN = "harbour-token-0123456789", "hills-token-0123456789"
SOURCES = {"harbour": HARBOUR, "hills": Source(provider="Hills Radio", push=True), "polled": Source(provider="P")}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MAX_BYTES = 50_000


def push_app(
    admission: Admission, *, at_once: int = 8, seconds: float = 0.5, limits: PushLimits = NO_LIMITS
) -> Starlette:
    tokens = Tokens({"harbour": HARBOUR_TOKEN, "hills": HILLS_TOKEN})
    push = Push(admission, SOURCES, tokens, max_bytes=MAX_BYTES, seconds=seconds, at_once=at_once, limits=limits)
    return Starlette(routes=[push.route()], exception_handlers=exception_handlers)


@pytest.fixture
async def client(admission: Admission) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(push_app(admission)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as connected:
        yield connected


@asynccontextmanager
async def _standing_on(server: RedisServer, archive: RawArchive) -> AsyncIterator[httpx.AsyncClient]:
    """Push onto a Redis of the test's own."""
    delivery = Delivery(redis_url=server.url, stage="ingest", replica="test")
    await delivery.start()
    reader = CopyReader(at_once=1, seconds=10)
    admission = Admission(delivery, archive, reader, state_days=400)
    async with serving(push_app(admission)) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield client
    reader.close()
    await delivery.stop()


async def post(
    client: httpx.AsyncClient, content: Any = b"", *, source: str | None = "harbour", **headers: str
) -> httpx.Response:
    sent = {"Authorization": f"Bearer {HARBOUR_TOKEN}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post("/v1/items", params={"source": source} if source else {}, content=content, headers=sent)


async def test_push_is_answered_with_what_became_of_the_copy(client: httpx.AsyncClient, desk: Desk) -> None:
    answer = await post(client, ninjs())
    newsroom = desk.ingested[0].data.newsroom
    assert answer.json()["items"] == [
        {"story_id": newsroom.story_id, "revision": newsroom.revision, "change": "new", "outcome": "emitted"}
    ]


async def test_push_is_answered_with_202(client: httpx.AsyncClient) -> None:
    assert (await post(client, ninjs())).status_code == 202


async def test_push_again_is_answered_as_a_duplicate_of_the_same_revision(client: httpx.AsyncClient) -> None:
    first, second = [(await post(client, ninjs())).json()["items"][0] for _ in range(2)]
    assert (second["outcome"], second["revision"]) == ("duplicate", first["revision"])


async def test_each_entry_of_a_feed_is_answered(client: httpx.AsyncClient) -> None:
    body = rss(entry("a", "Ferry returns"), entry("b", "Bridge shut"))
    answer = await post(client, body, Content_Type="application/rss+xml")
    assert [item["outcome"] for item in answer.json()["items"]] == ["emitted", "emitted"]


async def test_answer_names_the_senders_trace(client: httpx.AsyncClient) -> None:
    answer = await post(client, ninjs(), traceparent=TRACE)
    assert answer.json()["traceId"] == trace_id(TRACE)


async def test_answer_names_the_trace_of_the_event(client: httpx.AsyncClient, desk: Desk) -> None:
    answer = await post(client, ninjs())
    assert answer.json()["traceId"] == trace_id(desk.ingested[0].traceparent)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "rubbish",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{'a' * 32}-{'0' * 16}-01",
        TRACE.upper(),
        f"{TRACE}\n",
        f"ff{TRACE[2:]}",
    ],
)
def test_trace_that_is_none_starts_a_new_one(header: str) -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", continued_trace(header))


def test_continued_trace_has_a_span_of_ours() -> None:
    assert continued_trace(TRACE)[36:52] != TRACE[36:52]


async def test_content_location_is_the_address_of_the_copy(client: httpx.AsyncClient, desk: Desk) -> None:
    await post(client, ninjs(), Content_Location="https://harbour.example/ferry")
    assert desk.ingested[0].data.newsroom.url == "https://harbour.example/ferry"


async def test_content_location_that_runs_code_is_left_out(client: httpx.AsyncClient, desk: Desk) -> None:
    await post(client, ninjs(), Content_Location="javascript:alert(1)")
    assert desk.ingested[0].data.newsroom.url is None


@pytest.mark.parametrize(
    ("source", "headers", "status", "code"),
    [
        ("harbour", {"Authorization": ""}, 401, "unauthorized"),
        ("harbour", {"Authorization": "Bearer wrong-token-0123456789"}, 401, "unauthorized"),
        ("harbour", {"Authorization": f"Basic {HARBOUR_TOKEN}"}, 401, "unauthorized"),
        ("nowhere", {"Authorization": "Bearer wrong-token-0123456789"}, 401, "unauthorized"),
        ("harbour", {"Authorization": f"Bearer {HILLS_TOKEN}"}, 403, "not_your_source"),
        ("polled", {}, 403, "not_your_source"),
        ("nowhere", {}, 404, "unknown_source"),
        (None, {}, 400, "source_missing"),
        ("harbour", {"Content_Encoding": "gzip"}, 415, "encoded_body"),
        ("harbour", {"Content_Type": "multipart/form-data; boundary=x"}, 415, "multipart_body"),
    ],
)
async def test_request_that_cannot_be_taken_is_refused_with_its_code(
    client: httpx.AsyncClient, source: str | None, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await post(client, ninjs(), source=source, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_refusal_is_a_problem_document(client: httpx.AsyncClient) -> None:
    answer = await post(client, ninjs(), source="nowhere")
    assert (answer.headers["content-type"], answer.json()["status"], answer.json()["title"]) == (
        "application/problem+json",
        404,
        "Not Found",
    )


async def test_missing_token_is_answered_with_a_challenge(client: httpx.AsyncClient) -> None:
    assert "Bearer" in (await post(client, ninjs(), Authorization="")).headers["www-authenticate"]


async def test_forged_push_stores_nothing(client: httpx.AsyncClient, desk: Desk, archive: RawArchive) -> None:
    await post(client, ninjs(), Authorization="Bearer wrong-token-0123456789")
    kept = archive.path_of(hashlib.sha256(ninjs()).hexdigest()).exists()
    assert (kept, desk.outcomes) == (False, [])


async def test_other_methods_are_refused_with_a_problem_document(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/items")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


async def test_copy_that_cannot_be_read_is_refused_with_the_parsers_code(client: httpx.AsyncClient) -> None:
    answer = await post(client, b'{"uri": ', Content_Type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_json")


async def test_format_that_is_not_read_is_415(client: httpx.AsyncClient) -> None:
    answer = await post(client, b"\x89PNG\r\n\x1a\n\x00\x00", Content_Type="image/png")
    assert answer.status_code == 415


async def test_copy_that_was_refused_is_kept_under_the_digest_in_the_answer(
    client: httpx.AsyncClient, archive: RawArchive
) -> None:
    answer = await post(client, b'{"uri": ', Content_Type="application/json")
    assert archive.path_of(answer.json()["sha256"]).read_bytes() == b'{"uri": '


async def test_body_that_says_it_is_too_large_is_refused_unread(client: httpx.AsyncClient, desk: Desk) -> None:
    answer = await post(client, b" " * (MAX_BYTES + 1))
    assert (answer.status_code, answer.json()["code"], desk.outcomes) == (413, "too_large", [])


async def answer_to(client: httpx.AsyncClient, parts: AsyncIterator[bytes]) -> bytes:
    """Send a chunked body and read at the same time, as httpx cannot: the answer comes before the body ends."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    head = f"POST /v1/items?source=harbour HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {HARBOUR_TOKEN}\r\n"
    writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())

    async def send() -> None:
        async for part in parts:
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))
            await writer.drain()

    sending = asyncio.create_task(send())
    answer = await reader.readuntil(b"}")
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    writer.close()
    return answer


async def test_body_that_grows_too_large_is_refused(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1000
            await asyncio.sleep(0.001)

    assert b"HTTP/1.1 413 " in await answer_to(client, endless())


async def test_body_that_drips_is_refused_in_time(client: httpx.AsyncClient) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    assert b"body_too_slow" in await answer_to(client, drip())


async def test_more_bodies_than_there_is_room_for_are_asked_to_come_again(admission: Admission) -> None:
    sent, release = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b" "
        sent.set()
        await release.wait()

    async with (
        serving(push_app(admission, at_once=1, seconds=20)) as url,
        httpx.AsyncClient(base_url=url, timeout=20) as client,
    ):
        first = asyncio.create_task(post(client, slow()))
        await sent.wait()

        async def refused() -> httpx.Response | None:
            answer = await post(client, ninjs())
            return answer if answer.status_code == 503 else None

        answer = await wait_until(refused)
        release.set()
        await first
    assert answer is not None
    assert (answer.json()["code"], answer.headers["retry-after"]) == ("busy", "1")


async def test_push_while_redis_is_down_is_asked_to_come_again(redis_server: RedisServer, archive: RawArchive) -> None:
    async with _standing_on(redis_server, archive) as client:
        redis_server.kill()
        answer = await post(client, ninjs())
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        503,
        "redis_unavailable",
        "5",
    )


async def test_push_that_was_put_off_is_taken_when_redis_is_back(
    redis_server: RedisServer, archive: RawArchive
) -> None:
    async with _standing_on(redis_server, archive) as client:
        redis_server.kill()
        await post(client, ninjs())
        redis_server.restart()
        answer = await post(client, ninjs())
    assert answer.json()["items"][0]["outcome"] == "emitted"


async def test_push_onto_a_full_redis_is_asked_to_come_again(client: httpx.AsyncClient, desk: Desk) -> None:
    desk.redis.config_set("maxmemory", "1")
    try:
        answer = await post(client, ninjs())
    finally:
        desk.redis.config_set("maxmemory", "0")
    assert (answer.status_code, answer.json()["code"]) == (503, "redis_unavailable")


async def test_push_that_cannot_be_archived_is_not_admitted(
    client: httpx.AsyncClient, desk: Desk, archive: RawArchive
) -> None:
    place = archive.path_of(hashlib.sha256(ninjs()).hexdigest())
    place.parent.parent.parent.mkdir()
    place.parent.parent.write_text("in the way")
    answer = await post(client, ninjs())
    assert (answer.status_code, answer.json()["code"], desk.ingested) == (503, "archive_unavailable", [])


SLOW = PushLimits(source=0.01, address=1000.0)
"""Ten at once, then one in a hundred seconds, however slow the machine is."""


@asynccontextmanager
async def limited(admission: Admission, limits: PushLimits) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(push_app(admission, limits=limits)) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def flood(client: httpx.AsyncClient, times: int = 11, **headers: str) -> httpx.Response:
    """Push so many times and return the last answer."""
    for _ in range(times - 1):
        await post(client, b"{", **headers)
    return await post(client, b"{", **headers)


async def test_source_that_pushes_too_fast_is_told_when_to_come_again(admission: Admission) -> None:
    async with limited(admission, SLOW) as client:
        answer = await flood(client)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_pushes")
    assert 50 < int(answer.headers["retry-after"]) <= 100


async def test_copy_that_came_too_fast_is_not_kept(admission: Admission, archive: RawArchive) -> None:
    async with limited(admission, SLOW) as client:
        await flood(client, 10)
        await post(client, ninjs())
    assert not archive.path_of(hashlib.sha256(ninjs()).hexdigest()).exists()


async def test_source_may_push_again_after_a_while(admission: Admission) -> None:
    async with limited(admission, PushLimits(source=1.0)) as client:
        await flood(client)

        async def taken() -> bool:
            return (await post(client, ninjs())).status_code == 202

        await wait_until(taken)


async def test_service_sets_the_limits_that_it_is_given(redis_url: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"REDIS_URL": redis_url, "WIREROOM_DATA": tmp_path, "INGEST_PUSH_RATE_SOURCE": 0.01}
    tokens = Tokens({"harbour": HARBOUR_TOKEN})
    app = create_app(IngestSettings.model_validate(given), Sources({"harbour": HARBOUR}), tokens)
    async with serving(app, lifespan="on") as url, httpx.AsyncClient(base_url=url) as client:
        assert (await flood(client)).json()["code"] == "too_many_pushes"


async def test_source_that_pushes_too_fast_slows_no_other(admission: Admission) -> None:
    async with limited(admission, SLOW) as client:
        await flood(client)
        answer = await post(client, ninjs(), source="hills", Authorization=f"Bearer {HILLS_TOKEN}")
    assert answer.status_code == 202


async def test_limit_is_one_for_all_replicas(admission: Admission) -> None:
    async with limited(admission, SLOW) as one, limited(admission, SLOW) as other:
        await flood(one, 10)
        assert (await post(other, ninjs())).status_code == 429


async def test_address_that_pushes_too_fast_is_refused_whatever_its_source(admission: Admission) -> None:
    async with limited(admission, PushLimits(address=0.01)) as client:
        await flood(client)
        answer = await post(client, ninjs(), source="hills", Authorization=f"Bearer {HILLS_TOKEN}")
    assert answer.status_code == 429


async def test_wrong_tokens_are_throttled(client: httpx.AsyncClient) -> None:
    answer = await flood(client, 20, Authorization="Bearer wrong-token-0123456789")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_wrong_tokens")


async def test_right_token_does_not_wait_for_wrong_ones(client: httpx.AsyncClient) -> None:
    await flood(client, 20, Authorization="Bearer wrong-token-0123456789")
    assert (await post(client, ninjs())).status_code == 202


async def test_no_token_is_ever_in_redis(admission: Admission, desk: Desk) -> None:
    async with limited(admission, SLOW) as client:
        await post(client, ninjs())
        await post(client, ninjs(), Authorization="Bearer wrong-token-0123456789")
    everything = desk.everything()
    assert (HARBOUR_TOKEN.encode() in everything, b"wrong-token" in everything) == (False, False)


async def test_bucket_that_is_full_again_is_forgotten(admission: Admission, desk: Desk) -> None:
    async with limited(admission, SLOW) as client:
        await post(client, ninjs())
    (key,) = desk.redis.keys("ingest:rate:source:*")
    assert 0 < int(str(desk.redis.ttl(key))) <= 102
