"""A translator that knows what a test tells it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.glossary import Glossary
from retrieval.lexicon import Lexicon
from retrieval.translation import Translator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.lexicon import Headword


class EmptyLexicon(Lexicon):
    """A lexicon without a word in it, and without a file."""

    def __init__(self) -> None: ...

    def close(self) -> None: ...

    def chinese(self, units: Sequence[str]) -> list[Headword]:  # noqa: ARG002 - has nothing for any
        return []

    def english(self, stems: Sequence[str]) -> list[Headword]:  # noqa: ARG002 - as above
        return []


def translator_of(analyzer: Analyzer, folder: Path, *entries: str) -> Translator:
    """A translator of glossary entries: each a Chinese term, a tab, an English one, and maybe synonyms."""
    folder.mkdir(parents=True, exist_ok=True)
    glossary = folder / "glossary.tsv"
    glossary.write_text("\n".join(entries), encoding="utf-8")
    return Translator(analyzer, EmptyLexicon(), Glossary(glossary, analyzer))
