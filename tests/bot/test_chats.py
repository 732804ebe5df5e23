"""The chats: what they chose, and groups that become supergroups."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest
from sqlalchemy import insert, select, update

from bot.chats import MAX_REMEMBERED, Askers, Chats, ChatSettings, Inactivity, chats, load_settings
from bot.feedback import Feedback
from bot.keeping.drafts import drafts
from bot.outbox import Outbox
from bot.replies import Replies
from bot.schedule import Quiet
from bot.subscriptions import Subscriptions
from corpus.database import Database, metadata
from retrieval.answer import Order, Verdict
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    GROUP,
    build_cited,
    build_inquiry,
    build_notice,
    build_where,
    recorded,
    rows_in,
    scans,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.inquiry import Inquiry
    from bot.reply import Where
    from tests.bot.clock import Clock

T = TypeVar("T")
SUPERGROUP = -1_001_234_567_890


@pytest.fixture
def store(database: Database) -> Chats:
    return Chats(database, BOT_ID)


async def keep(replies: Replies, where: Where, inquiry: Inquiry | None = None) -> str:
    return await replies.keep(where, inquiry or build_inquiry(), [build_cited()], Verdict.ANSWERED, 0.9)


async def test_a_chat_that_chose_nothing_has_the_defaults(store: Chats) -> None:
    assert await store.settings(ALICE) == ChatSettings(None, None, None, Order.BEST, Askers.EVERYONE)


async def test_what_is_chosen_stays_and_the_rest_is_left(store: Chats) -> None:
    assert await store.change(ALICE, language="zh-hant") == ChatSettings(language="zh-hant")
    everything = ChatSettings("zh-hant", "Asia/Taipei", 5, Order.NEWEST, Askers.ADMINS)
    changed = await store.change(
        ALICE, zone="Asia/Taipei", excerpts=5, order=Order.NEWEST, askers=Askers.ADMINS
    )
    assert changed == everything
    assert await store.settings(ALICE) == everything
    assert await store.settings(BOB) == ChatSettings()


async def test_quiet_hours_corrections_and_pauses_are_chosen(store: Chats, database: Database) -> None:
    chosen = await store.change(ALICE, quiet=Quiet(1320, 420), corrections=False, paused=True)
    assert chosen == ChatSettings(quiet=Quiet(1320, 420), corrections=False, paused=True)
    assert await Chats(database, BOT_ID).settings(ALICE) == chosen
    assert await store.change(ALICE, zone="Asia/Tokyo") == replace(chosen, zone="Asia/Tokyo")
    assert await store.change(ALICE, zone=None, quiet=None, corrections=None, paused=False) == ChatSettings()


@pytest.mark.parametrize("hours", [(60, 60), (60, None), (-1, 60), (60, 1440)])
async def test_quiet_hours_that_make_no_sense_are_none(
    store: Chats, database: Database, hours: tuple[int | None, int | None]
) -> None:
    await store.change(ALICE, language="en")
    async with database.transaction() as connection:
        await connection.execute(update(chats).values(quiet_from=hours[0], quiet_until=hours[1]))
    assert await Chats(database, BOT_ID).settings(ALICE) == ChatSettings(language="en")


async def test_chats_that_are_away_are_found_until_they_are_back(
    store: Chats, database: Database, clock: Clock
) -> None:
    now, day = clock.now, timedelta(days=1)
    for chat, since in ((ALICE, now - 2 * day), (BOB, now - 3 * day), (GROUP, now)):
        away = await store.change(chat, inactive_since=since, inactive_reason=Inactivity.BLOCKED)
        assert (away.inactive_since, away.inactive_reason) == (since, Inactivity.BLOCKED)
    await Chats(database, BOT_ID + 1).change(ALICE, inactive_since=now - 9 * day)
    await store.change(7, language="en")
    with recorded(database) as ran:
        assert await store.inactive_before(now - day) == (BOB, ALICE)
    if database.is_sqlite:
        assert await scans(database, ran) == []
    await store.change(BOB, inactive_since=None, inactive_reason=None)
    assert await store.inactive_before(now - day) == (ALICE,)


async def test_settings_of_many_chats_are_read_as_they_are_now(store: Chats, database: Database) -> None:
    await store.change(ALICE, language="en", quiet=Quiet(0, 300))
    await Chats(database, BOT_ID + 1).change(BOB, language="en")
    wanted = [ALICE, BOB, *range(1_000, 2_500), ALICE]
    found = await database.read(lambda connection: load_settings(connection, BOT_ID, wanted))
    assert found == {ALICE: ChatSettings(language="en", quiet=Quiet(0, 300))}


async def test_a_choice_can_be_given_back(store: Chats) -> None:
    await store.change(ALICE, language="en", order=Order.NEWEST)
    assert await store.change(ALICE, language=None, order=None) == ChatSettings()


async def test_changing_nothing_makes_no_row(store: Chats, database: Database) -> None:
    assert await store.change(ALICE) == ChatSettings()
    assert await rows_in(database, chats) == 0


async def test_each_bot_has_its_own(store: Chats, database: Database) -> None:
    await store.change(ALICE, language="en")
    assert await Chats(database, BOT_ID + 1).settings(ALICE) == ChatSettings()


async def test_changes_at_once_are_all_kept(store: Chats) -> None:
    await asyncio.gather(
        store.change(GROUP, language="en"),
        store.change(GROUP, zone="Europe/Berlin"),
        store.change(GROUP, excerpts=4),
        store.change(GROUP, order=Order.NEWEST),
        store.change(GROUP, askers=Askers.ADMINS),
    )
    assert await store.settings(GROUP) == ChatSettings("en", "Europe/Berlin", 4, Order.NEWEST, Askers.ADMINS)


@pytest.mark.parametrize("excerpts", [0, 21, 10**30])
async def test_a_number_that_nobody_may_choose_is_refused(store: Chats, excerpts: int) -> None:
    with pytest.raises(ValueError, match="excerpts"):
        await store.change(ALICE, excerpts=excerpts)
    assert await store.settings(ALICE) == ChatSettings()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 5_000, "a\0b", "Asia"])
async def test_a_zone_that_is_not_there_is_refused(store: Chats, zone: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await store.change(ALICE, zone=zone)


@pytest.mark.parametrize("language", ["", "x" * 17, "e\0n"])
async def test_a_language_that_is_none_is_refused(store: Chats, language: str) -> None:
    with pytest.raises(ValueError, match="language"):
        await store.change(ALICE, language=language)


async def test_a_choice_that_is_not_known_any_more_is_none(store: Chats, database: Database) -> None:
    await store.change(ALICE, language="en", order=Order.NEWEST, askers=Askers.ADMINS)
    async with database.transaction() as connection:
        await connection.execute(update(chats).values(sort_order="loudest", askers="nobody"))
    assert await Chats(database, BOT_ID).settings(ALICE) == ChatSettings(language="en")


async def test_settings_are_read_with_one_statement_and_once(store: Chats, database: Database) -> None:
    with recorded(database) as ran:
        for chat in (ALICE, BOB, ALICE, BOB):
            await store.settings(chat)
    assert len(ran) == 2
    if database.is_sqlite:
        assert await scans(database, ran) == []


async def test_what_was_chosen_survives_a_start(store: Chats, database: Database) -> None:
    await store.change(ALICE, language="en")
    assert await Chats(database, BOT_ID).settings(ALICE) == ChatSettings(language="en")


async def test_memory_is_bounded(store: Chats) -> None:
    for chat in range(1, MAX_REMEMBERED + 1):
        store._remembered[chat] = ChatSettings()
    await store.change(ALICE, language="en")
    await store.settings(ALICE)
    await store.settings(MAX_REMEMBERED + 1)
    assert len(store._remembered) == MAX_REMEMBERED
    assert await store.settings(1) == ChatSettings()
    assert await store.settings(ALICE) == ChatSettings(language="en")


class HeldBack(Database):
    """A database whose readers have read, and then wait until they may go on."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.has_read, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.may_go_on.set()

    async def read(self, work: Callable[[Connection], T]) -> T:
        result = await super().read(work)
        self.has_read.set()
        await self.may_go_on.wait()
        return result


async def test_what_is_read_while_it_changes_is_not_remembered(database_url: str) -> None:
    database = await HeldBack.open(database_url)
    store = Chats(database, BOT_ID)
    database.has_read.clear()
    database.may_go_on.clear()
    reading = asyncio.create_task(store.settings(ALICE))
    await asyncio.wait_for(database.has_read.wait(), 5)
    await store.change(ALICE, excerpts=5)
    database.may_go_on.set()
    assert (await reading).excerpts is None
    assert (await store.settings(ALICE)).excerpts == 5
    await database.close()


async def test_a_change_that_fails_halfway_leaves_nothing_wrong_in_memory(
    store: Chats, database: Database
) -> None:
    await store.change(ALICE, language="en")
    await store.settings(ALICE)
    with pytest.raises(RuntimeError), store.changing(ALICE):  # noqa: PT012 - the change and its end are one
        async with database.transaction() as connection:
            await connection.execute(update(chats).values(language="zh"))
        raise RuntimeError
    assert (await store.settings(ALICE)).language == "zh"


async def test_a_supergroup_takes_over_what_the_group_had(
    store: Chats, database: Database, clock: Clock
) -> None:
    replies, followed = Replies(database, BOT_ID, clock), Subscriptions(database, BOT_ID, clock)
    await store.change(GROUP, language="en", askers=Askers.ADMINS)
    key = await keep(replies, build_where(GROUP))
    await Feedback(database, BOT_ID, clock).give(key, BOB, 1)
    one = await followed.add(build_where(GROUP), build_inquiry())
    await Outbox(database, BOT_ID, clock).add([build_notice(one, clock.now)])
    await store.migrate(GROUP, SUPERGROUP)

    assert await store.settings(SUPERGROUP) == ChatSettings(language="en", askers=Askers.ADMINS)
    assert await store.settings(GROUP) == ChatSettings()
    assert (await replies.history(SUPERGROUP, ALICE, 10)).total == 1
    reply = await replies.get(key)
    assert reply is not None
    assert reply.chat_id == SUPERGROUP
    assert await Feedback(database, BOT_ID, clock).of(key, BOB) is not None
    assert [each.id for each in await followed.of_chat(SUPERGROUP)] == [one.id]
    assert await followed.count(GROUP) == 0


async def test_nothing_anywhere_is_left_under_the_old_number(
    store: Chats, database: Database, clock: Clock
) -> None:
    await store.change(GROUP, language="en")
    await keep(Replies(database, BOT_ID, clock), build_where(GROUP))
    followed = await Subscriptions(database, BOT_ID, clock).add(build_where(GROUP), build_inquiry())
    await Outbox(database, BOT_ID, clock).add([build_notice(followed, clock.now)])
    draft = {"bot_id": BOT_ID, "key": "draft", "chat_id": GROUP, "created": clock.now}
    row = draft | {"kind": "add", "state": "draft", "name": "news.md"}
    await database.write(lambda connection: connection.execute(insert(drafts).values(row)))
    of_chats = [table for table in metadata.tables.values() if "chat_id" in table.c]
    # A new table with chats must be filled here, and moved by `Chats.migrate`.
    assert [await rows_in(database, table) for table in of_chats] == [1] * len(of_chats)
    await store.migrate(GROUP, SUPERGROUP)
    async with database.connection() as connection:
        for table in of_chats:
            assert (await connection.execute(select(table.c.chat_id))).scalars().all() == [SUPERGROUP]


async def test_that_the_small_group_is_away_says_nothing_of_the_supergroup(
    store: Chats, clock: Clock
) -> None:
    await store.change(
        GROUP, quiet=Quiet(0, 300), inactive_since=clock.now, inactive_reason=Inactivity.KICKED
    )
    await store.migrate(GROUP, SUPERGROUP)
    assert await store.settings(SUPERGROUP) == ChatSettings(quiet=Quiet(0, 300))
    assert await store.inactive_before(clock.now + timedelta(days=1)) == ()


async def test_what_the_supergroup_has_chosen_already_stays(store: Chats) -> None:
    await store.change(GROUP, language="en", zone="Europe/Berlin", order=Order.NEWEST)
    await store.change(SUPERGROUP, language="zh", excerpts=5)
    await store.migrate(GROUP, SUPERGROUP)
    assert await store.settings(SUPERGROUP) == ChatSettings("zh", "Europe/Berlin", 5, Order.NEWEST)


async def test_a_question_that_both_follow_is_followed_once(
    store: Chats, database: Database, clock: Clock
) -> None:
    followed = Subscriptions(database, BOT_ID, clock)
    await followed.add(build_where(GROUP), build_inquiry("a"))
    other = await followed.add(build_where(GROUP), build_inquiry("b"))
    there = await followed.add(build_where(SUPERGROUP), build_inquiry("a"))
    await store.migrate(GROUP, SUPERGROUP)
    assert {each.id for each in await followed.of_chat(SUPERGROUP)} == {other.id, there.id}


async def test_the_numbers_of_old_messages_mean_others_now(
    store: Chats, database: Database, clock: Clock
) -> None:
    replies = Replies(database, BOT_ID, clock)
    old = await keep(replies, build_where(GROUP, question_message_id=5))
    await replies.sent(old, 6)
    new = await keep(replies, build_where(SUPERGROUP, question_message_id=7))
    await replies.sent(new, 8)
    await store.migrate(GROUP, SUPERGROUP)
    assert await replies.of_message(SUPERGROUP, 6) is None
    assert await replies.answering(SUPERGROUP, 5) is None
    found = await replies.of_message(SUPERGROUP, 8)
    assert found is not None
    assert found.key == new


async def test_other_chats_and_bots_stay_where_they_are(
    store: Chats, database: Database, clock: Clock
) -> None:
    other_bot = Chats(database, BOT_ID + 1)
    await other_bot.change(GROUP, language="en")
    await Subscriptions(database, BOT_ID + 1, clock).add(build_where(GROUP), build_inquiry())
    await keep(Replies(database, BOT_ID + 1, clock), build_where(GROUP))
    await store.change(ALICE, language="zh")
    await store.migrate(GROUP, SUPERGROUP)
    assert await other_bot.settings(GROUP) == ChatSettings(language="en")
    assert await store.settings(ALICE) == ChatSettings(language="zh")
    assert await Subscriptions(database, BOT_ID + 1, clock).count(GROUP) == 1
    assert (await Replies(database, BOT_ID + 1, clock).history(GROUP, ALICE, 10)).total == 1


async def test_both_notices_of_one_migration_may_come_at_once(store: Chats, database: Database) -> None:
    # Telegram tells of it in the old group and in the new one.
    await store.change(GROUP, language="en")
    await asyncio.gather(*(store.migrate(GROUP, SUPERGROUP) for _ in range(4)))
    assert await store.settings(SUPERGROUP) == ChatSettings(language="en")
    assert await rows_in(database, chats) == 1


async def test_a_chat_that_becomes_itself_loses_nothing(store: Chats) -> None:
    await store.change(GROUP, language="en")
    await store.migrate(GROUP, GROUP)
    assert await store.settings(GROUP) == ChatSettings(language="en")
