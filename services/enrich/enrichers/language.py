"""Language: what the copy is written in, as a BCP 47 tag, where its provider did not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy

__all__ = ["ENRICHER"]

FEWEST_LETTERS = 20
FEW_LETTERS = 60
LEAST_SURE, LEAST_SURE_OF_FEW = 0.6, 0.9
"""Probability under which nothing is said: a page without a language is better than one with a wrong one."""
PIECE, LONGEST_PIECE = 150, 400
"""Characters of a piece whose language is told by itself, so that copy in several is seen to be."""
MOST_PIECES = 4
"""Pieces read: the verdict on news copy does not change after the first few hundred characters."""
SHARED = 0.7
"""Share of the letters that must be in the language: a quotation in another is no reason to doubt it."""


def load() -> Enrich:
    """Read py3langid's own model (5 MB, in the package)."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def find_language(copy: Copy) -> Additions:
        told: Counter[str | None] = Counter()
        for piece in pieces(copy):
            letters = sum(map(str.isalpha, piece))
            if letters < FEWEST_LETTERS:
                continue
            language, probability = identifier.classify(piece)
            least = LEAST_SURE_OF_FEW if letters < FEW_LETTERS else LEAST_SURE
            told[str(language) if probability >= least else None] += letters
        if not told:
            return Additions()
        language, letters = told.most_common(1)[0]
        return Additions(language=language if letters >= SHARED * told.total() else None)

    return each(find_language)


def pieces(copy: Copy) -> Iterator[str]:
    """Yield the beginning of the copy in pieces, of several paragraphs where they are short.

    Copy in capitals is put in small letters: the model learnt from ordinary prose and takes capitals for another
    language.
    """
    made, piece = 0, ""
    for paragraph in (copy.headline, *copy.paragraphs):
        if len(piece) >= PIECE:
            yield _in_small_letters(piece)
            made, piece = made + 1, ""
        if made == MOST_PIECES:
            return
        piece = f"{piece}\n{paragraph[:LONGEST_PIECE]}"
    yield _in_small_letters(piece)


def _in_small_letters(text: str) -> str:
    return text.lower() if text.isupper() else text


ENRICHER = Enricher(name="language", version="2", adds=("language",), load=load, cost=Cost.INSTANT)
