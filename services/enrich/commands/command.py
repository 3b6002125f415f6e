"""``python -m services.enrich COMMAND``. All but ``release`` read alone: they change no story, and need no service."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.enrich.commands.comparing import Difference, differences, totals
from services.enrich.commands.enriching import NoSuchSet, Reenriching, enrichers_named
from services.enrich.commands.explaining import explained
from services.enrich.commands.past import NotArticles, in_file, in_redis, story_in_redis
from services.enrich.rules.applying import apply_rules
from services.enrich.rules.model import Rule, Rules
from services.enrich.rules.undoing import let_go, lifted
from services.enrich.rules.verdict import evaluate
from services.enrich.settings import EnrichSettings
from services.enrich.shelf import Shelf
from services.enrich.shelved import Unreadable
from shared.article import Article
from shared.events import rfc3339
from shared.logs import configure_logs
from shared.settings import ConfigError, give_up, load, read_newsroom

__all__ = ["COMMANDS", "run_command"]

COMMANDS = {
    "explain": "show every rule's conditions for a story, what each saw, and what came of it",
    "what-if": "show what other rules would have changed",
    "replay": "show what other rules or enrichers would say of the stories of the past",
    "held": "list the stories that a rule keeps back",
    "release": "let a story go that a rule keeps back",
}
NOT_FOUND = 1
BATCH = 32
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Again = Callable[[Sequence[Article]], list[Article]]


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status: 0 when it was done, 1 with the reason when it could not be."""
    asked = _parser().parse_args(arguments)
    settings = load(EnrichSettings)
    configure_logs("enrich", fmt=settings.log_format, level="error")
    try:
        return asyncio.run(_obey(asked, settings))
    except ConfigError as error:
        give_up(str(error))
    except (RedisError, OSError, UnicodeDecodeError, NotArticles, NoSuchSet, Unreadable) as error:
        sys.stderr.write(f"{asked.command}: {error}\n")
        return NOT_FOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.enrich")
    commands = parser.add_subparsers(dest="command", required=True)
    made = {name: commands.add_parser(name, help=said, description=said) for name, said in COMMANDS.items()}
    for name in ("explain", "release"):
        made[name].add_argument("story_id")
    made["release"].add_argument("--operator", default="editor", help="who lets it go: it goes into the books")
    made["what-if"].add_argument("--rules", required=True, type=Path, help="a file with rules: as in newsroom.yaml")
    made["replay"].add_argument(
        "--with",
        dest="candidate",
        required=True,
        type=_candidate,
        help="enrichers@NAME, enrichers@MODULE or rules@FILE",
    )
    made["replay"].add_argument("--diff", action="store_true", help="say what is different, not only how much")
    for name in ("what-if", "replay"):
        made[name].add_argument("--since", type=_ago, help="an age: 30m, 12h, 7d (default: all that is kept)")
    for name in ("explain", "what-if", "replay"):
        made[name].add_argument("--articles", help="read a file with an article a line instead (-: standard input)")
    made["explain"].add_argument("--rules", type=Path, help="by the rules of this file")
    return parser


def _ago(text: str) -> datetime:
    if not (ago := re.fullmatch(r"(\d{1,5})([mhd])", text.strip())):
        raise argparse.ArgumentTypeError(f"{text!r} is no age like 30m, 12h or 7d")
    return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})


def _candidate(text: str) -> tuple[str, str]:
    kind, _, name = text.partition("@")
    if kind not in {"enrichers", "rules"} or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is neither enrichers@NAME nor rules@FILE")
    return kind, name


async def _obey(asked: argparse.Namespace, settings: EnrichSettings) -> int:
    async with Redis.from_url(settings.redis_url) as redis:
        match asked.command:
            case "held":
                return await _list(Shelf(redis, replica="desk"))
            case "release":
                return await _release(Shelf(redis, replica="desk"), asked.story_id, asked.operator)
            case "explain":
                return await _explain(
                    redis, asked, _rules(asked.rules or settings.newsroom_config, needed=bool(asked.rules))
                )
            case "what-if":
                found, stories = await _compare(redis, asked, _ruled_by(_rules(asked.rules, needed=True)))
                _say([*map(str, found), totals(found, stories)])
            case _:
                found, stories = await _compare(redis, asked, _again(asked.candidate, settings))
                _say(map(str, found) if asked.diff else ())
                sys.stderr.write(totals(found, stories) + "\n")
    return 0


def _rules(path: Path, *, needed: bool = False) -> tuple[Rule, ...]:
    if needed and not path.exists():
        raise ConfigError(f"{path}: there is no such file")
    return read_newsroom(path, "rules", Rules).root


def _ruled_by(rules: tuple[Rule, ...]) -> Again:
    """Return how stories come out by these rules. Each is looked at as at the moment when it was received."""
    return lambda articles: [apply_rules(one, evaluate(rules, one, one.newsroom.received)) for one in articles]


def _again(candidate: tuple[str, str], settings: EnrichSettings) -> Again:
    kind, name = candidate
    if kind == "rules":
        return _ruled_by(_rules(Path(name), needed=True))
    enriched = Reenriching(enrichers_named(name)).again
    ruled = _ruled_by(_rules(settings.newsroom_config))
    return lambda articles: ruled(enriched(articles))


async def _compare(redis: Redis, asked: argparse.Namespace, again: Again) -> tuple[list[Difference], int]:
    found: list[Difference] = []
    stories = 0
    async for batch in _batches(redis, asked):
        stories += len(batch)
        for before, after in zip(batch, again(batch), strict=True):
            # What was let go is not called back by looking at it again.
            found += differences(before, lifted(after, let_go(before)))
    return sorted(found, key=lambda one: one.story_id), stories


async def _batches(redis: Redis, asked: argparse.Namespace) -> AsyncIterator[list[Article]]:
    batch: list[Article] = []
    async for article in _articles(redis, asked):
        batch.append(article)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _articles(redis: Redis, asked: argparse.Namespace) -> AsyncIterator[Article]:
    if asked.articles:
        for article in in_file(asked.articles, asked.since):
            yield article
    else:
        async for article in in_redis(redis, asked.since):
            yield article


async def _explain(redis: Redis, asked: argparse.Namespace, rules: tuple[Rule, ...]) -> int:
    if asked.articles:
        named = [one for one in in_file(asked.articles, None) if one.newsroom.story_id == asked.story_id]
        article = named[0] if named else None
    else:
        article = await story_in_redis(redis, asked.story_id)
    if article is None:
        return _none(f"explain: no story {asked.story_id} was published in the last days or is held")
    _say(explained(article, evaluate(rules, article, article.newsroom.received)))
    return 0


async def _list(shelf: Shelf) -> int:
    for held in await shelf.all():
        until = rfc3339(held.holding.until) if held.holding.until else "until it is released"
        newsroom = held.event.data.newsroom
        headline = " ".join(held.event.data.headline.split())
        _say([f"{newsroom.story_id}  {until}  {held.holding.rule}: {held.holding.reason}  {headline}"])
    return 0


async def _release(shelf: Shelf, story_id: str, operator: str) -> int:
    outcome = await shelf.release(story_id, by=operator)
    if outcome is None:
        return _none(f"release: no story {story_id} is held")
    _say([f"{story_id} revision {outcome.data.revision} was let go"])
    return 0


def _none(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return NOT_FOUND


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
