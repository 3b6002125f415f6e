"""The items of a page, each brought to its outcome: admitted, or booked as refused with what the page says of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

from services.ingest.admission.admit import Admission
from services.ingest.admission.bring import bring_in, set_aside
from services.ingest.admission.received import Copy
from services.ingest.feeds.fetch import Fetched, Fetcher, SourceGone, SourceUnavailable
from services.ingest.items import UnreadableCopy
from services.ingest.pulling.jsonpage import Entry, Page, same_server
from services.ingest.settings import Source

__all__ = ["MOST_TRIES", "TRIES_IN_AN_OUTAGE", "PageItems"]

MOST_TRIES = 5
"""Reads of a page, further apart each time, before an item that cannot be had where others can is set aside."""
TRIES_IN_AN_OUTAGE = 40
"""The same where no item can be had: with the back-off of an hour, more than a day."""
NEVER = frozenset({"too_large", "bad_encoding", "forbidden_address", "bad_redirect", "too_many_redirects"})
"""What asking again does not change."""
ACCEPTED = {"Accept": "application/json, */*;q=0.5"}


class PageItems:
    """Takes the items of the pages of one interface. Redis errors pass through, and the page is then read again."""

    def __init__(
        self,
        name: str,
        config: Source,
        *,
        server: str,
        headers: Mapping[str, str],
        fetcher: Fetcher,
        admission: Admission,
    ) -> None:
        self._name = name
        self._config = config
        self._server = server
        self._headers = {**ACCEPTED, **headers}
        self._fetcher = fetcher
        self._admission = admission

    async def take(self, page: Page, *, url: str, tries: int) -> SourceUnavailable | None:
        """Bring every item of the page at ``url`` to its outcome. Returns why one could not be had yet.

        ``tries`` counts the reads of this page before that left an item behind.
        """
        behind: list[tuple[Entry, str, SourceUnavailable]] = []
        times: Counter[bytes] = Counter()
        had = 0
        for entry in page.entries:
            times[entry.listed] += 1
            place = f"{self._name}\0{url}\0{times[entry.listed]}"
            try:
                had += await self._bring(entry, place)
            except SourceUnavailable as error:
                behind.append((entry, place, error))
        if behind and tries + 1 < (MOST_TRIES if had else TRIES_IN_AN_OUTAGE):
            return behind[0][2]
        for entry, place, why in behind:
            await self._quarantine(entry, place, f"{why.code}: {why.detail}")
        return None

    async def _bring(self, entry: Entry, place: str) -> int:
        """Bring one item to its outcome and return how many were fetched for it.

        Raises:
            SourceUnavailable: it cannot be had for now.
        """
        if entry.problem:
            await self._quarantine(entry, place, entry.problem)
            return 0
        if entry.copy is not None:
            await self._admit(entry.copy, entry.content_type, None, place + entry.listed.decode("ascii"))
            return 0
        try:
            fetched = await self.fetch(entry.link or "")
        except SourceUnavailable as error:
            if error.code not in NEVER | {"http_410"}:
                raise
            await self._quarantine(entry, place, f"{error.code}: {error.detail}")
            return 0
        # The receipt knows the bytes: what is behind a link may have changed when a crash has it read again.
        await self._admit(fetched.body, fetched.content_type, fetched.url, place + entry.listed.decode("ascii"))
        return 1

    async def _admit(self, body: bytes, content_type: str | None, url: str | None, place: str) -> None:
        sha256 = hashlib.sha256(body).hexdigest()
        copy = Copy(
            source=self._name,
            config=self._config,
            body=body,
            content_type=content_type,
            url=url,
            receipt=_receipt(place, sha256),
        )
        await bring_in(self._admission, copy, sha256)

    async def _quarantine(self, entry: Entry, place: str, detail: str) -> None:
        """Keep what the page says of an item that cannot be had, and book it as refused."""
        sha256 = hashlib.sha256(entry.listed).hexdigest()
        copy = Copy(
            source=self._name,
            config=self._config,
            body=entry.listed,
            content_type="application/json",
            receipt=_receipt(place, sha256),
        )
        await set_aside(self._admission, copy, sha256, UnreadableCopy("item_unavailable", detail))

    async def fetch(self, url: str) -> Fetched:
        """Fetch a page or an item; the headers of the configuration go to its server alone.

        Raises:
            SourceUnavailable: it cannot be had for now.
        """
        try:
            headers = self._headers if same_server(url, self._server) else ACCEPTED
            fetched = await self._fetcher.fetch(url, headers=headers)
        except SourceGone as error:
            raise SourceUnavailable("http_410", "the source answered so") from error
        if not isinstance(fetched, Fetched):
            raise SourceUnavailable("http_304", "the source was not asked whether anything changed")
        return fetched


def _receipt(place: str, sha256: str) -> str:
    """Name one item of one page by both, so that the page may be read again."""
    return hashlib.sha256(f"{place}\0{sha256}".encode()).hexdigest()[:32]
