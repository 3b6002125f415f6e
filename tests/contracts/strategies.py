"""Articles of every shape that the models allow, with members that no version knows at every depth."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from shared.article import Article, Change, PubStatus

__all__ = ["articles"]

words = st.text(max_size=20)
addresses = words | st.sampled_from(
    [
        "https://wire.example/a b?q=é#x",
        "urn:x:y",
        "http://[::1]/",
        "http://a:b",
        "1:2",
        "a:b#c#d",
        "http://%zz/",
        ":",
        "a:",
    ]
)
moments = st.datetimes(
    timezones=st.timezones() | st.integers(-86_399, 86_399).map(lambda s: timezone(timedelta(seconds=s)))
)
unknown: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    words.map(lambda word: f"x{word}"), st.none() | st.booleans() | st.integers() | words | st.lists(words), max_size=2
)


def part(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    known = st.fixed_dictionaries(required, optional=optional)
    return st.tuples(unknown, known).map(lambda pair: pair[0] | pair[1])


def some(strategy: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(strategy, max_size=2)


percent = st.integers(0, 100)
named = part({"name": words}, {"rel": words, "uri": addresses, "literal": words})
newsroom = part(
    {
        "storyId": st.from_regex(r"[0-9a-z]{1,64}", fullmatch=True),
        "revision": st.integers(1),
        "change": st.sampled_from(Change),
        "source": words,
        "provider": words,
        "received": moments,
    },
    {},
)
members: dict[str, st.SearchStrategy[Any]] = {
    "representationType": st.sampled_from(["full", "partial"]),
    "pubStatus": st.sampled_from(PubStatus),
    "urgency": st.integers(1, 9),
    "headlines": some(part({"value": words}, {"role": words, "contentType": words})),
    "descriptions": some(part({"value": words}, {"role": words, "contentType": words})),
    "bodies": some(part({"value": words}, {"role": words, "charCount": st.integers(), "wordCount": st.integers()})),
    "people": some(named),
    "organisations": some(named),
    "places": some(named),
    "subjects": some(part({"name": words}, {"uri": addresses, "relevance": percent, "confidence": percent})),
    "infoSources": some(part({"name": words}, {"role": words, "uri": addresses})),
    "altIds": some(part({"role": words, "value": words}, {})),
    "genres": some(part({"name": words}, {"uri": addresses})),
    "standard": part({}, {"version": words, "schema": words}),
}
renditions = part(
    {"name": words},
    {"href": addresses, "contentType": words, "width": st.integers(0), "height": st.integers(0), "title": words},
)
members["associations"] = some(
    part(
        {"name": words, "uri": addresses},
        {
            "type": st.sampled_from(["picture", "video", "what a later version knows"]),
            "by": words,
            "headlines": members["headlines"],
            "descriptions": members["descriptions"],
            "infoSources": members["infoSources"],
            "renditions": some(renditions),
        },
    )
)
members |= dict.fromkeys(["firstCreated", "versionCreated", "contentCreated", "embargoedUntil", "expires"], moments)
members |= dict.fromkeys(["version", "copyrightHolder", "copyrightNotice", "usageTerms", "edNote", "language"], words)
members |= dict.fromkeys(["title", "by", "slugline", "located"], words)


def articles() -> st.SearchStrategy[Article]:
    """Return the strategy: any article that a reader accepts."""
    return part({"uri": addresses, "newsroom": newsroom}, members).map(Article.model_validate)
