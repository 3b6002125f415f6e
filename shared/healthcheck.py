"""Ask a service of this machine whether it is ready: the health check of the images, which hold no curl.

``PROBE_URL`` is the address to ask. Exits with 0 when it answers 200; else says why not and exits with 1.
"""

from __future__ import annotations

import http.client
import os
import sys
import urllib.error
import urllib.request


def why_not_ready(url: str, seconds: float = 4.0) -> str | None:
    """Return None when ``url`` answers 200, else what is wrong, in words."""
    # A container may carry proxy variables for its outgoing requests; its own address is not behind a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=seconds):
            return None
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read(500).decode(errors='replace').strip()}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"


def main() -> int:
    """Print what is wrong, where ``docker inspect`` shows it, and return the exit code."""
    url = os.environ.get("PROBE_URL", "")
    problem = why_not_ready(url) if url.startswith("http") else "PROBE_URL is not set to an address"
    if problem:
        sys.stdout.write(f"{problem}\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
