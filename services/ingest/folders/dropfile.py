"""Files that are dropped for us: which are complete, what each delivery is called, where it goes. Pure."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "LONGEST_NAME",
    "Mark",
    "Place",
    "Seen",
    "Sighting",
    "Verdict",
    "is_ignored",
    "printable",
    "receipt_of",
    "settle",
    "unfit",
    "with_receipt",
]

FOLDERS = frozenset({"done", "rejected"})
UNFINISHED = (".tmp", ".part", ".filepart")
"""What senders call a file that they are still writing; FTP and SFTP programs among them."""
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What tells one state of one file from every other."""

    is_file: bool
    device: int
    inode: int
    links: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> Mark:
        return cls(
            is_file=stat.S_ISREG(found.st_mode),
            device=found.st_dev,
            inode=found.st_ino,
            links=found.st_nlink,
            size=found.st_size,
            mtime_ns=found.st_mtime_ns,
            ctime_ns=found.st_ctime_ns,
        )

    def has_bytes_of(self, other: Mark) -> bool:
        """Tell whether both are the same file with nothing written in between. A rename leaves that so."""
        return (self.device, self.inode, self.size, self.mtime_ns) == (
            other.device,
            other.inode,
            other.size,
            other.mtime_ns,
        )

    @property
    def is_plain(self) -> bool:
        """A file, and by no other name another."""
        return self.is_file and self.links == 1

    @property
    def was_renamed(self) -> bool:
        """A write moves both times to the same moment, a rename the change time alone: the bytes came before it.

        Within one tick of the clock (4 ms where this was measured) a rename does not show; such a file stands still.
        """
        return self.is_plain and self.size > 0 and self.ctime_ns > self.mtime_ns


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the last look at the folder found it."""

    name: str
    mark: Mark
    claim: str | None = None
    """The claim that a round before this one left it in, when that round did not come to its end."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Since when a file has been as it is."""

    mark: Mark
    since: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file: taken, or refused with a code."""

    receipt: str
    sha256: str | None = None
    code: str | None = None
    detail: str = ""

    @property
    def is_refused(self) -> bool:
        return self.code is not None


Place = tuple[str | None, str]


def settle(
    known: Mapping[Place, Sighting], seen: Iterable[Seen], *, now: float, stable_seconds: float, trust_renames: bool
) -> tuple[dict[Place, Sighting], list[Seen]]:
    """Tell which files are complete: renamed into place, or the same for ``stable_seconds``.

    Returns the sightings to bring to the next look, and the complete files in the order given. What was claimed has
    been renamed by us, so only its standing still says anything.
    """
    sightings: dict[Place, Sighting] = {}
    complete: list[Seen] = []
    for file in seen:
        place = (file.claim, file.name)
        before = known.get(place)
        sighting = before if before and before.mark == file.mark else Sighting(file.mark, now)
        sightings[place] = sighting
        at_once = trust_renames and file.claim is None and file.mark.was_renamed
        if at_once or now - sighting.since >= stable_seconds:
            complete.append(file)
    return sightings, complete


def is_ignored(name: str) -> bool:
    """Tell whether a name says that the file is not for us: hidden, unfinished, or one of our own folders."""
    return name.startswith(".") or name in FOLDERS or name.lower().endswith(UNFINISHED)


def receipt_of(source: str, name: str, mark: Mark, sha256: str | None) -> str:
    """Name one delivery by what was delivered, so that the same file met again after a crash is the same input."""
    facts = (source, name, str(mark.mtime_ns), sha256 or f"{mark.inode}.{mark.size}")
    digest = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
    # Anybody can give a file any time; the name of a receipt begins with twelve hexadecimal digits of one.
    moment = min(max(mark.mtime_ns // 1_000_000, 0), 2**48 - 1)
    return f"{moment:012x}{digest[:20]}"


def with_receipt(name: str, receipt: str, *, room: int = 0) -> str:
    """Return the name with the receipt at its end, cut to what a folder takes with ``room`` bytes to spare."""
    most = LONGEST_NAME - room - len(receipt) - 1
    return f"{os.fsdecode(os.fsencode(name)[:most])}.{receipt}"


def printable(name: str) -> str:
    """Return a name fit for a log: names are bytes that a stranger chose."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def unfit(mark: Mark, most: int) -> tuple[str, str] | None:
    """Return why nobody should read a file of this mark, by code and in words; None when it is a file like any."""
    if not mark.is_file:
        return "not_a_file", "a folder, a link, a pipe or a device"
    if mark.links > 1:
        return "hard_link", f"the file has {mark.links} names: what is read could be changed by another"
    if mark.size > most:
        return "too_large", f"{mark.size} bytes, more than {most}"
    return None
