"""Settings: addresses and secrets from the environment, everything else from ``newsroom.yaml``.

Any variable ``X`` may come as ``X_FILE``, the path of a file that holds the value: how compose and Kubernetes hand
over secrets. What is wrong is said in one line and the process exits with 78 (``EX_CONFIG``).
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Collection, MutableMapping
from pathlib import Path
from typing import Annotated, NoReturn, Self, TypeVar

import yaml
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.branding import Colours, Comments, Footer, ShareTarget

__all__ = ["ConfigError", "ServiceSettings", "SiteIdentity", "load", "read_newsroom"]

EX_CONFIG = 78
PREFIXES = ("WIREROOM_", "INGEST_", "ENRICH_", "PUBLISH_", "DELIVERY_")
Section = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""As it stands in an address."""
M = TypeVar("M", bound=BaseModel)
S = TypeVar("S", bound=BaseSettings)


class ConfigError(ValueError):
    """The configuration cannot be used. The message says where and why, in words an operator can act on."""


class ServiceSettings(BaseSettings):
    """What every service needs to know."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    redis_url: str = Field("redis://127.0.0.1:6379/0", validation_alias="REDIS_URL")
    data: Path = Field(Path("var"), validation_alias="WIREROOM_DATA")
    newsroom_config: Path = Field(Path("newsroom.yaml"), validation_alias="NEWSROOM_CONFIG")
    log_format: str = Field("json", validation_alias="LOG_FORMAT", pattern="^(json|console)$")
    log_level: str = Field("info", validation_alias="LOG_LEVEL", pattern="^(debug|info|warning|error)$")
    bind: str = Field("127.0.0.1", validation_alias="WIREROOM_BIND")
    replica: str = Field(default_factory=socket.gethostname, validation_alias="WIREROOM_REPLICA")
    """Names this process's consumer in its groups. Keep it over a restart and what it held is taken up at once."""


class SiteIdentity(BaseModel):
    """``site:`` in ``newsroom.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "Wireroom"
    url: AnyHttpUrl | None = None
    """The address that readers use; absent, links in feeds follow the request."""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] = "en"
    """Of the site's own words, as BCP 47 has it: ``en-AU``."""
    timezone: str = "UTC"
    description: str = "News, live from the wire."
    sections: tuple[Section, ...] = ("news", "world", "business", "science", "culture", "sport")
    """In the order of the navigation. Copy goes to the first that its own section, keywords or subjects name."""
    hub: AnyHttpUrl | None = None
    """The WebSub hub that is told of changes, and that the feeds of the site and of its sections name."""
    logo: Path | None = None
    """SVG, PNG, WebP or JPEG in place of the name in the masthead. Paths begin where ``newsroom.yaml`` is."""
    icon: Path | None = None
    """What browsers show beside the title: SVG, PNG."""
    colours: Colours = Colours()
    footer: Footer = Footer()
    stylesheet: Path | None = None
    """CSS that follows our own."""
    templates: Path | None = None
    """A folder whose templates stand in for ours of the same name."""
    share: tuple[ShareTarget, ...] = ("copy", "email", "facebook", "whatsapp", "bluesky")
    """In the order in which they stand under a story; none of them is told anything before a reader follows it."""
    comments: Comments | None = None

    @model_validator(mode="after")
    def _hub_knows_where(self) -> Self:
        if self.hub is not None and self.url is None:
            raise ValueError("a hub is told the addresses of feeds: set url too")
        return self


def load(settings: type[S]) -> S:
    """Build a settings object after filling each ``X`` from ``X_FILE``, or exit with one clear line."""
    own = {str(field.validation_alias) for field in settings.model_fields.values()}
    try:
        _fill_from_files(os.environ, own)
        return settings()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        give_up("; ".join(lines))
    except ConfigError as error:
        give_up(str(error))


def give_up(reason: str) -> NoReturn:
    """Say what is wrong with the configuration and exit with 78."""
    sys.stderr.write(f"configuration: {reason}\n")
    raise SystemExit(EX_CONFIG)


def _fill_from_files(environ: MutableMapping[str, str], own: Collection[str]) -> None:
    """Read our own variables' files alone: other programs' ``…_FILE`` are theirs, and may well not exist."""
    for name in [n for n in environ if n.endswith("_FILE") and environ[n]]:
        variable = name.removesuffix("_FILE")
        if variable not in own and not variable.startswith(PREFIXES):
            continue
        try:
            secret = Path(environ[name]).read_text().strip()
        except OSError as error:
            # The commonest reason is a file that the container's user cannot read, so the user is named.
            raise ConfigError(
                f"{name}={environ[name]} cannot be read by uid {os.getuid()}: {error.strerror}"
            ) from error
        # An empty variable is what compose hands over for one that is not set.
        environ[variable] = environ.get(variable) or secret


def read_newsroom(path: Path, section: str, model: type[M]) -> M:
    """Read one section of ``newsroom.yaml`` as ``model``; an absent file or section gives the model's defaults.

    Raises:
        ConfigError: the file is not YAML, or the section does not fit, with the line where it goes wrong.
    """
    if not path.exists():
        return model()
    text = path.read_text(encoding="utf-8")
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: a mapping of sections is expected")
    try:
        given = document.get(section)
        return model() if given is None else model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = (section, *first["loc"])
        line = _line_of(tree, where)
        raise ConfigError(f"{path}:{line}: {'.'.join(map(str, where))}: {first['msg']}") from error


def _line_of(tree: yaml.Node | None, where: tuple[str | int, ...]) -> int:
    """Return the line (from 1) of the deepest node on the way to ``where``."""
    node, line = tree, 1
    for step in where:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, found = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            line = found.start_mark.line + 1
        if found is None:
            break
        node = found
    return line
