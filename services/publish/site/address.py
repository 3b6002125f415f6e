"""The address that readers know the site by: configured, or taken from a request that may be trusted to name it."""

from __future__ import annotations

import re

from starlette.types import Scope

from shared.settings import SiteIdentity

__all__ = ["site_url"]

# A Host header is text from a stranger, and would stand in every absolute link of a page.
_HOST = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.IGNORECASE)


def site_url(site: SiteIdentity, scope: Scope) -> str | None:
    """Return the site's address without a slash at its end, or None when the request names no host that could be."""
    if site.url is not None:
        return str(site.url).rstrip("/")
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    return f"{scope['scheme']}://{host.lower()}" if _HOST.fullmatch(host) else None
