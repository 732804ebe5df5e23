"""Knowledge: what answering needs beside an index, opened together: translations and sentence vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.answerer import Aids, Answerer
from retrieval.encoder import open_encoder
from retrieval.errors import EncoderMissing
from retrieval.glossary import Glossary
from retrieval.homophones import Homophones
from retrieval.lexicon import Lexicon
from retrieval.percolator import Percolator
from retrieval.profile import Profiler
from retrieval.semantic import SemanticScorer
from retrieval.suggestions import Suggester
from retrieval.terms import is_cjk
from retrieval.translation import Translator
from retrieval.typos import Mender
from retrieval.vector_store import VectorStore

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.encoder import Encoder
    from retrieval.engines.base import Index

_LEXICON = "lexicon"
_VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Translations, and an encoder with the store of its vectors where there is one.

    `missing` says why there is none; everything else works without.
    """

    analyzer: Analyzer
    lexicon: Lexicon
    glossary: Glossary
    encoder: Encoder | None
    vectors: VectorStore | None
    missing: str | None

    @classmethod
    def open(
        cls, folder: Path, analyzer: Analyzer, glossary: Path | Glossary, encoder: str = ""
    ) -> Knowledge:
        """Opens everything. The first time in a folder the lexicon is unpacked, which takes some seconds.

        Args:
            folder: where the unpacked lexicon and the vectors are kept.
            analyzer: the analysis.
            glossary: the corpus's own terms, or their file, which may be missing.
            encoder: "module:factory" of an operator's own encoder; empty for the usual one.

        Raises:
            RetrievalError: the lexicon or the vectors cannot be opened, or the encoder that is named.
        """
        lexicon = Lexicon.open(folder / _LEXICON)
        terms = glossary if isinstance(glossary, Glossary) else Glossary(glossary, analyzer)
        try:
            made = open_encoder(encoder)
        except EncoderMissing as error:
            return cls(analyzer, lexicon, terms, None, None, str(error))
        vectors = VectorStore(folder / _VECTORS, made.fingerprint)
        return cls(analyzer, lexicon, terms, made, vectors, None)

    def answerer(self, index: Index, *, on_the_fly: int = 0) -> Answerer:
        """An answerer that knows all this.

        Args:
            index: what it answers from.
            on_the_fly: for how many candidates vectors are made while a question waits.
        """
        semantics = (
            SemanticScorer(self.encoder, self.vectors, on_the_fly=on_the_fly)
            if self.encoder is not None and self.vectors is not None
            else None
        )
        translator = Translator(self.analyzer, self.lexicon, self.glossary)
        homophones = Homophones()
        mender = Mender(self.analyzer, homophones, self._knows, self._familiar)
        suggester = Suggester(self.analyzer, homophones, mender)
        aids = Aids(translator, semantics, mender, self.lexicon.background.frequency, suggester)
        return Answerer(index, self.analyzer, aids)

    def percolator(self, index: Index) -> Percolator:
        """An empty percolator that knows all this, but for nearness in meaning.

        Args:
            index: the corpus whose new passages it matches.
        """
        translator = Translator(self.analyzer, self.lexicon, self.glossary)
        profiler = Profiler(self.analyzer, translator, self.glossary)
        return Percolator(index, self.analyzer, profiler, self.lexicon.background.frequency)

    def _knows(self, word: str) -> bool:
        """Whether a word, as a normal form writes it, is one in its own right in either language."""
        if not is_cjk(word):
            stem = self.analyzer.stem(word)
            return self.glossary.entries().has([stem]) or bool(self.lexicon.english([stem]))
        if self.glossary.entries().has(word):
            return True
        headwords = self.lexicon.chinese(word)
        return self.analyzer.is_word(word) or any(len(each.units) == len(word) for each in headwords)

    def _familiar(self, bigram: str) -> bool:
        """Whether a bigram term is usual in the language at large."""
        return self.lexicon.background.frequency(bigram) > 0

    def close(self) -> None:
        """Closes the files."""
        self.lexicon.close()
        if self.vectors is not None:
            self.vectors.close()
