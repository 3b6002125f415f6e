"""Templates: escaped by default, and an undefined name is an error rather than a gap on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.publish.settings import site_zone
from services.publish.site.assets import Asset
from services.publish.slug import section_title, story_path
from services.publish.store.reading import Teaser
from shared.settings import SiteIdentity

__all__ = ["Renderer"]

FOLDER = Path(__file__).parent / "templates"


class Renderer:
    """Fills templates for one site."""

    def __init__(self, site: SiteIdentity, assets: Mapping[str, Asset]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(site=site, css=assets["site.css"].path, icon=assets["icon.svg"].path)
        self._environment.filters.update(_filters(site_zone(site)))

    def render(self, template: str, **values: Any) -> bytes:
        return self._environment.get_template(template).render(**values).encode()


def _filters(zone: ZoneInfo) -> dict[str, Callable[..., Any]]:
    return {
        "moment": lambda ms: _moment(ms, zone, "%B"),
        "dated": lambda teaser: _dated(teaser, zone, "%B"),
        "briefly": lambda teaser: _dated(teaser, zone, "%b"),
        "section_title": section_title,
        "path": lambda teaser: story_path(teaser.slug, teaser.story_id),
    }


def _dated(teaser: Teaser, zone: ZoneInfo, month: str) -> Markup:
    """Return when the story was published: the day alone where its copy gave no time."""
    if teaser.day is None:
        return _moment(teaser.published, zone, month)
    day = date.fromisoformat(teaser.day)
    return Markup('<time datetime="{}">{}</time>').format(teaser.day, f"{day.day} {day.strftime(month)} {day.year}")


def _moment(milliseconds: int, zone: ZoneInfo, month: str) -> Markup:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    local = moment.astimezone(zone)
    shown = f"{local.day} {local.strftime(month)} {local.year}, {local:%H:%M}"
    if month == "%B":
        shown += f" {local.tzname()}"
    machine = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(machine, shown)
