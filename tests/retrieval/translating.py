"""A translator that knows what a test tells it, and nothing else."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING

from retrieval.glossary import Glossary
from retrieval.lexicon import Lexicon
from retrieval.translation import Translator

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.analyzer import Analyzer

# Every section needs an entry; nobody asks for this one.
_LEXICON = "[chinese]\n㐀\t0\tzzqx\n[english]\nzzqx\t㐀\n[background]\nc㐀\t1\n"


def small_lexicon(folder: Path) -> Lexicon:
    """A lexicon that is unpacked at once and has nothing to say."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = folder / "lexicon.tsv.xz"
    packed.write_bytes(lzma.compress(_LEXICON.encode()))
    return Lexicon.open(folder / "lexicon", packed)


def translator_of(analyzer: Analyzer, folder: Path, *entries: str) -> Translator:
    """A translator of glossary entries: each a Chinese term, a tab, an English one, and maybe synonyms."""
    lexicon = small_lexicon(folder)
    glossary = folder / "glossary.tsv"
    glossary.write_text("\n".join(entries), encoding="utf-8")
    return Translator(analyzer, lexicon, Glossary(glossary, analyzer))
