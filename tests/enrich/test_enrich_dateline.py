# ruff: noqa: RUF001 - datelines end in real dashes

from __future__ import annotations

import pytest

from services.enrich.copy import Copy
from services.enrich.enrichers import dateline
from services.enrich.gazetteer import load_gazetteer
from shared.article import Dateline
from tests.enrich.stories import story

Parts = tuple[str | None, str | None, str | None, str | None, tuple[str, ...]]


def parts(found: Dateline | None) -> Parts | None:
    return (found.place, found.country, found.agency, found.date, found.also) if found else None


def read(body: str) -> Parts | None:
    return parts(dateline.read(Copy.of(story(body=f"<p>{body}</p>")), load_gazetteer()))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("TOKYO: Japan:", ("Tokyo", "Japan", None, None, ())),
        ("CANBERRA (AAP) -", ("Canberra", None, "AAP", None, ())),
        ("CANBERRA, AAP -", ("Canberra", None, "AAP", None, ())),
        ("LONDON, June 17 (Reuters) -", ("London", None, "Reuters", "--06-17", ())),
        ("LONDON, 17 June 2026 (NWP) —", ("London", None, "NWP", "2026-06-17", ())),
        ("NEW YORK/LONDON —", ("New York", None, None, None, ("London",))),
        ("BEIJING/TAIPEI, Nov 3 -", ("Beijing", None, None, "--11-03", ("Taipei",))),
        ("WASHINGTON, D.C. (AP) —", ("Washington", "D.C.", "AP", None, ())),
        ("Sydney, Jan 3, 2026 (AFP) -", ("Sydney", None, "AFP", "2026-01-03", ())),
        ("Oslo (NWP) –", ("Oslo", None, "NWP", None, ())),
        ("ST. LOUIS —", ("St. Louis", None, None, None, ())),
        ("L'AQUILA, Italy —", ("L'Aquila", "Italy", None, None, ())),
        ("RIO DE JANEIRO, Brazil (AP) --", ("Rio de Janeiro", "Brazil", "AP", None, ())),
        ("ABOARD AIR FORCE ONE (AP) -", ("Aboard Air Force One", None, "AP", None, ())),
        ("(Reuters) -", (None, None, "Reuters", None, ())),
        ("March 4 (NWP) -", (None, None, "NWP", "--03-04", ())),
        ("MÜNCHEN (dpa) -", ("München", None, "dpa", None, ())),
    ],
)
def test_a_dateline_is_taken_apart(printed: str, expected: Parts) -> None:
    assert read(f"{printed} The council met on Tuesday.") == expected


@pytest.mark.parametrize(
    "body",
    [
        "The council met on Tuesday.",
        "NATO — the alliance — met.",
        "BREAKING — The bridge is shut.",
        "Paris - the city - is calm.",
        "SPORT: Cricket: The captain is out.",
        "The minister (who resigned) - has gone.",
        "Results (in London) - the winner.",
        "London: a city of rain.",
        "",
        "x" * 20_000,
        "A" * 20_000,
        "A/" * 5_000,
    ],
)
def test_when_unsure_there_is_none(body: str) -> None:
    assert read(body) is None


def test_what_ingest_took_out_of_the_body_is_read_first() -> None:
    taken = Dateline(text="NAIROBI, Kenya, May 2 (Maji)", place="Nairobi", country="Kenya")
    found = dateline.read(Copy.of(story(dateline=taken, located="Oslo")), load_gazetteer())
    assert parts(found) == ("Nairobi", "Kenya", "Maji", "--05-02", ())


@pytest.mark.parametrize("located", ["Nairobi, Kenya", "NAIROBI, Kenya (Maji) --", "Nairobi: Kenya"])
def test_located_goes_before_the_text(located: str) -> None:
    found = dateline.read(Copy.of(story(located=located, body="<p>OSLO (NWP) - Snow.</p>")), load_gazetteer())
    assert found
    assert (found.place, found.country) == ("Nairobi", "Kenya")


@pytest.mark.parametrize("by", ["By Ana Prieto in LIMA", "Ana Prieto in Lima, Peru"])
def test_a_byline_may_say_where(by: str) -> None:
    found = dateline.read(Copy.of(story(by=by, body="<p>Snow fell.</p>")), load_gazetteer())
    assert found
    assert found.place == "Lima"
