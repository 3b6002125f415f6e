"""How many feeds are fetched at once, of one host and in all."""

from __future__ import annotations

import asyncio

import pytest

from services.ingest.feeds.visits import HostAway, Visits


class Crowd:
    """Visits hosts and counts who is there."""

    def __init__(self, visits: Visits) -> None:
        self.visits = visits
        self.there: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.most_in_all = 0

    async def visit(self, host: str) -> None:
        async with self.visits.to(host):
            self.there[host] = self.there.get(host, 0) + 1
            self.most[host] = max(self.most.get(host, 0), self.there[host])
            self.most_in_all = max(self.most_in_all, sum(self.there.values()))
            for _ in range(3):
                await asyncio.sleep(0)
            self.there[host] -= 1


async def test_so_many_of_one_host_are_fetched_at_once() -> None:
    crowd = Crowd(Visits(at_once=100, per_host=2))
    await asyncio.gather(*(crowd.visit(host) for host in ("a.example", "b.example") * 10))
    assert crowd.most == {"a.example": 2, "b.example": 2}


async def test_so_many_in_all_are_fetched_at_once() -> None:
    crowd = Crowd(Visits(at_once=5, per_host=2))
    await asyncio.gather(*(crowd.visit(f"{n}.example") for n in range(30)))
    assert crowd.most_in_all == 5


async def test_who_waits_for_a_busy_host_takes_no_place_from_another() -> None:
    visits = Visits(at_once=2, per_host=1)
    async with visits.to("busy.example"):
        waiting = [asyncio.create_task(Crowd(visits).visit("busy.example")) for _ in range(5)]
        await asyncio.wait_for(Crowd(visits).visit("free.example"), 5)
    await asyncio.gather(*waiting)


async def test_host_that_is_away_is_not_visited_and_another_is() -> None:
    visits = Visits(at_once=5, per_host=2)
    for _ in range(3):
        visits.met("away.example", reached=False)
    await Crowd(visits).visit("there.example")
    with pytest.raises(HostAway):
        await Crowd(visits).visit("away.example")


async def test_host_that_was_away_is_visited_by_one_and_then_by_all() -> None:
    now = 0.0
    visits = Visits(at_once=5, per_host=5, clock=lambda: now)
    for _ in range(3):
        visits.met("away.example", reached=False)
    now = 31.0
    async with visits.to("away.example"):
        with pytest.raises(HostAway):
            await Crowd(visits).visit("away.example")
        visits.met("away.example", reached=True)
    await Crowd(visits).visit("away.example")
