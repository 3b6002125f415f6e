"""Asking every rule about an article. Pure: the same rules, article and moment give the same verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.enrich.rules.conditions import Node
from services.enrich.rules.facts import Facts
from services.enrich.rules.model import RULE, AddTag, Rule
from services.enrich.rules.undoing import without_rules
from shared.article import Article, Tag
from shared.events import rfc3339

__all__ = ["Did", "Holding", "Judged", "Verdict", "evaluate"]


@dataclass(frozen=True, slots=True)
class Did:
    """One effect of a rule."""

    what: str
    """``section``, ``urgency``, ``embargo``, ``hold``, ``tag`` or ``route``."""
    value: str
    before: str | None = None
    """The rule that had settled it before, so that this one did not."""

    def __str__(self) -> str:
        return f"{self.what}: {self.value}" + (f" (settled before by {self.before})" if self.before else "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule, and how it came out."""

    rule: Rule
    node: Node
    did: tuple[Did, ...] = ()

    @property
    def met(self) -> bool:
        return self.node.met


@dataclass(frozen=True, slots=True)
class Holding:
    """A story is kept: until the moment, or for an editor."""

    rule: str
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules make of an article."""

    judged: tuple[Judged, ...] = ()
    tags: tuple[Tag, ...] = ()
    section: str | None = None
    urgency: int | None = None
    embargo: datetime | None = None
    routes: tuple[str, ...] = ()
    holdings: tuple[Holding, ...] = ()
    """Every rule that would keep the story; the one that counts is :attr:`holding`."""
    settled: dict[str, str] = field(default_factory=dict)
    """The rule that set each of section, urgency, embargo and hold."""

    @property
    def holding(self) -> Holding | None:
        """Return what keeps the story: a hold for an editor before any embargo."""
        waiting = sorted(self.holdings, key=lambda one: one.until is not None)
        return waiting[0] if waiting else None

    @property
    def code(self) -> str | None:
        """Return the outcome's code of a story that is kept."""
        if self.holding is None:
            return None
        return "held_by_rule" if self.holding.until is None else "embargoed_by_rule"


def evaluate(rules: Iterable[Rule], article: Article, now: datetime) -> Verdict:
    """Ask the rules in their order.

    The first to set a section, urgency, embargo or hold has set it; tags and routes add up. Every rule looks at the
    article as the enrichers left it, not at what other rules made of it, so their order changes nothing else, and an
    article that rules were applied to before gets the same verdict. Copy that is taken away is no rule's business.
    """
    if article.is_taken_away:
        return Verdict()
    facts = Facts(without_rules(article), now)
    verdict = Verdict()
    for rule in rules:
        node = rule.when.look(facts)
        verdict = _with(verdict, rule, facts) if node.met else verdict
        did = tuple(_did(verdict, rule, facts)) if node.met else ()
        verdict = replace(verdict, judged=(*verdict.judged, Judged(rule, node, did)))
    return verdict


def _with(verdict: Verdict, rule: Rule, facts: Facts) -> Verdict:
    """Add what a rule that is met does."""
    then = rule.then
    lift = then.embargo.after(facts.article.newsroom.received) if then.embargo else None
    given = {"section": then.section, "urgency": then.urgency, "embargo": lift, "hold": then.hold}
    settled = {what: rule.name for what, value in given.items() if value is not None} | verdict.settled
    held = []
    if then.hold and settled["hold"] == rule.name:
        held.append(Holding(rule.name, then.hold))
    elif lift and settled["embargo"] == rule.name and lift > facts.now:
        held.append(Holding(rule.name, f"embargoed until {rfc3339(lift)}", lift))
    return replace(
        verdict,
        settled=settled,
        tags=(*verdict.tags, *(_tag(rule, tag) for tag in then.tags)),
        section=verdict.section or then.section,
        urgency=verdict.urgency or then.urgency,
        embargo=verdict.embargo or lift,
        routes=tuple(dict.fromkeys((*verdict.routes, *then.route))),
        holdings=(*verdict.holdings, *held),
    )


def _did(verdict: Verdict, rule: Rule, facts: Facts) -> Iterator[Did]:
    then = rule.then
    lift = then.embargo.after(facts.article.newsroom.received) if then.embargo else None
    single = {"section": then.section, "urgency": then.urgency, "embargo": lift and rfc3339(lift), "hold": then.hold}
    for what, value in single.items():
        if value is not None:
            by = verdict.settled[what]
            yield Did(what, str(value), None if by == rule.name else by)
    for tag in then.tags:
        yield Did("tag", f"{tag.scheme}/{tag.code or tag.name} {tag.name}")
    for route in then.route:
        yield Did("route", route)


def _tag(rule: Rule, tag: AddTag) -> Tag:
    told = tag.model_dump()
    return Tag(**told, enricher=f"{RULE}{rule.name}", explanation=f"newsroom rule {rule.name}")
