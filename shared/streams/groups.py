"""Consumer groups: made at ``0`` before the first read, and made again where they left off if one is destroyed."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.exceptions import ResponseError

CHECKPOINTS = "delivery:checkpoints"
"""Hash of ``stream|group`` to the id up to which the group has finished everything, kept by the janitor."""


async def ensure_group(redis: Redis, stream: str, group: str) -> bool:
    """Make the group when it does not exist; True when it was made.

    A new group starts at ``0``: what was published before the first reader came is still to be read (``$``, the
    default elsewhere, skips it). A group that existed starts where it had finished, so that a destroyed group costs
    some repeats, which ids and revisions absorb, and never an event.
    """
    start = await redis.hget(CHECKPOINTS, f"{stream}|{group}") or "0"
    try:
        await redis.xgroup_create(stream, group, id=start, mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" in str(error):
            return False
        raise
    return True


def group_is_gone(error: Exception) -> bool:
    """Tell the one error that making the group again heals."""
    return isinstance(error, ResponseError) and "NOGROUP" in str(error)
