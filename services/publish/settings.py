"""What publish reads from its environment and from ``site:`` in ``newsroom.yaml``."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from shared.settings import ConfigError, ServiceSettings, SiteIdentity, read_newsroom

__all__ = ["PublishSettings", "read_site", "site_zone"]

FILES = ("logo", "icon", "stylesheet", "templates")
Port = Annotated[int, Field(ge=1, le=65535)]


class PublishSettings(ServiceSettings):
    """Both processes of publish read the same settings, so that they cannot disagree about the store."""

    database_url: str = Field("", validation_alias="DATABASE_URL")
    """Empty is SQLite in the data folder: right for one machine. PostgreSQL where there are more."""
    projector_port: Port = Field(8091, validation_alias="PROJECTOR_PORT")
    site_port: Port = Field(8080, validation_alias="SITE_PORT")
    cached_pages: Annotated[int, Field(ge=1)] = Field(512, validation_alias="SITE_CACHED_PAGES")
    """Rendered pages kept in memory, about 20 kB each."""

    watch_ms: Annotated[int, Field(ge=0, le=10_000)] = Field(200, validation_alias="SITE_WATCH_MS")
    """How often the web process looks at the store for changes; 0 looks at each request."""

    live_clients: Annotated[int, Field(ge=0)] = Field(10_000, validation_alias="SITE_LIVE_CLIENTS")
    """Open live streams of one web process, as far as the open files that it is allowed suffice."""

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'site.db'}"


def site_zone(site: SiteIdentity) -> ZoneInfo:
    """Return the zone that the site's times are shown in.

    Raises:
        ConfigError: there is no such zone.
    """
    try:
        return ZoneInfo(site.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"site.timezone: {site.timezone!r} is not a zone such as Australia/Sydney") from error


def read_site(settings: PublishSettings) -> SiteIdentity:
    """Read ``site:``, and refuse at the start what would fail on the first page.

    Files that it names come back with the folder of ``newsroom.yaml`` before them.
    """
    site = read_newsroom(settings.newsroom_config, "site", SiteIdentity)
    site_zone(site)
    folder = settings.newsroom_config.parent
    named = {name: path for name in FILES if (path := getattr(site, name)) is not None}
    return site.model_copy(update={name: folder / path for name, path in named.items()})
