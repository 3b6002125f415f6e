"""What a note to editors says to readers too: what was corrected, what is new. Pure.

Wires put it into the same line as what is for desks alone (*Eds: Corrects the name in paragraph 3. Call the desk.*).
Only whole sentences that begin as such notes begin are taken; where none does, readers are told nothing of the note.
"""

from __future__ import annotations

import re

from services.publish.sanitise import plain

__all__ = ["correction_note", "update_note"]

LONGEST = 400
_CORRECTION = re.compile(
    r"(correct(s|ed|ing|ion)?|clarif(ies|ied|ying|ication)|fix(es|ing)|removes|restores)\b", re.IGNORECASE
)
_UPDATE = re.compile(r"(update[sd]?|updating|adds|adding|includes|recasts)\b", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"^\W*(ed(itor['\u2019]?s)?\.? notes?|notes? to editors?|editors?|eds?)\b\s*[.:,-]*\s*", re.IGNORECASE
)
# What only a desk can use: a request, an address, a telephone number.
_FOR_DESKS = re.compile(
    r"\b(eds?|editors?|desks?|please|pls|kindly|embargo\w*|slug\w*|do not)\b|@|\d{4}[ -]?\d{3}", re.IGNORECASE
)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?;)\]])\s+")


def correction_note(note: str | None) -> str:
    """Return what the note says was corrected, or the empty string."""
    return _public(note, _CORRECTION)


def update_note(note: str | None) -> str:
    """Return what the note says is new, or the empty string."""
    return _public(note, _UPDATE)


def _public(note: str | None, beginning: re.Pattern[str]) -> str:
    text = plain(note)
    sentences = (_bare(sentence) for sentence in _BETWEEN_SENTENCES.split(text))
    told = [_finished(s) for s in sentences if beginning.match(s) and not _FOR_DESKS.search(s)]
    joined = " ".join(told)
    return joined if len(joined) <= LONGEST else ""


def _bare(sentence: str) -> str:
    return _ADDRESSED.sub("", sentence).strip(" ()[]*-\u2013\u2014")


def _finished(sentence: str) -> str:
    sentence = sentence.rstrip(";,:")
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
