"""What the story that the project began with is to be tagged with. Its text is not part of the project."""

from __future__ import annotations

from tests.tagged import Expected

__all__ = ["EXPECTED", "SEED"]

SEED = "move-fm-nato-tokyo.txt"
"""The name of its file, where a machine has it."""
EXPECTED = Expected(
    people=frozenset({"Emmanuel Macron", "Jens Stoltenberg", "Fumio Kishida"}),
    organisations=frozenset({"NATO", "Nikkei", "Department of Foreign Affairs and Trade"}),
    places={
        "Tokyo": "1850147",
        "Japan": "JP",
        "Australia": "AU",
        "New Zealand": "NZ",
        "South Korea": "KR",
        "China": "CN",
        "Russia": "RU",
        "Ukraine": "UA",
        "Lithuania": "LT",
    },
    topics=frozenset({"medtop:11000000", "medtop:16000000"}),
    dateline="Tokyo",
    language="en",
    furniture=("Move FM", "Facebook", "Comment", "top", "Jun 17"),
)
