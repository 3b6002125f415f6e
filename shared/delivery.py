"""Delivery: what a hop from one topic to the next promises, and the only module that knows FastStream.

* An entry leaves its topic and the next event enters the following one in a single step, or neither happens.
* However workers die, stall or lose a reply, one input gives one output and one outcome.
* What cannot be handled is set aside with its reason; what cannot be handled now is tried again.
* Kills, withholds and flashes overtake; routine copy still moves.

FastStream owns the connection, the subscribers, the middleware and their stop. Its stock reading loop was measured to
create groups at ``$`` (what came before is skipped), never to come back to an unfinished entry, to end for good on
``NOGROUP`` and to spin on other errors; :class:`SteadyReader` is its batch subscriber with another loop
(:mod:`shared.streams.reading`). What a handler may answer is in :mod:`shared.streams.verdicts`, the steps that must be
one in :mod:`shared.streams.scripts`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from faststream import AckPolicy
from faststream._internal.broker.registrator import Registrator
from faststream._internal.endpoint.subscriber.call_item import CallsCollection
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import BatchStreamMessage, FakeConsumer, RedisBatchStreamMessage
from faststream.redis.subscriber.config import RedisSubscriberConfig, RedisSubscriberSpecificationConfig
from faststream.redis.subscriber.specification import StreamSubscriberSpecification
from faststream.redis.subscriber.usecases.basic import LogicSubscriber
from faststream.redis.subscriber.usecases.stream_subscriber import StreamBatchSubscriber
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import RedisError

from shared.events import ArticleEvent, StageOutcome
from shared.logs import get_logger
from shared.probes import Check
from shared.streams.books import Entry
from shared.streams.connection import connection_class
from shared.streams.handling import BatchWorker
from shared.streams.janitor import Janitor
from shared.streams.reading import ReadingLoop, pause
from shared.streams.scripts import ADMIT, Call, flat, run_one
from shared.streams.settings import DeliverySettings
from shared.streams.surge import SurgeBreaker
from shared.streams.verdicts import (
    BatchHandler,
    Done,
    Emit,
    NeverWill,
    NotYet,
    Received,
    Unavailable,
    Verdict,
    one_by_one,
)
from shared.topics import ARTICLE_PUBLISHED, NEWSROOM_LOG, TOPICS, Lane, Topic

__all__ = [
    "BatchHandler",
    "Delivery",
    "DeliverySettings",
    "Done",
    "Emit",
    "NeverWill",
    "NotYet",
    "Received",
    "Unavailable",
    "Verdict",
    "one_by_one",
]

log = get_logger("delivery")

RECEIPT_MEMORY_SECONDS = 86_400
"""How long an admitted receipt is remembered: far longer than any client goes on sending it again."""

OLDEST_REDIS = (6, 2)


class SteadyReader(StreamBatchSubscriber):
    """FastStream's batch subscriber on one stream, reading by our own loop."""

    __slots__ = ("_loop",)

    def __init__(self, broker: RedisBroker, loop: ReadingLoop) -> None:
        settings = loop.worker.settings
        stream = StreamSub(
            loop.stream,
            group=loop.worker.stage,
            consumer=loop.worker.replica,
            batch=True,
            max_records=settings.batch,
            polling_interval=settings.block_ms,
        )
        # FastStream's own factory offers no choice of class, so its steps are taken here.
        outer: Any = broker.config
        calls: CallsCollection[Any] = CallsCollection()
        described = RedisSubscriberSpecificationConfig(title_=None, description_=None, include_in_schema=True)
        super().__init__(
            RedisSubscriberConfig(stream_sub=stream, _outer_config=outer, _ack_policy=AckPolicy.MANUAL),
            StreamSubscriberSpecification(outer, described, calls, stream_sub=stream),
            calls,
        )
        self._loop = loop

    async def start(self) -> None:
        """Start the loop and ask Redis nothing: a service comes up without it, and says that it is missing."""
        self.parser._setup(cast("Any", self._client), self.stream_sub.group)  # noqa: SLF001 - as in the method that this replaces
        await LogicSubscriber.start(self)

    async def _consume(self, *_: Any, start_signal: Any) -> None:
        start_signal.set()
        await self._loop.run(self._client, self._deliver)

    async def _deliver(self, entries: list[Entry]) -> None:
        """Send a batch through FastStream's middleware to the worker."""
        message = BatchStreamMessage(
            type="bstream",
            channel=self.stream_sub.name,
            data=[dict(entry.fields) for entry in entries],
            message_ids=[entry.entry_id.encode() for entry in entries],
            delivery_counts=[entry.deliveries - 1 for entry in entries],
        )
        await self.consume_one(message)


async def _as_it_is(message: BatchStreamMessage) -> RedisBatchStreamMessage:
    """Parse nothing: FastStream's own batch parser decodes and encodes every body once more for nobody."""
    return RedisBatchStreamMessage(raw_message=message, body=b"", consumer=FakeConsumer(), group="")


async def _raw(message: RedisBatchStreamMessage) -> BatchStreamMessage:
    return message.raw_message


class Delivery:
    """One process's connection to the topics: registers readers, admits copy, and looks after the streams."""

    def __init__(self, *, redis_url: str, stage: str, replica: str, settings: DeliverySettings | None = None) -> None:
        self.stage = stage
        self.replica = replica
        self.settings = settings or DeliverySettings()
        self._stopping = asyncio.Event()
        self._loops: list[ReadingLoop] = []
        self._janitor: asyncio.Task[None] | None = None
        self._broker = RedisBroker(
            redis_url,
            logger=cast("Any", None),
            apply_types=False,
            connection_class=connection_class(redis_url),
            graceful_timeout=self.settings.drain_seconds,
            # The stock client gives up at the first cut connection. Every write of ours may be sent again.
            retry=Retry(ExponentialWithJitterBackoff(cap=1.0, base=0.05), 4),
            socket_timeout=5.0,
            socket_connect_timeout=3.0,
            health_check_interval=15,
        )

    @property
    def redis(self) -> Redis:
        """The client; there is one from :meth:`start` on. Only a key's owner may use it for that key."""
        return cast("Redis", self._broker.config.broker_config.connection.client)

    def read(self, topic: Topic, handler: BatchHandler[Any], *, emits: Topic | None) -> None:
        """Register this stage's reader of a topic, before :meth:`start`. The group is the stage's name."""
        worker = BatchWorker(
            topic=topic,
            stage=self.stage,
            replica=self.replica,
            handler=handler,
            emits=emits,
            guarded=emits is ARTICLE_PUBLISHED,
            settings=self.settings,
            surge=SurgeBreaker(
                in_a_row=self.settings.surge_in_a_row,
                share=self.settings.surge_share,
                window=self.settings.surge_window,
            ),
        )
        for lane in topic.lanes:
            loop = ReadingLoop(worker, lane, self._stopping)
            self._loops.append(loop)
            self._subscribe(loop)

    def _subscribe(self, loop: ReadingLoop) -> None:
        reader = SteadyReader(self._broker, loop)
        Registrator.subscriber(self._broker, reader, persistent=True)

        async def take(message: BatchStreamMessage) -> None:
            rows = zip(message["message_ids"], message["data"], message["delivery_counts"], strict=True)
            entries = [Entry(entry_id.decode(), fields, before + 1) for entry_id, fields, before in rows]
            await loop.worker.take(self.redis, loop.lane, entries, loop.patience)

        reader.add_call(parser_=_as_it_is, decoder_=_raw, dependencies_=())(take)

    async def start(self) -> None:
        """Start reading. Redis may still be away: readiness says so, and reading begins when it comes."""
        await self._broker.start()
        self._janitor = asyncio.create_task(self._sweep_for_ever())

    async def stop(self) -> None:
        """Read nothing more, finish what is in hand and hand it off, then close."""
        self._stopping.set()
        await self._drain()
        if self._janitor:
            self._janitor.cancel()
            await asyncio.gather(self._janitor, return_exceptions=True)
        await self._broker.stop()

    async def _drain(self) -> None:
        """Wait for every read to end, and for what is in hand; a loop that waits for an absent Redis holds nothing."""
        if not (self._broker.running and self._loops):
            return
        ending = {asyncio.create_task(loop.ended.wait()): loop for loop in self._loops}
        _, left = await asyncio.wait(ending, timeout=self.settings.block_ms / 1000 + 1)
        if busy := [task for task in left if ending[task].in_hand]:
            await asyncio.wait(busy, timeout=self.settings.drain_seconds)
        for task in ending:
            task.cancel()

    def checks(self) -> dict[str, Check]:
        """Return the readiness checks: ``redis``, and one for each stream that is read."""
        checks: dict[str, Check] = {"redis": self._redis_problem}
        for loop in self._loops:
            checks[loop.stream] = loop.check
        return checks

    async def _redis_problem(self) -> str | None:
        info = await self.redis.info("server")
        if tuple(map(int, str(info["redis_version"]).split(".")[:2])) < OLDEST_REDIS:
            return f"Redis {info['redis_version']} is too old: 6.2 or later is needed"
        memory = await self.redis.info("memory")
        policy = memory.get("maxmemory_policy", "noeviction")
        if policy != "noeviction":
            return f"maxmemory-policy is {policy}: Redis would drop events when full; set noeviction"
        return None

    async def admit(
        self,
        *,
        receipt: str,
        outcome: StageOutcome,
        key: str,
        expected_revision: int | None,
        state: Mapping[str, str] | None = None,
        expires: timedelta | None = None,
        aliases: Mapping[str, tuple[str | bytes, timedelta]] | None = None,
        event: ArticleEvent | None = None,
        topic: Topic | None = None,
    ) -> bool:
        """Take an input into the books, at most once per ``receipt``, in one call to Redis.

        If the hash ``key`` still holds ``revision`` = ``expected_revision`` (absent: None), then ``state`` replaces
        the hash, each of ``aliases`` is set for its time (or deleted, where it is empty), ``event`` goes to ``topic``
        and ``outcome`` to the log, and True is returned. If the hash has moved on, nothing is written and False is
        returned: read it again and decide again. A receipt that was admitted before writes nothing and returns True.

        Raises:
            redis.exceptions.RedisError: nothing is known to be written; the same call may be sent again.
        """
        state_fields = flat(state or {})
        log_fields = flat(outcome.to_fields())
        named = aliases or {}
        keys = [f"delivery:receipt:{receipt}", NEWSROOM_LOG.stream(), key, *named]
        args: list[str | bytes | int] = [
            RECEIPT_MEMORY_SECONDS,
            "" if expected_revision is None else expected_revision,
            "" if expires is None else int(expires.total_seconds()),
            len(named),
            *(part for value, ttl in named.values() for part in (value, int(ttl.total_seconds()))),
            len(state_fields),
            *state_fields,
            len(log_fields),
            *log_fields,
        ]
        if event is not None and topic is not None:
            keys.append(topic.stream(Lane.URGENT if event.is_urgent else Lane.ROUTINE))
            args += flat(event.to_fields())
        return bool(await run_one(self.redis, Call(ADMIT, keys, args)))

    async def _sweep_for_ever(self) -> None:
        topics = tuple(t for t in TOPICS if self.stage in {t.writer, *t.readers} or t is NEWSROOM_LOG)
        janitor = Janitor(self.redis, topics, self.settings)
        while not self._stopping.is_set():
            try:
                await janitor.sweep()
            except RedisError as error:
                log.debug("sweep_put_off", error=str(error))
            # Replicas that sweep at the same moment do the same work twice.
            await pause(self.settings.janitor_seconds * random.uniform(0.8, 1.2), self._stopping)  # noqa: S311 - jitter
