"""Pictures on disk: ``pictures/{story}/{picture}/{file}``, the least used going first when there are too many bytes.

Several processes may share the folder: each picture appears whole and goes whole, and what is used is told from the
time of its folder. Nothing here is remembered in memory but how much was written since the folder was last counted.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["PictureCache"]

PREFIX = "."
"""Names that begin so are on their way in or out."""
TOUCH_EVERY = 600.0
"""Seconds: that a picture is used need not be told more exactly, and each telling is a write."""
ROOM = 0.9
"""What is left when a full folder was gone through, so that this is not done for every picture."""
COUNT_AFTER = 0.05
"""The folder is counted again when this much of the limit was written."""
TRIES = 5
ABANDONED = 3_600.0
"""Seconds after which what is on its way has been left there by a process that ended."""


class _Kept(NamedTuple):
    used: float
    size: int
    place: Path


class PictureCache:
    """A folder of at most ``limit`` bytes, a twentieth more for a moment. Its methods wait for the disk."""

    def __init__(self, folder: Path, *, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._written = limit  # nobody knows what is there: count at the first writing
        self._lock = threading.Lock()

    def get(self, story_id: str, address: str, file: str) -> bytes | None:
        """Return a file, None where it is not kept."""
        place = self._place(story_id, address)
        try:
            data = (place / file).read_bytes()
            if time.time() - place.stat().st_mtime > TOUCH_EVERY:
                os.utime(place)
        except OSError:
            return None
        return data

    def keeps(self, story_id: str) -> bool:
        """Tell whether anything of a story is kept."""
        return (self._folder / story_id).exists()

    def put(self, story_id: str, address: str, files: Mapping[str, bytes]) -> None:
        """Keep the files of a picture, all of them or none; of two that write at once the first stays.

        Raises:
            OSError: the disk is full, or not ours to write.
        """
        place = self._place(story_id, address)
        draft = self._folder / f"{PREFIX}{secrets.token_hex(8)}"
        draft.mkdir(parents=True)
        try:
            for name, data in files.items():
                (draft / name).write_bytes(data)
            self._move_in(draft, place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._count(sum(map(len, files.values())))

    def forget(self, story_id: str, *, keep: Iterable[str] = ()) -> None:
        """Delete the pictures of a story, but for those at the addresses in ``keep``.

        Each is gone from its place at once, for every process, and from the disk right after.
        """
        kept = {_name(address) for address in keep}
        for place in _folders(self._folder / story_id):
            if place.name not in kept:
                self._delete(place)
        self._drop_if_empty(self._folder / story_id)

    def tidy(self, is_shown: Callable[[str], bool]) -> None:
        """Delete the pictures of every story that is not shown: of those taken down while nobody was here to see."""
        for story in _folders(self._folder):
            if not is_shown(story.name):
                self.forget(story.name)

    def trim(self) -> None:
        """Delete the least used pictures until there is room, and what was left on its way."""
        kept = sorted(self._kept())
        total = sum(one.size for one in kept)
        for one in kept:
            if total <= self._limit * ROOM:
                break
            self._delete(one.place)
            self._drop_if_empty(one.place.parent)
            total -= one.size
        for place in _folders(self._folder, hidden=True):
            if time.time() - _changed(place) > ABANDONED:
                shutil.rmtree(place, ignore_errors=True)

    def _move_in(self, draft: Path, place: Path) -> None:
        """Put what is ready into its place. That may fill, and the story's folder go, while this is done."""
        for tries_left in reversed(range(TRIES)):
            try:
                place.parent.mkdir(exist_ok=True)
                draft.rename(place)
            except OSError:
                if place.exists():
                    return
                if not tries_left:
                    raise
            else:
                return

    def _count(self, size: int) -> None:
        with self._lock:
            self._written += size
            if self._written < self._limit * COUNT_AFTER:
                return
            self._written = 0
        if sum(one.size for one in self._kept()) > self._limit:
            self.trim()

    def _kept(self) -> Iterator[_Kept]:
        for story in _folders(self._folder):
            for place in _folders(story):
                yield _Kept(_changed(place), _size(place), place)

    def _place(self, story_id: str, address: str) -> Path:
        return self._folder / story_id / _name(address)

    def _delete(self, place: Path) -> None:
        away = self._folder / f"{PREFIX}{secrets.token_hex(8)}"
        try:
            place.rename(away)
        except OSError:
            return  # another process was faster
        shutil.rmtree(away, ignore_errors=True)

    def _drop_if_empty(self, story: Path) -> None:
        try:
            story.rmdir()
        except OSError:
            return


def _name(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _folders(place: Path, *, hidden: bool = False) -> list[Path]:
    try:
        return [entry for entry in place.iterdir() if entry.name.startswith(PREFIX) is hidden and entry.is_dir()]
    except OSError:
        return []


def _changed(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return 0.0


def _size(place: Path) -> int:
    try:
        return sum(file.stat().st_size for file in place.iterdir())
    except OSError:
        return 0
