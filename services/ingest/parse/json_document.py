"""JSON from strangers: parsed, or refused with a code."""

from __future__ import annotations

import json
from typing import Any

from services.ingest.parse.codes import Refusal, refused

__all__ = ["load_json"]


def load_json(text: str) -> Any:
    """Return the document.

    Raises:
        UnreadableCopy: ``invalid_json``, ``too_deep``.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise refused(Refusal.TOO_DEEP, "JSON nested deeper than any item") from None
    except ValueError as error:
        raise refused(Refusal.INVALID_JSON, str(error)) from error
