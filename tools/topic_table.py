"""The table of topics, as the README shows it."""

from __future__ import annotations

from shared.topics import TOPICS, Topic

__all__ = ["BEGIN", "END", "put_between", "table"]

BEGIN, END = "<!-- topics:begin -->", "<!-- topics:end -->"


def table() -> str:
    """Return the table in Markdown, a row a topic."""
    rows = ["| topic | event | written by | read by | kept |", "|---|---|---|---|---|", *map(_row, TOPICS)]
    return "\n".join(rows)


def _row(topic: Topic) -> str:
    streams = "<br>".join(f"`{stream}`" for stream in topic.streams)
    readers = ", ".join(filter(None, [*topic.readers, topic.others]))
    return f"| {streams} | `{topic.event.__name__}` | {topic.writer} | {readers} | {_span(topic.retention_hours)} |"


def _span(hours: int) -> str:
    return f"{hours // 24} days" if hours % 24 == 0 else f"{hours} hours"


def put_between(document: str) -> str:
    """Return the document with the table between its markers; one without markers comes back as it is."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        return document
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"
