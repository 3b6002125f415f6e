# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import pytest

from services.enrich.additions import Enrich
from services.enrich.copy import Copy
from services.enrich.enrichers import language
from tests.enrich.stories import story


@pytest.fixture(scope="module")
def find() -> Enrich:
    return language.ENRICHER.load()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p>The ferry company will try two electric ferries on the lake from May.</p>", "en"),
        ("<p>Die Reederei erprobt ab Mai zwei elektrische Fähren auf dem See.</p>", "de"),
        ("<p>La compagnie essaiera deux traversiers électriques sur le lac dès le mois de mai.</p>", "fr"),
        ("<p>La naviera probará dos transbordadores eléctricos en el lago a partir de mayo.</p>", "es"),
        ("<p>船会社は五月から湖で電動フェリー二隻を試験運航すると発表した。株主総会で明らかにした。</p>", "ja"),
        ("<p>Судоходная компания с мая испытает на озере два электрических парома.</p>", "ru"),
    ],
)
def test_the_language_of_plain_copy_is_found(find: Enrich, body: str, code: str) -> None:
    assert find([Copy.of(story(headline="", body=body))])[0].language == code


def test_copy_of_a_few_letters_gets_no_language(find: Enrich) -> None:
    assert find([Copy.of(story(headline="FLASH", body="<p>1-0</p>"))])[0].language is None


def test_figures_get_no_language(find: Enrich) -> None:
    assert find([Copy.of(story(headline="", body=f"<p>{'1,024.50 ' * 40}</p>"))])[0].language is None


def test_mark_up_is_not_read_as_words(find: Enrich) -> None:
    body = "<p class='the company will try the ferries'>Die Reederei erprobt ab Mai zwei Fähren auf dem See.</p>"
    assert find([Copy.of(story(headline="", body=body))])[0].language == "de"


def test_copy_in_several_languages_gets_none(find: Enrich) -> None:
    english = "The ferry company will try two electric ferries on the lake from May, its head told shareholders. " * 4
    german = "Die Reederei erprobt ab Mai zwei elektrische Fähren auf dem See, sagte die Leiterin den Aktionären. " * 4
    body = f"<p>{english}</p><p>{german}</p>"
    assert find([Copy.of(story(headline="", body=body))])[0].language is None


def test_a_quotation_in_another_language_changes_nothing(find: Enrich) -> None:
    english = "The ferry company will try two electric ferries on the lake from May, its head told shareholders. " * 4
    body = f"<p>{english}</p><p>{english}</p><p>{english}</p><p>„Die Fähren sind leise“, sagte sie.</p>"
    assert find([Copy.of(story(headline="", body=body))])[0].language == "en"


def test_capitals_are_read_as_what_they_spell(find: Enrich) -> None:
    body = "<p>THE FERRY COMPANY WILL TRY TWO ELECTRIC FERRIES ON THE LAKE FROM MAY, ITS HEAD SAID.</p>"
    assert find([Copy.of(story(headline="", body=body))])[0].language == "en"
