"""Templates: escaped by default, and an undefined name is an error rather than a gap on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from services.publish.pictures.filters import picture_filters
from services.publish.pictures.signing import Signer
from services.publish.settings import site_zone
from services.publish.site.assets import Asset
from services.publish.slug import section_title, story_path
from services.publish.store.reading import Teaser
from shared.settings import ConfigError, SiteIdentity

__all__ = ["Renderer", "begun_at"]

begun_at: ContextVar[int | None] = ContextVar("begun_at", default=None)
"""The edition that the page that is being made was begun at: of what moves after it, an open page has to be told."""

FOLDER = Path(__file__).parent / "templates"


class Renderer:
    """Fills templates for one site.

    Raises:
        ConfigError: the site's folder of templates is not there, or one in it is not a template.
    """

    def __init__(self, site: SiteIdentity, assets: Mapping[str, Asset], signer: Signer | None = None) -> None:
        self.signer = signer
        self._environment = Environment(
            loader=_loader(site.templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        logo = assets.get("logo")
        self._environment.globals.update(
            site=site,
            css=assets["site.css"].path,
            script=assets["page.js"].path,
            live_script=assets["live.js"].path,
            icon=assets["icon.svg"],
            logo=logo.path if logo else None,
        )
        self._environment.filters.update(_filters(site_zone(site)), **picture_filters(signer))
        self._compile()

    def _compile(self) -> None:
        """Compile every template: what is wrong with one is known when the site starts, and not on a page of it."""
        for name in self._environment.list_templates(extensions=["html"]):
            try:
                self._environment.get_template(name)
            except (TemplateError, UnicodeDecodeError) as error:
                line = getattr(error, "lineno", None)
                where = f"{name}:{line}" if line else name
                raise ConfigError(f"site.templates: {where}: {error}") from error

    def render(self, template: str, **values: Any) -> bytes:
        """Fill the template, which is told the edition that the page was begun at; None where it is of none."""
        return self._environment.get_template(template).render(edition=begun_at.get(), **values).encode()


def _loader(folder: Path | None) -> BaseLoader:
    """Return our templates, those in ``folder`` before them; as ``wireroom/NAME`` ours can always be had."""
    ours = FileSystemLoader(FOLDER)
    if folder is None:
        return ours
    if not folder.is_dir():
        raise ConfigError(f"site.templates: there is no folder {folder}")
    return ChoiceLoader([FileSystemLoader(folder), ours, PrefixLoader({"wireroom": ours})])


def _filters(zone: ZoneInfo) -> dict[str, Callable[..., Any]]:
    return {
        "moment": lambda ms, local=False: _moment(ms, zone, "%B", local=local),
        "dated": lambda teaser, local=False: _dated(teaser, zone, "%B", local=local),
        "briefly": lambda teaser: _dated(teaser, zone, "%b", local=False),
        "section_title": section_title,
        "path": lambda teaser: story_path(teaser.slug, teaser.story_id),
    }


def _dated(teaser: Teaser, zone: ZoneInfo, month: str, *, local: bool) -> Markup:
    """Return when the story was published: the day alone where its copy gave no time."""
    if teaser.day is None:
        return _moment(teaser.published, zone, month, local=local)
    day = date.fromisoformat(teaser.day)
    return Markup('<time datetime="{}">{}</time>').format(teaser.day, f"{day.day} {day.strftime(month)} {day.year}")


def _moment(milliseconds: int, zone: ZoneInfo, month: str, *, local: bool) -> Markup:
    """Return the moment in the site's zone; with ``local`` the page's script writes the reader's beside it."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    there = moment.astimezone(zone)
    shown = f"{there.day} {there.strftime(month)} {there.year}, {there:%H:%M}"
    if month == "%B":
        shown += f" {there.tzname()}"
    machine = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    mark = Markup(" data-local") if local else ""
    return Markup('<time datetime="{}"{}>{}</time>').format(machine, mark, shown)
