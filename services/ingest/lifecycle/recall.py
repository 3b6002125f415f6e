"""Copy that was received before, read again from the archive: to let it out at its lift, or to bring it back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.admission.received import Taken
from services.ingest.items import Item
from services.ingest.lifecycle.places import Place
from services.ingest.settings import Source

__all__ = ["Recall", "config_of"]


def config_of(sources: Mapping[str, Source], name: str) -> Source:
    """Return a source's configuration; one that is configured no more keeps its name."""
    return sources.get(name) or Source(provider=name)


class Recall:
    """Reads one entry as it was read when it came."""

    def __init__(self, archive: RawArchive, reader: CopyReader, sources: Mapping[str, Source]) -> None:
        self._archive = archive
        self._reader = reader
        self._sources = sources

    async def read(self, place: Place, *, source: str) -> tuple[Taken, Item]:
        """Return the body and its entry.

        Raises:
            OSError: the bytes are not in the archive.
            UnreadableCopy, LookupError: the parsers do not read the entry there as they did.
        """
        body = await asyncio.to_thread(self._archive.path_of(place.raw).read_bytes)
        copy = place.copy_of(body, source=source, config=config_of(self._sources, source))
        parsed = await self._reader.read(body, content_type=copy.content_type, hints=copy.hints())
        taken = Taken(copy, place.raw, parsed)
        entry = taken.entries[place.index]
        if isinstance(entry, Item):
            return taken, entry
        raise LookupError(f"entry {place.index} of {place.raw} is {entry.code}")
