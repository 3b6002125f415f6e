"""When asking is given up for a while: by failures in a row, hard and soft, of a source and of a host. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["OPENS_AT", "Failure", "HostCircuit", "failure_of", "is_open", "strained"]

OPENS_AT = 6
"""Three hard failures in a row open a source's circuit, or six soft ones."""

HOST_OPENS_AT = 3
HOST_OPEN_SECONDS = 30.0
HOST_LONGEST_OPEN = 900.0
PROBE_SECONDS = 30.0
"""Time for the one that asks a host on everyone's behalf: longer than a fetch may take."""


class Failure(StrEnum):
    """Hard: it will be so next time too, until a person does something. Soft: it may pass."""

    HARD = "hard"
    SOFT = "soft"


HARD = frozenset(
    ("no_such_host", "bad_certificate", "tls_failed", "forbidden_address", "bad_redirect", "too_many_redirects")
)
PASSING = frozenset(("http_408", "http_421", "http_425", "http_429"))
"""Those among the answers of 400 to 499 that speak of the moment and not of the request."""


def failure_of(code: str) -> Failure:
    """Return the kind of a failure by its code."""
    return Failure.HARD if code in HARD or (code.startswith("http_4") and code not in PASSING) else Failure.SOFT


def strained(strain: int, failure: Failure) -> int:
    """Return the strain of a source after one more failure in a row; a success sets it to 0."""
    return min(strain + (2 if failure is Failure.HARD else 1), 1_000)


def is_open(strain: int) -> bool:
    """Tell whether the source is only probed, and no longer polled."""
    return strain >= OPENS_AT


@dataclass(frozen=True, slots=True)
class HostCircuit:
    """What is known of a host from all the sources on it: one that is away is not waited for by each in turn."""

    failures: int = 0
    until: float = 0.0

    def waits(self, now: float) -> float:
        """Return the seconds for which the host is to be left alone."""
        return max(0.0, self.until - now)

    def asked(self, now: float) -> HostCircuit:
        """Return the circuit while one asks: of an open one nobody else does, until it is known how that went."""
        return HostCircuit(self.failures, now + PROBE_SECONDS) if self.failures >= HOST_OPENS_AT else self

    def failed(self, now: float) -> HostCircuit:
        """Return the circuit after the host could not be reached."""
        failures = self.failures + 1
        if failures < HOST_OPENS_AT:
            return HostCircuit(failures)
        doubled = HOST_OPEN_SECONDS * 2 ** min(failures - HOST_OPENS_AT, 10)
        return HostCircuit(failures, now + min(doubled, HOST_LONGEST_OPEN))
