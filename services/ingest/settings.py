"""What ingest must be told: its limits from ``INGEST_`` variables, its sources from ``newsroom.yaml``."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    RootModel,
    StringConstraints,
)
from pydantic_settings import NoDecode

from services.ingest.channels import MaildirConfig, PullConfig
from shared.fetching.judge import Network
from shared.settings import ServiceSettings

__all__ = ["TEXTS_A_DAY", "IngestSettings", "Source", "SourceName", "Sources"]

MIB = 1024 * 1024

TEXTS_A_DAY = 5_000
"""A few wires' worth. Four days of it take a sixth of the memory that Redis has in our compose file."""


def _networks(value: object) -> object:
    """Read ``10.0.0.0/8, ::1/128``; a host bit that is set is a slip of the pen and refused."""
    if not isinstance(value, str):
        return value
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; an example is Australia/Sydney") from error
    return name


class IngestSettings(ServiceSettings):
    """Limits and addresses. Each default is the one that a small newsroom can keep."""

    port: int = Field(8081, validation_alias="PUSH_PORT", ge=0, le=65_535)
    poll_seconds: float = Field(60.0, validation_alias="INGEST_POLL_SECONDS", gt=0)
    """Time between polls of a feed that says no ``every`` of its own."""
    max_bytes: int = Field(10 * MIB, validation_alias="INGEST_MAX_BYTES", gt=0)
    """Largest body that is taken, pushed or polled, after decompression."""
    fetch_seconds: float = Field(20.0, validation_alias="INGEST_FETCH_SECONDS", gt=0)
    """Time for one whole fetch, redirects included: httpx's own time-outs start again with every byte."""
    push_seconds: float = Field(30.0, validation_alias="INGEST_PUSH_SECONDS", gt=0)
    """Time for a sender to send one whole body."""
    pushes_at_once: int = Field(32, validation_alias="INGEST_PUSHES_AT_ONCE", gt=0)
    """Bodies in memory at once: with ``max_bytes`` this bounds what pushes can take."""
    source_rate: float = Field(100.0, validation_alias="INGEST_PUSH_RATE_SOURCE", ge=0)
    """Pushes a second that a source may make over all replicas, ten seconds' worth at once; 0 sets no limit."""
    address_rate: float = Field(200.0, validation_alias="INGEST_PUSH_RATE_ADDRESS", ge=0)
    """The same for an address that pushes come from. Behind a proxy that is the proxy's, so set 0 there."""
    polls_at_once: int = Field(32, validation_alias="INGEST_POLLS_AT_ONCE", gt=0)
    """Feeds fetched and taken in at once: with ``max_bytes`` this bounds what polls can take."""
    polls_per_host: int = Field(2, validation_alias="INGEST_POLLS_PER_HOST", gt=0)
    """Feeds of one host fetched at once."""
    websub_callback: HttpUrl | None = Field(None, validation_alias="INGEST_WEBSUB_CALLBACK")
    """The address under which hubs reach this service from outside; absent, nothing is subscribed to."""
    parse_seconds: float = Field(20.0, validation_alias="INGEST_PARSE_SECONDS", gt=0)
    """Time on the clock for reading one body, on a machine that has others to serve."""
    parse_cpu_seconds: int = Field(5, validation_alias="INGEST_PARSE_CPU_SECONDS", gt=0)
    """Processor time for reading one body. The slowest 10 MB of copy that are not refused took 1.8 s."""
    parse_mib: int = Field(128, validation_alias="INGEST_PARSE_MIB", ge=32)
    """Memory for reading one body, in MiB, beside the 75 that an idle parser has. 10 MB of copy take up to 90."""
    parsers_at_once: int = Field(2, validation_alias="INGEST_PARSERS_AT_ONCE", gt=0)
    """Parser processes. With ``parse_mib`` they bound what reading can take."""
    state_days: int = Field(400, validation_alias="INGEST_STATE_DAYS", gt=0)
    """Time that a story's state is kept after its last change; killed and withheld stories keep theirs."""
    texts_a_day: int = Field(TEXTS_A_DAY, validation_alias="INGEST_TEXTS_A_DAY", ge=0)
    """Texts of a day that others' copy is compared with, 6 KB of Redis each with its article; 0 folds nothing."""
    lease_seconds: float = Field(30.0, validation_alias="INGEST_LEASE_SECONDS", ge=1)
    """Time until another replica takes over the feeds of one that died."""
    allow_private: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        (), validation_alias="INGEST_ALLOW_PRIVATE"
    )
    """Networks that feeds may be fetched from although they are not public: ``10.1.0.0/16,127.0.0.1/32``."""
    drop_stable_seconds: float = Field(2.0, validation_alias="INGEST_DROP_STABLE_SECONDS", gt=0)
    """Time that a dropped file must stand still to be complete; one that was renamed into place is so at once."""
    drop_rescan_seconds: float = Field(5.0, validation_alias="INGEST_DROP_RESCAN_SECONDS", gt=0)
    """Time between looks at a folder that nobody tells of, as most network file systems do not."""
    drop_watch: Literal["notify", "poll"] = Field("notify", validation_alias="INGEST_DROP_WATCH")
    """``poll`` where drop folders lie on a network file system: only standing still then tells a complete file."""


SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""Also a file name, a metric label and, upper case with ``_`` for ``-``, the end of ``INGEST_TOKEN_NAME``."""


class Source(BaseModel):
    """One entry of ``sources:``. A source may have several ways in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    """Who wrote the copy, as a reader should see it, where the copy does not say."""
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    """Zone of dates that carry none."""
    section: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = "news"
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    push: bool = False
    drop: bool = False
    """Files in ``$WIREROOM_DATA/inbox/NAME`` are its copy."""
    maildir: MaildirConfig | None = None
    pull: PullConfig | None = None
    feed: HttpUrl | None = None
    every: Annotated[float, Field(gt=0, le=86_400)] | None = None
    """Shortest time in seconds between polls of ``feed``; absent, ``INGEST_POLL_SECONDS``."""
    slowest: Annotated[float, Field(gt=0, le=86_400)] | None = None
    """Longest time in seconds between polls of a feed that seldom changes; absent, five times the shortest."""


class Sources(RootModel[dict[SourceName, Source]]):
    """``sources:`` in ``newsroom.yaml``, by name."""

    model_config = ConfigDict(frozen=True)

    root: dict[SourceName, Source] = Field(default_factory=dict)
