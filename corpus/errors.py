"""Everything that can go wrong with the corpus.

CorpusError
├── UnreadableFile      this file cannot be read; the reason is for a person
├── CorpusFolderMissing the folder of news does not exist or is not a folder
├── LoadInProgress      another load is running
├── NothingToUndo       there is no earlier load to go back to
├── FetchFailed         something cannot be had from the web now; the reason is for a person
│   └── FetchRefused    it must not be fetched, or what came must not be used: not now, not later
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


class FetchFailed(CorpusError):
    """Something could not be fetched. `reason` is one or two plain sentences without its address.

    `again` says whether trying later may help, `wait` how many seconds the server asked for, and
    `status` what it answered, if it did.
    """

    def __init__(
        self, reason: str, *, again: bool = False, wait: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.wait = wait
        self.status = status


class FetchRefused(FetchFailed):
    """It must not be fetched, or what came must not be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class NothingToUndo(CorpusError):
    """There is no earlier load to go back to, or what it served is not kept any more."""


class DatabaseError(CorpusError):
    """The database cannot be opened, migrated or written."""
