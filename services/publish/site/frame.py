"""What pages have around them: the navigation, the title, the site's name."""

from __future__ import annotations

from typing import Any

from services.publish.site.front import section_names
from services.publish.site.render import Renderer
from services.publish.store.reading import Reader, Teaser
from shared.settings import SiteIdentity

__all__ = ["Frame"]

FROM_NEWEST = 200
"""The navigation looks at so many stories: enough for a day, and bounded."""


class Frame:
    """Renders a page's template with what every page needs."""

    def __init__(self, reader: Reader, renderer: Renderer, site: SiteIdentity) -> None:
        self.reader = reader
        self.site = site
        self._renderer = renderer

    def newest(self) -> list[Teaser]:
        return self.reader.latest(FROM_NEWEST)

    def render(
        self,
        template: str,
        *,
        title: str,
        description: str = "",
        canonical: str | None = None,
        here: str = "",
        newest: list[Teaser] | None = None,
        **values: Any,
    ) -> bytes:
        """Return the page. Without ``canonical`` it asks search engines to leave it out."""
        return self._renderer.render(
            template,
            title=f"{title} \u2013 {self.site.name}",
            description=description,
            canonical=canonical,
            here=here,
            sections=section_names(self.newest() if newest is None else newest, self.site.sections),
            **values,
        )
