"""From a load to a notification, while the bot runs, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.alarm import Alarm
from bot.backlog import Backlog
from bot.chats import Chats
from bot.courier import rounds
from bot.inquiry import Inquiry
from bot.local.faults import Moment
from bot.locale.catalogue import Catalogues
from bot.outbox import Outbox, outbox
from bot.reply import Where
from bot.schedule import Cadence, Schedule
from corpus.loader import Loader
from corpus.reading import ReadOptions
from retrieval.breadth import Breadth
from tests.delivering import calling
from tests.e2e.messages import labels, text_of
from tests.e2e.news import write_document
from tests.e2e.subscribers import store_of

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import Message

    from bot.local.people import Group, Person
    from bot.subscription import Subscription
    from tests.e2e.conftest import Stage

TEXT = "黄鹂制药的新药HL2207获得海外授权，总金额9.31亿美元。"
AT_ONCE = Schedule(Cadence.AT_ONCE)


async def follow(
    stage: Stage,
    chat: Person | Group,
    *,
    schedule: Schedule = AT_ONCE,
    said: str = "HL2207 授权总金额",
    thread_id: int | None = None,
) -> Subscription:
    """A chat follows a question from the published generation on."""
    clock = stage.telegram.world.clock
    where = Where(chat.id, thread_id, stage.alice.id, None, "en")
    inquiry = Inquiry(said, clock())
    seen = await stage.services.store.published()
    return await store_of(stage).add(where, inquiry, breadth=Breadth.BROAD, schedule=schedule, seen=seen)


async def load(stage: Stage, text: str = TEXT, name: str = "oriole", **about: str) -> int:
    """A document comes in; returns how many notifications that makes."""
    written = {
        "title": "黄鹂制药海外授权",
        "source": "虚构财经",
        "date": str(stage.telegram.world.clock().date()),
    }
    write_document(stage.services.settings.corpus / f"{name}.md", text, **(written | about))
    return (await stage.services.loader.load()).notified


async def told(stage: Stage, chat: Person | Group | int, after: Message | int = 0) -> Message:
    """What a chat is told next."""
    return await stage.telegram.wait_for_reply(chat, after=after, timeout=10)


async def states(stage: Stage) -> list[str]:
    async with stage.database.connection() as connection:
        return list((await connection.execute(select(outbox.c.state).order_by(outbox.c.id))).scalars())


async def settled(stage: Stage, *wanted: str) -> None:
    """Wait until the rows of the outbox are in these states."""
    async with asyncio.timeout(10):
        while await states(stage) != [*wanted]:  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.02)


async def meet(stage: Stage, person: Person) -> Message:
    """Somebody talks to the bot for the first time, so that it may write to them."""
    return await stage.ask(person, "/help")


async def test_what_a_load_brings_is_told_at_once_to_who_follows_it(bot: Stage) -> None:
    before = await meet(bot, bot.alice)
    await meet(bot, bot.reader)
    kept = await follow(bot, bot.alice)
    assert await load(bot) == 1
    message = await told(bot, bot.alice, before)
    assert TEXT in text_of(message)
    assert any(label.startswith("📖") for label in labels(message))
    await settled(bot, "sent")
    assert (await store_of(bot).get(bot.alice.id, kept.id)).delivered == 1
    assert not any(TEXT in text for text in bot.said(bot.reader))
    assert await load(bot) == 0, "the same once more is no news"


async def test_a_blocked_reader_is_told_of_what_was_missed_when_back(bot: Stage) -> None:
    before = await meet(bot, bot.alice)
    await follow(bot, bot.alice)
    await follow(bot, bot.alice, said="星城医院 三期临床试验")
    await bot.telegram.block(bot.alice)
    await bot.idle()
    assert await load(bot) == 1
    trial = "新药HL2207进入三期临床试验，入组患者420人，由星城医院牵头。"
    assert await load(bot, trial, "second", title="星城医院牵头三期试验") == 1
    assert bot.said(bot.alice) == [text_of(before)]
    assert await states(bot) == ["pending", "pending"]
    await bot.telegram.unblock(bot.alice)
    digest = await told(bot, bot.alice, before)
    assert TEXT in text_of(digest)
    assert trial in text_of(digest)
    assert text_of(digest).startswith("👋 Welcome back.")
    await settled(bot, "sent", "sent")
    assert len(bot.said(bot.alice)) == 2


async def test_a_refusal_alone_tells_of_a_block_and_nothing_is_lost(bot: Stage) -> None:
    await meet(bot, bot.alice)
    await follow(bot, bot.alice)
    bot.telegram.faults.forbid(method="sendMessage")
    await load(bot)
    async with asyncio.timeout(10):
        while await away_since(bot, bot.alice) is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    await settled(bot, "pending")
    await bot.ask(bot.alice, "/help")
    assert await away_since(bot, bot.alice) is None
    async with bot.database.connection() as connection:
        (digest,) = (await connection.execute(select(outbox.c.digest))).scalars()
    assert digest, "it is told as what was missed, once the pause after a refusal is over"


async def away_since(stage: Stage, person: Person) -> datetime | None:
    """Since when a chat is away, as the database has it."""
    bot_id = int(stage.telegram.token.partition(":")[0])
    return (await Chats(stage.database, bot_id).settings(person.id)).inactive_since


async def test_a_group_is_told_in_its_topic(bot: Stage) -> None:
    forum = bot.telegram.people.forum
    topic = await bot.telegram.open_topic(bot.alice, "医药")
    await follow(bot, forum, thread_id=topic)
    await load(bot)
    message = await told(bot, forum)
    assert (message.message_thread_id, message.is_topic_message) == (topic, True)
    assert TEXT in text_of(message)


async def test_a_group_that_threw_the_bot_out_is_told_when_it_takes_it_back(bot: Stage) -> None:
    group = bot.telegram.world.chats[bot.group.id]
    await follow(bot, bot.group)
    bot.telegram.acts.kick_bot(bot.telegram.people.administrator, group)
    await bot.idle()
    await load(bot)
    assert bot.said(bot.group) == []
    bot.telegram.acts.add_bot(bot.telegram.people.administrator, group)
    assert TEXT in text_of(await told(bot, bot.group))


async def test_a_group_that_moved_unheard_is_told_where_it_is_now(stage: Stage) -> None:
    small = stage.telegram.people.small_group
    await follow(stage, small)
    grown = stage.telegram.acts.migrate(stage.telegram.people.reader, stage.telegram.world.chats[small.id])
    stage.telegram.world.updates.clear()
    await load(stage)
    async with stage.running():
        assert TEXT in text_of(await told(stage, grown.id))
        await settled(stage, "sent")
    assert [each.chat_id for each in await store_of(stage).of_chat(grown.id)] == [grown.id]


async def test_a_deleted_account_holds_up_nobody(bot: Stage) -> None:
    before = await meet(bot, bot.reader)
    await meet(bot, bot.alice)
    await follow(bot, bot.alice)
    await follow(bot, bot.reader)
    await bot.telegram.delete_account(bot.alice)
    await load(bot)
    assert TEXT in text_of(await told(bot, bot.reader, before))
    async with asyncio.timeout(10):
        while sorted(await states(bot)) != ["pending", "sent"]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


async def test_what_falls_due_in_quiet_hours_is_told_when_they_are_over(bot: Stage) -> None:
    await meet(bot, bot.alice)
    await bot.ask(bot.alice, "/settings zone UTC")
    now = bot.telegram.world.clock()
    start, end = (now + timedelta(hours=hours) for hours in (-1, 1))
    last = await bot.ask(bot.alice, f"/settings quiet {start:%H:%M}-{end:%H:%M}")
    await follow(bot, bot.alice)
    await load(bot)
    over = end.replace(second=0, microsecond=0)
    assert await due(bot) == over
    # The same holds for what fell due before the hours were chosen, and is only sent now.
    async with bot.database.transaction() as connection:
        await connection.execute(outbox.update().values(due=now))
    async with asyncio.timeout(10):
        while await due(bot) != over:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    assert await states(bot) == ["pending"]
    assert bot.telegram.messages(bot.alice)[-1].message_id == last.message_id


async def due(stage: Stage) -> datetime:
    """When the only row of the outbox is due."""
    async with stage.database.connection() as connection:
        return (await connection.execute(select(outbox.c.due))).scalar_one()


async def test_a_stop_lets_what_is_being_sent_arrive(stage: Stage) -> None:
    async with stage.running() as stop:
        before = await meet(stage, stage.alice)
        await follow(stage, stage.alice)
        stage.telegram.faults.slow(1.0, "sendMessage")
        sent = len([call for call in stage.telegram.calls if call.method == "sendMessage"])
        await load(stage)
        await settled(stage, "sending")
        stop.set()
        await stage.telegram.wait_for_call("sendMessage", sent + 1)
    assert await states(stage) == ["sent"]
    assert TEXT in text_of(await told(stage, stage.alice, before))


async def test_what_may_have_arrived_is_not_told_twice(bot: Stage) -> None:
    await meet(bot, bot.alice)
    await follow(bot, bot.alice)
    bot.telegram.faults.cut("sendMessage", moment=Moment.AFTER)
    await load(bot)
    await settled(bot, "uncertain")
    await bot.ask(bot.alice, "/help")
    assert sum(TEXT in text for text in bot.said(bot.alice)) == 1


@pytest.mark.parametrize("hours", [1, 30])
async def test_a_digest_that_fell_due_while_the_bot_was_down_comes_late_and_says_so(
    stage: Stage, hours: int
) -> None:
    async with stage.running():
        before = await meet(stage, stage.alice)
    await follow(stage, stage.alice, schedule=Schedule(Cadence.HOURLY))
    await load(stage)
    async with stage.database.transaction() as connection:
        due = stage.telegram.world.clock() - timedelta(hours=hours)
        await connection.execute(outbox.update().values(due=due))
    async with stage.running():
        digest = await told(stage, stage.alice, before)
    assert TEXT in text_of(digest)
    assert "This comes late." in text_of(digest)
    assert await states(stage) == ["sent"]


async def test_once_a_minute_it_is_seen_to_that_nobody_is_left_out_of_a_load(stage: Stage) -> None:
    await follow(stage, stage.alice)
    write_document(stage.services.settings.corpus / "oriole.md", TEXT, title="黄鹂制药海外授权")
    # Loaded by another process, which did not know of the subscription yet.
    services = stage.services
    clock, folder = stage.telegram.world.clock, services.settings.corpus
    await Loader(services.store, services.indexer, folder, ReadOptions(), clock=clock).load()
    assert await states(stage) == []
    async with calling(stage.telegram.token, stage.telegram.url) as bot:
        box = Outbox(stage.database, bot.id, clock)
        alarm = Alarm(
            Backlog(box),
            bot,
            frozenset(),
            Chats(stage.database, bot.id),
            Catalogues.load(),
            services.settings.zone,
            timedelta(minutes=30),
            clock,
        )
        for _ in range(2):
            await rounds(alarm, services.fanout, services.store)()
            assert await states(stage) == ["pending"]
