"""Why a picture cannot be had, by code."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Failures", "PictureUnavailable"]

LASTING = frozenset(
    {"forbidden_address", "no_such_host", "not_a_picture", "too_large", "too_small", "too_many_pixels", "too_costly"}
)
TOO_SOON = frozenset({"http_408", "http_425", "http_429"})
LASTING_SECONDS, PASSING_SECONDS = 3_600.0, 60.0
MOST_FAILURES = 10_000


class PictureUnavailable(Exception):
    """There is no picture to show. ``lasts`` tells one that will not be there later either."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code

    @property
    def lasts(self) -> bool:
        return self.code in LASTING or (self.code.startswith("http_4") and self.code not in TOO_SOON)


class Failures:
    """Remembers what failed, for a minute or an hour: readers must not have us ask a far server again and again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, tuple[float, PictureUnavailable]] = OrderedDict()

    def check(self, address: str) -> None:
        """Say again what was wrong, while that is remembered.

        Raises:
            PictureUnavailable: as then.
        """
        until, error = self._failed.get(address, (0.0, None))
        if error is not None and self._clock() < until:
            raise PictureUnavailable(error.code, "as a moment ago")

    def add(self, address: str, error: PictureUnavailable) -> None:
        """Remember a failure; the oldest gives way."""
        self._failed.pop(address, None)
        seconds = LASTING_SECONDS if error.lasts else PASSING_SECONDS
        self._failed[address] = (self._clock() + seconds, error)
        if len(self._failed) > MOST_FAILURES:
            self._failed.popitem(last=False)
