from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import redis
from redis.asyncio import Redis

from services.enrich.additions import Additions, Enricher, each
from services.enrich.apply import with_tags
from services.enrich.commands import run_command
from services.enrich.copy import Copy
from services.enrich.rules.applying import apply_rules
from services.enrich.rules.model import Rules
from services.enrich.rules.undoing import lifted
from services.enrich.rules.verdict import evaluate
from services.enrich.shelf import Shelf
from shared.article import Article, Change, Kind, Tag
from shared.events import ArticleEnriched, ArticlePublished
from shared.settings import read_newsroom
from shared.topics import ARTICLE_ENRICHED, ARTICLE_PUBLISHED
from tests.enrich.stories import story

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
RULES = """
rules:
  - name: ferries
    when:
      all:
        - text: {any_of: [ferries, ferry]}
        - not: {field: {name: section, is: sport}}
    then: {route: [harbour-desk], tags: [{scheme: desk, code: f, name: Ferries}], section: world, hold: legal}
"""

Run = Callable[..., int]


def one(story_id: str, *, headline: str = "Ferries to be tested", revision: int = 16, **facts: Any) -> Article:
    return story(
        headline=headline, body="<p>More soon.</p>", newsroom={"story_id": story_id, "revision": revision} | facts
    )


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def command(redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("NEWSROOM_CONFIG", str(tmp_path / "newsroom.yaml"))
    return lambda *arguments: run_command([str(one) for one in arguments])


@pytest.fixture
def publish(redis_url: str) -> Callable[..., None]:
    def publish_articles(*articles: Article) -> None:
        with redis.Redis.from_url(redis_url) as client:
            for article in articles:
                event = ArticlePublished.of(article, traceparent=TRACEPARENT, sequence="1")
                client.xadd(ARTICLE_PUBLISHED.stream(), event.to_fields())

    return publish_articles


def hold(redis_url: str, article: Article) -> None:
    async def keep() -> None:
        given = [{"name": "legal", "when": {"field": {"name": "source", "is": "s"}}, "then": {"hold": "look"}}]
        verdict = evaluate(Rules.model_validate(given).root, article, datetime.now(UTC))
        async with Redis.from_url(redis_url) as client:
            event = ArticleEnriched.of(apply_rules(article, verdict), traceparent=TRACEPARENT)
            await Shelf(client, replica="test").settle(event, verdict)

    asyncio.run(keep())


def test_explain_shows_what_every_condition_saw(
    command: Run, publish: Callable[..., None], rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(one("a1"))
    assert command("explain", "a1", "--rules", rules) == 0
    assert capsys.readouterr().out == (
        "a1 revision 16, received 2026-03-04T00:00:00.000Z: Ferries to be tested\n"
        "\n"
        "rule ferries: met\n"
        "  yes all of\n"
        "    yes text any of ferries | ferry  [ferries]\n"
        "    yes not\n"
        "      no  newsroom.section is sport  [news]\n"
        "  -> section: world\n"
        "  -> hold: legal\n"
        "  -> tag: desk/f Ferries\n"
        "  -> route: harbour-desk\n"
        "\n"
        "in the end:\n"
        "  section world, urgency nothing\n"
        "  tags by rules: desk/f\n"
        "  routed to: harbour-desk\n"
        "  kept back by ferries: legal\n"
    )


def test_explain_finds_a_story_that_is_held(
    command: Run, redis_url: str, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hold(redis_url, one("b2"))
    assert command("explain", "b2", "--rules", rules) == 0
    assert "rule ferries: met" in capsys.readouterr().out


def test_a_story_that_is_nowhere_cannot_be_explained(command: Run) -> None:
    assert command("explain", "zz") == 1


def test_what_if_says_what_would_change_and_changes_nothing(
    command: Run, publish: Callable[..., None], rules: Path, redis_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(one("b2", headline="Trams"), one("a1"))
    assert command("what-if", "--rules", rules, "--since", "7d") == 0
    assert capsys.readouterr().out.splitlines() == [
        "a1  newly tagged      desk/f Ferries (topic, about)",
        "a1  newly routed      harbour-desk",
        "a1  newly held        by ferries",
        "a1  section           news -> world",
        "1 of 2 stories would change: 1 newly tagged, 1 newly routed, 1 newly held, 1 section",
    ]
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys() == [ARTICLE_PUBLISHED.stream().encode()]


def test_only_the_newest_revision_of_a_story_is_looked_at(
    command: Run, publish: Callable[..., None], rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(one("a1"), one("a1", headline="Trams", revision=32))
    assert command("what-if", "--rules", rules) == 0
    assert capsys.readouterr().out == "0 of 1 stories would change\n"


def test_a_story_that_was_killed_is_not_looked_at(
    command: Run, publish: Callable[..., None], rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(one("a1"), story(change=Change.KILL, newsroom={"revision": 32}))
    assert command("what-if", "--rules", rules) == 0
    assert capsys.readouterr().out == "0 of 0 stories would change\n"


def test_articles_may_come_from_a_file(
    command: Run, tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.ndjson").write_text(one("a1").model_dump_json(by_alias=True) + "\n", encoding="utf-8")
    assert command("replay", "--with", f"rules@{rules}", "--articles", tmp_path / "a.ndjson", "--diff") == 0
    assert "a1  newly routed      harbour-desk\n" in capsys.readouterr().out


def test_a_file_that_holds_no_articles_is_named_with_its_line(
    command: Run, tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.ndjson").write_text("\n{}\n", encoding="utf-8")
    assert command("what-if", "--rules", rules, "--articles", tmp_path / "a.ndjson") == 1
    assert "a.ndjson:2: " in capsys.readouterr().err


def test_rules_that_stories_were_sent_with_change_nothing(
    command: Run, publish: Callable[..., None], rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Rules.model_validate(
        [{"name": "ferries", "when": {"text": {"any_of": ["ferries"]}}, "then": {"section": "world", "route": "x"}}]
    )
    rules.write_text(f"rules: {asked.model_dump_json(by_alias=True, exclude_none=True, exclude_unset=True)}")
    articles = [one("a1"), one("b2")]
    publish(*(apply_rules(sent, evaluate(asked.root, sent, sent.newsroom.received)) for sent in articles))
    assert command("replay", "--with", f"rules@{rules}", "--diff") == 0
    assert capsys.readouterr().out == ""


def tagger(name: str, version: str, words: Iterable[str]) -> Enricher:
    def find(copy: Copy) -> Additions:
        found = [word for word in words if word in copy.text]
        tags = [Tag(scheme="name", name=word, kind=Kind.PLACE, enricher=name, version=version) for word in found]
        return Additions(tags=tuple(tags))

    return Enricher(name=name, version=version, adds=("tags",), load=lambda: each(find))


def sets(monkeypatch: pytest.MonkeyPatch, **given: Sequence[Enricher]) -> None:
    registry = ModuleType("services.enrich.registry")
    vars(registry).update(REGISTRY=(), SETS=given)
    # In the place of the real one, which would bring its models.
    monkeypatch.setitem(sys.modules, registry.__name__, registry)


def tagged(article: Article, enricher: Enricher) -> Article:
    (found,) = enricher.load()([Copy.of(article)])
    return with_tags(article, found.tags)


def test_enrichers_of_the_same_version_give_an_empty_diff(
    command: Run, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    same = tagger("words", "1", ["Ferries", "More"])
    sets(monkeypatch, candidate=[same])
    publish(tagged(one("a1"), same), tagged(one("b2"), same))
    assert command("replay", "--since", "7d", "--with", "enrichers@candidate", "--diff") == 0
    assert capsys.readouterr().out == ""


def test_a_candidate_is_told_by_what_it_tags_and_no_longer_tags(
    command: Run, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sets(monkeypatch, candidate=[tagger("words", "2", ["soon"])])
    publish(tagged(one("a1"), tagger("words", "1", ["Ferries"])))
    assert command("replay", "--with", "enrichers@candidate", "--diff") == 0
    assert capsys.readouterr().out.splitlines() == [
        "a1  newly tagged      name/ soon (place, about)",
        "a1  no longer tagged  name/ Ferries (place, about)",
    ]


def test_enrichers_that_do_not_exist_are_not_found(
    command: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sets(monkeypatch, candidate=[])
    assert command("replay", "--with", "enrichers@nobody") == 1
    assert "no enrichers are called 'nobody'" in capsys.readouterr().err


def test_held_stories_are_listed_and_let_go(command: Run, redis_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    hold(redis_url, one("b2"))
    assert command("held") == 0
    assert capsys.readouterr().out == "b2  until it is released  legal: look  Ferries to be tested\n"
    assert command("release", "b2") == 0
    with redis.Redis.from_url(redis_url) as client:
        assert client.xlen(ARTICLE_ENRICHED.stream()) == 1


def test_an_embargo_that_was_lifted_is_no_difference(
    command: Run, publish: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "embargo.yaml"
    rule = "name: early, when: {field: {name: source, is: s}}, then: {embargo: 2031-05-04T06:00Z}"
    given.write_text(f"rules: [{{{rule}}}]", encoding="utf-8")
    article = one("a1")
    verdict = evaluate(read_newsroom(given, "rules", Rules).root, article, datetime.now(UTC))
    publish(lifted(apply_rules(article, verdict), {"early"}))
    assert command("what-if", "--rules", given) == 0
    assert capsys.readouterr().out == "0 of 1 stories would change\n"


def test_a_story_that_is_not_held_cannot_be_let_go(command: Run) -> None:
    assert command("release", "b2") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["what-if"],
        ["what-if", "--rules", "x", "--since", "7 moons"],
        ["replay", "--with", "everything"],
        ["dance"],
    ],
)
def test_what_cannot_be_meant_is_a_matter_of_usage(command: Run, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        command(*arguments)
    assert exit_.value.code == 2


def test_rules_that_are_wrong_are_a_matter_of_configuration(
    command: Run, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text("rules:\n  - name: a\n    wenn: {}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as exit_:
        command("what-if", "--rules", rules)
    assert exit_.value.code == 78
    assert "rules.yaml:" in capsys.readouterr().err
