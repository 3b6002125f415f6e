"""``python -m services.ingest``: reads the configuration, serves until SIGTERM or SIGINT, ends with 0 when drained.

With a word after it, it is a command of an operator's instead (:mod:`services.ingest.commands.command`).
"""

from __future__ import annotations

import os
import signal
import sys

import uvicorn

from services.ingest.commands.command import run_command
from services.ingest.pushing.tokens import Tokens
from services.ingest.settings import IngestSettings, Sources
from services.ingest.web import create_app
from shared.logs import configure_logs
from shared.settings import ConfigError, SiteIdentity, give_up, load, read_newsroom

DRAIN_SECONDS = 20
"""Time for pushes in hand at SIGTERM. Less than the 30 s that a container is given to stop."""

NOT_STARTED = 3


def main() -> None:
    """Run the service, or the command that is named."""
    if sys.argv[1:]:
        sys.exit(run_command(sys.argv[1:]))
    settings = load(IngestSettings)
    configure_logs("ingest", fmt=settings.log_format, level=settings.log_level)
    try:
        sources = read_newsroom(settings.newsroom_config, "sources", Sources)
        site = read_newsroom(settings.newsroom_config, "site", SiteIdentity)
        pushed = [name for name, source in sources.root.items() if source.push]
        tokens = Tokens.load(pushed, environ=os.environ, folder=settings.data / "secrets")
        app = create_app(settings, sources, tokens, sections=site.sections)
    except ConfigError as error:
        give_up(str(error))
    # uvicorn raises the signal that stopped it again once it has stopped; a clean stop then still ends with 0.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run()
    sys.exit(0 if server.started else NOT_STARTED)


if __name__ == "__main__":
    main()
