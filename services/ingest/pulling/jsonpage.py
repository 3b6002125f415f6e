"""Pages of a JSON interface: the entries of one, and the link to the next. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from services.ingest.channels import PullConfig

__all__ = ["Entry", "Page", "UnreadablePage", "first_page", "read_page", "same_server"]

MOST_ENTRIES = 1_000
LONGEST_LINK = 4_096
JSON = "application/json"


class UnreadablePage(ValueError):
    """The answer is no page. ``code`` is stable, ``detail`` is for a person."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a page. Of ``copy``, ``link`` and ``problem`` it has one."""

    listed: bytes
    """The entry itself as JSON."""
    copy: bytes | None = None
    content_type: str | None = None
    link: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    entries: tuple[Entry, ...]
    next: str | None = None
    """The address of the next page; None where this one is the last so far."""
    next_problem: str | None = None
    """Why the link to the next page is not to be followed."""


def first_page(config: PullConfig) -> str:
    """Return the address to begin at."""
    url = str(config.url)
    if config.page_size is None:
        return url
    size = urlencode({config.page_size_parameter: config.page_size})
    return f"{url}{'&' if '?' in url else '?'}{size}"


def read_page(body: bytes, config: PullConfig, *, url: str) -> Page:
    """Read a page. What is wrong with one entry is that entry's alone.

    Raises:
        UnreadablePage: ``invalid_json``, ``no_items`` or ``too_many_items``.
    """
    try:
        document = json.loads(body)
    except RecursionError:
        raise UnreadablePage("invalid_json", "nested too deep") from None
    except ValueError as error:
        raise UnreadablePage("invalid_json", type(error).__name__) from error
    listed = _find(document, config.items)
    if not isinstance(listed, list):
        raise UnreadablePage("no_items", f"{config.items} is no list")
    if len(listed) > MOST_ENTRIES:
        raise UnreadablePage("too_many_items", f"more than {MOST_ENTRIES} entries")
    following, problem = _next(_find(document, config.next), config, url)
    entries = tuple(_entry(entry, config, url) for entry in listed)
    return Page(entries=entries, next=following, next_problem=problem)


def same_server(one: str, other: str) -> bool:
    """Tell whether two addresses are of one server: what may be sent to it may not be sent elsewhere."""
    a, b = urlsplit(one), urlsplit(other)
    return (a.scheme, a.netloc.lower()) == (b.scheme, b.netloc.lower())


def _find(document: Any, path: str) -> Any:
    """Return what is at the path; None where there is nothing."""
    for name in path.split("."):
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdecimal() and int(name[:9]) < len(document):
            document = document[int(name[:9])]
        else:
            return None
    return document


def _entry(entry: Any, config: PullConfig, url: str) -> Entry:
    listed = _dump(entry)
    if config.link:
        link = _link(_find(entry, config.link), url)
        problem = None if link else f"{config.link} is no address"
        return Entry(listed=listed, link=link, problem=problem)
    if config.inline is None:
        return Entry(listed=listed, copy=listed, content_type=JSON)
    copy = _find(entry, config.inline)
    if isinstance(copy, str):
        # Which format it is, the copy itself has to say. Half a surrogate pair is left for the parsers to refuse.
        return Entry(listed=listed, copy=copy.encode("utf-8", "surrogatepass"))
    if isinstance(copy, dict | list):
        return Entry(listed=listed, copy=_dump(copy), content_type=JSON)
    return Entry(listed=listed, problem=f"nothing at {config.inline}")


def _next(value: Any, config: PullConfig, url: str) -> tuple[str | None, str | None]:
    if value is None or value == "":
        return None, None
    link = _link(value, url)
    if link is None:
        return None, f"{config.next} is no address"
    if not same_server(link, str(config.url)):
        return None, f"{config.next} leads to another server"
    return link, None


def _link(value: Any, url: str) -> str | None:
    """Return an address that can be asked for, made absolute."""
    if not isinstance(value, str) or len(value) > LONGEST_LINK:
        return None
    try:
        link = urljoin(url, value.strip())
        parts = urlsplit(link)
    except ValueError:
        return None
    fit = parts.scheme in {"http", "https"} and parts.netloc and link.isascii() and link.isprintable()
    return link if fit and " " not in link else None


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
