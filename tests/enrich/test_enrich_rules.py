from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.enrich.rules.applying import apply_rules
from services.enrich.rules.conditions import Condition
from services.enrich.rules.facts import Facts
from services.enrich.rules.model import Rule, Rules
from services.enrich.rules.undoing import without_rules
from services.enrich.rules.verdict import evaluate
from shared.article import Article, Change, Kind, Tag
from shared.settings import ConfigError, read_newsroom
from tests.enrich.stories import story

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
EVERYTHING = {"field": {"name": "headline", "exists": True}}


def tag(**members: Any) -> Tag:
    return Tag.model_validate(
        {"scheme": "mediatopic", "code": "medtop:20000065", "name": "civil unrest", "confidence": 80}
        | members
        | {"enricher": "topics"}
    )


def met(when: dict[str, Any], article: Article | None = None, now: datetime = NOW) -> bool:
    return Condition.model_validate(when).look(Facts(article or story(), now)).met


def rules(*given: tuple[str, dict[str, Any]], when: dict[str, Any] = EVERYTHING) -> tuple[Rule, ...]:
    return Rules.model_validate([{"name": name, "when": when, "then": then} for name, then in given]).root


def applied(article: Article, *given: tuple[str, dict[str, Any]], now: datetime = NOW) -> Article:
    return apply_rules(article, evaluate(rules(*given), article, now))


@pytest.mark.parametrize(
    "field",
    [
        {"name": "newsroom.source", "is": "S"},
        {"name": "source", "one_of": ["other", "s"]},
        {"name": "headline", "starts_with": "kenya to"},
        {"name": "headline", "matches": r"ferr(y|ies)"},
        {"name": "wordCount", "at_least": 100, "at_most": 100},
        {"name": "wordCount", "between": [50, 100]},
        {"name": "newsroom.tags.name", "is": "Civil unrest"},
        {"name": "urgency", "exists": False},
        {"name": "lead", "starts_with": "NAIROBI", "case_sensitive": True},
    ],
)
def test_a_field_that_passes_its_test_is_met(field: dict[str, Any]) -> None:
    assert met({"field": field}, story(newsroom={"word_count": 100, "tags": (tag(),)}))


@pytest.mark.parametrize(
    "field",
    [
        {"name": "newsroom.source", "is": "S", "case_sensitive": True},
        {"name": "urgency", "at_least": 1},
        {"name": "wordCount", "between": [101, 200]},
        {"name": "headline", "at_least": 1},
        {"name": "headline", "matches": "^ferries"},
        {"name": "urgency", "exists": True},
    ],
)
def test_a_field_that_fails_its_test_is_not_met(field: dict[str, Any]) -> None:
    assert not met({"field": field}, story(newsroom={"word_count": 100}))


@pytest.mark.parametrize(
    "text",
    [
        {"any_of": ["trams", "electric FERRIES"]},
        {"all_of": ["kenya", "shareholders"]},
        {"any_of": ["May"], "in": ["lead"], "case_sensitive": True},
        {"any_of": ["“A ferry"], "in": ["body"]},
    ],
)
def test_words_that_stand_in_the_copy_are_found(text: dict[str, Any]) -> None:
    assert met({"text": text})


@pytest.mark.parametrize(
    "text",
    [{"any_of": ["ken"]}, {"all_of": ["kenya", "tram"]}, {"any_of": ["shareholders"], "in": ["headline"]}],
)
def test_parts_of_words_and_words_elsewhere_are_not_found(text: dict[str, Any]) -> None:
    assert not met({"text": text})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"scheme": "mediatopic", "code": "20000065"}, True),
        ({"name": "Civil Unrest", "confidence": 80, "relevance": 50}, True),
        ({"code": "medtop:20000065", "confidence": 81}, False),
        ({"kind": "place"}, False),
        ({"rel": "mention"}, False),
    ],
)
def test_a_tag_is_met_by_all_that_is_asked_of_it(asked: dict[str, Any], *, expected: bool) -> None:
    assert met({"tag": asked}, story(newsroom={"tags": (tag(),)})) is expected


def test_a_media_topic_is_met_by_a_narrower_one() -> None:
    asked = Condition.model_validate({"tag": {"code": "medtop:11000000"}})
    facts = Facts(story(newsroom={"tags": (tag(),)}), NOW, ancestors=lambda _: {"medtop:11000000"})
    assert asked.look(facts).met


def test_conditions_nest() -> None:
    kenya, peru = {"text": {"any_of": ["Kenya"]}}, {"text": {"any_of": ["Peru"]}}
    assert met({"all": [kenya, {"any": [peru, {"not": peru}]}]})


def test_every_condition_is_looked_at_even_where_another_has_settled_it() -> None:
    when = {"any": [{"text": {"any_of": ["Kenya"]}}, {"field": {"name": "newsroom.section", "is": "sport"}}]}
    node = Condition.model_validate(when).look(Facts(story(), NOW))
    assert [(one.words, one.met, one.saw) for one in node.under] == [
        ("text any of Kenya", True, ["Kenya"]),
        ("newsroom.section is sport", False, "news"),
    ]


def received(moment: str) -> Article:
    article = story()
    facts = article.newsroom.model_copy(update={"received": datetime.fromisoformat(moment)})
    return article.model_copy(update={"newsroom": facts})


NIGHT = {"between": "22:00-06:00", "days": ["Saturday"], "zone": "Australia/Sydney"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-05-02T21:59+10:00", False),
        ("2026-05-02T22:00+10:00", True),
        ("2026-05-03T05:59+10:00", True),
        ("2026-05-03T06:00+10:00", False),
        ("2026-05-02T03:00+10:00", False),
        ("2026-05-02T12:00+00:00", True),
    ],
)
def test_a_window_past_midnight_belongs_to_the_day_it_begins_on(moment: str, *, expected: bool) -> None:
    assert met({"time": NIGHT}, received(moment)) is expected


def test_a_bare_time_that_yaml_takes_for_a_number_is_the_time_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text(
        "rules: [{name: a, when: {time: {between: [22:00, 06:00]}}, then: {route: [x]}}]", encoding="utf-8"
    )
    (rule,) = read_newsroom(tmp_path / "n.yaml", "rules", Rules).root
    assert rule.when.time
    assert rule.when.time.between == (22 * 60, 6 * 60)


def test_the_window_may_be_of_the_moment_of_asking() -> None:
    assert met({"time": {"of": "now", "between": ["12:00", "13:00"], "days": ["wed"]}})


def test_a_section_urgency_and_routes_are_set() -> None:
    article = applied(story(), ("a", {"section": "world", "urgency": 3, "route": ["desk"]}))
    assert (article.newsroom.section, article.urgency, article.newsroom.routes) == ("world", 3, ("desk",))


def test_a_tag_is_given_by_the_rules_name() -> None:
    article = applied(story(), ("a", {"tags": [{"scheme": "desk", "code": "f", "name": "Ferries"}]}))
    (given,) = article.newsroom.tags
    assert (given.scheme, given.code, given.enricher, given.kind) == ("desk", "f", "rule:a", Kind.TOPIC)


def test_the_first_rule_to_set_a_section_has_set_it_and_routes_add_up() -> None:
    first, second = ("a", {"section": "world", "route": "x"}), ("b", {"section": "sport", "route": ["y", "x"]})
    article = applied(story(), first, second)
    assert (article.newsroom.section, article.newsroom.routes) == ("world", ("x", "y"))


def test_what_an_earlier_rule_had_settled_is_said_and_not_recorded_as_done() -> None:
    given = rules(("a", {"section": "world"}), ("b", {"section": "sport", "route": "x"}))
    verdict = evaluate(given, story(), NOW)
    assert [str(did) for did in verdict.judged[1].did] == ["section: sport (settled before by a)", "route: x"]
    assert apply_rules(story(), verdict).newsroom.rules[1].did == ("route: x",)


def test_rules_look_at_what_the_enrichers_left_and_not_at_one_another() -> None:
    when = {"field": {"name": "section", "is": "world"}}
    second = Rules.model_validate([{"name": "b", "when": when, "then": {"route": "x"}}]).root
    verdict = evaluate((*rules(("a", {"section": "world"})), *second), story(), NOW)
    assert not verdict.judged[1].met


EVERY_EFFECT = {
    "section": "world",
    "urgency": 2,
    "embargo": "2026-03-05T06:00Z",
    "route": ["x"],
    "tags": [{"name": "Ferries"}],
}


def test_rules_that_are_applied_twice_are_applied_once() -> None:
    once = applied(story(urgency=5), ("a", EVERY_EFFECT))
    assert applied(once, ("a", EVERY_EFFECT)) == once


def test_what_rules_did_can_be_taken_back_after_the_article_was_sent() -> None:
    article = story(urgency=5)
    sent = Article.model_validate_json(
        applied(article, ("a", EVERY_EFFECT)).model_dump_json(by_alias=True, exclude_none=True)
    )
    assert without_rules(sent) == article


def test_a_rule_that_is_not_met_does_nothing() -> None:
    verdict = evaluate(rules(("a", {"section": "world"}), when={"text": {"any_of": ["Peru"]}}), story(), NOW)
    assert apply_rules(story(), verdict) == story()


def test_a_kill_is_no_rules_business() -> None:
    assert evaluate(rules(("a", {"hold": "look"})), story(change=Change.KILL), NOW).holding is None


def test_a_hold_is_for_an_editor_whatever_embargo_there_is() -> None:
    verdict = evaluate(rules(("a", {"embargo": "2026-03-05T06:00Z"}), ("b", {"hold": "legal"})), story(), NOW)
    assert verdict.holding
    assert (verdict.holding.rule, verdict.holding.until, verdict.code) == ("b", None, "held_by_rule")


@pytest.mark.parametrize(
    ("embargo", "lift"),
    [
        ("06:00 Australia/Sydney", "2026-03-04T19:00+00:00"),
        ("11:00 Australia/Sydney", "2026-03-05T00:00+00:00"),
        ("2026-05-04 06:00 Australia/Sydney", "2026-05-03T20:00+00:00"),
        ("2026-05-04T06:00+10:00", "2026-05-03T20:00+00:00"),
    ],
)
def test_an_embargo_is_a_moment_or_the_next_such_time_after_the_copy_came(embargo: str, lift: str) -> None:
    verdict = evaluate(rules(("a", {"embargo": embargo})), story(), NOW)
    assert verdict.embargo == datetime.fromisoformat(lift)


def test_an_embargo_that_is_over_keeps_nothing_back() -> None:
    given = rules(("a", {"embargo": "06:00 Australia/Sydney"}))
    assert evaluate(given, story(), datetime(2026, 3, 4, 19, tzinfo=UTC)).holding is None


@pytest.mark.parametrize(
    ("then", "complaint"),
    [
        ({"embargo": "06:00"}, "of which zone"),
        ({"embargo": "2026-05-04T06:00"}, "in which zone"),
        ({"embargo": "06:00 Sydney"}, "no time zone"),
        ({"embargo": "soon"}, "neither a moment"),
        ({}, "say what to do"),
        ({"sektion": "x"}, "not permitted"),
    ],
)
def test_an_action_that_cannot_be_meant_is_refused(then: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        rules(("a", then))


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ({}, "one condition a place"),
        ({"text": {"any_of": ["a"]}, "tag": {"name": "b"}}, "one condition a place"),
        ({"field": {"name": "newsroom.sorce", "is": "x"}}, "perhaps 'newsroom.source'"),
        ({"field": {"name": "headline"}}, "say what of it"),
        ({"field": {"name": "headline", "matches": "(a+)+b"}}, "too long"),
        ({"field": {"name": "headline", "matches": r"(\w)\1"}}, "refer back"),
        ({"field": {"name": "headline", "matches": "("}}, "no regular expression"),
        ({"time": {"between": "22:00-22:00"}}, "ends when it begins"),
        ({"time": {"between": "25:00-26:00"}}, "22:00"),
        ({"time": {"days": ["sat"], "zone": "Mars/Olympus"}}, "no time zone"),
        ({"tag": {"confidence": 5}}, "say which tag"),
        ({"text": {"in": ["body"]}}, "say which words"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(when: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Condition.model_validate(when)


def test_conditions_do_not_nest_without_end() -> None:
    when: dict[str, Any] = EVERYTHING
    for _ in range(12):
        when = {"not": when}
    with pytest.raises(ValidationError, match="10 deep"):
        Condition.model_validate(when)


def test_a_rule_that_is_wrong_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.yaml"
    path.write_text(
        "site: {name: N}\n"
        "rules:\n"
        "  - name: night\n"
        "    when:\n"
        "      all:\n"
        "        - text: {any_of: [flood]}\n"
        "        - field:\n"
        "            name: newsroom.sorce\n"
        "            is: demo\n"
        "    then: {route: [desk]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match=r"newsroom\.yaml:8: rules\.0\.when\.all\.1\.field\.name: "):
        read_newsroom(path, "rules", Rules)


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="two rules are called 'a'"):
        rules(("a", {"urgency": 3}), ("a", {"urgency": 4}))


def test_a_newsroom_without_rules_has_none(tmp_path: Path) -> None:
    (tmp_path / "newsroom.yaml").write_text("rules:\n", encoding="utf-8")
    assert read_newsroom(tmp_path / "newsroom.yaml", "rules", Rules).root == ()
