"""How many cores this process may use: a container is often given fewer than the machine has."""

from __future__ import annotations

import math
import os
from pathlib import Path

__all__ = ["cores"]

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""``<microseconds or max> <of each so many>``, as a container sees its own group."""


def cores(quota: Path = QUOTA) -> int:
    """Return the number of cores, at least 1: those that it may run on, or the processor time of so many."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        most, period = quota.read_text(encoding="ascii").split()
        return max(1, min(count, math.ceil(int(most) / int(period))))
    except (OSError, ValueError):  # no such limit, or none that can be read
        return count
