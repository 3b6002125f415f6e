"""Enriching stories of the past again, in this process and into nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence

from services.enrich.additions import Enricher
from services.enrich.apply import CREATOR, apply, emptied
from services.enrich.asking import ask_all
from services.enrich.loading import Absent, load_all
from services.enrich.rules.undoing import without_rules
from shared.article import Article, Kind, Named

__all__ = ["NoSuchSet", "Reenriching", "bare", "enrichers_named"]


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
        self._loaded = load_all(enrichers)
        for one in self._loaded:
            if isinstance(one, Absent):
                raise NoSuchSet(f"{one.enricher.name} cannot be loaded: {one.reason}")

    def again(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles as these enrichers would have left them, asked as a worker of the service asks them."""
        stripped = [bare(article) for article in articles]
        found, _ = ask_all(self._loaded, stripped)
        return [apply(article, findings) for article, findings in zip(stripped, found, strict=True)]


def bare(article: Article) -> Article:
    """Return an article without what rules and enrichers gave it."""
    article = emptied(without_rules(article))
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
