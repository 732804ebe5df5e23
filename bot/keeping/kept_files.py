"""The files that are kept beside the news: where they are, and writing them whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bot.errors import CannotKeep
from bot.settings import sample_news, shipped_glossary

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

# Hidden, so that a load passes over it.
_PINS: Final = ".pins.jsonl"
_PINS_IN_DATA: Final = "pins.jsonl"
_GLOSSARY_IN_DATA: Final = "glossary.tsv"


def pins_file(settings: Settings) -> Path:
    """Where the pinned questions are: with the news, or, of the sample news, in the data folder."""
    if settings.corpus == sample_news():
        return settings.data / _PINS_IN_DATA
    return settings.corpus / _PINS


def glossary_file(settings: Settings) -> Path:
    """Where the glossary is that can be changed: what comes with Wenxun is copied to the data folder."""
    if settings.glossary == shipped_glossary():
        return settings.data / _GLOSSARY_IN_DATA
    return settings.glossary


def glossary_stand_in(settings: Settings) -> Path | None:
    """The glossary that counts as long as that of the settings is not there, if one does."""
    return settings.glossary if settings.glossary == shipped_glossary() else None


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it holds all of the text or what it held before. It waits for the disk.

    Raises:
        CannotKeep: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
    except (OSError, UnicodeEncodeError) as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise CannotKeep(msg) from error
