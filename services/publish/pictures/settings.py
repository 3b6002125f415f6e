"""What the site must be told of pictures, and the key that their addresses are signed with."""

from __future__ import annotations

import contextlib
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from shared.fetching.judge import Network
from shared.settings import ConfigError, ServiceSettings

__all__ = ["PictureSettings", "picture_key"]

MIB = 1024 * 1024
SHORTEST_KEY = 16


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())


class PictureSettings(ServiceSettings):
    """Read by the web process."""

    key: SecretStr = Field(SecretStr(""), validation_alias="SITE_PICTURE_KEY")
    """Empty: made at the first start and kept in the data folder, which is right where all replicas share that."""
    max_bytes: int = Field(15 * MIB, validation_alias="SITE_PICTURE_MAX_BYTES", gt=0)
    """Largest file that is fetched."""
    seconds: float = Field(10.0, validation_alias="SITE_PICTURE_SECONDS", gt=0)
    """Time for one whole fetch, redirects included."""
    workers: int = Field(2, validation_alias="SITE_PICTURE_WORKERS", ge=1, le=64)
    """Pictures that are made at once, each by a process that may take 448 MiB and mostly takes 60."""
    cache_mib: int = Field(1024, validation_alias="SITE_PICTURE_CACHE_MIB", ge=1)
    """What may lie on disk; a picture in its sizes takes a quarter of a MiB."""
    allow_private: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        (), validation_alias="SITE_PICTURE_ALLOW_PRIVATE"
    )
    """Networks that pictures may come from though they are not public, ``10.1.0.0/16``."""


def picture_key(settings: PictureSettings) -> bytes:
    """Return the key: that of the settings, else the one in the data folder, made if this is the first start.

    Raises:
        ConfigError: it is too short to guard anything, or cannot be kept.
    """
    given = settings.key.get_secret_value()
    if given:
        if len(given) < SHORTEST_KEY:
            raise ConfigError(f"SITE_PICTURE_KEY has fewer than {SHORTEST_KEY} characters")
        return given.encode()
    place = settings.data / "secrets" / "picture.key"
    try:
        return _kept_key(place)
    except OSError as error:
        raise ConfigError(f"{place} cannot be kept: {error.strerror}; or set SITE_PICTURE_KEY") from error


def _kept_key(place: Path) -> bytes:
    """Return the key that is kept. Of replicas that start at once one makes it, whole, and all read that one."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not place.exists():
        draft = place.with_name(f"{place.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_urlsafe(32), encoding="ascii")
        try:
            # A link is made whole or not at all, and never over one that is there.
            with contextlib.suppress(FileExistsError):
                place.hardlink_to(draft)
        finally:
            draft.unlink()
    key = place.read_bytes().strip()
    if len(key) < SHORTEST_KEY:
        raise ConfigError(f"{place} has fewer than {SHORTEST_KEY} characters: remove it, and another is made")
    return key
