from __future__ import annotations

from services.enrich.topics.vocabulary import load_vocabulary
from services.enrich.topics.words import read_phrases, read_words, tops

VOCABULARY = load_vocabulary()


def test_the_vocabulary_has_seventeen_concepts_at_its_top() -> None:
    assert len(tops(VOCABULARY)) == 17


def test_every_concept_living_or_retired_leads_to_a_living_one() -> None:
    found = {code: VOCABULARY.living(code) for code in VOCABULARY.concepts}
    assert [code for code, concept in found.items() if concept is None or concept.retired] == []


def test_a_retired_concept_becomes_the_one_that_its_change_note_names() -> None:
    concept = VOCABULARY.living("20000064")
    assert concept is not None
    assert (concept.code, concept.name) == ("20000105", "war crime")


def test_a_retired_concept_without_a_replacement_becomes_the_nearest_living_one_above() -> None:
    assert VOCABULARY.concepts["20001122"].retired
    concept = VOCABULARY.living("20001122")
    assert concept is not None
    assert concept.code in VOCABULARY.ancestors("20001122")


def test_ancestors_come_nearest_first_and_end_at_the_top() -> None:
    assert VOCABULARY.ancestors("20000006") == ("20001181", "20000002", "01000000")
    assert VOCABULARY.top("20000006") == "01000000"
    assert VOCABULARY.top("01000000") == "01000000"


def test_subject_codes_become_concepts() -> None:
    soccer = VOCABULARY.by_subject("15054000")
    assert soccer is not None
    assert soccer.name == "soccer"


def test_an_unknown_subject_code_becomes_the_one_above_it() -> None:
    sport = VOCABULARY.by_subject("15999999")
    assert sport is not None
    assert sport.code == "15000000"
    assert VOCABULARY.by_subject("99000000") is None


def test_labels_are_found_in_any_case_and_retired_ones_are_not() -> None:
    soccer = VOCABULARY.by_label(" Soccer ")
    assert soccer is not None
    assert soccer.code == "20001065"
    assert VOCABULARY.by_label("war crime action") is None


def test_the_word_lists_are_of_the_top_level_and_none_is_short() -> None:
    words = read_words()
    assert tuple(sorted(words)) == tops(VOCABULARY)
    assert min(map(len, words.values())) >= 80


def test_phrases_lead_to_living_concepts_below_the_top_alone() -> None:
    codes = {code for said in read_phrases(VOCABULARY).codes.values() for code in said}
    concepts = [VOCABULARY.concepts[code] for code in codes]
    assert all(concept.broader and not concept.retired for concept in concepts)
    assert len(codes) > 900


def test_the_longest_phrase_at_a_place_wins() -> None:
    phrases = read_phrases(VOCABULARY)
    names = {VOCABULARY.concepts[code].name for code, _ in phrases.found_in("He fought in a civil war.")}
    assert names == {"civil war"}
