"""Enriching stories of the past again, in this process and into nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence

from services.enrich.additions import Additions, Enrich, Enricher, Found
from services.enrich.apply import apply
from services.enrich.copy import Copy
from services.enrich.rules.undoing import without_rules
from shared.article import Article, Kind, Named

__all__ = ["NoSuchSet", "Reenriching", "bare", "enrichers_named"]

CREATOR = "urn:wireroom:enricher:"


class NoSuchSet(LookupError):
    """No enrichers go by this name, or one of them cannot be loaded. The message says which."""


def enrichers_named(name: str) -> tuple[Enricher, ...]:
    """Return a set by its name in the registry, or the ``REGISTRY`` of a module by the module's.

    Raises:
        NoSuchSet: there is none.
    """
    module = importlib.import_module("services.enrich.registry")
    sets = {"default": getattr(module, "REGISTRY", ()), **getattr(module, "SETS", {})}
    if name in sets:
        return tuple(sets[name])
    if "." not in name:
        raise NoSuchSet(f"no enrichers are called {name!r}; there are {', '.join(sorted(sets))}, or a module's name")
    try:
        return tuple(importlib.import_module(name).REGISTRY)
    except (ImportError, AttributeError) as error:
        raise NoSuchSet(f"{name}: {error}") from error


class Reenriching:
    """A set of enrichers, loaded."""

    def __init__(self, enrichers: Sequence[Enricher]) -> None:
        self._loaded = [(enricher, _loaded(enricher)) for enricher in enrichers]

    def again(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles as these enrichers would have left them. No time is kept: every one contributes."""
        stripped = [bare(article) for article in articles]
        copies = [Copy.of(article) for article in stripped]
        known: list[dict[str, Additions]] = [{} for _ in stripped]
        for enricher, enrich in self._loaded:
            asked = [copy.knowing(_of(found, enricher.after)) for copy, found in zip(copies, known, strict=True)]
            for found, additions in zip(known, enrich(asked), strict=True):
                found[enricher.name] = additions
        return [apply(article, self._findings(found)) for article, found in zip(stripped, known, strict=True)]

    def _findings(self, found: dict[str, Additions]) -> list[Found]:
        return [Found(enricher.name, enricher.version, found[enricher.name]) for enricher, _ in self._loaded]


def bare(article: Article) -> Article:
    """Return an article without the tags of rules and enrichers, as far as it says which those are.

    What an enricher filled in that ninjs has one place for (language, slugline, summary) stays: it cannot be told from
    what the copy declared.
    """
    article = without_rules(article)
    ours = {(tag.kind, tag.name.casefold()) for tag in article.newsroom.tags}
    return article.model_copy(
        update={
            "subjects": tuple(one for one in article.subjects if not (one.creator or "").startswith(CREATOR)),
            "people": _declared(article.people, Kind.PERSON, ours),
            "organisations": _declared(article.organisations, Kind.ORGANISATION, ours),
            "places": _declared(article.places, Kind.PLACE, ours),
            "newsroom": article.newsroom.model_copy(update={"tags": (), "links": ()}),
        }
    )


def _declared(named: Iterable[Named], kind: Kind, ours: set[tuple[Kind, str]]) -> tuple[Named, ...]:
    return tuple(one for one in named if (kind, one.name.casefold()) not in ours)


def _of(found: dict[str, Additions], names: Sequence[str]) -> dict[str, Additions]:
    return {name: found[name] for name in names if name in found}


def _loaded(enricher: Enricher) -> Enrich:
    try:
        return enricher.load()
    except Exception as error:
        raise NoSuchSet(f"{enricher.name} cannot be loaded: {type(error).__name__}: {error}") from error
