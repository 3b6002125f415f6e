"""Which ports a local run takes, and what it says when one of them is not free."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["DEFAULTS", "PortTaken", "Ports", "choose_ports", "is_free"]

# Redis is off its usual port, so that a run never writes into a Redis that serves something else.
DEFAULTS = {
    "SITE_PORT": 8080,
    "PUSH_PORT": 8081,
    "ENRICH_PORT": 8090,
    "PROJECTOR_PORT": 8091,
    "REDIS_PORT": 6390,
}
REACH = 200


class PortTaken(ValueError):
    """A port that was asked for by name is in use, or is no port. The message names the variable."""


@dataclass(frozen=True, slots=True)
class Ports:
    numbers: Mapping[str, int]
    notes: tuple[str, ...]
    """One sentence for each default that was taken."""

    def __getitem__(self, variable: str) -> int:
        return self.numbers[variable]


def choose_ports(asked: Mapping[str, str], free: Callable[[int], bool]) -> Ports:
    """Give each variable what was asked for, else its default, else the next free port above that.

    Raises:
        PortTaken: a port that was asked for cannot be had; nobody wants another one then.
    """
    chosen: dict[str, int] = {v: _asked(v, asked[v], free) for v in DEFAULTS if asked.get(v)}
    if len(set(chosen.values())) < len(chosen):
        raise PortTaken(f"two of {', '.join(chosen)} name the same port")
    notes: list[str] = []
    for variable, default in DEFAULTS.items():
        if variable in chosen:
            continue
        avoid = set(chosen.values()) | (set(DEFAULTS.values()) - {default})
        number = next((n for n in range(default, default + REACH) if n not in avoid and free(n)), None)
        if number is None:
            raise PortTaken(f"no free port from {default} to {default + REACH - 1}: set {variable} to one that is")
        if number != default:
            notes.append(f"port {default} is taken: using {number} instead (set {variable} to choose another)")
        chosen[variable] = number
    return Ports(chosen, tuple(notes))


def _asked(variable: str, value: str, free: Callable[[int], bool]) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise PortTaken(f"{variable}={value} is not a port number")
    if not free(int(value)):
        raise PortTaken(f"{variable}={value}: that port is taken by another program")
    return int(value)


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do: a port that only has connections winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
