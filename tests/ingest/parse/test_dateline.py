from __future__ import annotations

import pytest

from services.ingest.parse.dateline import split_dateline
from shared.article import Dateline


@pytest.mark.parametrize(
    ("paragraph", "text", "place", "country", "rest"),
    [
        ("OSLO: Norway: Ministers met.", "OSLO: Norway", "Oslo", "Norway", "Ministers met."),
        ("CANBERRA (AAP) - The minister", "CANBERRA (AAP)", "Canberra", None, "The minister"),
        ("LONDON, June 17 (Reuters) - Shares", "LONDON, June 17 (Reuters)", "London", None, "Shares"),
        ("LONDON, 17 June 2023 (KP) — Shares", "LONDON, 17 June 2023 (KP)", "London", None, "Shares"),
        ("NEW YORK/LONDON — Shares fell", "NEW YORK/LONDON", "New York", None, "Shares fell"),
        ("PARIS — “Yes,” he said", "PARIS", "Paris", None, "“Yes,” he said"),
        ("BERLIN, Germany (AP) -- The", "BERLIN, Germany (AP)", "Berlin", "Germany", "The"),
        ("AUSTIN, Texas (AP) — The", "AUSTIN, Texas (AP)", "Austin", None, "The"),
        ("L\u2019AQUILA, Italy — A bridge", "L\u2019AQUILA, Italy", "L\u2019Aquila", "Italy", "A bridge"),
        ("KING'S LYNN, England — A", "KING'S LYNN, England", "King's Lynn", "England", "A"),
        ("RIO DE JANEIRO — Carnival", "RIO DE JANEIRO", "Rio de Janeiro", None, "Carnival"),
        ("MÜNCHEN (dpa) - Die Bahn", "MÜNCHEN (dpa)", "München", None, "Die Bahn"),
        ("WASHINGTON D.C. — The", "WASHINGTON D.C.", "Washington D.C.", None, "The"),
    ],
)
def test_a_dateline_is_read_and_taken_off(
    paragraph: str, text: str, place: str, country: str | None, rest: str
) -> None:
    assert split_dateline(paragraph) == (Dateline(text=text, place=place, country=country), rest)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Oslo: Norway: Ministers met.",
        "SPORT: Cricket: The captain is out.",
        "EXCLUSIVE: Japan: The inside story.",
        "BREAKING — The bridge is shut.",
        "NATO — The alliance met.",
        "INTERPOL — the police body — said so.",
        "COVID-19 — A new wave.",
        "WASHINGTON: The president spoke.",
        "PARIS - the city - is calm.",
        "A — The first letter.",
        "The minister - who resigned - has gone.",
        "PARIS —",
        "",
    ],
)
def test_when_unsure_there_is_no_dateline(paragraph: str) -> None:
    assert split_dateline(paragraph) is None
