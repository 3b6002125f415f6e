"""What the receiving mail server says of a message (RFC 8601), and whether that is enough. Pure.

Anybody can write an ``Authentication-Results`` header, under any name. The server that we trust writes its own above
everything that came with the message, so only the first ones with its name count, and none below the next ``Received``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from services.ingest.channels import MaildirConfig
from services.ingest.items import Authentication, Item, UnreadableCopy
from services.ingest.parse.mail_fields import authentication
from services.ingest.parse.mail_gate import open_message
from shared.article import Assumption

__all__ = ["mail_problem", "trusted_results", "with_results"]

UNTOLD = "none"


def trusted_results(body: bytes, server: str | None) -> Authentication | None:
    """Return what the trusted server says of a message; None when it says nothing, or nobody is trusted."""
    if server is None:
        return None
    try:
        message = open_message(body)
    except UnreadableCopy:
        return None
    found: Authentication | None = None
    for results in _own(message, server):
        found = results if found is None else _first_of_each(found, results)
    return found


def mail_problem(config: MaildirConfig, results: Authentication | None) -> UnreadableCopy | None:
    """Return why a message is refused before anybody reads it, or None."""
    if config.dmarc is None or (results is not None and results.dmarc == config.dmarc):
        return None
    told = f"dmarc={results.dmarc}" if results else "nothing"
    return UnreadableCopy("mail_not_authenticated", f"{config.trust} says {told}, and the source asks for dmarc=pass")


def with_results(item: Item, results: Authentication | None) -> Item:
    """Return the item with what the trusted server says, and nobody else's word."""
    if results is None:
        return replace(item, authentication=())
    told = f"{results.server}: spf={results.spf} dkim={results.dkim} dmarc={results.dmarc}"
    said = Assumption(code="mail_authentication", detail=f"{told} {results.domain or ''}".strip())
    return replace(item, authentication=(results,), assumptions=(*item.assumptions, said))


def _own(message: Message, server: str) -> Iterator[Authentication]:
    begun = False
    for name, value in message.raw_items():
        if name.lower() == "received" and begun:
            return
        if name.lower() != "authentication-results":
            continue
        alone = Message()
        alone.set_raw(name, value)
        for results in authentication(alone):
            if results.server == server:
                begun = True
                yield results


def _first_of_each(one: Authentication, other: Authentication) -> Authentication:
    """Servers may give each check a header of its own; what the upper one told is not told again by the lower."""
    return replace(
        one,
        spf=other.spf if one.spf == UNTOLD else one.spf,
        dkim=other.dkim if one.dkim == UNTOLD else one.dkim,
        dmarc=other.dmarc if one.dmarc == UNTOLD else one.dmarc,
        domain=other.domain if one.dmarc == UNTOLD and other.domain else one.domain or other.domain,
    )
