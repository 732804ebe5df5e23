"""The notifications: what is due becomes a message that says only what the news says, and stays readable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.delivery import Composed, Waiting
from bot.outbox import Kind, Notice
from bot.presence import WELCOME_BACK
from bot.rendering.button_data import Act, parse
from bot.rendering.notification import ASK_PREFIX
from bot.reply import ReplyKind
from bot.told import Told
from retrieval.answer import Span
from tests.bot.load_room import BRIDGE, DAILY, FISH, LoadRoom
from tests.bot.reader_builders import ALICE, BOB, GROUP, only_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.database import Database
    from retrieval.knowledge import Knowledge
    from tests.bot.clock import Clock

pytestmark = only_sqlite

BASE = {
    "title": "旧闻",
    "source": "江东日报",
    "date": "2025-12-01",
    "text": "市图书馆12月1日起延长开放时间。",
}


@pytest.fixture
async def room(database: Database, knowledge: Knowledge, tmp_path: Path, clock: Clock) -> LoadRoom:
    """A room with one document loaded."""
    room = LoadRoom(database, knowledge, tmp_path / "news", clock)
    room.write("base", BASE)
    await room.load()
    return room


async def test_at_once_it_is_a_card_with_the_passage_its_source_and_buttons(room: LoadRoom) -> None:
    mine = await room.follow("江东大桥通车", name="大桥")
    room.write("bridge", BRIDGE)
    await room.load()
    (sent,) = await room.deliver()
    assert "🔔 大桥" in sent.text
    assert "江东大桥1月4日正式通车，全长8.6公里，总投资47亿元。" in sent.text
    assert "江东日报 · 2026-01-04" in sent.text
    assert [label for label in sent.buttons if "Stop" in label or "Pause" in label]
    assert all(f":{mine.id}" in data for data in sent.buttons.values() if data.startswith("sub:"))
    reply = await room.replies.of_message(ALICE, sent.message_id)
    assert reply is not None
    assert (reply.kind, reply.key, reply.inquiry) == (ReplyKind.TOLD, sent.composed.key, mine.inquiry)
    assert [each.document_id for each in reply.cited] == ["bridge.json#1"]
    pressed = parse(sent.buttons["📖 Read around"])
    assert pressed is not None
    assert (pressed.act, pressed.key, pressed.place(0)) == (Act.AROUND, reply.key, 0)


async def test_a_digest_is_grouped_by_subscription_the_newest_first(room: LoadRoom) -> None:
    await room.follow("海港渔市黄鱼", schedule=DAILY, name="鱼")
    room.clock.now += timedelta(seconds=1)
    await room.follow("江东大桥通车", schedule=DAILY, name="桥")
    room.write("fish", FISH)
    room.write(
        "later",
        {**FISH, "title": "黄鱼断货", "date": "2025-12-30", "text": "海港渔市的黄鱼今晨断货，鱼贩改卖鲳鱼。"},
    )
    room.write("bridge", BRIDGE)
    await room.load()
    assert await room.deliver() == []
    room.clock.now = (await room.due())[0]
    (sent,) = await room.deliver()
    assert len(sent.composed.rows) == 3
    places = [sent.text.index(each) for each in ("🔔 鱼", "3.2吨", "鲳鱼", "🔔 桥", "8.6公里")]
    assert places == sorted(places)
    assert [label for label in sent.buttons if label.startswith("📖")] == ["📖 1", "📖 2", "📖 3"]
    assert "late" not in sent.text
    reply = await room.replies.get(sent.composed.key or "")
    assert reply is not None
    assert [each.text[:4] for each in reply.cited] == ["海港渔市", "海港渔市", "江东大桥"]


async def test_a_digest_that_was_held_up_says_so(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    room.write("bridge", BRIDGE)
    await room.load()
    (due,) = await room.due()
    room.clock.now = due + timedelta(hours=5)
    (sent,) = await room.deliver()
    assert "This comes late. It was due: 2026-01-05 18:00" in sent.text
    assert await room.deliver() == []


async def test_what_has_no_room_is_in_the_next_message(room: LoadRoom) -> None:
    mine = [await room.follow(f"公告{number}", schedule=DAILY) for number in range(3)]
    for number in range(24):
        room.write(
            f"deal{number}", {**FISH, "text": f"公告{number}。" + f"条款{number}全文如下，请阅。" * 40}
        )
    await room.load()
    documents = await room.store.latest(24)
    payload = Told(Span(0, 200)).to_json()
    await room.outbox.add(
        [
            Notice(
                ALICE,
                None,
                Kind.NEWS,
                f"test:{document.id}",
                payload,
                room.clock(),
                digest=True,
                subscription_id=mine[number % 3].id,
                document_id=document.id,
                passage_id=document.passages[0].id,
            )
            for number, document in enumerate(documents)
        ]
    )
    told = len(await room.rows())
    assert told >= 24
    room.clock.now += timedelta(days=1)
    sent = await room.deliver()
    assert len(sent) > 1
    assert sum(len(each.composed.rows) for each in sent) == told
    assert len({row for each in sent for row in each.composed.rows}) == told
    for each in sent:
        reply = await room.replies.get(each.composed.key or "")
        assert reply is not None
        assert len(reply.cited) == len([label for label in each.buttons if label.startswith("📖")])


async def test_what_is_paused_is_told_when_the_reader_goes_on(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    mine = await room.follow("海港渔市黄鱼", schedule=DAILY)
    room.write("bridge", BRIDGE)
    room.write("fish", FISH)
    await room.load()
    await room.subscriptions.change(ALICE, mine.id, paused=True)
    room.clock.now += timedelta(days=1)
    (sent,) = await room.deliver()
    assert "大桥" in sent.text
    assert "黄鱼" not in sent.text
    assert sorted({row.state for row in await room.rows()}) == ["pending", "sent"]
    await room.subscriptions.change(ALICE, mine.id, paused=False)
    (late,) = await room.deliver()
    assert "黄鱼" in late.text
    assert "大桥" not in late.text
    assert {row.state for row in await room.rows()} == {"sent"}


async def test_what_is_paused_while_it_is_claimed_waits_and_is_told_later(room: LoadRoom) -> None:
    kept = await room.follow("江东大桥通车", schedule=DAILY)
    mine = await room.follow("海港渔市黄鱼", schedule=DAILY)
    room.write("bridge", BRIDGE)
    room.write("fish", FISH)
    await room.load()
    room.clock.now += timedelta(days=1)
    await room.outbox.add([gone(kept.id, room, digest=True)])
    batch = await room.claims.claim()
    assert batch is not None
    assert len(batch.rows) == 3
    await room.subscriptions.change(ALICE, mine.id, paused=True)
    composed = await room.composer.compose(batch)
    assert isinstance(composed, Composed)
    assert set(composed.rows) == {row.id for row in batch.rows if row.subscription_id == kept.id}
    rest = tuple(row for row in batch.rows if row.document_id != "bridge.json#1")
    left = await room.composer.compose(replace(batch, rows=rest))
    assert left == Waiting(tuple(row.id for row in rest if row.subscription_id == kept.id))
    await room.subscriptions.change(ALICE, kept.id, paused=True)
    assert await room.composer.compose(batch) == Waiting(())
    await room.claims.later(batch)
    await room.subscriptions.change(ALICE, mine.id, paused=False)
    (late,) = await room.deliver()
    assert "黄鱼" in late.text
    assert "大桥" not in late.text


def gone(subscription_id: str, room: LoadRoom, *, digest: bool = False) -> Notice:
    """A passage that the corpus does not have any more."""
    return Notice(
        ALICE,
        None,
        Kind.NEWS,
        "news:gone",
        Told(Span(0, 5)).to_json(),
        room.clock(),
        digest=digest,
        subscription_id=subscription_id,
        document_id="base.json#1",
        passage_id="base.json#1:0:00000000",
    )


async def test_a_passage_that_goes_while_it_is_claimed_is_not_told(room: LoadRoom) -> None:
    mine = await room.follow("江东大桥通车")
    await room.outbox.add([gone(mine.id, room)])
    assert await room.deliver() == []
    assert [row.state for row in await room.rows()] == ["sent"]


async def test_more_than_is_told_can_be_asked_for(room: LoadRoom) -> None:
    mine = await room.follow("授权公告", GROUP, thread_id=3)
    for number in range(13):
        word = "甲乙丙丁戊己庚辛壬癸子丑寅"[number]
        room.write(
            f"deal{number}",
            {
                "title": f"{word}字公司授权公告",
                "source": "公告",
                "date": f"2025-{12 - number // 2:02}-{1 + number:02}",
                "text": f"{word}字公司授权公告：编号{number * 7919}，地点在{word}州{word}县。",
            },
        )
    await room.load()
    (sent,) = await room.deliver()
    assert (sent.chat_id, sent.thread_id) == (GROUP, 3)
    assert "… and 3 more" in sent.text
    assert f"{ASK_PREFIX}{mine.id}" in sent.buttons.values()


async def test_a_chat_that_comes_back_is_welcomed_with_what_it_missed(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    room.write("bridge", BRIDGE)
    await room.load()
    (batch_row,) = await room.rows()
    await room.note(batch_row.id, **{WELCOME_BACK: ["2026-01-02T09:00:00+00:00", 31, 1]})
    room.clock.now += timedelta(days=1)
    (sent,) = await room.deliver()
    assert "Welcome back" in sent.text
    assert "2026-01-02 17:00" in sent.text
    assert "31 passages" in sent.text


async def test_sound_is_made_only_if_something_asks_for_it(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", silent=True)
    await room.follow("江东大桥通车", BOB)
    room.write("bridge", BRIDGE)
    await room.load()
    assert {each.chat_id: each.composed.silent for each in await room.deliver()} == {ALICE: True, BOB: False}


async def test_it_can_be_shown_again_after_reading_on(room: LoadRoom) -> None:
    await room.follow("江东大桥通车")
    await room.follow("江东大桥通车", BOB, schedule=DAILY)
    await room.follow("海港渔市黄鱼", BOB, schedule=DAILY)
    room.write("bridge", BRIDGE)
    room.write("fish", FISH)
    await room.load()
    room.clock.now += timedelta(days=1)
    for sent in await room.deliver():
        reply = await room.replies.get(sent.composed.key or "")
        assert reply is not None
        again = await room.composer.again(reply)
        assert again is not None
        assert again.keyboard == sent.composed.message.keyboard
    room.remove("bridge")
    await room.load()
    assert await room.composer.again(reply) is None


async def test_a_notice_is_sent_as_it_is_written(room: LoadRoom) -> None:
    await room.outbox.add(
        [Notice(ALICE, None, Kind.NOTICE, "notice:1", {"text": "<维护> & 停机"}, room.clock())]
    )
    (sent,) = await room.deliver()
    assert sent.text == "<维护> & 停机"
