"""Everything that polls feeds, put together: the watch, what it shares, and the hubs' callback where there is one."""

from __future__ import annotations

from starlette.routing import Route

from services.ingest.admission.admit import Admission
from services.ingest.feeds.cursor import FeedCursors
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.poll import FeedPoll
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.visits import Visits
from services.ingest.feeds.watch import FeedWatch
from services.ingest.feeds.websub_web import Hubs
from services.ingest.health.health_book import HealthBook
from services.ingest.settings import IngestSettings, Sources
from shared.delivery import Delivery

__all__ = ["Feeds"]


class Feeds:
    """The feeds of the configuration."""

    def __init__(
        self,
        settings: IngestSettings,
        sources: Sources,
        delivery: Delivery,
        admission: Admission,
        *,
        health: HealthBook,
        fetcher: Fetcher,
    ) -> None:
        self._settings = settings
        self._delivery = delivery
        callback = str(settings.websub_callback) if settings.websub_callback else None
        self._subscriber = Subscriber(delivery, fetcher, callback=callback)
        visits = Visits(at_once=settings.polls_at_once, per_host=settings.polls_per_host)
        cursors = FeedCursors(delivery)
        self._polls = {
            name: FeedPoll(
                name,
                source,
                every=settings.poll_seconds,
                fetcher=fetcher,
                cursors=cursors,
                admission=admission,
                visits=visits,
                health=health,
                subscriber=self._subscriber,
            )
            for name, source in sources.root.items()
            if source.feed is not None
        }

    def routes(self) -> list[Route]:
        """Return the callback of the hubs, or nothing where it is not to be reached."""
        if self._settings.websub_callback is None:
            return []
        hubs = Hubs(
            self._subscriber,
            self._polls,
            max_bytes=self._settings.max_bytes,
            seconds=self._settings.push_seconds,
            at_once=self._settings.pushes_at_once,
        )
        return hubs.routes()

    def watch(self) -> FeedWatch:
        """Return the watch, to be started once delivery is."""
        return FeedWatch(self._delivery.redis, list(self._polls.values()), lease_seconds=self._settings.lease_seconds)
