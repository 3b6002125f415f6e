"""The small parts of delivery that need no Redis."""

from __future__ import annotations

import asyncio

from redis.asyncio import SSLConnection, UnixDomainSocketConnection
from redis.asyncio.connection import Connection

from shared.streams.connection import connection_class
from shared.streams.lanes import PATIENCE_SECONDS, LaneGate
from shared.streams.patience import Patience
from shared.streams.settings import DeliverySettings
from shared.streams.surge import SurgeBreaker
from shared.topics import Lane


def test_a_good_input_ends_a_run_of_bad_ones() -> None:
    surge = SurgeBreaker(in_a_row=3, share=0.9, window=100)
    for _ in range(10):
        assert surge.bad()
        assert surge.bad()
        surge.good()
    assert surge.tripped is None


def test_too_large_a_share_of_bad_inputs_trips_without_a_run() -> None:
    surge = SurgeBreaker(in_a_row=50, share=0.5, window=10)
    for _ in range(5):
        assert surge.bad()
        surge.good()
    assert surge.bad()
    assert not surge.bad()
    assert surge.tripped == "6 of the last 10 inputs went to the dead letters"


def test_a_breaker_that_is_switched_off_never_trips() -> None:
    surge = SurgeBreaker(in_a_row=0, share=0.5, window=10)
    assert all(surge.bad() for _ in range(1_000))


async def test_routine_waits_for_urgent_to_be_clear() -> None:
    gate = LaneGate()
    with gate.in_hand(Lane.URGENT):
        waiting = asyncio.create_task(gate.wait(Lane.ROUTINE))
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 0.1)


async def test_routine_waits_no_longer_than_its_patience() -> None:
    gate = LaneGate()
    with gate.in_hand(Lane.URGENT):
        await asyncio.wait_for(gate.wait(Lane.ROUTINE), PATIENCE_SECONDS * 4)


async def test_urgent_never_waits() -> None:
    gate = LaneGate()
    with gate.in_hand(Lane.URGENT):
        await asyncio.wait_for(gate.wait(Lane.URGENT), 0.05)


def test_back_off_doubles_up_to_its_cap() -> None:
    settings = DeliverySettings(retry_base_seconds=1, retry_cap_seconds=4)
    patience = Patience(settings)
    waits = [patience.after_failure("1-1", deliveries) for deliveries in (1, 2, 3, 4, 9)]
    for wait, middle in zip(waits, (1, 2, 4, 4, 4), strict=True):
        assert 0.75 * middle <= wait <= 1.25 * middle


def test_an_entry_that_is_settled_is_forgotten() -> None:
    patience = Patience(DeliverySettings())
    patience.after_outage(["1-1"])
    assert patience.is_blameless("1-1")
    patience.settled("1-1")
    assert not patience.is_blameless("1-1")
    assert patience.is_due("1-1") is None


def test_each_kind_of_address_gets_its_connection() -> None:
    assert issubclass(connection_class("redis://bus:6379/0"), Connection)
    assert issubclass(connection_class("rediss://bus:6379/0"), SSLConnection)
    assert issubclass(connection_class("unix:///run/redis.sock"), UnixDomainSocketConnection)


def test_commands_are_packed_as_redis_py_packs_them() -> None:
    for command in (("CONFIG GET", "maxmemory"), ("XADD", "s", "*", "ü", b"\xff\x00"), ("EVALSHA", "x", 0, 12, "")):
        ours = b"".join(connection_class("redis://x")().pack_command(*command))
        assert ours == b"".join(Connection().pack_command(*command))
