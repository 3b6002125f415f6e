"""The mentions of one story, told together: *Prime Minister Fumio Kishida*, *Fumio Kishida* and *Kishida* are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.enrich.naming.aliases import AliasTable, NameEntry
from services.enrich.naming.consistency import surname
from services.enrich.naming.spans import Span
from shared.article import Kind

__all__ = ["Entity", "merged"]

SHORTEST_PREFIX = 4
COMPANY = frozenset(
    {"inc", "inc.", "ltd", "ltd.", "plc", "corp", "corp.", "co", "co.", "llc", "group", "holdings", "fc"}
)


@dataclass(slots=True)
class Entity:
    """One person or body, and everywhere it is named."""

    name: str
    kind: Kind
    spans: list[Span] = field(default_factory=list)
    entry: NameEntry | None = None

    @property
    def tag_name(self) -> str:
        """As the table writes it, else the fullest name in the story."""
        return self.entry.name if self.entry else self.name


def merged(spans: Iterable[Span], table: AliasTable, short_forms: Mapping[str, str]) -> list[Entity]:
    """Return the people and bodies of a story, in the order in which they appear.

    A surname that two of the people bear goes to the one that its title tells (*Mrs Kishida* after *Mrs Yuko Kishida*);
    without such a title it goes to neither, and nobody guesses.
    """
    spans = [span for span in spans if span.kind is not Kind.PLACE]
    names = {span.text for span in spans} | set(short_forms.values())
    by_name: defaultdict[tuple[Kind, str], list[Span]] = defaultdict(list)
    for span in spans:
        entry = table.find(span.text, names)
        full = entry.name if entry else short_forms.get(span.text, span.text)
        by_name[span.kind, full].append(span)
    people = {name: found for (kind, name), found in by_name.items() if kind is Kind.PERSON}
    bodies = {name: found for (kind, name), found in by_name.items() if kind is Kind.ORGANISATION}
    entities = [*_people(people), *_bodies(bodies)]
    for entity in entities:
        entity.entry = table.find(entity.name, names)
        entity.spans.sort(key=lambda span: (span.where, span.start))
    return sorted(entities, key=lambda entity: (entity.spans[0].where, entity.spans[0].start))


def _people(named: Mapping[str, list[Span]]) -> list[Entity]:
    full: dict[str, Entity] = {}
    for name in sorted(named, key=lambda one: (-len(one.split()), -len(one), one)):
        if surname(name):
            holder = next((one for one in full.values() if _same(name, one.name)), None)
            entity = holder or full.setdefault(name, Entity(name, Kind.PERSON))
            entity.spans += named[name]
    alone: list[Entity] = []
    for name in (one for one in named if not surname(one)):
        holders = [one for one in full.values() if surname(one.name).casefold() == name.casefold()]
        holders = holders or [one for one in full.values() if one.name.split()[0].casefold() == name.casefold()]
        if len(holders) == 1:
            holders[0].spans += named[name]
        elif not holders:
            alone.append(Entity(name, Kind.PERSON, list(named[name])))
        else:
            titles = {id(one): {span.title for span in one.spans} - {""} for one in holders}
            for span in named[name]:
                told = [one for one in holders if span.title and span.title in titles[id(one)]]
                if len(told) == 1:
                    told[0].spans.append(span)
    return [*full.values(), *alone]


def _same(short: str, long: str) -> bool:
    """Tell whether two full names are one: all words of the shorter stand in the longer, first and last included."""
    ours, theirs = short.casefold().replace(".", "").split(), long.casefold().replace(".", "").split()
    first = ours[0] in theirs or (len(ours[0]) == 1 and theirs[0].startswith(ours[0]))
    return surname(short).casefold() == surname(long).casefold() and first and set(ours[1:]) <= set(theirs)


def _bodies(named: Mapping[str, list[Span]]) -> list[Entity]:
    entities: dict[str, Entity] = {}
    for name in sorted(named, key=lambda one: (-len(one), one)):
        longer = [one for one in entities if len(name) >= SHORTEST_PREFIX and _without_form(one) == name]
        longer = longer or [
            one for one in entities if len(name) >= SHORTEST_PREFIX and " " not in name and one.startswith(f"{name} ")
        ]
        entity = entities[longer[0]] if len(longer) == 1 else entities.setdefault(name, Entity(name, Kind.ORGANISATION))
        entity.spans += named[name]
    return list(entities.values())


def _without_form(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1].casefold() in COMPANY:
        words.pop()
    return " ".join(words).rstrip(",")
