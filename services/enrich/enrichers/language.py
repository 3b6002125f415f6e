"""Language: what the copy is written in, where its provider did not say."""

from __future__ import annotations

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

from services.enrich.additions import Additions, Enrich, Enricher
from services.enrich.text import plain_text
from shared.article import Article

__all__ = ["ENRICHER"]

READ = 2_000
"""Characters read: the verdict on news copy does not change after the first few hundred."""
FEWEST_LETTERS = 20
LEAST_SURE = 0.6
"""Probability under which nothing is said: a page without a language is better than one with a wrong one."""


def load() -> Enrich:
    """Read py3langid's own model (5 MB, in the package)."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def find_language(article: Article) -> Additions:
        text = plain_text(article)[:READ]
        if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
            return Additions()
        language, probability = identifier.classify(text)
        return Additions(language=str(language)) if probability >= LEAST_SURE else Additions()

    return find_language


ENRICHER = Enricher(name="language", version="1", adds=("language",), load=load, instant=True)
