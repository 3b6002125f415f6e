"""The history of a story, as its page tells it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.publish.history.comparing import MOST, Fate, Paragraph, compared
from services.publish.plain_text import paragraphs_of
from services.publish.sanitise import clean_html, plain
from services.publish.site.notes import correction_note, update_note
from services.publish.store.history import Shown
from services.publish.store.labels import Label, labels_of
from shared.article import Article, Change

__all__ = ["Entry", "Part", "entries_of"]

WHAT = {
    Change.NEW: "First published",
    Change.UPDATE: "Updated",
    Change.CORRECTION: "Corrected",
    Change.AMEND: "Tags changed",
    Change.REINSTATE: "Back on the site",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a story that changed: paragraphs, and between them how many stayed as they were."""

    name: str
    rows: tuple[Paragraph | int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    revision: int
    what: str
    moment: int
    headline: str
    note: str
    """What the copy itself says of the change, if that is meant for readers."""
    is_first: bool
    """There is none before it to compare it with."""
    parts: tuple[Part, ...]
    new_names: tuple[str, ...]
    """Who and what the story is about since then."""
    lost_names: tuple[str, ...]
    in_part: bool
    """The text is too long to be compared to its end."""


def entries_of(shown: Sequence[Shown], *, has_older: bool) -> list[Entry]:
    """Return an entry for each revision, newest first as they are given; the last is compared only if it has an older.

    ``has_older``: the last is there to be compared with, and gets no entry.
    """
    pairs: Iterable[tuple[Shown, Shown | None]] = zip(shown, (*shown[1:], None), strict=True)
    found = [_entry(now, before) for now, before in pairs]
    return found[:-1] if has_older else found


def _entry(now: Shown, before: Shown | None) -> Entry:
    article = now.article
    tell = correction_note if now.change is Change.CORRECTION else update_note
    earlier = _names(before.article) if before else {}
    present = _names(article)
    return Entry(
        revision=now.revision,
        what=WHAT.get(now.change, "Changed"),
        moment=now.moment,
        headline=plain(article.headline) or "(no headline)",
        note=tell(article.ed_note) if before else "",
        is_first=before is None,
        parts=tuple(_parts(before.article, article)) if before else (),
        new_names=tuple(name for key, name in present.items() if key not in earlier) if before else (),
        lost_names=tuple(name for key, name in earlier.items() if key not in present),
        in_part=bool(before) and len(_body(article)) > MOST,
    )


def _names(article: Article) -> dict[tuple[str, str], str]:
    labels: Iterable[Label] = labels_of(article)
    return {(label.kind.value, label.key): label.name for label in labels}


def _parts(before: Article, after: Article) -> Iterable[Part]:
    for name, old, new in (
        ("Headline", _line(before.headline), _line(after.headline)),
        ("Summary", _line(before.summary), _line(after.summary)),
        ("Text", _body(before), _body(after)),
    ):
        if old != new:
            yield Part(name, tuple(_rows(compared(old, new))))


def _rows(paragraphs: Iterable[Paragraph]) -> Iterable[Paragraph | int]:
    for same, run in groupby(paragraphs, lambda paragraph: paragraph.fate is Fate.SAME):
        if same:
            yield sum(1 for _ in run)
        else:
            yield from run


def _line(text: str) -> list[str]:
    return [line] if (line := plain(text)) else []


def _body(article: Article) -> list[str]:
    return list(paragraphs_of(clean_html(article.body_html)))
