"""The semantic signal: how close candidates are to a question in meaning."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from corpus.sentences import sentence_spans
from retrieval.errors import VectorsUnavailable
from retrieval.passage_vectors import (
    LONGEST,
    PassageVectors,
    closeness,
    closeness_of_sentences,
    key_of,
    vectors_of,
)
from retrieval.quantizer import Quantizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.encoder import Encoder, Vectors
    from retrieval.passage_vectors import Closeness
    from retrieval.vector_store import VectorStore

_QUESTIONS: Final = 1_024

_LOG = logging.getLogger(__name__)


class SemanticScorer:
    """Compares questions with passages. Thread-safe.

    Args:
        encoder: makes the questions' vectors.
        store: where the passages' vectors are; of the same encoder.
        on_the_fly: how many of the first passages of a question get vectors at once, and
            keep them, where the store has none. It costs some 10 to 30 ms a passage, so it
            is for evaluation, not for readers.
    """

    def __init__(self, encoder: Encoder, store: VectorStore, *, on_the_fly: int = 0) -> None:
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._store = store
        self._on_the_fly = on_the_fly
        self._quantizer = Quantizer(encoder.dimension)
        self._question = lru_cache(_QUESTIONS)(self._encode)

    def compare(self, question: str, texts: Sequence[str]) -> list[Closeness | None]:
        """How close passages are to a question; None for those that have no vectors yet.

        Args:
            question: as the reader wrote it.
            texts: the passages' texts, verbatim, best candidates first.
        """
        question = question.strip()[:LONGEST]
        if not question or not texts:
            return [None] * len(texts)
        keys = [key_of(text) for text in texts]
        known = self._known(keys, texts)
        fitting = [key for key in dict.fromkeys(keys) if key in known and known[key].fits(self._quantizer)]
        values = closeness(self._question(question), self._quantizer, [known[key] for key in fitting])
        found = dict(zip(fitting, values, strict=True))
        return [found.get(key) for key in keys]

    def sentences(self, question: str, text: str) -> list[float] | None:
        """How close each of a passage's `sentence_spans` is to a question; None without vectors.

        Args:
            question: as the reader wrote it.
            text: the passage's text, verbatim.
        """
        question = question.strip()[:LONGEST]
        key = key_of(text)
        found = self._known([key], [text]).get(key) if question else None
        if found is None or not found.fits(self._quantizer):
            return None
        values = closeness_of_sentences(self._question(question), self._quantizer, found)
        said = [bool(text[start:end].strip()) for start, end in sentence_spans(text)]
        if sum(said) != len(values):  # a very long list, whose sentences were taken together
            return None
        waiting = iter(values)
        return [next(waiting) if each else 0.0 for each in said]

    def _encode(self, question: str) -> Vectors:
        rotated: Vectors = self._quantizer.rotate(self._encoder.encode([question]))[0]
        return rotated

    def _known(self, keys: Sequence[bytes], texts: Sequence[str]) -> dict[bytes, PassageVectors]:
        try:
            known = self._store.get(keys)
            wanted = {
                key: text
                for key, text in zip(keys[: self._on_the_fly], texts, strict=False)
                if key not in known
            }
            if wanted:
                made = vectors_of(self._encoder, self._quantizer, list(wanted.values()))
                added = dict(zip(wanted, made, strict=True))
                known |= added
                self._store.add(added)
        except VectorsUnavailable as error:
            # The answer is a little worse without; that is no reason to give none.
            _LOG.warning("%s", error)
            return {}
        return known
