"""What becomes of a notification when Telegram takes it, refuses it, or is not heard of; over HTTP."""

from __future__ import annotations

import asyncio
import logging
import shutil
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from bot import delivery as delivery_module
from bot.chats import chats
from bot.claims import Claims
from bot.delivery import Waiting
from bot.dispatch import STOPPED, TIMED_OUT
from bot.local import LocalTelegram
from bot.local.faults import Fault, Moment
from bot.local.topics import Topic
from bot.outbox import Outbox, outbox
from bot.token_bucket import TokenBuckets
from corpus.database import Database
from corpus.errors import DatabaseError
from tests.bot.notices import notice, rows, states
from tests.delivering import QUICK, PlainComposer, Post, calling, open_chats, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime
    from pathlib import Path

    from bot.outbox import Batch
    from tests.bot.clock import Clock

CHAT, GROUP = 5_123_456_789, -52
BLOCKED = "bot was blocked by the user"


@pytest.fixture(autouse=True)
def library_hands_out_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def database(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Database]:
    """A SQLite database: what the claims do on the others is tested with them."""
    shutil.copyfile(migrated_file, tmp_path / "wenxun.db")
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'wenxun.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(floods=False) as opened:
        open_chats(opened, [CHAT, GROUP, 53, 54])
        yield opened


@pytest.fixture
async def post(telegram: LocalTelegram, database: Database, clock: Clock) -> AsyncIterator[Post]:
    async with calling(telegram.token, telegram.url, 0.3) as bot:
        buckets = TokenBuckets(asyncio.get_running_loop().time, QUICK, QUICK, QUICK)
        yield Post(database, bot, "me", clock=clock, buckets=buckets)


async def next_batch(post: Post) -> Batch:
    batch = await post.claims.claim()
    assert batch is not None
    return batch


async def send(post: Post) -> None:
    """See one batch through."""
    await post.dispatch.see_through(await next_batch(post))


@asynccontextmanager
async def delivering(post: Post) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    running = asyncio.create_task(post.delivery.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await running


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - counted at several places
            await asyncio.sleep(0.01)


async def test_what_is_due_is_sent_and_kept(post: Post, telegram: LocalTelegram, database: Database) -> None:
    await post.outbox.add([notice(CHAT, payload={"text": "<青松> & 白鹭"}, silent=True)])
    await send(post)
    (message,) = telegram.messages(CHAT)
    assert message.text == "<青松> & 白鹭"
    assert telegram.calls[-1].parameters["disable_notification"] == "true"
    (row,) = await rows(database)
    assert (row.state, row.message_id, row.attempts, row.reason) == ("sent", message.message_id, 1, None)
    assert post.replies.sent_as == [("k", message.message_id)]
    assert await post.outbox.of_message(CHAT, message.message_id) == {f"s{CHAT}"}


async def test_what_has_nothing_left_to_say_is_settled_without_a_message(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    await post.outbox.add([notice(CHAT, payload={"text": ""})])
    await send(post)
    assert told(telegram) == []
    assert [(row.state, row.message_id) for row in await rows(database)] == [("sent", None)]


@pytest.mark.parametrize(
    ("fault", "arrives", "reason"),
    [
        (Fault(Moment.AFTER, hang=True), True, TIMED_OUT),
        (Fault(Moment.BEFORE, hang=True), False, TIMED_OUT),
        (Fault(Moment.AFTER, cut=True), True, TIMED_OUT),
        (Fault(Moment.BEFORE, cut=True), False, TIMED_OUT),
    ],
)
async def test_without_an_answer_it_is_uncertain_and_not_sent_again(
    post: Post, telegram: LocalTelegram, database: Database, *, fault: Fault, arrives: bool, reason: str
) -> None:
    await post.outbox.add([notice(CHAT)])
    telegram.faults.order(fault, "sendMessage")
    await send(post)
    assert len(told(telegram)) == arrives
    assert [(row.state, row.reason) for row in await rows(database)] == [("uncertain", reason)]
    assert await post.claims.claim() is None


async def test_an_uncertain_one_is_in_the_next_digest_and_says_so(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    post.composer.most = 9
    await post.outbox.add([notice(CHAT, payload={"text": "one"}, digest=True)])
    telegram.faults.lose_answer("sendMessage")
    await send(post)
    await post.outbox.add([notice(CHAT, payload={"text": "two"}, digest=True)])
    await send(post)
    assert [message.text for message in telegram.messages(CHAT)] == ["one", "again: one\ntwo"]
    assert await states(database) == ["sent", "sent"]


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_when_telegram_itself_fails_it_is_sent_later(
    post: Post, telegram: LocalTelegram, database: Database, clock: Clock, code: int
) -> None:
    await post.outbox.add([notice(CHAT)])
    telegram.faults.fail(code, "Internal Server Error", "sendMessage", times=2)
    for pause in (5, 10):
        await send(post)
        (row,) = await rows(database)
        assert (row.state, row.due) == ("pending", clock.now + timedelta(seconds=pause))
        assert await post.claims.claim() is None
        clock.now += timedelta(seconds=pause)
    await send(post)
    assert len(told(telegram)) == 1


async def test_a_gateway_that_answers_for_telegram(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    await post.outbox.add([notice(CHAT)])
    telegram.faults.bad_gateway("sendMessage")
    await send(post)
    assert await states(database) == ["pending"]


async def test_a_server_that_is_not_there(database: Database, clock: Clock) -> None:
    async with LocalTelegram() as gone:
        pass
    async with LocalTelegram() as telegram, calling(telegram.token, telegram.url) as bot:
        buckets = TokenBuckets(asyncio.get_running_loop().time, QUICK, QUICK, QUICK)
        post = Post(database, bot, "me", clock=clock, buckets=buckets)
        post.dispatch.bot = bot.__class__(telegram.token, base_url=f"{gone.url}/bot")
        await post.outbox.add([notice(CHAT)])
        async with post.dispatch.bot.request:
            await send(post)
    assert await states(database) == ["pending"]


async def test_told_to_wait_the_chat_waits_and_no_other(
    post: Post, telegram: LocalTelegram, database: Database, clock: Clock
) -> None:
    await post.outbox.add([notice(CHAT), notice(53)])
    telegram.faults.flood(30, "sendMessage")
    await send(post)
    (row, _) = await rows(database)
    assert (row.state, row.due) == ("pending", clock.now + timedelta(seconds=30.2))
    assert post.dispatch.buckets.waiting().keys() == {CHAT}
    assert post.dispatch.buckets.wait_overall() <= 0
    await send(post)
    assert await states(database) == ["pending", "sent"]


@pytest.mark.parametrize("fault", ["flood", "fail"])
async def test_when_chat_after_chat_fails_all_wait(post: Post, telegram: LocalTelegram, fault: str) -> None:
    await post.outbox.add([notice(CHAT), notice(53), notice(54), notice(GROUP)])
    for _ in range(3):
        if fault == "flood":
            telegram.faults.flood(30, "sendMessage")
        else:
            telegram.faults.fail(method="sendMessage")
    for number in range(3):
        assert (post.dispatch.buckets.wait_overall() > 0) is False, number
        await send(post)
    assert post.dispatch.buckets.wait_overall() > (29 if fault == "flood" else 0.5)


async def test_a_group_that_moved_is_told_where_it_is_now(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    await post.outbox.add([notice(GROUP), notice(GROUP)])
    open_chats(telegram, [-1052])
    telegram.world.chats[GROUP].migrated_to = -1052
    await send(post)
    assert [(row.chat_id, row.state) for row in await rows(database)] == [(-1052, "pending")] * 2
    await send(post)
    await send(post)
    assert len(telegram.messages(-1052)) == 2


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (("forbid", BLOCKED), "blocked"),
        (("forbid", "user is deactivated"), "deleted"),
        (("forbid", "bot was kicked from the supergroup chat"), "kicked"),
        (("refuse", "chat not found"), "lost"),
        (("refuse", "not enough rights to send text messages to the chat"), "kicked"),
        (("refuse", "need administrator rights in the channel chat"), "kicked"),
    ],
)
async def test_who_cannot_be_reached_gets_nothing_until_they_are_back(
    post: Post, telegram: LocalTelegram, database: Database, refusal: tuple[str, str], why: str
) -> None:
    await post.outbox.add([notice(CHAT)])
    getattr(telegram.faults, refusal[0])(refusal[1], "sendMessage")
    await send(post)
    assert await states(database) == ["pending"]
    known = await database.read(
        lambda connection: connection.execute(select(chats.c.chat_id, chats.c.inactive_reason)).one()
    )
    assert tuple(known) == (CHAT, why)
    assert await post.claims.claim() is None
    await post.dispatch.watch.come_back(CHAT)
    batch = await next_batch(post)
    assert batch.digest


async def test_what_telegram_does_not_take_is_dead(
    post: Post, telegram: LocalTelegram, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await post.outbox.add([notice(CHAT), notice(CHAT)])
    telegram.faults.refuse("can't parse entities", "sendMessage")
    with caplog.at_level(logging.INFO):
        await send(post)
    assert await states(database) == ["dead", "pending"]
    assert (await rows(database))[0].reason == "Can't parse entities"
    assert "refuses a notification for good" in caplog.text
    assert str(CHAT) not in caplog.text
    assert "消息" not in caplog.text


async def test_where_a_topic_is_gone_it_goes_to_the_group(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    forum = telegram.people.forum.id
    telegram.world.chats[forum].topics[7] = Topic(7, "x")
    await post.outbox.add([notice(forum, thread_id=999_999), notice(forum, thread_id=7)])
    before = len(telegram.messages(forum))
    await send(post)
    await send(post)
    assert await states(database) == ["sent", "sent"]
    assert [message.message_thread_id for message in telegram.messages(forum)[before:]] == [None, 7]


async def test_a_message_that_cannot_be_composed_holds_up_no_other(
    post: Post, telegram: LocalTelegram, database: Database, clock: Clock
) -> None:
    class Broken(PlainComposer):
        async def compose(self, batch: Batch) -> None:
            raise RuntimeError(batch.rows[0].payload["text"])

    await post.outbox.add([notice(CHAT), notice(53)])
    plain, post.dispatch.composer = post.dispatch.composer, Broken()
    await send(post)
    post.dispatch.composer = plain
    await send(post)
    broken, sent = await rows(database)
    assert (broken.state, broken.attempts, broken.due) == ("pending", 1, clock.now + timedelta(seconds=5))
    assert sent.state == "sent"
    assert len(told(telegram)) == 1


async def test_what_is_taken_back_while_it_is_composed_is_not_sent(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    class Slow(PlainComposer):
        async def compose(self, batch: Batch) -> object:
            composed = await super().compose(batch)
            await database.write(
                lambda connection: connection.execute(delete(outbox).where(outbox.c.id == batch.ids[0]))
            )
            return composed

    await post.outbox.add([notice(CHAT), notice(CHAT, payload={"text": "other"})])
    post.dispatch.composer = Slow(most=9)
    await send(post)
    assert told(telegram) == []
    post.dispatch.composer = PlainComposer()
    await send(post)
    assert told(telegram) == ["other"]


async def test_what_waits_goes_back_and_what_has_gone_is_settled(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    class Paused(PlainComposer):
        async def compose(self, batch: Batch) -> Waiting:
            return Waiting(batch.ids[:1])

    await post.outbox.add([notice(CHAT, digest=True), notice(CHAT, digest=True)])
    post.dispatch.composer = Paused()
    await send(post)
    assert told(telegram) == []
    assert [(row.state, row.message_id) for row in await rows(database)] == [
        ("sent", None),
        ("pending", None),
    ]
    assert await post.claims.claim() is not None


async def test_in_quiet_hours_it_is_put_off(
    post: Post, telegram: LocalTelegram, database: Database, clock: Clock
) -> None:
    morning = clock.now + timedelta(hours=8)

    async def quiet_until(batch: Batch) -> datetime | None:
        return morning if batch.chat_id == CHAT and clock.now < morning else None

    post.dispatch.quiet_until = quiet_until
    await post.outbox.add([notice(CHAT), notice(53)])
    await send(post)
    await send(post)
    put_off, _ = await rows(database)
    assert (put_off.state, put_off.due) == ("pending", morning)
    assert len(told(telegram)) == 1
    clock.now = morning
    await send(post)
    assert len(told(telegram)) == 2


async def test_stopping_lets_what_is_being_sent_end(
    post: Post, telegram: LocalTelegram, database: Database
) -> None:
    await post.outbox.add([notice(CHAT)])
    telegram.faults.slow(0.2, "sendMessage")
    async with delivering(post) as stop:
        await until(lambda: not telegram.faults.left)
        stop.set()
    assert await states(database) == ["sent"]


async def test_what_takes_too_long_to_end_is_uncertain_and_what_has_not_begun_goes_back(
    post: Post, telegram: LocalTelegram, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Never(PlainComposer):
        async def compose(self, batch: Batch) -> object:
            if batch.chat_id == 53:
                await asyncio.sleep(60)
            return await super().compose(batch)

    monkeypatch.setattr(delivery_module, "_FINISH_SECONDS", 0.05)
    post.dispatch.composer = Never()
    await post.outbox.add([notice(CHAT), notice(53)])
    telegram.faults.slow(60, "sendMessage")
    async with delivering(post) as stop:
        await until(lambda: not telegram.faults.left and len(post.delivery._busy) == 2)
        stop.set()
    calling_, composing = await rows(database)
    assert (calling_.state, calling_.reason) == ("uncertain", STOPPED)
    assert (composing.state, composing.batch) == ("pending", None)


async def test_a_database_that_fails_for_a_while_stops_nothing(
    post: Post, telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [DatabaseError("busy"), RuntimeError("private")]
    claim = Claims.claim

    async def claiming(self: Claims, *arguments: object) -> Batch | None:
        if failures:
            raise failures.pop(0)
        return await claim(self, *arguments)

    monkeypatch.setattr(Claims, "claim", claiming)
    monkeypatch.setattr(delivery_module, "_LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(delivery_module, "_FIRST_PAUSE", 0.05)
    await post.outbox.add([notice(CHAT)])
    async with delivering(post):
        await until(lambda: told(telegram))
    assert failures == []


async def test_other_claimants_are_told_from_ones_own_earlier_run(
    post: Post, database: Database, clock: Clock
) -> None:
    await post.outbox.add([notice(CHAT), notice(53)])
    for name in ("me", "other"):
        claims = Claims(Outbox(database, post.outbox.bot_id, clock), name)
        batch = await claims.claim()
        assert batch is not None
        assert await claims.begin(batch, batch.ids)
    async with delivering(post):
        await post.outbox.add([notice(54)])
        await until(lambda: post.replies.sent_as)
    assert await states(database) == ["uncertain", "sending", "sent"]
