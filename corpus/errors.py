"""Everything that can go wrong with the corpus.

CorpusError
├── UnreadableFile      this file cannot be read; the reason is for a person
├── CorpusFolderMissing the folder of news does not exist or is not a folder
├── LoadInProgress      another load is running
└── DatabaseError       the database cannot be opened, migrated or written
"""

from __future__ import annotations


class CorpusError(Exception):
    """Base of the package's errors; its text is fit for an operator to read."""


class UnreadableFile(CorpusError):
    """A file was refused. `reason` is one plain sentence without the file's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CorpusFolderMissing(CorpusError):
    """The folder of news does not exist, or is not a folder."""


class LoadInProgress(CorpusError):
    """Another load is running, here or in another process."""


class DatabaseError(CorpusError):
    """The database cannot be opened, migrated or written."""
