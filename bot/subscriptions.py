"""The subscriptions: what the chats of a bot follow, in the database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Unpack
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, delete, func, select, update

from bot.errors import AlreadySubscribed, TooManySubscriptions
from bot.outbox import State, outbox
from bot.reply import new_key, plain_key
from bot.rescheduling import Rescheduling, waiting_in
from bot.schedule import DAILY
from bot.subscription import fingerprint_of, read_subscription, readable, subscriptions
from bot.subscription_file import Fault, ImportReport, Problem, read_file, write_file
from bot.upsert import upsert
from retrieval.breadth import Breadth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from bot.inquiry import Inquiry
    from bot.reply import Where
    from bot.subscription import Changes, Subscription, Wishes
    from corpus.database import Database

MAX_SUBSCRIPTIONS = 50
"""What one chat may follow, if nothing else is set."""

MAX_NAME = 64
"""Characters of the name that a reader gives to a subscription."""

# What nobody has been told yet, or perhaps not.
_OPEN = (State.PENDING.value, State.UNCERTAIN.value)
_UTC = ZoneInfo("UTC")


class Subscriptions:
    """The subscriptions of one bot in the database.

    Every method raises DatabaseError where the database cannot be used.

    Args:
        database: where they are.
        bot_id: whose.
        clock: the time, aware.
        limit: how many a chat may have.
        zone: of chats that have chosen none.
    """

    def __init__(
        self,
        database: Database,
        bot_id: int,
        clock: Callable[[], datetime],
        limit: int = MAX_SUBSCRIPTIONS,
        zone: ZoneInfo = _UTC,
    ) -> None:
        self.database = database
        self.bot_id = bot_id
        self.clock = clock
        self.limit = limit
        self._zone = zone
        self._times = Rescheduling(bot_id, zone)

    async def add(self, where: Where, inquiry: Inquiry, **wishes: Unpack[Wishes]) -> Subscription:
        """Follow a question, once in a chat: if it does already, nothing changes and that is returned.

        What is not wished for is as a follow by one tap: broad, daily at nine, with sound.

        Raises:
            TooManySubscriptions: the chat follows as much as it may.
            UnreadableInquiry: it follows it already, as a newer version wrote it.
        """
        values = self._values(where, inquiry, wishes)
        row = await self.database.write(lambda connection: self._insert(connection, values))
        return read_subscription(row)

    async def get(self, chat_id: int, id: str) -> Subscription | None:  # noqa: A002 - named like the field it means
        """The subscription of a chat with an id, if there is one that can be read."""
        return await self._first(select(subscriptions).where(self._is(chat_id, id)))

    async def of(self, chat_id: int, inquiry: Inquiry) -> Subscription | None:
        """The subscription to a question in a chat, if it follows it."""
        return await self._first(self._same(chat_id, fingerprint_of(inquiry)))

    async def of_topic(self, chat_id: int, topic: str, inquiry: Inquiry) -> Subscription | None:
        """The subscription to a topic in a chat, if it follows it."""
        return await self._first(self._same(chat_id, fingerprint_of(inquiry, topic)))

    async def of_chat(self, chat_id: int) -> tuple[Subscription, ...]:
        """What a chat follows, oldest first; what a newer version wrote is passed over."""
        oldest_first = (subscriptions.c.created, subscriptions.c.id)
        statement = select(subscriptions).where(self._in(chat_id)).order_by(*oldest_first)
        return readable(await self.database.read(lambda connection: connection.execute(statement).all()))

    async def change(
        self,
        chat_id: int,
        id: str,  # noqa: A002 - named like the field it means
        **changes: Unpack[Changes],
    ) -> Subscription | None:
        """Change what is named and leave the rest; None if the chat has no such subscription.

        What waits to be told is told at the new time, in the new way.

        Raises:
            AlreadySubscribed: the chat follows the new question already, by another subscription.
        """
        values = _columns(changes)
        if (inquiry := changes.get("inquiry")) is not None:
            topic = changes.get("topic")
            values |= {"topic": topic, "inquiry": inquiry.to_json()}
            values["fingerprint"] = fingerprint_of(inquiry, topic)
        now = self.clock()
        statement = (
            update(subscriptions)
            .where(self._is(chat_id, id))
            .values(changed=now, **values)
            .returning(subscriptions)
        )

        def work(connection: Connection) -> Row[Any] | None:
            if (fingerprint := values.get("fingerprint")) is not None:
                same = connection.execute(self._same(chat_id, fingerprint)).one_or_none()
                if same is not None and same.id != id:
                    raise AlreadySubscribed(same.id)
            row = connection.execute(statement).one_or_none()
            if row is not None and "silent" in changes:
                waits = waiting_in(self.bot_id, chat_id)
                mine = outbox.c.subscription_id == row.id
                connection.execute(update(outbox).where(waits, mine).values(silent=row.silent))
            if row is not None and "schedule" in changes:
                self._times.news(connection, chat_id, readable([row]), now)
            return row

        row = await self.database.write(work)
        return None if row is None else read_subscription(row)

    async def remove(self, chat_id: int, id: str) -> bool:  # noqa: A002 - as above
        """Follow something no more, and tell nothing of it that waits; False if the chat did not."""
        gone = delete(subscriptions).where(self._is(chat_id, id))
        untold = delete(outbox).where(
            outbox.c.bot_id == self.bot_id,
            outbox.c.subscription_id == plain_key(id),
            outbox.c.chat_id == chat_id,
            outbox.c.state.in_(_OPEN),
        )

        def work(connection: Connection) -> bool:
            # In the order in which a sender takes both, or the two could wait for each other.
            connection.execute(untold)
            return connection.execute(gone).rowcount > 0

        return await self.database.write(work)

    async def count(self, chat_id: int) -> int:
        """How much a chat follows."""
        statement = select(func.count()).select_from(subscriptions).where(self._in(chat_id))
        return await self.database.read(lambda connection: connection.execute(statement).scalar_one())

    async def export(self, chat_id: int) -> dict[str, Any]:
        """What a chat follows as the content of a file (`bot/subscription_file.py`)."""
        return write_file(await self.of_chat(chat_id))

    async def import_(self, where: Where, data: bytes | str, seen: int | None = None) -> ImportReport:
        """Follow what a file names: all of it, or nothing where anything is wrong.

        Args:
            where: the chat, and who sent it.
            data: the file.
            seen: the generation that is published now, whose passages are no news.
        """
        now = self.clock().astimezone(self._zone)
        entries, problems = await asyncio.to_thread(read_file, data, now)
        if problems:
            return ImportReport(problems=tuple(problems))
        new = []
        for place, entry in enumerate(entries):
            values = self._values(where, entry.inquiry, {**entry.wishes, "seen": seen})
            new.append(values | {"created": now + timedelta(microseconds=place)})  # they keep their order

        def work(connection: Connection) -> list[Row[Any]]:
            return [self._insert(connection, values) for values in new]

        try:
            rows = await self.database.write(work)
        except TooManySubscriptions as error:
            return ImportReport(problems=(Problem("", Fault.TOO_MANY, (str(error.most),)),))
        added = [row for row, values in zip(rows, new, strict=True) if row.id == values["id"]]
        return ImportReport(readable(added), len(rows) - len(added))

    async def reschedule(self, chat_id: int) -> None:
        """Tell what waits for a chat when it is due now, after its zone or its quiet hours have changed."""
        statement = select(subscriptions).where(self._in(chat_id))
        now = self.clock()

        def work(connection: Connection) -> None:
            self._times.news(connection, chat_id, readable(connection.execute(statement).all()), now)
            self._times.corrections(connection, chat_id, now)

        await self.database.write(work)

    def note_delivered(self, connection: Connection, ids: Iterable[str], moment: datetime) -> None:
        """Note that passages were sent, each by the id of its subscription, in the sender's transaction."""
        counted: dict[str, int] = {}
        for each in ids:
            counted[each] = counted.get(each, 0) + 1
        if counted:
            connection.execute(
                update(subscriptions)
                .where(subscriptions.c.bot_id == self.bot_id, subscriptions.c.id == bindparam("this"))
                .values(
                    delivered=subscriptions.c.delivered + bindparam("more"),
                    last_delivered=bindparam("moment", type_=subscriptions.c.last_delivered.type),
                ),
                [{"this": id_, "more": more, "moment": moment} for id_, more in counted.items()],
            )

    def _values(self, where: Where, inquiry: Inquiry, wishes: Wishes) -> dict[str, Any]:
        """The columns of a new subscription."""
        now = self.clock()
        return {
            "bot_id": self.bot_id,
            "id": new_key(),
            "chat_id": where.chat_id,
            "thread_id": where.thread_id,
            "user_id": where.user_id,
            "locale": where.locale,
            "fingerprint": fingerprint_of(inquiry, wishes.get("topic")),
            "inquiry": inquiry.to_json(),
            "breadth": Breadth.BROAD.value,
            "silent": False,
            "paused": False,
            "created": now,
            "changed": now,
            "delivered": 0,
            **_columns({"schedule": DAILY, **wishes}),
        }

    def _insert(self, connection: Connection, values: dict[str, Any]) -> Row[Any]:
        """Write a new subscription, unless the chat follows it already, and return the row that is there."""
        chat_id = values["chat_id"]
        same = self._same(chat_id, values["fingerprint"])
        row = connection.execute(same).one_or_none()
        if row is None:
            count = select(func.count()).select_from(subscriptions).where(self._in(chat_id))
            if connection.execute(count).scalar_one() >= self.limit:
                raise TooManySubscriptions(self.limit)
            columns = [subscriptions.c.bot_id, subscriptions.c.chat_id, subscriptions.c.fingerprint]
            # A second press at the same time.
            insert = upsert(self.database, subscriptions).on_conflict_do_nothing(index_elements=columns)
            connection.execute(insert, values)
            row = connection.execute(same).one()
        return row

    async def _first(self, statement: Select[Any]) -> Subscription | None:
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return next(iter(readable(rows)), None)

    def _in(self, chat_id: int) -> ColumnElement[bool]:
        return and_(subscriptions.c.bot_id == self.bot_id, subscriptions.c.chat_id == chat_id)

    def _is(self, chat_id: int, id_: str) -> ColumnElement[bool]:
        return and_(self._in(chat_id), subscriptions.c.id == plain_key(id_))

    def _same(self, chat_id: int, fingerprint: str) -> Select[Any]:
        return select(subscriptions).where(self._in(chat_id), subscriptions.c.fingerprint == fingerprint)


def _columns(wishes: Wishes | Changes) -> dict[str, Any]:
    """The columns that wishes are written in."""
    columns: dict[str, Any] = {}
    for wish in ("topic", "silent", "paused", "seen"):
        if wish in wishes:
            columns[wish] = wishes[wish]
    if "name" in wishes:
        columns["name"] = _name(wishes["name"])
    if "breadth" in wishes:
        columns["breadth"] = wishes["breadth"].value
    if "schedule" in wishes:
        schedule = wishes["schedule"]
        columns |= {
            "cadence": schedule.cadence.value,
            "minute": schedule.minute,
            "weekday": schedule.weekday,
        }
    return columns


def _name(name: str | None) -> str | None:
    """A name on one line, without what cannot be seen or written; None if nothing is left."""
    plain = "".join(each if each.isprintable() else " " for each in name or "")
    return " ".join(plain.split())[:MAX_NAME].strip() or None
