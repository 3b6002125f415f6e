"""``python -m services.publish rebuild``: makes the site again in another store, and says whether it is the same."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from services.publish.rebuild.compare import Likeness, compare
from services.publish.rebuild.inputs import arrived, from_store, from_topic
from services.publish.settings import PublishSettings
from services.publish.store.database import Database
from services.publish.store.schema import SchemaMismatch
from services.publish.store.writing import Store
from shared.article import Article
from shared.settings import load

__all__ = ["EXIT", "rebuild"]

EXIT = """exit status: 0 the same, or nothing was to be compared; 1 they differ; 2 it could not be done"""
DIFFERENT, FAILED = 1, 2


def rebuild(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    asked = _parser().parse_args(arguments)
    settings = load(PublishSettings)
    try:
        live, made = Database(settings.store_url), Database(asked.into or settings.store_url)
    except ArgumentError:
        sys.stderr.write("rebuild: --into is not an address such as sqlite:///var/again.db\n")
        return FAILED
    try:
        if asked.origin == "store" and asked.into in {None, settings.store_url}:
            sys.stderr.write("rebuild: a store is not made again out of itself; name another with --into\n")
            return FAILED
        taken = _fold(_inputs(asked.origin, settings, live, made), Store(made))
        sys.stdout.write(f"{taken} revisions folded into {arrived(made)}\n")
        if not asked.compare:
            return 0
        return _say(compare(live, made, in_order=asked.origin == "store"), as_json=asked.json)
    except (SQLAlchemyError, SchemaMismatch, RedisError, OSError) as error:
        sys.stderr.write(f"rebuild: {type(error).__name__}: {str(error).partition(chr(10))[0]}\n")
        return FAILED
    finally:
        live.close()
        made.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.publish rebuild", description=__doc__, epilog=EXIT)
    parser.add_argument(
        "--into",
        help="the address of the store to make: sqlite:///var/again.db; without it the topic goes into the live one",
    )
    parser.add_argument(
        "--from",
        dest="origin",
        choices=("store", "topic"),
        default="store",
        help="the revisions that the live store keeps (all of them), or what article.enriched still holds",
    )
    parser.add_argument("--compare", action="store_true", help="say whether the live store and the new one agree")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each difference")
    return parser


def _inputs(origin: str, settings: PublishSettings, live: Database, made: Database) -> Iterator[list[Article]]:
    """Return what is to be folded. From the store it goes on where the new one ends: run it again to catch up."""
    if origin == "store":
        return from_store(live, after=arrived(made))
    return from_topic(Redis.from_url(settings.redis_url))


def _fold(pages: Iterator[list[Article]], store: Store) -> int:
    taken = 0
    for page in pages:
        store.apply(page)
        taken += len(page)
    return taken


def _say(likeness: Likeness, *, as_json: bool) -> int:
    for difference in likeness.differences:
        found = {"table": difference.table, "key": difference.key, "live": difference.here, "made": difference.there}
        if as_json:
            sys.stdout.write(json.dumps(found, default=str) + "\n")
        else:
            sys.stdout.write(f"{found['table']} {found['key']}: live {found['live']}, made {found['made']}\n")
    sys.stdout.write(f"{likeness.rows} rows compared, {likeness.unlike} differ\n")
    return DIFFERENT if likeness.unlike else 0
