"""``python -m services.ingest COMMAND``: what an operator can see of the embargoes, and order about a story.

It works on the same Redis and archive as the service, through the same admission, and needs no service to be running.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack

from redis.exceptions import RedisError

from services.ingest.admission.admit import Admission, StoryContended
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.commands.replay_command import add_replay, replay
from services.ingest.isolation.parser_pool import parsers_of
from services.ingest.items import UnreadableCopy
from services.ingest.lifecycle.orders import CannotObey, Orders
from services.ingest.lifecycle.recall import Recall
from services.ingest.lifecycle.waiting import WaitingRoom
from services.ingest.settings import IngestSettings, Sources
from shared.delivery import Delivery
from shared.logs import configure_logs
from shared.settings import ConfigError, SiteIdentity, give_up, load, read_newsroom

__all__ = ["COMMANDS", "run_command"]

LISTED = 1_000

COMMANDS = {
    "embargoes": "list the stories that wait for a lift",
    "release": "let the copy of a story out before its lift",
    "hold": "keep the copy of a story back until it is released",
    "kill": "kill a story",
    "reinstate": "bring a killed story back",
    "replay": "read copy that was received before again, after a fix or when Redis lost what it knew",
}


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status: 0 when it was done, 1 with the reason when it could not be."""
    asked = _parser().parse_args(arguments)
    settings = load(IngestSettings)
    configure_logs("ingest", fmt=settings.log_format, level="error")
    try:
        sources = read_newsroom(settings.newsroom_config, "sources", Sources)
        site = read_newsroom(settings.newsroom_config, "site", SiteIdentity)
    except ConfigError as error:
        give_up(str(error))
    try:
        return asyncio.run(_obey(asked, settings, sources, site.sections))
    except (CannotObey, RedisError, StoryContended, OSError, UnreadableCopy, LookupError) as error:
        sys.stderr.write(f"{asked.command}: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.ingest")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, explained in COMMANDS.items():
        command = commands.add_parser(name, help=explained, description=explained)
        if name == "replay":
            add_replay(command)
        elif name != "embargoes":
            command.add_argument("story_id")
            command.add_argument("--operator", required=True, type=_said, help="who orders it: it goes into the books")
            command.add_argument("--reason", required=True, type=_said, help="why")
    return parser


def _said(text: str) -> str:
    if not text.strip() or len(text) > 200 or not text.isprintable():
        raise argparse.ArgumentTypeError("a few printable words are needed")
    return text.strip()


async def _obey(
    asked: argparse.Namespace, settings: IngestSettings, sources: Sources, sections: tuple[str, ...]
) -> int:
    async with AsyncExitStack() as stack:
        delivery = Delivery(redis_url=settings.redis_url, stage="ingest", replica=f"{settings.replica}-desk")
        await delivery.start()
        stack.push_async_callback(delivery.stop)
        if asked.command == "embargoes":
            return await _list(WaitingRoom(delivery.redis))
        archive = RawArchive(settings.data, replica=f"{settings.replica}-desk")
        parsers = parsers_of(settings)
        reader = CopyReader(at_once=1, seconds=parsers.patience, parser=parsers.parse)
        stack.callback(reader.close)
        stack.callback(parsers.close)
        parsers.start()
        admission = Admission(delivery, archive, reader, state_days=settings.state_days, sections=sections)
        if asked.command == "replay":
            return await replay(asked, archive, reader, admission, sources.root)
        recall = Recall(archive, reader, sources.root)
        orders = Orders(delivery.redis, admission, recall, sources.root, operator=asked.operator, reason=asked.reason)
        result = await getattr(orders, asked.command)(asked.story_id)
        words = (result.outcome.value, result.change, result.code, result.revision)
        sys.stdout.write(f"{asked.story_id} {' '.join(str(word) for word in words if word)}\n")
        return 0


async def _list(room: WaitingRoom) -> int:
    for story_id, lift in await room.all(most=LISTED):
        sys.stdout.write(f"{story_id} {lift.isoformat(timespec='seconds') if lift else 'until it is released'}\n")
    return 0
