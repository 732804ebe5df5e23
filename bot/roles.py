"""The roles: who may keep the corpus. Administrators are named in the settings, and they appoint editors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Table, Text, and_, delete, select

from bot.upsert import upsert
from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from corpus.database import Database

LONGEST_NAME = 128
"""Characters kept of an editor's name."""

# An editor is known by a column of its own: being one is not a reader's to forget, but an
# administrator's to end.
editors = Table(
    "editors",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("editor_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("appointed", UtcDateTime, nullable=False),
    Column("appointed_by", BigInteger, nullable=False),
)


class Role(StrEnum):
    """What somebody may: an administrator everything, an editor add and edit news."""

    ADMINISTRATOR = "administrator"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody whom an administrator has appointed; `name` is what they were called then."""

    user_id: int
    name: str
    appointed: datetime
    appointed_by: int


class Roles:
    """Who may what with one bot.

    Every method that asks the database raises DatabaseError where it cannot be used.

    Args:
        database: where the editors are.
        bot_id: whose.
        administrators: the user ids of the settings.
        clock: the time, aware.
    """

    def __init__(
        self,
        database: Database,
        bot_id: int,
        administrators: Collection[int],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._administrators = frozenset(administrators)
        self._clock = clock

    async def of(self, user_id: int) -> Role | None:
        """The role of somebody; None for a reader like any other."""
        if user_id in self._administrators:
            return Role.ADMINISTRATOR
        statement = select(editors.c.editor_id).where(self._is(user_id))
        found = await self._database.read(lambda connection: connection.scalar(statement))
        return Role.EDITOR if found is not None else None

    async def everybody(self) -> dict[int, Role]:
        """The user ids of all who have a role, with it."""
        appointed = {each.user_id: Role.EDITOR for each in await self.editors()}
        return appointed | dict.fromkeys(sorted(self._administrators), Role.ADMINISTRATOR)

    async def appoint(self, user_id: int, name: str, by: int) -> bool:
        """Make somebody an editor.

        Returns:
            Whether they are one now and were not before; administrators need not be.
        """
        if user_id in self._administrators:
            return False
        row = {
            "bot_id": self._bot_id,
            "editor_id": user_id,
            "name": name[:LONGEST_NAME],
            "appointed": self._clock(),
            "appointed_by": by,
        }
        statement = upsert(self._database, editors).values(row).on_conflict_do_nothing()
        return await self._changes(lambda connection: connection.execute(statement).rowcount)

    async def dismiss(self, user_id: int) -> bool:
        """End that somebody is an editor; returns whether they were one."""
        statement = delete(editors).where(self._is(user_id))
        return await self._changes(lambda connection: connection.execute(statement).rowcount)

    async def editors(self) -> tuple[Editor, ...]:
        """All editors, in the order they were appointed."""
        statement = (
            select(editors)
            .where(editors.c.bot_id == self._bot_id)
            .order_by(editors.c.appointed, editors.c.editor_id)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return tuple(Editor(row.editor_id, row.name, row.appointed, row.appointed_by) for row in rows)

    async def _changes(self, work: Callable[[Connection], int]) -> bool:
        return await self._database.write(work) > 0

    def _is(self, user_id: int) -> ColumnElement[bool]:
        return and_(editors.c.bot_id == self._bot_id, editors.c.editor_id == user_id)
