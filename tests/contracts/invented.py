"""An invented story and what became of it: the inputs from which the committed examples are made.

``python -m tests.contracts.invented`` writes the examples anew. Do that only when the contract is meant to change,
since a diff in ``examples/`` is what other people's readers will meet.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.enrich.additions import Additions, Found
from services.enrich.apply import apply
from shared.article import (
    AlsoFrom,
    Article,
    Association,
    Assumption,
    Body,
    Change,
    Dateline,
    Description,
    Headline,
    InfoSource,
    Kind,
    Newsroom,
    PubStatus,
    Rendition,
    Skipped,
    Tag,
)
from shared.events import (
    ArticleDeferred,
    ArticleEnriched,
    ArticleEvent,
    ArticleIngested,
    ArticlePublished,
    Event,
    Outcome,
    StageOutcome,
    StageResult,
)

__all__ = ["EXAMPLES", "MOMENT", "TRACEPARENT", "articles", "events", "fields_of", "read_example"]

EXAMPLES = Path(__file__).parent / "examples"
MOMENT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
STORY = "5f0c9d1e7a3b4c2d8e6f"
FIRST = 1_772_616_600_000

HEADLINE = "Bergen opens a footbridge that folds away for the herring fleet"
LEAD = "BERGEN, Norway: A footbridge that folds itself away whenever the herring boats come in was opened on Tuesday."
BODY = f"<p>{LEAD}</p><p>“It bows to the fleet,” said harbour engineer Solveig Lunde, “as everyone here does.”</p>"

PICTURE = Association(
    name="main",
    uri="https://wire.example/pictures/footbridge.jpg",
    by="Aksel Tveit",
    copyright_notice="© 2026 Harbour News",
    descriptions=(
        Description(role="caption", value="The bridge, folded, lets the herring fleet through on Tuesday."),
        Description(role="alt", value="A footbridge folded upright beside a row of fishing boats."),
    ),
    info_sources=(InfoSource(role="credit", name="Harbour News Pictures"),),
    renditions=(
        Rendition(
            name="main",
            href="https://wire.example/pictures/footbridge.jpg",
            content_type="image/jpeg",
            width=1600,
            height=1067,
        ),
    ),
)

COPY = AlsoFrom(provider="Fjord Radio", source="fjord", story_id="b3f2k7wq5d6m4x2a7e")


def articles() -> dict[str, Article]:
    """Return the revisions as ingest admits them: the story, its correction, its kill."""
    new = Article(
        uri="https://wire.example/stories/footbridge",
        version="1",
        first_created=MOMENT,
        version_created=MOMENT,
        language="en",
        urgency=5,
        headlines=(Headline(value=HEADLINE),),
        descriptions=(Description(value="A bridge that gives way to boats."),),
        bodies=(Body(value=BODY),),
        info_sources=(InfoSource(name="Harbour News"),),
        by="Ingrid Moe",
        located="Bergen, Norway",
        associations=(PICTURE,),
        newsroom=_newsroom(0, Change.NEW),
    )
    corrected = BODY.replace("on Tuesday", "on Wednesday")
    correction = new.model_copy(
        update={
            "version": "2",
            "version_created": MOMENT + timedelta(minutes=20),
            "ed_note": "Corrects the day of the opening in the first paragraph.",
            "bodies": (Body(value=corrected),),
            "newsroom": _newsroom(20, Change.CORRECTION).model_copy(update={"also_from": (COPY,)}),
        }
    )
    kill = Article(
        uri=new.uri,
        version="3",
        first_created=MOMENT,
        version_created=MOMENT + timedelta(minutes=40),
        pub_status=PubStatus.CANCELED,
        urgency=1,
        ed_note="Kill: the bridge has not been opened.",
        newsroom=_newsroom(40, Change.KILL),
    )
    return {"new": new, "correction": correction, "kill": kill}


def _newsroom(minutes: int, change: Change) -> Newsroom:
    return Newsroom(
        story_id=STORY,
        revision=FIRST + minutes * 60_000,
        change=change,
        source="harbour",
        provider="Harbour News",
        section="news",
        received=MOMENT + timedelta(minutes=minutes, seconds=2),
        raw="9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
        raw_type="text/html",
        url="https://wire.example/stories/footbridge",
        dateline=Dateline(text="BERGEN, Norway", place="Bergen", country="Norway"),
        assumptions=(Assumption(code="timezone", detail="no zone in the copy: read as Europe/Oslo"),),
    )


def enriched(article: Article) -> Article:
    """Return the article as enrich passes it on; findings are written out, so that no model stands behind them."""
    if article.newsroom.change is Change.KILL:
        return apply(article, [])
    tag = Tag(
        scheme="geonames",
        code="3161732",
        name="Bergen",
        confidence=95,
        kind=Kind.PLACE,
        country="NO",
        enricher="places",
    )
    return apply(
        article,
        [
            Found("language", "1", Additions(language="en")),
            Found("reading_time", "1", Additions(word_count=34, reading_minutes=1)),
            Found("places", "1", Additions(tags=(tag,))),
            Skipped(name="keyphrases", reason="late"),
        ],
    )


def events() -> dict[str, Event]:
    """Return every example event by its file's name."""
    made: dict[str, Event] = {}
    for name, article in articles().items():
        tagged = enriched(article)
        made[f"ingested-{name}"] = _of(ArticleIngested, article)
        made[f"enriched-{name}"] = _of(ArticleEnriched, tagged)
        if article.newsroom.change is Change.NEW:
            made[f"deferred-{name}"] = _of(ArticleDeferred, article)
        made[f"published-{name}"] = _of(ArticlePublished, tagged, sequence="41")
    for outcome in Outcome:
        made[f"outcome-{outcome}"] = _outcome(outcome)
    return made


def _of(event: type[ArticleEvent], article: Article, **extensions: str) -> Event:
    return event.of(article, traceparent=TRACEPARENT, **extensions).model_copy(update={"time": MOMENT})


def _outcome(outcome: Outcome) -> Event:
    told = {
        Outcome.EMITTED: {"stage": "enrich", "input": f"{STORY}.{FIRST}.ingest", "emitted": f"{STORY}.{FIRST}.enrich"},
        Outcome.DUPLICATE: {"stage": "ingest", "input": "harbour:9c56cc51", "code": "same_content"},
        Outcome.STALE: {"stage": "ingest", "input": "harbour:1b2c3d4e", "code": "older_version"},
        Outcome.FILTERED: {"stage": "ingest", "input": "harbour:77aa88bb", "code": "not_wanted"},
        Outcome.HELD: {"stage": "ingest", "input": "harbour:0f1e2d3c", "code": "embargoed"},
        Outcome.DEAD_LETTERED: {"stage": "publish", "input": f"{STORY}.{FIRST}.enrich", "code": "invalid_event"},
    }[outcome]
    result = StageResult.model_validate(
        {**told, "outcome": outcome, "storyId": STORY, "revision": FIRST, "origin": "harbour", "durationMs": 4.2}
    )
    return StageOutcome.of(result, traceparent=TRACEPARENT).model_copy(update={"time": MOMENT})


def read_example(name: str) -> dict[bytes, bytes]:
    """Read a committed example as Redis would hand it over."""
    fields = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return {key.encode(): value.encode() for key, value in fields.items()}


def fields_of(event: Event) -> dict[bytes, bytes]:
    """Return an event as Redis would hand it over."""
    return {key.encode(): value.encode() for key, value in event.to_fields().items()}


def _write() -> None:
    EXAMPLES.mkdir(exist_ok=True)
    for name, event in events().items():
        text = json.dumps(event.to_fields(), indent=2, ensure_ascii=False)
        (EXAMPLES / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
