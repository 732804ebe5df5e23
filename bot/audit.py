"""The audit: who did what with the corpus, when, and whether it was undone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, delete, insert, select, true, update

from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from corpus.database import Database

COMMAND_LINE = 0
"""The `bot_id` of what is done on the command line. Every bot's audit shows it, and this one shows all."""

KEPT = timedelta(days=731)
"""How long an entry is kept."""

LONGEST_DETAIL = 4_000
"""Characters of an entry's detail; lists in it are shortened to fit."""

_FEWEST = 3  # of a list that is shortened

# Who acted is in a column of its own: what was done with everybody's news is not theirs to forget.
audit = Table(
    "audit",
    metadata,
    # SQLite numbers rows by itself only where the column is called INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", BigInteger),
    Column("deed", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("undone", UtcDateTime),
)
Index(None, audit.c.bot_id, audit.c.at)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done.

    `actor` is the user id of who did it, None on the command line. `deed` names it in one
    word, such as "load". `detail` is whatever says more, as JSON has it. `undone` is when it
    was taken back, if it was.
    """

    id: int
    at: datetime
    actor: int | None
    deed: str
    detail: Mapping[str, Any]
    undone: datetime | None


class Audit:
    """The audit of one bot.

    Every method raises DatabaseError where the database cannot be used.
    """

    def __init__(self, database: Database, bot_id: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock

    async def note(self, actor: int | None, deed: str, detail: Mapping[str, Any]) -> int:
        """Write down that somebody did something; returns the number of the entry.

        Args:
            actor: who, None on the command line.
            deed: what, in one word.
            detail: more about it, fit for JSON. What is too long is shortened.
        """
        row = {
            "bot_id": self._bot_id,
            "at": self._clock(),
            "actor": actor,
            "deed": deed,
            "detail": _written(detail),
        }
        statement = insert(audit).values(row).returning(audit.c.id)
        return await self._database.write(lambda connection: connection.execute(statement).scalar_one())

    async def note_undone(self, entry_id: int) -> bool:
        """Write down that an entry's deed was taken back; returns whether it had not been yet."""
        statement = (
            update(audit)
            .where(self._shown())
            .where(audit.c.id == entry_id, audit.c.undone.is_(None))
            .values(undone=self._clock())
        )
        return await self._database.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def latest(self, limit: int, before: int | None = None) -> tuple[Entry, ...]:
        """The newest entries, newest first, those of the command line among them.

        Args:
            limit: how many at most.
            before: only those with a smaller number, to go on from an earlier page.
        """
        statement = select(audit).where(self._shown()).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(audit.c.id < before)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return tuple(map(_entry, rows))

    async def get(self, entry_id: int) -> Entry | None:
        """The entry with a number, if there is one to see."""
        statement = select(audit).where(self._shown()).where(audit.c.id == entry_id)
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _entry(row)

    async def last(self, deed: str) -> Entry | None:
        """The newest entry of a deed that was not undone."""
        statement = (
            select(audit)
            .where(self._shown())
            .where(audit.c.deed == deed, audit.c.undone.is_(None))
            .order_by(audit.c.id.desc())
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _entry(row)

    def _shown(self) -> ColumnElement[bool]:
        if self._bot_id == COMMAND_LINE:
            return true()
        return audit.c.bot_id.in_((self._bot_id, COMMAND_LINE))

    async def purge(self) -> int:
        """Remove what is older than `KEPT`; returns how much that was."""
        statement = delete(audit).where(audit.c.at < self._clock() - KEPT)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.id, row.at, row.actor, row.deed, json.loads(row.detail), row.undone)


def _written(detail: Mapping[str, Any]) -> str:
    """The detail as JSON; long lists lose their ends, and at last everything does but the short values."""
    most = max((len(value) for value in detail.values() if isinstance(value, (list, tuple))), default=0)
    text = _json(detail)
    while len(text) > LONGEST_DETAIL and most > _FEWEST:
        most = max(_FEWEST, most // 2)
        text = _json({key: _shortened(value, most) for key, value in detail.items()})
    if len(text) <= LONGEST_DETAIL:
        return text
    return _json({key: value for key, value in detail.items() if value is None or isinstance(value, int)})


def _shortened(value: object, most: int) -> object:
    if not isinstance(value, (list, tuple)) or len(value) <= most:
        return value
    return [*value[:most], f"… {len(value) - most} more"]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
