"""Drafts: news that somebody has sent and that is not in the folder of news yet, and what became of it.

A draft is a row and a file in the data folder, so that it outlives the program. A deed that is
done keeps its row, by which it can be taken back.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Column, Table, Text, and_, delete, insert, select, update

from bot.reply import new_key, plain_key
from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Row

    from corpus.database import Database

KEPT: Final = timedelta(days=7)
"""How long a draft is kept, and how long what was done with it can be taken back."""

drafts = Table(
    "drafts",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("origin", Text),
    Column("backup", Text),
    Column("field", Text),
    Column("prompt", BigInteger),
    Column("entry", BigInteger),
    Column("created", UtcDateTime, nullable=False),
)


class Kind(StrEnum):
    """What a draft does once it is confirmed."""

    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"


class State(StrEnum):
    """How far a draft is."""

    DRAFT = "draft"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft.

    `name` is its file's. `origin` is the file of news it is about: the one it changes or
    removes, or the one it has become. `backup` is where what was taken out is kept. `field`
    is what the message `prompt` asks for. `entry` is the entry of the audit about it.
    """

    key: str
    chat_id: int
    kind: Kind
    state: State
    name: str
    origin: str | None
    backup: str | None
    field: str | None
    prompt: int | None
    entry: int | None
    created: datetime


class Drafts:
    """The drafts of one bot. Every method of the database raises DatabaseError where it cannot be used.

    Args:
        database: where the rows are.
        bot_id: whose.
        folder: where the files are.
        clock: the time, aware.
    """

    def __init__(self, database: Database, bot_id: int, folder: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._folder = folder
        self._clock = clock

    def place(self, key: str) -> Path:
        """The folder of a draft's file."""
        return self._folder / key

    async def begin(self, chat_id: int, kind: Kind, name: str, origin: str | None = None) -> Draft:
        """Keep a draft; those that are too old are forgotten."""
        now = self._clock()
        row = {
            "bot_id": self._bot_id,
            "key": new_key(),
            "chat_id": chat_id,
            "kind": kind.value,
            "state": State.DRAFT.value,
            "name": name,
            "origin": origin,
            "created": now,
        }
        old = and_(drafts.c.bot_id == self._bot_id, drafts.c.created < now - KEPT)

        def write(connection: Connection) -> tuple[list[str], Row[Any]]:
            gone = connection.execute(delete(drafts).where(old).returning(drafts.c.key)).scalars().all()
            return list(gone), connection.execute(insert(drafts).values(row).returning(drafts)).one()

        gone, kept = await self._database.write(write)
        for key in gone:
            self.clear(key)
        return _read(kept)

    async def get(self, key: str, chat_id: int) -> Draft | None:
        """A draft of a chat by its key."""
        return await self._one(and_(self._is(key), drafts.c.chat_id == chat_id))

    async def prompted(self, chat_id: int, prompt: int) -> Draft | None:
        """The draft about which a message asks for something."""
        wanted = and_(drafts.c.bot_id == self._bot_id, drafts.c.chat_id == chat_id, drafts.c.prompt == prompt)
        return await self._one(and_(wanted, drafts.c.state == State.DRAFT.value))

    async def change(self, key: str, **values: object) -> None:
        """Note something about a draft."""
        statement = update(drafts).where(self._is(key)).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))

    async def move_on(self, key: str, before: State, after: State) -> bool:
        """Change a draft's state if it is the one expected: of two who press at once, one is first."""
        statement = (
            update(drafts).where(self._is(key), drafts.c.state == before.value).values(state=after.value)
        )
        return await self._database.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def discard(self, key: str) -> None:
        """Forget a draft and its file."""
        statement = delete(drafts).where(self._is(key))
        await self._database.write(lambda connection: connection.execute(statement))
        self.clear(key)

    def clear(self, key: str) -> None:
        """Remove a draft's file."""
        if plain_key(key):
            shutil.rmtree(self.place(key), ignore_errors=True)

    async def _one(self, wanted: ColumnElement[bool]) -> Draft | None:
        statement = select(drafts).where(wanted)
        row = await self._database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else _read(row)

    def _is(self, key: str) -> ColumnElement[bool]:
        return and_(drafts.c.bot_id == self._bot_id, drafts.c.key == plain_key(key))


def _read(row: Row[Any]) -> Draft:
    return Draft(
        row.key,
        row.chat_id,
        Kind(row.kind),
        State(row.state),
        row.name,
        row.origin,
        row.backup,
        row.field,
        row.prompt,
        row.entry,
        row.created,
    )
