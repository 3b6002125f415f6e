"""A surge of dead letters means that the reader is wrong, not the copy: stop, and let a person look."""

from __future__ import annotations

from collections import deque


class SurgeBreaker:
    """Trips when ``in_a_row`` inputs in a row fail for good, or more than ``share`` of the last ``window`` do.

    Once tripped it stays so until the process is restarted: what stopped it is for a person to find.
    """

    def __init__(self, *, in_a_row: int, share: float, window: int) -> None:
        self._in_a_row = in_a_row
        self._share = share
        self._recent: deque[bool] = deque(maxlen=window)
        self._run = 0
        self.tripped: str | None = None

    def good(self) -> None:
        """Count an input that was handled."""
        self._run = 0
        self._recent.append(False)

    def bad(self) -> bool:
        """Count an input that is about to be set aside; False means: do not, the reader has to stop."""
        if self.tripped or not self._in_a_row:
            return not self.tripped
        self._run += 1
        self._recent.append(True)
        failed = sum(self._recent)
        if self._run >= self._in_a_row:
            self.tripped = f"{self._run} inputs in a row went to the dead letters"
        elif len(self._recent) == self._recent.maxlen and failed > self._share * len(self._recent):
            self.tripped = f"{failed} of the last {len(self._recent)} inputs went to the dead letters"
        return not self.tripped
