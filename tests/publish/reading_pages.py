"""Reading the site's pages as a browser would."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
from lxml import html

from shared.settings import SiteIdentity

__all__ = ["SYDNEY", "Publish", "parsed", "story_page", "words"]

SYDNEY = SiteIdentity(name="The Harbour Wire", timezone="Australia/Sydney")
Publish = Callable[..., None]


def parsed(response: httpx.Response) -> Any:
    return html.fromstring(response.content)


def story_page(site: httpx.Client, story_id: str = "ferry1") -> httpx.Response:
    return site.get(f"/story/x-{story_id}", follow_redirects=True)


def words(element: Any) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()
