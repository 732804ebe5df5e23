"""The feeds that are watched and their items, in the database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from corpus.feed_tables import feed_items, feeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Table

    from corpus.database import Database

LEASE: Final = timedelta(minutes=30)
"""So long a feed is one process's to ask for; after that the process is taken for dead."""

_KEPT: Final = timedelta(days=400)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is watched. `id` is a short name for buttons; `reason` says why it failed last."""

    id: str
    url: str
    title: str | None
    etag: str | None
    modified: str | None
    paused: bool
    gone: bool
    failures: int
    failing_since: datetime | None
    reason: str | None
    reported: datetime | None
    added: datetime
    checked: datetime | None
    changed: datetime | None
    next_try: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An item that stood in a feed: `entry` is the version of it that was taken, `origin` its file."""

    id: str
    feed_id: str
    entry: str
    content: str | None
    origin: str | None
    tries: int

    @property
    def is_settled(self) -> bool:
        """Whether its article is there, or is known to be a copy."""
        return self.tries == 0


class FeedStore:
    """Feeds and items as rows. Every method raises DatabaseError where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, url: str, title: str | None, now: datetime) -> tuple[Feed, bool]:
        """Watch a feed from now on. The second is False if it is watched already, which changes nothing."""
        row = {
            "id": secrets.token_urlsafe(6),
            "url": url,
            "title": title,
            "paused": False,
            "gone": False,
            "failures": 0,
            "added": now,
            "next_try": now,
        }

        # Somebody may add it at the same moment.
        adding = self._insert(feeds).values(row).on_conflict_do_nothing(index_elements=[feeds.c.url])

        def work(connection: Connection) -> tuple[Row[Any], bool]:
            is_new = connection.execute(adding).rowcount > 0
            return connection.execute(select(feeds).where(feeds.c.url == url)).one(), is_new

        found, is_new = await self._database.write(work)
        return _feed(found), is_new

    async def list(self) -> tuple[Feed, ...]:
        """All feeds, in the order they were added."""
        statement = select(feeds).order_by(feeds.c.added, feeds.c.id)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return tuple(map(_feed, rows))

    async def get(self, id: str) -> Feed | None:  # noqa: A002 - named like the field it means
        """A feed by its short name."""
        statement = select(feeds).where(feeds.c.id == id)
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _feed(row)

    async def change(self, id: str, **values: Any) -> bool:  # noqa: A002, ANN401 - columns and what they hold
        """Change columns of a feed; False if there is none of that name."""
        statement = update(feeds).where(feeds.c.id == id).values(**values)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    async def move(self, id: str, url: str) -> None:  # noqa: A002 - as above
        """Note a feed's new address, unless that is watched already."""
        taken = select(feeds.c.id).where(feeds.c.url == url)

        def work(connection: Connection) -> None:
            if connection.execute(taken).first() is None:
                connection.execute(update(feeds).where(feeds.c.id == id).values(url=url))

        await self._database.write(work)

    async def remove(self, id: str) -> bool:  # noqa: A002 - as above
        """Watch a feed no more; its news and what is known of its items stay."""
        statement = delete(feeds).where(feeds.c.id == id)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    async def claim_due(self, now: datetime, most: int) -> tuple[Feed, ...]:
        """Take feeds whose time has come, longest overdue first; no other process gets them for `LEASE`."""
        due = and_(feeds.c.next_try <= now, feeds.c.paused.is_(False), feeds.c.gone.is_(False))
        first = select(feeds).where(due).order_by(feeds.c.next_try, feeds.c.id).limit(most)

        def work(connection: Connection) -> list[Feed]:
            claimed = []
            for row in connection.execute(first).all():
                mine = and_(feeds.c.id == row.id, feeds.c.next_try == row.next_try)
                taken = connection.execute(update(feeds).where(mine).values(next_try=now + LEASE))
                if taken.rowcount:
                    claimed.append(_feed(row))
            return claimed

        return tuple(await self._database.write(work))

    async def items(self, ids: Sequence[str]) -> dict[str, Item]:
        """The items of these ids that are known."""
        statement = select(feed_items).where(feed_items.c.id.in_(ids))
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row.id: _item(row) for row in rows}

    async def copy_of(self, content: str, *, besides: str) -> Item | None:
        """An item with a file whose text is the same, other than the one of that id."""
        statement = (
            select(feed_items)
            .where(
                feed_items.c.content == content, feed_items.c.id != besides, feed_items.c.origin.is_not(None)
            )
            .order_by(feed_items.c.first_seen, feed_items.c.id)
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _item(row)

    async def record(self, item: Item, now: datetime) -> None:
        """Note what came of an item."""
        values = {
            "feed_id": item.feed_id,
            "entry": item.entry,
            "content": item.content,
            "origin": item.origin,
            "tries": item.tries,
            "last_seen": now,
        }

        statement = (
            self._insert(feed_items)
            .values(id=item.id, first_seen=now, **values)
            .on_conflict_do_update(index_elements=[feed_items.c.id], set_=values)
        )
        await self._database.write(lambda connection: connection.execute(statement))

    async def saw(self, ids: Iterable[str], now: datetime) -> None:
        """Note that items stand in a feed still; forget those that have not for more than a year."""
        seen = sorted(ids)

        def work(connection: Connection) -> None:
            for start in range(0, len(seen), _AT_ONCE):
                these = feed_items.c.id.in_(seen[start : start + _AT_ONCE])
                connection.execute(update(feed_items).where(these).values(last_seen=now))
            connection.execute(delete(feed_items).where(feed_items.c.last_seen < now - _KEPT))

        await self._database.write(work)

    async def counts(self) -> dict[str, int]:
        """How many items of each feed have a file, by the feed's id."""
        mine = func.count(feed_items.c.origin.distinct())
        statement = select(feed_items.c.feed_id, mine.label("files")).group_by(feed_items.c.feed_id)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row.feed_id: row.files for row in rows}

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return sqlite.insert(table) if self._database.is_sqlite else postgresql.insert(table)


def _feed(row: Row[Any]) -> Feed:
    return Feed(**row._mapping)  # noqa: SLF001 - SQLAlchemy's own name for it, public by its documentation


def _item(row: Row[Any]) -> Item:
    return Item(row.id, row.feed_id, row.entry, row.content, row.origin, row.tries)
