"""The pure parts of the enricher names; no model is read here."""

# ruff: noqa: RUF001 - copy has typographic quotes

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.enrich.naming.aliases import AliasTable, NameEntry, Names, own_names, shipped_names
from services.enrich.naming.casing import Spellings, is_loud, is_title_case, restored
from services.enrich.naming.consistency import acronyms, agreed, found_again
from services.enrich.naming.evidence import Proof, Proven, believed, is_told, proven
from services.enrich.naming.furniture import dateline_places, without_furniture
from services.enrich.naming.kinds import kind_of, teams
from services.enrich.naming.merging import Entity, merged
from services.enrich.naming.spans import Span, trimmed
from shared.article import Kind
from shared.settings import ConfigError

PERSON, ORGANISATION, PLACE = Kind.PERSON, Kind.ORGANISATION, Kind.PLACE
EMPTY = AliasTable([])


def span(text: str, kind: Kind = PERSON, where: int = 0, start: int = 0, title: str = "") -> Span:
    return Span(where, start, start + len(text), text, kind, title)


@pytest.mark.parametrize(
    ("context", "kind", "name", "title"),
    [
        ("the Harbour Board", ORGANISATION, "Harbour Board", ""),
        ("Odede’s", PERSON, "Odede", ""),
        ("Prime Minister Wanjiru Odede", PERSON, "Wanjiru Odede", "Prime Minister"),
        ("Sen. Dana Whitfield", PERSON, "Dana Whitfield", "Sen."),
        ("Farmer Dana Whitfield", PERSON, "Dana Whitfield", "Farmer"),
        ("Baker Whitfield", PERSON, "Baker Whitfield", ""),
        ("Farmer Dana Whitfield", ORGANISATION, "Farmer Dana Whitfield", ""),
        ("U.S.", PLACE, "U.S.", ""),
        ("“Maji Lines”,", ORGANISATION, "Maji Lines", ""),
    ],
)
def test_a_name_is_bare_of_articles_possessives_and_titles(context: str, kind: Kind, name: str, title: str) -> None:
    found = trimmed(Span(0, 0, len(context), "", kind), context)
    assert found is not None
    assert (found.text, found.title) == (name, title)


@pytest.mark.parametrize("text", ["2026", "the", "non-NATO", "ferries"])
def test_numbers_and_plain_words_are_no_names(text: str) -> None:
    assert trimmed(Span(0, 0, len(text), "", ORGANISATION), text) is None


@pytest.mark.parametrize(
    "line",
    ["Read more: Ferries of the lake", "Photo: Wanjiru Odede/Lake Pictures", "By Peter Okello", "Facebook Comment"],
)
def test_furniture_is_not_read(line: str) -> None:
    assert not without_furniture(line).strip()


def test_a_credit_in_brackets_is_blanked_out_and_the_rest_stays_where_it_is() -> None:
    assert without_furniture("A ferry (Photo: Ann Bell) sails") == "A ferry                   sails"


@pytest.mark.parametrize(
    ("lead", "places", "rest"),
    [
        ("LONDON, June 17 (Reuters) - Rates fell", ["LONDON"], "Rates fell"),
        ("CANBERRA (AAP) - Rates fell", ["CANBERRA"], "Rates fell"),
        ("NEW YORK/LONDON — Rates fell", ["NEW YORK", "LONDON"], "Rates fell"),
        ("TOKYO: Japan: Rates fell", ["TOKYO", "Japan"], "Rates fell"),
        ("(Reuters) - Rates fell", [], "Rates fell"),
        ("NATO has announced plans", [], "NATO has announced plans"),
    ],
)
def test_a_dateline_gives_its_places_and_no_agency(lead: str, places: list[str], rest: str) -> None:
    length, found = dateline_places(lead)
    assert [one.text for one in found] == places
    assert lead[length:] == rest


def test_a_headline_is_written_as_the_body_writes_its_words() -> None:
    body = Spellings(["The bank said NATO and Okello would meet in Lagos about the ferry."])
    assert restored("NATO TO MEET OKELLO IN LAGOS ABOUT FERRY", body) == "NATO to meet Okello in Lagos about ferry"


def test_a_plain_headline_is_left_alone() -> None:
    assert not is_title_case("Kenya to test electric ferries on Lake Turkana")


@pytest.mark.parametrize(
    ("text", "told", "kind"),
    [
        ("Kenya", ORGANISATION, PLACE),
        ("Ministry of Water", PERSON, ORGANISATION),
        ("Lake Turkana", ORGANISATION, PLACE),
        ("Grace Church", PERSON, PERSON),
    ],
)
def test_the_words_of_a_name_outweigh_the_model(text: str, told: Kind, kind: Kind) -> None:
    assert kind_of(text, told, text, 0)[0] is kind


@pytest.mark.parametrize(
    ("context", "kind"),
    [
        ("said harbour manager Wanjiru Odede on Monday", PERSON),
        ("1. Wanjiru Odede (Kenya) 9.90", PERSON),
        ("shares of Wanjiru Odede (Kenya) rose", ORGANISATION),
        ("workers at Wanjiru Odede voted", ORGANISATION),
    ],
)
def test_what_a_person_is_called_by_and_a_list_of_results_prove_a_person(context: str, kind: Kind) -> None:
    assert kind_of("Wanjiru Odede", ORGANISATION, context, context.index("Wanjiru"))[0] is kind


def test_a_body_by_its_own_words_stays_one_after_a_role() -> None:
    context = "said spokesman Lake Union"
    assert kind_of("Lake Union", ORGANISATION, context, 15)[0] is ORGANISATION


def test_towns_that_play_are_teams_and_countries_are_not() -> None:
    text = "Liverpool beat Arsenal 3-1 in the league. The match was the last of the season.\nKenya beat Ghana 2-0."
    assert teams(text) == {"Liverpool", "Arsenal"}


def test_an_acronym_goes_with_the_name_that_it_is_made_of() -> None:
    assert acronyms("said the Lake Transport Authority (LTA) on Monday (May)") == {"LTA": "Lake Transport Authority"}


def test_a_name_is_of_one_kind_in_one_story() -> None:
    told = [span("Maji", ORGANISATION), span("Maji", ORGANISATION, 1), span("Maji", PLACE, 2)]
    assert {one.kind for one in agreed(told)} == {ORGANISATION}


def test_a_surname_is_a_person_where_the_full_name_stands() -> None:
    assert agreed([span("Wanjiru Odede"), span("Odede", PLACE, 1)])[1].kind is PERSON


def test_a_name_is_found_where_the_model_missed_it() -> None:
    texts = {0: "Wanjiru Odede", 1: "It was Odede who spoke"}
    assert [one.text for one in found_again([span("Wanjiru Odede")], texts, {})] == ["Wanjiru Odede", "Odede"]


def test_a_name_within_a_longer_one_is_not_found_again() -> None:
    texts = {0: "Odede", 1: "It was Odede Hill that burned"}
    assert len(found_again([span("Odede")], texts, {})) == 1


def test_full_name_and_surname_are_one_person() -> None:
    people = merged([span("Wanjiru Odede"), span("Odede", where=1)], EMPTY, {})
    assert [(one.name, len(one.spans)) for one in people] == [("Wanjiru Odede", 2)]


def test_a_surname_of_two_people_goes_to_neither() -> None:
    people = merged([span("Peter Okello"), span("Mary Okello", where=1), span("Okello", where=2)], EMPTY, {})
    assert [(one.name, len(one.spans)) for one in people] == [("Peter Okello", 1), ("Mary Okello", 1)]


def test_a_title_tells_which_of_two_is_meant() -> None:
    named = [span("Peter Okello", title="Judge"), span("Mary Okello", where=1), span("Okello", where=2, title="Judge")]
    assert [len(one.spans) for one in merged(named, EMPTY, {})] == [2, 1]


def test_an_acronym_and_its_name_are_one_body() -> None:
    named = [span("Lake Transport Authority", ORGANISATION), span("LTA", ORGANISATION, 1)]
    assert [one.name for one in merged(named, EMPTY, {"LTA": "Lake Transport Authority"})] == [
        "Lake Transport Authority"
    ]


def test_aliases_of_the_table_are_one_body() -> None:
    table = AliasTable(shipped_names())
    named = [span("UN", ORGANISATION), span("United Nations", ORGANISATION, 1)]
    assert [one.tag_name for one in merged(named, table, {})] == ["United Nations"]


def test_an_ambiguous_surname_alone_is_not_the_one_in_the_table() -> None:
    table = AliasTable([NameEntry(name="Peter Okello", kind="person", ambiguous=("Okello",))])
    assert table.find("Okello") is None
    assert table.find("Okello", ["Peter Okello"]) is not None


def test_a_newsrooms_own_entry_wins_over_the_shipped_one() -> None:
    own = NameEntry(name="Nato", aliases=("NATO",))
    assert AliasTable([*shipped_names(), own]).find("NATO") is own


def test_names_are_read_from_newsroom_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "newsroom.yaml"
    config.write_text("names:\n- {name: Maji Lines, aliases: [Maji]}\n")
    monkeypatch.setenv("NEWSROOM_CONFIG", str(config))
    assert own_names() == (NameEntry(name="Maji Lines", aliases=("Maji",)),)


def test_a_wrong_name_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "newsroom.yaml"
    config.write_text("names:\n- {name: Maji Lines}\n- {name: Odede, wikidata: 12}\n")
    monkeypatch.setenv("NEWSROOM_CONFIG", str(config))
    with pytest.raises(ConfigError, match=r"newsroom\.yaml:3"):
        own_names()


def test_no_names_are_no_error() -> None:
    assert Names.model_validate({}).root == ()


def test_an_unknown_member_of_a_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        NameEntry.model_validate({"name": "Maji", "colour": "red"})


def test_no_name_of_the_shipped_table_stands_for_two() -> None:
    names = [one for entry in shipped_names() for one in {name.casefold() for name in (entry.name, *entry.aliases)}]
    assert sorted(names) == sorted(set(names))


def proof(*spans: Span, loud: tuple[int, ...] = (), cities: tuple[str, ...] = (), table: AliasTable = EMPTY) -> Proof:
    (found,) = proven(merged(spans, table, {}), loud, cities.__contains__)
    return found.proof


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([span("Wanjiru Odede", title="Mrs")], Proof.TITLED),
        ([span("Wanjiru Odede"), span("Odede", where=1)], Proof.NAMED_AGAIN),
        ([span("Wanjiru Odede")], Proof.FULL_NAME),
        ([span("Odede"), span("Odede", where=1)], Proof.ONE_NAME),
        ([span("Kisumu")], Proof.CITY),
        ([span("Kisumu", ORGANISATION)], Proof.CITY),
        ([Span(0, 0, 10, "Maji Lines", ORGANISATION, why="Lines")], Proof.OWN_WORDS),
        ([span("KWS", ORGANISATION)], Proof.ACRONYM),
        ([span("Maji Kubwa", ORGANISATION)], Proof.WORDS),
        ([span("Maji", ORGANISATION)], Proof.ONE_WORD),
    ],
)
def test_a_name_is_put_in_a_class_by_what_speaks_for_it(spans: list[Span], expected: Proof) -> None:
    assert proof(*spans, cities=("Kisumu",)) is expected


def test_a_name_that_stands_in_capitals_alone_is_in_a_class_of_its_own() -> None:
    assert proof(span("Wanjiru Odede"), loud=(0,)) is Proof.LOUD
    assert proof(span("Wanjiru Odede"), span("Odede", where=1), loud=(0,)) is Proof.NAMED_AGAIN


def test_the_table_of_names_is_proof_in_capitals_too() -> None:
    assert proof(span("NATO", ORGANISATION), loud=(0,), table=AliasTable(shipped_names())) is Proof.TABLE


def test_a_doubtful_person_is_neither_told_nor_mentioned_and_a_citys_name_is_a_place() -> None:
    spans = [span("Odede"), span("Kisumu", ORGANISATION, 1), span("Kenya", PLACE, 2), span("Maji", ORGANISATION, 3)]
    found = [
        Proven(Entity("Odede", PERSON, spans[:1]), Proof.ONE_NAME),
        Proven(Entity("Kisumu", ORGANISATION, spans[1:2]), Proof.CITY),
        Proven(Entity("Maji", ORGANISATION, spans[3:]), Proof.ONE_WORD),
    ]
    assert [is_told(one.proof) for one in found] == [False, False, True]
    assert [(one.text, one.kind) for one in believed(spans, found)] == [
        ("Kisumu", PLACE),
        ("Kenya", PLACE),
        ("Maji", ORGANISATION),
    ]


def test_a_capital_says_nothing_in_capitals_and_in_a_headline_in_title_case() -> None:
    assert is_loud("FERRIES OF THE LAKE STOP", headline=False)
    assert is_loud("Ferries Halted After Storm Damage", headline=True)
    assert not is_loud("Ferries Halted After Storm Damage", headline=False)
