"""``api:`` in ``newsroom.yaml``: who may ask, from which pages, how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.publish.api.keys import Keys
from shared.settings import read_newsroom

__all__ = ["OPEN", "Access", "ApiSettings", "read_access"]

Origin = Annotated[str, Field(pattern=r"^(\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?)$")]
"""As a browser sends it: lower case, no slash at the end."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Rate = Annotated[float, Field(ge=0, le=100_000)]


class ApiSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    cors_origins: tuple[Origin, ...] = ()
    """Whose pages may read the API in a browser; ``*``: anybody's."""
    keys: tuple[Name, ...] = ()
    """Who has a key. With one name here, nobody is answered without."""
    key_rate: Rate = 0
    """Requests a second for each key, on each web process; 0 sets no limit."""
    address_rate: Rate = 0
    """The same for each address, where no key is asked for."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask."""

    settings: ApiSettings
    keys: Keys

    @property
    def is_open(self) -> bool:
        """Whether it makes no difference who asks, and from where."""
        return not (len(self.keys) or self.settings.cors_origins or self.settings.address_rate)


OPEN = Access(ApiSettings(), Keys({}))
"""Everybody, as often as they like, from no other site's pages."""


def read_access(newsroom: Path, environ: Mapping[str, str]) -> Access:
    """Read who may ask.

    Raises:
        ConfigError: the section does not fit, or a key is not in the environment.
    """
    settings = read_newsroom(newsroom, "api", ApiSettings)
    return Access(settings, Keys.load(settings.keys, environ))
