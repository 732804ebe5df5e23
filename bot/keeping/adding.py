"""Adding: what somebody sends becomes a draft, and a draft a file of news, which can be taken back."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bot.keeping.corpus_folder import ADDED, ending_of, safe_name
from bot.keeping.drafts import Kind, State
from corpus.article import read_article
from corpus.documents import document_of
from corpus.formats.base import Draft as Reading
from corpus.model import Precision
from corpus.reading import read_documents

if TYPE_CHECKING:
    from datetime import datetime

    from bot.keeping.corpus_folder import NewsFiles
    from bot.keeping.drafts import Draft, Drafts
    from bot.keeping.near_duplicates import Near, NearDuplicates
    from corpus.fetching import Fetched
    from corpus.model import Document, Published
    from corpus.reading import ReadOptions

FIELDS: Final = ("title", "source", "published", "topics")
"""What of a draft can be changed."""

_ENDING = re.compile(r"\.[a-z0-9]{1,10}$", re.ASCII)
_MOST_READ = 100_000
_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Understood:
    """What a draft holds: its first document, how many there are with how many passages, and what is near."""

    document: Document
    documents: int
    passages: int
    near: tuple[Near, ...]


class Adding:
    """Makes drafts, changes them, and does and takes back what they are for.

    Args:
        drafts: keeps them.
        files: the folder of news.
        near: finds near-duplicates.
        options: how files are read.
    """

    def __init__(self, drafts: Drafts, files: NewsFiles, near: NearDuplicates, options: ReadOptions) -> None:
        self.drafts = drafts
        self.files = files
        self._near = near
        self._options = options

    async def of_file(self, chat_id: int, sent_as: str, content: bytes, day: str) -> Draft:
        """A draft of a file as it was sent; only the ending of its name counts, and words of it."""
        # One that is not read is kept as well, for the refusal to name it.
        ending = ending_of(sent_as) or (found[0] if (found := _ENDING.search(sent_as.casefold())) else "")
        name = safe_name(day, sent_as[: -len(ending)] if ending else sent_as, ending)
        draft = await self.drafts.begin(chat_id, Kind.ADD, name)
        await asyncio.to_thread(self._write, draft.key, name, content)
        return draft

    async def of_text(self, chat_id: int, text: str, day: str, **known: object) -> Draft:
        """A draft of a text; `known` is what else a record of news has.

        Raises:
            UnreadableFile: there is no text in it.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        record: dict[str, Any] = {"published": day, **known}
        if len(lines) > 1:
            record["title"], lines = lines[0], lines[1:]
        record["paragraphs"] = lines
        return await self._of_record(chat_id, record, day)

    async def of_page(self, chat_id: int, fetched: Fetched, day: str) -> Draft:
        """A draft of a page's article.

        Raises:
            FetchRefused: there is none.
            UnreadableFile: it has no text.
        """
        article = await asyncio.to_thread(read_article, fetched, self._options)
        reading = Reading(
            article.body,
            article.blocks,
            title=article.title,
            source=article.source,
            published=article.published,
            url=article.url,
            topics=article.topics,
            language=article.language,
        )
        return await self._of_record(chat_id, record_of(document_of(reading, "page")), day)

    async def of_document(self, chat_id: int, document: Document) -> Draft:
        """A draft that changes a document, which is alone in its file."""
        record = record_of(document)
        name = safe_name("edited", document.title or "news", ".json")
        draft = await self.drafts.begin(chat_id, Kind.EDIT, name, document.origin)
        await asyncio.to_thread(self._write, draft.key, name, _json(record))
        return draft

    async def of_removal(self, chat_id: int, origin: str) -> Draft:
        """A draft that removes a file."""
        return await self.drafts.begin(chat_id, Kind.REMOVE, "", origin)

    async def understood(self, draft: Draft) -> Understood:
        """What a draft holds.

        Raises:
            UnreadableFile: it cannot be read; the reason is for whoever sent it.
            CorpusError: the database cannot be used.
        """
        documents, count, passages = await asyncio.to_thread(self._read, draft)
        return Understood(documents[0], count, passages, await self._near.find(documents, draft.origin))

    async def documents_in(self, origin: str) -> int:
        """How many documents a file of news has.

        Raises:
            UnreadableFile: it cannot be read now.
        """

        def count() -> int:
            reading = read_documents(self.files.folder, origin, self._options)
            return sum(1 for _ in islice(reading, _MOST_READ))

        return await asyncio.to_thread(count)

    async def set_field(self, draft: Draft, value: str) -> None:
        """Change the field that was asked for; a draft of many documents is left as it is.

        Raises:
            UnreadableFile: the value cannot be used, and nothing was changed.
        """
        documents, count, _ = await asyncio.to_thread(self._read, draft)
        if count != 1 or draft.field not in FIELDS:
            return
        record = record_of(documents[0])
        topics = [topic.strip() for topic in value.replace("，", ",").replace("、", ",").split(",")]
        record[draft.field] = [topic for topic in topics if topic] if draft.field == "topics" else value
        name = f"{draft.name.removesuffix(ending_of(draft.name))}.json"
        probe = f"probe-{name}"
        await asyncio.to_thread(self._write, draft.key, probe, _json(record))
        await asyncio.to_thread(self._check, draft.key, probe)
        await asyncio.to_thread(self._write, draft.key, name, _json(record))
        await self.drafts.change(draft.key, name=name, field=None, prompt=None)

    async def do(self, draft: Draft) -> str | None:
        """Do what a draft is for; returns the file it is about, None if it was done already.

        Raises:
            CannotKeep: the folder of news cannot be written, and nothing was changed.
        """
        if not await self.drafts.move_on(draft.key, State.DRAFT, State.DONE):
            return None
        try:
            origin, backup = await asyncio.to_thread(self._do, draft)
        except BaseException:
            await self.drafts.move_on(draft.key, State.DONE, State.DRAFT)
            raise
        await self.drafts.change(draft.key, origin=origin, backup=backup)
        return origin

    async def undo(self, draft: Draft) -> bool:
        """Take back what was done; returns whether it could be, and was not yet.

        Raises:
            CannotKeep: the folder of news cannot be written.
        """
        if not await self.drafts.move_on(draft.key, State.DONE, State.UNDONE):
            return False
        try:
            await asyncio.to_thread(self._undo, draft)
        except BaseException:
            await self.drafts.move_on(draft.key, State.UNDONE, State.DONE)
            raise
        return True

    def _do(self, draft: Draft) -> tuple[str, str | None]:
        file = self.drafts.place(draft.key) / draft.name
        if draft.kind is Kind.ADD:
            return self.files.put(file, f"{ADDED}/{draft.name}"), None
        old = draft.origin or ""
        backup = self.files.take(old, draft.key)
        if draft.kind is Kind.REMOVE:
            return old, backup
        try:
            return self.files.put(file, f"{old.removesuffix(ending_of(old))}.json"), backup
        except BaseException:
            self.files.put_back(backup, old)
            raise

    def _undo(self, draft: Draft) -> None:
        if draft.kind is not Kind.REMOVE:
            self.files.take(draft.origin or "", f"{draft.key}-undone")
        if draft.backup is not None:
            folder = (draft.origin or "").rpartition("/")[0]
            name = draft.backup.rpartition("/")[2]
            self.files.put_back(draft.backup, f"{folder}/{name}" if folder else name)

    async def _of_record(self, chat_id: int, record: dict[str, Any], day: str) -> Draft:
        published = str(record.get("published") or day)[:10]
        name = safe_name(published, str(record.get("title") or "news"), ".json")
        draft = await self.drafts.begin(chat_id, Kind.ADD, name)
        await asyncio.to_thread(self._write, draft.key, name, _json(record))
        return draft

    def _read(self, draft: Draft) -> tuple[list[Document], int, int]:
        first: list[Document] = []
        count = passages = 0
        for document in islice(
            read_documents(self.drafts.place(draft.key), draft.name, self._options), _MOST_READ
        ):
            if count < _COMPARED:
                first.append(document)
            count += 1
            passages += len(document.passages)
        return first, count, passages

    def _check(self, key: str, name: str) -> None:
        try:
            list(read_documents(self.drafts.place(key), name, self._options))
        finally:
            (self.drafts.place(key) / name).unlink(missing_ok=True)

    def _write(self, key: str, name: str, content: bytes) -> None:
        folder = self.drafts.place(key)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def record_of(document: Document) -> dict[str, Any]:
    """A document as a record of a JSON file, its passages verbatim."""
    record: dict[str, Any] = {
        "title": document.title,
        "source": document.source,
        "published": _written(document.published),
        "url": document.url,
        "topics": list(document.topics) or None,
        "language": document.language,
        "passages": [
            {"text": each.text, "section": each.section, "marks": list(each.marks)}
            for each in document.passages
        ],
    }
    return {name: value for name, value in record.items() if value is not None}


def day_of(moment: datetime) -> str:
    """The day of a moment."""
    return moment.date().isoformat()


def _written(published: Published | None) -> str | None:
    if published is None:
        return None
    exact = {Precision.MINUTE: "minutes", Precision.SECOND: "seconds"}.get(published.precision)
    return published.at.isoformat(timespec=exact) if exact else str(published)


def _json(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
