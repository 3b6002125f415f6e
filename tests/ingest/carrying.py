"""Providers that carry the same text, each through a source of its own."""

from __future__ import annotations

import json
from typing import Any

from services.ingest.admission.admit import Admission
from services.ingest.admission.received import Copy
from services.ingest.settings import Source
from shared.events import StageResult
from tests.ingest.copies import html, stories

__all__ = ["FERRY", "GLACIER", "PROVIDERS", "carry"]

FERRY, GLACIER = (html(story.told) for story in stories()[:2])
PROVIDERS = {"harbour": "Harbour Weekly", "hills": "Hills Herald", "gull": "The Gull"}


async def carry(
    admission: Admission, source: str, body: str = FERRY, *, uri: str | None = None, **members: Any
) -> StageResult:
    """Deliver one text as this source's ninjs."""
    document = {
        "uri": uri or f"urn:{source}:ferry",
        "type": "text",
        "headlines": [{"value": "Old ferry sails again"}],
        "bodies": [{"value": body, "contentType": "text/html"}] if body else [],
        **members,
    }
    config = Source(provider=PROVIDERS.get(source, source.title()), push=True, language="en")
    body_bytes = json.dumps(document).encode()
    taken = await admission.take(Copy(source=source, config=config, body=body_bytes, content_type="application/json"))
    return await admission.admit(taken, 0, taken.entries[0])
