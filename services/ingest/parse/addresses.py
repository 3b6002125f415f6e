"""Addresses of pages: made absolute, and reduced to what names the page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

__all__ = ["absolute", "canonical", "names_a_page"]

LONGEST = 2_048
TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs(enc|mi)|mkt_tok|_ga|_gl|s_cid",
    re.IGNORECASE,
)


def absolute(address: str | None, base: str | None) -> str | None:
    """Return an absolute http(s) address, or None: relative ones need a ``base``, other schemes are not for readers."""
    text = re.sub(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]+", "", address or "")
    if not text or len(text) > LONGEST:
        return None
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.username is not None:
            return None
        _ = parts.port
    except ValueError:
        return None
    return joined


def canonical(address: str | None, base: str | None = None) -> str | None:
    """Return the address without what does not name the page: fragment, tracking parameters, default port, case."""
    found = absolute(address, base)
    if found is None:
        return None
    parts = urlsplit(found)
    port = f":{parts.port}" if parts.port not in {None, 80 if parts.scheme.lower() == "http" else 443} else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return urlunsplit((parts.scheme.lower(), f"{host}{port}", parts.path or "/", _without_tracking(parts.query), ""))


def _without_tracking(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    kept = [pair for pair in pairs if not TRACKING.fullmatch(pair[0])]
    # Writing it again may change how it is escaped, so an untracked query is left as it came.
    return query if len(kept) == len(pairs) else urlencode(kept)


def names_a_page(address: str) -> bool:
    """Tell whether an address names more than a site: a front page as identity would make all its stories one."""
    parts = urlsplit(address)
    return parts.path not in {"", "/"} or bool(parts.query)
