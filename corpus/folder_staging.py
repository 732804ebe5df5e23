"""The folder's part of a load: which files are new, changed, gone or refused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpus import refusals
from corpus.errors import CorpusError, UnreadableFile
from corpus.file_reading import batches_of, fingerprint_of, sha256_of, stamp_of
from corpus.file_staging import FileStaging
from corpus.load_report import Progress, Rejection
from corpus.reading import news_files, read_documents
from corpus.staging import FileRecord
from corpus.withheld import withheld_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from corpus.file_reading import Stamp
    from corpus.reading import ReadOptions
    from corpus.staging import Duplicates, Staging
    from corpus.withheld import WithheldFile

_CHANGING: Final = "It was changed while it was being read. It is read again at the next load."
_GONE: Final = "It disappeared while the news was being read."
_STILL_SERVED: Final = "What was read from it before stays in use."


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a file is not taken; when it `lasts`, the same file is not tried again."""

    reason: str
    lasts: bool


class FolderStaging:
    """Reads what has changed in the folder into a load's generation."""

    def __init__(
        self,
        staging: Staging,
        folder: Path,
        options: ReadOptions,
        tell: Callable[[Progress], None],
    ) -> None:
        self._staging = staging
        self._folder = folder
        self._options = options
        self._tell = tell
        self._rejected: list[Rejection] = []
        self._done = 0  # bytes, for the progress
        self._total = 0
        self._held: dict[str, WithheldFile] = {}
        self.added: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.withheld: list[str] = []
        self.unchanged = 0
        self.has_files = False

    async def read(self, *, allow_empty: bool, include_undone: bool = False) -> None:
        """Read every file that is not as it was when it was last read, in the order of their origins.

        What an undone load took stays as it is served as long as the file has not changed since,
        unless `include_undone` is set.

        Raises:
            CorpusFolderMissing: there is no such folder.
            CorpusError: it is empty, but news from it is served, and `allow_empty` is not set.
            DatabaseError: the database cannot be written.
        """
        origins = await asyncio.to_thread(lambda: tuple(news_files(self._folder)))
        self.has_files = bool(origins)
        known = await self._staging.known_files()
        if not origins and not allow_empty and any(record.loaded for record in known.values()):
            msg = (
                f"There is no news in {self._folder}, but news from it is being served. "
                "Nothing was changed. Is it the right folder, and is its disk mounted?"
            )
            raise CorpusError(msg)
        undone = await withheld_files(self._staging.database)
        self._held = {} if include_undone else undone
        for origin in sorted(known.keys() - set(origins)):
            if origin in self._held and self._held[origin].is_absence:
                self.withheld.append(origin)
                continue
            await self._staging.remove(origin)
            if known[origin].loaded:
                self.removed.append(origin)
        stamps = await asyncio.to_thread(self._stamps, origins)
        self._total = sum(
            stamp.size for origin, stamp in stamps.items() if not self._is_as_known(stamp, known.get(origin))
        )
        self._progress(0)
        for origin in origins:
            await self._file(origin, stamps.get(origin), known.get(origin))
        # A changed file that is refused may yet change back.
        left = {*self.withheld, *(rejection.origin for rejection in self._rejected)}
        self._staging.released = {origin: held for origin, held in undone.items() if origin not in left}

    async def rejections(self) -> tuple[Rejection, ...]:
        """Every file that is not, or not wholly, served, in the order of their origins."""
        partly = [
            Rejection(found.origin, _duplicates_reason(found)) for found in await self._staging.duplicates()
        ]
        return tuple(sorted([*self._rejected, *partly], key=lambda rejection: rejection.origin))

    def _stamps(self, origins: Sequence[str]) -> dict[str, Stamp]:
        stamps = {}
        for origin in origins:
            try:
                stamps[origin] = stamp_of(self._folder / origin)
            except OSError:
                continue  # it went away since the folder was listed
        return stamps

    def _is_as_known(self, stamp: Stamp, known: FileRecord | None) -> bool:
        return (
            known is not None
            and (stamp.size, stamp.mtime_ns) == (known.size, known.mtime_ns)
            and known.fingerprint == fingerprint_of(self._options, refused=known.reason is not None)
        )

    async def _file(self, origin: str, stamp: Stamp | None, known: FileRecord | None) -> None:
        is_orphaned = origin in self._staging.orphaned
        if stamp is None:
            self._reject(origin, _GONE, known)
        elif known is not None and self._is_as_known(stamp, known) and not is_orphaned:
            self._keep(known)
        elif await self._is_withheld(origin, stamp):
            self.withheld.append(origin)
        else:
            before = self._done
            await self._changed_file(origin, known, again=is_orphaned)
            self._progress(before + stamp.size)

    async def _is_withheld(self, origin: str, stamp: Stamp) -> bool:
        """Whether a file is still in the state that an undone load read."""
        held = self._held.get(origin)
        if held is None or held.is_absence or held.has_stamp(stamp):
            return held is not None and not held.is_absence
        try:
            return await asyncio.to_thread(sha256_of, self._folder / origin) == held.sha256
        except OSError:
            return False  # reading it tells why

    async def _changed_file(self, origin: str, known: FileRecord | None, *, again: bool) -> None:
        """Take a file whose stamp is new, or one to be read `again` though it is not."""
        path = self._folder / origin
        try:
            # The stamp from before reading is kept: what changes meanwhile has another one.
            stamp = await asyncio.to_thread(stamp_of, path)
            sha256 = await asyncio.to_thread(sha256_of, path)
        except OSError as error:
            self._reject(origin, refusals.unopened(error), known)
            return
        if known is not None and known.sha256 == sha256 and not again:
            touched = replace(known, size=stamp.size, mtime_ns=stamp.mtime_ns)
            if self._is_as_known(stamp, touched):
                await self._staging.record(touched)
                self._keep(touched)
                return
        file = FileStaging(self._staging, origin)
        refusal = await self._read(file, origin, stamp)
        loaded = known is not None and known.loaded
        record = FileRecord(
            origin=origin,
            size=stamp.size,
            mtime_ns=stamp.mtime_ns,
            sha256=sha256,
            fingerprint=fingerprint_of(self._options, refused=refusal is not None),
            reason=refusal.reason if refusal else None,
            loaded=loaded or refusal is None,
        )
        if refusal is not None:
            await file.give_up()
            if refusal.lasts:
                await self._staging.record(record)
            self._reject(origin, refusal.reason, known)
        elif not await file.finish(record) and loaded:
            self.unchanged += 1
        else:
            (self.changed if loaded else self.added).append(origin)

    async def _read(self, file: FileStaging, origin: str, stamp: Stamp) -> _Refusal | None:
        """Read a file's documents in a thread, a batch at a time, so that nobody waits for a large one."""
        refusal = None
        start = self._done
        read = 0
        batches = batches_of(origin, read_documents(self._folder, origin, self._options))
        try:
            while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                await file.add(batch.documents)
                # How much of the file that was is not known exactly; its text is most of it.
                read += batch.size
                self._progress(start + min(read, stamp.size))
        except UnreadableFile as error:
            cause = error.__cause__
            # What the system refused today it may allow tomorrow, without the file being changed.
            refusal = _Refusal(error.reason, lasts=not (isinstance(cause, OSError) and cause.errno))
        try:
            if await asyncio.to_thread(stamp_of, self._folder / origin) != stamp:
                refusal = _Refusal(_CHANGING, lasts=False)
        except OSError:
            refusal = _Refusal(_GONE, lasts=False)
        return refusal

    def _keep(self, known: FileRecord) -> None:
        if known.reason is None:
            self.unchanged += 1
        else:
            self._reject(known.origin, known.reason, known)

    def _reject(self, origin: str, reason: str, known: FileRecord | None) -> None:
        still = f" {_STILL_SERVED}" if known is not None and known.loaded else ""
        self._rejected.append(Rejection(origin, f"{reason}{still}"))

    def _progress(self, done: int) -> None:
        self._done = done
        self._tell(Progress("reading", done, max(done, self._total), "bytes"))


def _duplicates_reason(found: Duplicates) -> str:
    these = "One of its documents" if found.count == 1 else f"{found.count} of its documents"
    if found.winner == found.origin:
        return f"{these} came earlier in the same file; the first is served."
    have = "is" if found.count == 1 else "are"
    return f"{these} {have} also in {found.winner}, which comes first; that one is served."
