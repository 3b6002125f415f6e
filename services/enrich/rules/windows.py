"""Conditions on time, and the times that an embargo may be given as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from services.enrich.rules.facts import Facts
from services.enrich.rules.strict import Strict

__all__ = ["Embargo", "Lift", "Window"]

DAY = 24 * 60
CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write it as Australia/Sydney or UTC") from error
    return name


def _minutes(value: Any) -> Any:
    """Read a time of day. YAML takes a bare 22:00 for a number in base sixty, which is the very number of minutes."""
    if isinstance(value, str) and (clock := CLOCK.fullmatch(value.strip())):
        return int(clock[1]) * 60 + int(clock[2])
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("a time of day is written as 22:00")


def _of_two(value: Any) -> Any:
    return [part.strip() for part in re.split(r"\s*[-–]\s*", value)] if isinstance(value, str) else value  # noqa: RUF001


Zone = Annotated[str, AfterValidator(_zone)]
Minutes = Annotated[int, BeforeValidator(_minutes), Field(ge=0, le=DAY)]
Day = Annotated[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(lambda day: str(day)[:3].lower())
]


class Window(Strict):
    """``time:``. The hour that a window begins with is in it, the one it ends with is not.

    A window past midnight belongs to the day on which it begins: ``days: [sat]`` with ``22:00-06:00`` goes on until
    Sunday, 6 o'clock, and what comes on Saturday at 3 o'clock is Friday's.
    """

    of: Literal["received", "now"] = "received"
    between: Annotated[tuple[Minutes, Minutes], BeforeValidator(_of_two)] | None = None
    days: frozenset[Day] | None = Field(None, min_length=1)
    zone: Zone = "UTC"

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.between is None and self.days is None:
            raise ValueError("say when: between, days or both")
        if self.between and self.between[0] == self.between[1]:
            raise ValueError("a window that ends when it begins; leave between out for the whole day")
        return self

    @property
    def words(self) -> str:
        between = "-".join(f"{at // 60:02}:{at % 60:02}" for at in self.between or ())
        days = " ".join(day for day in DAYS if day in (self.days or ()))
        return " ".join(filter(None, ["time", self.of, between, days, self.zone]))

    def look(self, facts: Facts) -> tuple[bool, Any]:
        """Look at the clock of the zone."""
        moment = facts.now if self.of == "now" else facts.article.newsroom.received
        local = moment.astimezone(ZoneInfo(self.zone))
        return self._holds(local), f"{DAYS[local.weekday()]} {local:%Y-%m-%d %H:%M} {self.zone}"

    def _holds(self, local: datetime) -> bool:
        begun, end = self.between or (0, DAY)
        at, day = local.hour * 60 + local.minute, local.date()
        within = begun <= at < end if begun < end else at >= begun or at < end
        if begun > end and at < end:
            day -= timedelta(days=1)
        return within and (self.days is None or DAYS[day.weekday()] in self.days)


@dataclass(frozen=True, slots=True)
class Lift:
    """The end of an embargo: a moment, or a time of day in a zone, which is the next after the copy was received."""

    moment: datetime | None = None
    clock: time | None = None
    zone: str = "UTC"

    def after(self, received: datetime) -> datetime:
        """Return the moment, in UTC. It hangs on the copy alone: asked again later, it is the same."""
        if self.moment is not None:
            return self.moment.astimezone(UTC)
        zone = ZoneInfo(self.zone)
        day = received.astimezone(zone).date()
        lift = datetime.combine(day, self.clock or time(), zone)
        if lift.astimezone(UTC) <= received:
            lift = datetime.combine(day + timedelta(days=1), self.clock or time(), zone)
        return lift.astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.moment.isoformat()}" if self.moment else f"{self.clock:%H:%M} {self.zone}"


def _lift(value: Any) -> Lift:
    """Read ``2026-05-04T06:00+10:00``, ``2026-05-04 06:00 Australia/Sydney`` or ``06:00 Australia/Sydney``."""
    if isinstance(value, Lift):
        return value
    if isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str):
        raise ValueError("an embargo ends at 2026-05-04T06:00+10:00, or at 06:00 Australia/Sydney")  # noqa: TRY004
    text, _, name = value.strip().rpartition(" ")
    if name and text and not name[0].isdigit():
        zone = _zone(name)
    else:
        text, zone = value.strip(), ""
    if clock := CLOCK.fullmatch(text):
        if not zone:
            raise ValueError(f"{text} of which zone? Write it as {text} Australia/Sydney")
        return Lift(clock=time(int(clock[1]) % 24, int(clock[2])), zone=zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{value!r} is neither a moment nor a time of day with its zone") from error
    if moment.tzinfo is None:
        if not zone:
            raise ValueError(f"{text} in which zone? Write it with Z, +10:00 or Australia/Sydney")
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return Lift(moment=moment)


Embargo = Annotated[Lift, BeforeValidator(_lift)]
