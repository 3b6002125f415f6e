"""Look at the running site with a real browser: ``python -m tests.house.browser_check [PICTURE]``.

A newsroom is started with the samples in it; headless Chromium reads the home page and takes its picture.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from tests.waiting import wait_until_sync
from tools.local_stack import local_stack

HEADLINE = "Nairobi opens night market run by its street traders"
SMALLEST_PICTURE = 10_000
# A browser that asks nobody but the site: no updates, no accounts, no sandbox (containers run it as root).
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,1600",
)


def main() -> int:
    """Return 0 when the browser shows the headline and its picture is more than an empty page."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.stdout.write("there is no Chromium on this machine\n")
        return 1
    picture = Path(sys.argv[1] if len(sys.argv) > 1 else "var/home.png").resolve()
    picture.parent.mkdir(parents=True, exist_ok=True)
    with local_stack(samples=True) as stack, httpx.Client(timeout=10, trust_env=False) as client:
        stack.wait_until_ready(client)
        wait_until_sync(lambda: HEADLINE in client.get(f"{stack.site}/").text, timeout=30)
        wait_until_sync(lambda: "site   http" in stack.log.read_text(), timeout=30)
        document = show(browser, "--dump-dom", f"{stack.site}/")
        show(browser, f"--screenshot={picture}", f"{stack.site}/")
    assert HEADLINE in document, document[:2000]
    assert picture.stat().st_size > SMALLEST_PICTURE, "the picture is of an empty page"
    sys.stdout.write(f"the browser shows the headline; its picture is {picture.name}\n1 passed, 0 failed\n")
    return 0


def show(browser: str, *arguments: str) -> str:
    """Run the browser once, with a profile of its own, and return what it printed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
