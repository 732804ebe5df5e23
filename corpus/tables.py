"""The corpus's tables, and how records become rows and rows records.

Every load that changes something makes a generation. Rows are never changed by a load:
a new version is added with the generation it was `born` in, an old one is marked with the
generation it was `retired` in, and one row says which generation readers see.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    and_,
    or_,
)

from corpus.database import UtcDateTime, metadata
from corpus.model import Document, Passage, Precision, Published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, FromClause, Row

UNDATED = datetime.min.replace(tzinfo=UTC)
"""Where documents without a date stand in the order of time: before all others."""


class LoadState(StrEnum):
    """What became of a load, and whether the rows of its generation are still there."""

    RUNNING = "running"  # or killed while it ran
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # published, and then the generation before it was made the one served again
    ABANDONED = "abandoned"  # its rows are being removed, or were
    PRUNED = "pruned"  # too old to go back to


loads = Table(
    "loads",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    Column("documents", Integer),
    Column("passages", Integer),
    Column("report", JSON(none_as_null=True)),
)

corpus_state = Table(
    "corpus_state",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="only_one"), primary_key=True, autoincrement=False),
    Column("published", Integer, ForeignKey(loads.c.generation)),
    Column("identity", Text, nullable=False),  # drawn once; generation 3 of another database is another one
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("born", Integer, primary_key=True, autoincrement=False),
    Column("retired", Integer),
    Column("origin", Text, nullable=False),
    Column("title", Text),
    Column("source", Text),
    Column("published", Text),  # ISO 8601 with the offset the document was written in
    Column("precision", Text),
    Column("sort_time", UtcDateTime, nullable=False),
    Column("url", Text),
    Column("language", Text, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("revision", Text, nullable=False),
    Column("passage_count", Integer, nullable=False),
)
Index(None, documents.c.origin)
Index(None, documents.c.sort_time, documents.c.id)
_retired = documents.c.retired.is_not(None)
Index(None, documents.c.retired, sqlite_where=_retired, postgresql_where=_retired)

passages = Table(
    "passages",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("born", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("section", Text),
    Column("marks", JSON, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(["document_id", "born"], ["documents.id", "documents.born"], ondelete="CASCADE"),
)

files = Table(
    "files",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("born", Integer, primary_key=True, autoincrement=False),
    Column("retired", Integer),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("reason", Text),  # why it was refused, if it was
    Column("loaded", Boolean, nullable=False),  # whether it has ever been read as a whole
)

duplicates = Table(
    "duplicates",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("origin", Text, primary_key=True),
    Column("born", Integer, primary_key=True, autoincrement=False),
    Column("retired", Integer),
)
Index(None, duplicates.c.origin)


def visible(table: FromClause, generation: int | ColumnElement[int]) -> ColumnElement[bool]:
    """The rows of a versioned table that readers of `generation` see."""
    return and_(table.c.born <= generation, or_(table.c.retired.is_(None), table.c.retired > generation))


def document_row(document: Document, born: int) -> dict[str, Any]:
    """The row of `documents` that holds a document, without its passages."""
    date = document.published
    return {
        "id": document.id,
        "born": born,
        "origin": document.origin,
        "title": document.title,
        "source": document.source,
        "published": date.at.isoformat() if date else None,
        "precision": date.precision.value if date else None,
        "sort_time": _sort_time(date),
        "url": document.url,
        "language": document.language,
        "topics": document.topics,
        "revision": document.revision,
        "passage_count": len(document.passages),
    }


def passage_rows(document: Document, born: int) -> list[dict[str, Any]]:
    """The rows of `passages` that hold a document's passages."""
    return [
        {
            "document_id": document.id,
            "born": born,
            "ordinal": passage.ordinal,
            "id": passage.id,
            "section": passage.section,
            "marks": passage.marks,
            "text": passage.text,
        }
        for passage in document.passages
    ]


def document_of(row: Row[Any], passages_of_it: Sequence[Row[Any]]) -> Document:
    """The record that a row of `documents` and its rows of `passages`, in order, hold."""
    date = (
        None
        if row.published is None
        else Published(datetime.fromisoformat(row.published), Precision(row.precision))
    )
    return Document(
        id=row.id,
        origin=row.origin,
        title=row.title,
        source=row.source,
        published=date,
        url=row.url,
        language=row.language,
        topics=tuple(row.topics),
        revision=row.revision,
        passages=tuple(
            Passage(id=p.id, ordinal=p.ordinal, text=p.text, section=p.section, marks=tuple(p.marks))
            for p in passages_of_it
        ),
    )


def _sort_time(date: Published | None) -> datetime:
    if date is None:
        return UNDATED
    try:
        return date.at.astimezone(UTC)
    except OverflowError:  # the first and the last day of all time have no UTC everywhere
        return UNDATED
