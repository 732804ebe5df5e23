"""Chats that send the bot away: nothing is lost meanwhile; they are told afterwards, or forgotten."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.chats import Chats, Inactivity, chats
from bot.claims import Claims
from bot.outbox import Batch, Kind, Notice, Outbox, outbox
from bot.presence import DELETED_KEPT, MOST_MISSED, WELCOME_BACK, Missed, Presence, away_because
from bot.replies import Replies
from bot.replies import replies as kept_replies
from bot.subscription import subscriptions
from bot.subscriptions import Subscriptions
from corpus.database import Database
from corpus.errors import DatabaseError
from retrieval.answer import Verdict
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    GROUP,
    build_cited,
    build_inquiry,
    build_where,
    rows_in,
)

if TYPE_CHECKING:
    from tests.bot.clock import Clock

KEPT = timedelta(days=180)
HOUR = timedelta(hours=1)


class Household:
    """Chats with what is kept of them, and who notes which are away."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.chats = Chats(database, BOT_ID)
        self.outbox = Outbox(database, BOT_ID, clock)
        self.presence = Presence(self.chats, clock, KEPT)

    async def follow(self, chat_id: int, user_id: int = ALICE) -> str:
        store = Subscriptions(self.database, BOT_ID, self.clock)
        return (await store.add(build_where(chat_id, user_id=user_id), build_inquiry())).id

    async def put(self, chat_id: int, once: str, due: datetime, **fields: Any) -> None:  # noqa: ANN401 - a notice's
        notice = {"kind": Kind.NEWS, "payload": {"n": once}, "thread_id": None} | fields
        await self.outbox.add([Notice(chat_id, once=once, due=due, **notice)])

    async def rows(self, chat_id: int) -> dict[str, Any]:
        async with self.database.connection() as connection:
            found = await connection.execute(select(outbox).where(outbox.c.chat_id == chat_id))
            return {row.once: row for row in found}

    async def claim(self) -> Batch | None:
        return await Claims(self.outbox, "x").claim()


@pytest.fixture
def household(database: Database, clock: Clock) -> Household:
    return Household(database, clock)


async def test_a_chat_that_leaves_is_inactive_until_it_comes_back(household: Household, clock: Clock) -> None:
    await household.follow(ALICE)
    assert await household.presence.leave(ALICE, Inactivity.BLOCKED)
    left = await household.chats.settings(ALICE)
    assert (left.inactive_since, left.inactive_reason) == (clock.now, "blocked")
    clock.now += HOUR
    assert not await household.presence.leave(ALICE, Inactivity.DELETED)
    again = await household.chats.settings(ALICE)
    assert (again.inactive_since, again.inactive_reason) == (clock.now - HOUR, "deleted")
    assert await household.presence.come_back(ALICE) == Missed(clock.now - HOUR, 0, 0)
    back = await household.chats.settings(ALICE)
    assert (back.inactive_since, back.inactive_reason) == (None, None)
    assert await household.presence.come_back(ALICE) is None


async def test_what_a_chat_has_chosen_stays(household: Household) -> None:
    await household.chats.change(ALICE, language="en")
    assert await household.presence.leave(ALICE, Inactivity.BLOCKED)
    await household.presence.come_back(ALICE)
    assert (await household.chats.settings(ALICE)).language == "en"


async def test_of_a_chat_of_which_nothing_is_kept_no_absence_is_kept_either(
    household: Household, database: Database
) -> None:
    await household.follow(BOB)
    assert not await household.presence.leave(ALICE, Inactivity.BLOCKED)
    assert await rows_in(database, chats) == 0
    assert await household.presence.come_back(ALICE) is None


async def test_nothing_is_sent_meanwhile_and_then_one_digest(household: Household, clock: Clock) -> None:
    await household.put(ALICE, "before", clock.now)
    await household.presence.leave(ALICE, Inactivity.BLOCKED)
    clock.now += HOUR
    await household.put(ALICE, "while", clock.now, digest=True)
    await household.put(ALICE, "next week", clock.now + 100 * HOUR, digest=True)
    assert await household.claim() is None
    clock.now += HOUR
    assert await household.presence.come_back(ALICE) == Missed(clock.now - 2 * HOUR, 2, 2)
    batch = await household.claim()
    assert batch is not None
    assert batch.digest
    assert {row.once for row in batch.rows} == {"before", "while"}
    heads = {row.once: row.payload.get(WELCOME_BACK) for row in batch.rows}
    head = [(clock.now - 2 * HOUR).isoformat(), 2, 2]
    assert heads == {"before": head, "while": head}
    assert {row.payload["n"] for row in batch.rows} == {"before", "while"}
    later = (await household.rows(ALICE))["next week"]
    assert later.due == clock.now + 99 * HOUR


async def test_after_a_long_time_only_the_newest_are_told_and_the_others_counted(
    household: Household, clock: Clock
) -> None:
    await household.follow(ALICE)
    await household.presence.leave(ALICE, Inactivity.BLOCKED)
    await household.put(ALICE, "correction", clock.now, kind=Kind.CORRECTION)
    for number in range(MOST_MISSED + 5):
        clock.now += HOUR
        await household.put(ALICE, str(number), clock.now)
    missed = await household.presence.come_back(ALICE)
    assert missed is not None
    assert (missed.found, missed.told) == (MOST_MISSED + 5, MOST_MISSED)
    rows = await household.rows(ALICE)
    assert {once for once, row in rows.items() if row.state == "sent"} == {"0", "1", "2", "3", "4"}
    assert {(row.reason, row.settled) for row in rows.values() if row.state == "sent"} == {
        ("missed", clock.now)
    }
    pending = [row for row in rows.values() if row.state == "pending"]
    assert {(row.due, row.digest) for row in pending} == {(clock.now, True)}
    assert json.loads(rows[str(MOST_MISSED + 4)].payload)[WELCOME_BACK][1:] == [MOST_MISSED + 5, MOST_MISSED]
    assert WELCOME_BACK not in json.loads(rows["correction"].payload)


async def test_each_topic_of_a_forum_is_welcomed_by_itself(household: Household, clock: Clock) -> None:
    await household.follow(GROUP)
    await household.presence.leave(GROUP, Inactivity.KICKED)
    for once, thread in (("a", 3), ("b", 3), ("c", None)):
        clock.now += HOUR
        await household.put(GROUP, once, clock.now, thread_id=thread)
    missed = await household.presence.come_back(GROUP)
    assert missed is not None
    heads = {
        once: json.loads(row.payload).get(WELCOME_BACK) for once, row in (await household.rows(GROUP)).items()
    }
    since = missed.since.isoformat()
    assert heads == {"a": [since, 2, 2], "b": [since, 2, 2], "c": [since, 1, 1]}


async def test_a_busy_topic_takes_nothing_from_a_quiet_one(household: Household, clock: Clock) -> None:
    await household.follow(GROUP)
    await household.presence.leave(GROUP, Inactivity.KICKED)
    await household.put(GROUP, "quiet", clock.now, thread_id=3)
    for number in range(MOST_MISSED + 2):
        clock.now += HOUR
        await household.put(GROUP, str(number), clock.now, thread_id=4)
    missed = await household.presence.come_back(GROUP)
    assert missed is not None
    assert (missed.found, missed.told) == (MOST_MISSED + 3, MOST_MISSED + 1)
    rows = await household.rows(GROUP)
    assert {once for once, row in rows.items() if row.state == "sent"} == {"0", "1"}
    heads = {once: json.loads(rows[once].payload)[WELCOME_BACK][1:] for once in ("quiet", "2")}
    assert heads == {"quiet": [1, 1], "2": [MOST_MISSED + 2, MOST_MISSED]}


async def test_other_chats_and_what_was_sent_are_left_alone(household: Household, clock: Clock) -> None:
    await household.put(ALICE, "mine", clock.now)
    await household.put(BOB, "his", clock.now)
    await household.presence.leave(ALICE, Inactivity.BLOCKED)
    batch = await household.claim()
    assert batch is not None
    assert batch.chat_id == BOB
    clock.now += HOUR
    await household.presence.come_back(ALICE)
    his = (await household.rows(BOB))["his"]
    assert (his.digest, his.due) == (False, clock.now - HOUR)


async def test_who_stays_away_is_forgotten_after_a_time(
    household: Household, database: Database, clock: Clock
) -> None:
    replies = Replies(database, BOT_ID, clock)
    for chat in (ALICE, BOB, GROUP):
        await household.follow(chat)
        await household.put(chat, "x", clock.now)
        await household.chats.change(chat, language="en")
        await replies.keep(
            build_where(chat, user_id=ALICE), build_inquiry(), [build_cited()], Verdict.ANSWERED, 0.9
        )
    await household.presence.leave(ALICE, Inactivity.BLOCKED)
    clock.now += KEPT
    assert await household.presence.clean_up() == 0
    await household.presence.leave(GROUP, Inactivity.LOST)
    clock.now += HOUR
    assert await household.presence.clean_up() == 1
    assert await chats_held(household) == {BOB, GROUP}
    clock.now += KEPT
    assert await household.presence.clean_up() == 1
    assert await chats_held(household) == {BOB}
    assert (await household.chats.settings(ALICE)).language is None


async def test_a_deleted_account_is_forgotten_sooner_and_everywhere(
    household: Household, database: Database, clock: Clock
) -> None:
    replies = Replies(database, BOT_ID, clock)
    for where in (
        build_where(ALICE, user_id=ALICE),
        build_where(GROUP, user_id=ALICE),
        build_where(GROUP, user_id=BOB),
    ):
        await replies.keep(where, build_inquiry(), [build_cited()], Verdict.ANSWERED, 0.9)
    await household.follow(ALICE)
    await household.presence.leave(ALICE, Inactivity.DELETED)
    clock.now += DELETED_KEPT
    assert await household.presence.clean_up() == 0
    clock.now += HOUR
    assert await household.presence.clean_up() == 1
    assert await rows_in(database, subscriptions) == 0
    async with database.connection() as connection:
        assert (await connection.execute(select(kept_replies.c.user_id))).scalars().all() == [BOB]


async def test_who_comes_back_in_time_keeps_all(household: Household, clock: Clock) -> None:
    await household.follow(ALICE)
    await household.presence.leave(ALICE, Inactivity.BLOCKED)
    clock.now += KEPT + HOUR
    await household.presence.come_back(ALICE)
    assert await household.presence.clean_up() == 0
    assert await chats_held(household) == {ALICE}


async def test_many_are_cleaned_up_in_one_go(household: Household, clock: Clock) -> None:
    for chat in range(1, 131):
        await household.put(chat, "x", clock.now)
        await household.presence.leave(chat, Inactivity.BLOCKED)
    clock.now += KEPT + HOUR
    assert await household.presence.clean_up() == 130
    assert await chats_held(household) == set()


async def chats_held(household: Household) -> set[int]:
    """The chats that anything is kept of."""
    held: set[int] = set()
    async with household.database.connection() as connection:
        for table in (outbox, subscriptions):
            held |= set((await connection.execute(select(table.c.chat_id))).scalars())
    return held


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Inactivity.BLOCKED),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Inactivity.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), Inactivity.DELETED),
        (Forbidden("Forbidden: the group chat was deleted"), Inactivity.DELETED),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Inactivity.KICKED),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), Inactivity.KICKED),
        (Forbidden("Forbidden: whatever comes next year"), Inactivity.KICKED),
        (BadRequest("Chat not found"), Inactivity.LOST),
        (BadRequest("PEER_ID_INVALID"), Inactivity.LOST),
        (BadRequest("Message is too long"), None),
        (BadRequest("Not enough rights to send text messages to the chat"), Inactivity.KICKED),
        (BadRequest("Need administrator rights in the channel chat"), Inactivity.KICKED),
        (BadRequest("Not enough rights to pin a message"), None),
        (NetworkError("chat not found"), None),
    ],
)
async def test_what_a_refusal_says_of_the_chat(
    household: Household, error: TelegramError, reason: Inactivity | None
) -> None:
    await household.follow(ALICE)
    assert away_because(error) is reason
    assert await household.presence.refused(ALICE, "chat-x", error) is (reason is not None)
    assert (await household.chats.settings(ALICE)).inactive_reason == reason


async def test_a_refusal_is_one_even_if_it_cannot_be_noted(
    household: Household, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        msg = "locked"
        raise DatabaseError(msg)

    monkeypatch.setattr(Database, "write", fail)
    monkeypatch.setattr(Chats, "migrate", fail)
    assert await household.presence.refused(ALICE, "chat-x", Forbidden("blocked"))
    await household.presence.moved(GROUP, BOB, "chat-y")
    assert "chat-x" in caplog.text
    assert "chat-y" in caplog.text


async def test_what_belongs_to_a_group_goes_with_it(household: Household, clock: Clock) -> None:
    await household.follow(GROUP)
    await household.put(GROUP, "x", clock.now)
    await household.presence.moved(GROUP, -1_000_500, "chat-x")
    assert await chats_held(household) == {-1_000_500}
