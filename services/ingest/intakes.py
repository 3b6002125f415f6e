"""The ways in that ingest looks after by itself, put together from the configuration: folders, mail, interfaces."""

from __future__ import annotations

from collections.abc import Mapping

from services.ingest.admission.admit import Admission
from services.ingest.channels import PullConfig
from services.ingest.feeds.fetch import Fetcher
from services.ingest.folders.drop import Drop, DropHabits
from services.ingest.folders.maildir import Maildir
from services.ingest.health.health_book import HealthBook
from services.ingest.pulling.pull import Pull
from services.ingest.pulling.pullcursor import PullCursors
from services.ingest.settings import IngestSettings, Sources
from services.ingest.tending import Intake, Tending
from shared.delivery import Delivery
from shared.settings import ConfigError

__all__ = ["Intakes", "request_headers"]


class Intakes:
    """Drop folders, Maildirs and pulled interfaces of all sources."""

    def __init__(self, settings: IngestSettings, sources: Sources, environ: Mapping[str, str]) -> None:
        """Read what they need to know.

        Raises:
            ConfigError: a header's variable is not set.
        """
        self._settings = settings
        self._sources = sources.root
        self._headers = {
            name: request_headers(name, source.pull, environ) for name, source in self._sources.items() if source.pull
        }
        self._habits = DropHabits(
            max_bytes=settings.max_bytes,
            stable_seconds=settings.drop_stable_seconds,
            rescan_seconds=settings.drop_rescan_seconds,
            polls=settings.drop_watch == "poll",
        )

    def tending(self, delivery: Delivery, fetcher: Fetcher, admission: Admission, health: HealthBook) -> Tending:
        """Return what looks after them, to be started; ``delivery`` has been."""
        pulls = self._pulls(delivery, fetcher, admission, health)
        intakes = [*self._drops(admission), *self._maildirs(admission), *pulls]
        return Tending(delivery.redis, intakes, lease_seconds=self._settings.lease_seconds)

    def _drops(self, admission: Admission) -> list[Intake]:
        inbox = self._settings.data / "inbox"
        return [
            Drop(name, source, folder=inbox / name, admission=admission, habits=self._habits)
            for name, source in self._sources.items()
            if source.drop
        ]

    def _maildirs(self, admission: Admission) -> list[Intake]:
        data = self._settings.data
        return [
            Maildir(
                name,
                source,
                source.maildir,
                path=data / source.maildir.path,
                admission=admission,
                habits=self._habits,
            )
            for name, source in self._sources.items()
            if source.maildir
        ]

    def _pulls(self, delivery: Delivery, fetcher: Fetcher, admission: Admission, health: HealthBook) -> list[Intake]:
        cursors = PullCursors(delivery.redis)
        return [
            Pull(
                name,
                source,
                source.pull,
                every=self._settings.poll_seconds,
                headers=self._headers[name],
                fetcher=fetcher,
                cursors=cursors,
                admission=admission,
                health=health,
            )
            for name, source in self._sources.items()
            if source.pull
        ]


def request_headers(source: str, pull: PullConfig, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that an interface is asked with, each value from its variable.

    Raises:
        ConfigError: a variable is not set, or its value cannot be a header.
    """
    headers = {}
    for header, variable in pull.headers.items():
        value = environ.get(variable, "")
        if not value.isascii() or not value.isprintable() or not value.strip():
            raise ConfigError(f"source {source} is pulled with the header {header}: set {variable}, or {variable}_FILE")
        headers[header] = value.strip()
    return headers
