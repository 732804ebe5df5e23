"""Data folders that need no first start, and an encoder that loads at once."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from retrieval.analyzer import Analyzer
from retrieval.lexicon import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

QUICK_ENCODER = "tests.retrieval.ngram_encoder:NgramEncoder"


def prepare(folder: Path) -> Path:
    """Make a folder with what a first start makes, if another process has not made it yet."""
    Analyzer(folder / "cache")
    Lexicon.open(folder / "lexicon").close()
    return folder


def installed(prepared: Path, data: Path) -> Path:
    """A new data folder that has it too. Its files are links: they are never changed, only replaced."""
    shutil.copytree(prepared, data, copy_function=os.link, dirs_exist_ok=True)
    return data
