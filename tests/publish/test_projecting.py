"""The projector's handler, and the projector as a whole on a real Redis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from services.publish.__main__ import projector
from services.publish.project import judge, projecting
from services.publish.settings import PublishSettings
from services.publish.store.database import Database
from services.publish.store.fold import Applied
from services.publish.store.reading import Reader
from services.publish.store.writing import Store
from shared.article import Article, Change
from shared.delivery import Done, Emit, NeverWill, Received, Unavailable
from shared.events import ArticleEnriched, ArticlePublished, Outcome, new_traceparent
from shared.topics import ARTICLE_ENRICHED, ARTICLE_PUBLISHED, Lane
from tests.publish.serving import serving
from tests.publish.written import article
from tests.waiting import wait_until_sync


def received(copy: Article, **extensions: Any) -> Received[ArticleEnriched]:
    event = ArticleEnriched.of(copy, traceparent=new_traceparent(), **extensions)
    return Received(event=event, stream=ARTICLE_ENRICHED.name, entry_id="1-0", lane=Lane.ROUTINE, deliveries=1)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


async def test_what_is_shown_is_published_with_its_sequence(sqlite_database: Database) -> None:
    (verdict,) = await projecting(Store(sqlite_database))([received(article())])
    assert isinstance(verdict, Emit)
    assert (verdict.event.sequence, verdict.event.event_type) == ("1", ArticlePublished.event_type)


async def test_the_trace_and_unknown_attributes_go_on(sqlite_database: Database) -> None:
    sent = received(article(), partitionkey="north")
    (verdict,) = await projecting(Store(sqlite_database))([sent])
    assert isinstance(verdict, Emit)
    assert (verdict.event.traceparent, verdict.event.extensions()) == (
        sent.event.traceparent,
        {"partitionkey": "north"},
    )


async def test_an_older_revision_is_done_as_stale(sqlite_database: Database) -> None:
    verdicts = await projecting(Store(sqlite_database))([received(article(revision=2)), received(article(revision=1))])
    assert verdicts[1] == Done(Outcome.STALE, "older_revision")


async def test_what_is_published_is_sanitised(sqlite_database: Database) -> None:
    (verdict,) = await projecting(Store(sqlite_database))([received(article(body="<p>a<script>b</script></p>"))])
    assert isinstance(verdict, Emit)
    assert verdict.event.data.body_html == "<p>a</p>"


async def test_an_entry_that_the_store_refuses_costs_no_other(sqlite_database: Database) -> None:
    small = article("b")
    too_large = small.model_copy(update={"newsroom": small.newsroom.model_copy(update={"revision": 2**70})})
    verdicts = await projecting(Store(sqlite_database))([received(article("a")), received(too_large)])
    assert [type(verdict) for verdict in verdicts] == [Emit, NeverWill]


async def test_a_store_that_is_away_means_wait_for_every_entry(tmp_path: Path) -> None:
    in_the_way = tmp_path / "var"
    in_the_way.write_text("a file where the folder should be")
    database = Database(f"sqlite:///{in_the_way / 'site.db'}")
    verdicts = await projecting(Store(database))([received(article("a")), received(article("b"))])
    database.close()
    assert [(type(v), getattr(v, "code", "")) for v in verdicts] == [(Unavailable, "store_unavailable")] * 2


def test_what_a_failure_says_holds_no_copy() -> None:
    def apply(_: Sequence[Article]) -> Sequence[Applied]:
        raise OperationalError("INSERT", {"headline": "secret words"}, Exception("connection refused"))

    (verdict,) = judge([received(article())], apply)
    assert isinstance(verdict, Unavailable)
    assert verdict.detail == "Exception: connection refused"


def test_an_event_on_the_stream_becomes_a_story_and_a_published_event(redis_url: str, tmp_path: Path) -> None:
    settings = PublishSettings(REDIS_URL=redis_url, WIREROOM_DATA=tmp_path)
    database = Database(settings.store_url)
    client: Any = redis.Redis.from_url(redis_url)
    event = received(article(headline="Ferry sails")).event
    with serving(projector(settings, database)) as service:
        client.xadd(ARTICLE_ENRICHED.stream(), event.to_fields())
        wait_until_published(client)
        ready = wait_until_sync(lambda: service.get("/readyz").status_code == 200)
    ((_, fields),) = client.xrange(ARTICLE_PUBLISHED.name)
    client.close()
    published = ArticlePublished.from_fields(fields)
    assert (ready, published.sequence, headlines(settings)) == (True, "1", ["Ferry sails"])


def test_readiness_of_the_projector_names_a_store_that_is_away(redis_url: str, tmp_path: Path) -> None:
    settings = PublishSettings(REDIS_URL=redis_url, WIREROOM_DATA=tmp_path)
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with serving(projector(settings, database)) as service:
        answer = service.get("/readyz")
    assert (answer.status_code, "store" in answer.json()["missing"]) == (503, True)


def test_a_kill_on_the_urgent_lane_takes_the_story_off(redis_url: str, tmp_path: Path) -> None:
    settings = PublishSettings(REDIS_URL=redis_url, WIREROOM_DATA=tmp_path)
    client: Any = redis.Redis.from_url(redis_url)
    kill = received(article(revision=2, change=Change.KILL)).event
    client.xadd(ARTICLE_ENRICHED.stream(Lane.URGENT), kill.to_fields())
    client.xadd(ARTICLE_ENRICHED.stream(), received(article(revision=1)).event.to_fields())
    with serving(projector(settings, Database(settings.store_url))):
        wait_until_published(client)
    client.close()
    assert headlines(settings) == []


def headlines(settings: PublishSettings) -> list[str]:
    database = Database(settings.store_url)
    shown = [teaser.headline for teaser in Reader(database).latest(5)]
    database.close()
    return shown


def wait_until_published(client: Any) -> None:
    wait_until_sync(lambda: client.xlen(ARTICLE_PUBLISHED.name) > 0, timeout=15)


def test_what_is_too_large_for_postgresql_ends_instead_of_coming_for_ever(postgres_url: str) -> None:
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))

    def apply(_: Sequence[Article]) -> Sequence[Applied]:
        words = "SELECT string_agg('w' || n, ' ')::tsvector FROM generate_series(1, 400000) AS n"
        with engine.connect() as connection:
            connection.execute(text(words))
        return []

    (verdict,) = judge([received(article())], apply)
    engine.dispose()
    assert isinstance(verdict, NeverWill)
