"""The fan-out: each new passage is told once to whoever follows it, with the load or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.outbox import outbox
from bot.schedule import Quiet
from bot.subscription import subscriptions
from retrieval.breadth import Breadth
from tests.bot.load_room import AT_ONCE, BRIDGE, DAILY, FISH, LoadRoom
from tests.bot.reader_builders import ALICE, BOB, GROUP

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.database import Database
    from retrieval.knowledge import Knowledge
    from tests.bot.clock import Clock

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


async def test_who_follows_it_is_told_of_what_is_new(room: LoadRoom) -> None:
    mine = await room.follow("江东大桥通车")
    room.write("bridge", BRIDGE)
    room.write("fish", FISH)
    report = await room.load()
    (row,) = await room.rows()
    assert report.notified == 1
    assert (row.chat_id, row.kind, row.state, row.subscription_id) == (ALICE, "news", "pending", mine.id)
    assert row.document_id == "bridge.json#1"
    assert (row.due, row.digest) == (room.clock(), False)


async def test_nothing_is_told_twice(room: LoadRoom) -> None:
    await room.follow("江东大桥通车")
    room.write("bridge", BRIDGE)
    await room.load()
    room.write("fish", FISH)
    assert (await room.load()).notified == 0
    await room.fanout.catch_up(room.store)
    assert len(await room.rows()) == 1


async def test_a_first_load_tells_nobody_unless_it_is_asked_to(
    database: Database, knowledge: Knowledge, tmp_path: Path, clock: Clock
) -> None:
    room = LoadRoom(database, knowledge, tmp_path / "news", clock)
    await room.follow("江东大桥通车")
    room.write("bridge", BRIDGE)
    assert (await room.load()).notified == 0
    assert await room.rows() == []
    await room.fanout.catch_up(room.store)
    assert await room.rows() == []


async def test_a_first_load_tells_everybody_if_it_is_asked_to(
    database: Database, knowledge: Knowledge, tmp_path: Path, clock: Clock
) -> None:
    room = LoadRoom(database, knowledge, tmp_path / "news", clock)
    await room.follow("江东大桥通车")
    room.write("bridge", BRIDGE)
    assert (await room.load(notify=True)).notified == 1


async def test_what_is_paused_is_told_nothing(room: LoadRoom) -> None:
    mine = await room.follow("江东大桥通车")
    await room.subscriptions.change(ALICE, mine.id, paused=True)
    await room.follow("江东大桥通车", BOB)
    await room.chats.change(BOB, paused=True)
    room.write("bridge", BRIDGE)
    assert (await room.load()).notified == 0


async def test_what_is_removed_or_changed_between_loads_counts_as_it_is_now(room: LoadRoom) -> None:
    gone = await room.follow("江东大桥通车")
    other = await room.follow("渔港的黄鱼价格", BOB)
    room.write("fish2", {**FISH, "title": "渔市", "text": "海港渔市腊月开放夜市，摊位200个。"})
    await room.load()
    await room.subscriptions.remove(ALICE, gone.id)
    room.clock.now += timedelta(seconds=1)
    await room.subscriptions.change(BOB, other.id, inquiry=(await room.follow("江东大桥通车", GROUP)).inquiry)
    before = len(await room.rows())
    room.write("bridge", BRIDGE)
    await room.load()
    assert {row.chat_id for row in (await room.rows())[before:]} == {BOB, GROUP}


async def test_digests_wait_for_their_hour_in_the_chats_zone_and_for_the_end_of_quiet_hours(
    room: LoadRoom,
) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    await room.follow("江东大桥通车", BOB)
    await room.chats.change(ALICE, zone="America/New_York")
    await room.chats.change(BOB, quiet=Quiet(16 * 60, 19 * 60))
    room.write("bridge", BRIDGE)
    await room.load()
    due = {row.chat_id: (row.due, row.digest) for row in await room.rows()}
    assert due[ALICE] == (datetime(2026, 1, 5, 23, 0, tzinfo=UTC), True)
    assert due[BOB] == (datetime(2026, 1, 5, 11, 0, tzinfo=UTC), False)


async def test_a_copy_is_named_beside_the_first_and_is_told_no_second_time(room: LoadRoom) -> None:
    await room.follow("江东大桥通车")
    room.write("bridge", BRIDGE)
    room.write("copy", {**BRIDGE, "source": "晨报", "date": "2026-01-05"})
    await room.load()
    (row,) = await room.rows()
    assert [each["source"] for each in json.loads(row.payload)["reports"]] == ["晨报"]
    room.write("later", {**BRIDGE, "source": "晚报", "date": "2026-01-05"})
    await room.load()
    (row,) = await room.rows()
    assert [each["source"] for each in json.loads(row.payload)["reports"]] == ["晨报", "晚报"]
    async with room.database.transaction() as connection:
        await connection.execute(update(outbox).values(state="sent"))
    room.write("latest", {**BRIDGE, "source": "周报", "date": "2026-01-05"})
    await room.load()
    (row,) = await room.rows()
    assert len(json.loads(row.payload)["reports"]) == 2


async def test_a_story_is_told_once_by_the_subscription_that_is_due_first(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    first = await room.follow("大桥总投资", schedule=AT_ONCE)
    room.write("bridge", BRIDGE)
    await room.load()
    assert [row.subscription_id for row in await room.rows()] == [first.id]


async def test_the_ten_best_are_told_and_the_others_counted(room: LoadRoom) -> None:
    await room.follow("公告 授权")
    for number in range(14):
        word = "甲乙丙丁戊己庚辛壬癸子丑寅卯"[number]
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
    rows = await room.rows()
    assert len(rows) == 10
    assert sorted(json.loads(row.payload)["more"] for row in rows) == [0] * 9 + [4]


async def test_old_news_is_marked(room: LoadRoom) -> None:
    await room.follow("江东大桥通车")
    await room.follow("渔市黄鱼价格", BOB)
    room.write("bridge", {**BRIDGE, "date": "2025-12-20"})
    room.write("fish", FISH)
    await room.load()
    old = {row.chat_id: json.loads(row.payload)["old"] for row in await room.rows()}
    assert old == {ALICE: True, BOB: False}


async def test_a_topic_is_followed_by_what_documents_say_they_are_about(room: LoadRoom) -> None:
    mine = await room.follow("交通", topic="交通")
    room.write("bridge", {**BRIDGE, "topics": ["交通"]})  # type: ignore[dict-item] - a list, as files have it
    room.write("fish", {**FISH, "topics": ["市场"]})  # type: ignore[dict-item] - a list, as files have it
    await room.load()
    (row,) = await room.rows()
    assert (row.document_id, row.subscription_id) == ("bridge.json#1", mine.id)


async def test_a_changed_document_is_news_only_where_it_says_something_new(room: LoadRoom) -> None:
    room.write("bridge", BRIDGE)
    await room.load()
    await room.follow("江东大桥通车", breadth=Breadth.BROAD)
    room.write("bridge", {**BRIDGE, "text": BRIDGE["text"].replace("，", "， ")})
    assert (await room.load()).notified == 0
    room.write("bridge", {**BRIDGE, "text": "江东大桥1月4日正式通车，全长9.1公里，总投资47亿元。"})
    assert (await room.load()).notified == 1


async def test_what_is_still_to_be_sent_goes_with_its_passage_or_is_renewed(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    await room.follow("渔市黄鱼价格", schedule=DAILY)
    room.write("bridge", BRIDGE)
    room.write("fish", FISH)
    await room.load()
    before = {row.document_id: row for row in await room.rows()}
    room.write("bridge", {**BRIDGE, "text": BRIDGE["text"].replace("，", "， ")})
    room.remove("fish")
    await room.load()
    (row,) = await room.rows()
    assert row.document_id == "bridge.json#1"
    assert row.passage_id != before["bridge.json#1"].passage_id


async def test_a_load_that_cannot_be_published_leaves_the_outbox_as_it_was(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    room.write("bridge", BRIDGE)
    await room.load()
    before = await room.rows()

    async def broken(_generation: int) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    room.indexer.publish = broken  # type: ignore[method-assign] - a disk fills between the two commits
    room.remove("bridge")
    room.write("fish", FISH)
    await room.follow("渔市黄鱼价格", BOB)
    with pytest.raises(OSError, match="full"):
        await room.load()
    assert await room.rows() == before
    del room.indexer.publish  # type: ignore[attr-defined] - there is room again
    await room.load()
    assert [row.document_id for row in await room.rows()] == ["fish.json#1"]


async def test_who_subscribes_while_a_load_runs_misses_nothing(room: LoadRoom) -> None:
    await room.follow("渔市黄鱼价格", BOB)
    room.write("bridge", BRIDGE)
    prepare = room.fanout.prepare

    async def slow(*args: object) -> object:
        writes = await prepare(*args)  # type: ignore[arg-type] - handed on
        await room.follow("江东大桥通车")
        return writes

    room.fanout.prepare = slow  # type: ignore[assignment, method-assign] - somebody subscribes at the last moment
    await room.load()
    assert [(row.chat_id, row.document_id) for row in await room.rows()] == [(ALICE, "bridge.json#1")]


async def test_an_undone_load_tells_nobody_and_takes_back_what_is_not_sent(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    room.write("bridge", BRIDGE)
    await room.load()
    await room.loader.undo()
    assert await room.rows() == []


async def test_the_generation_that_was_matched_is_noted(room: LoadRoom, database: Database) -> None:
    await room.follow("江东大桥通车")
    room.write("fish", FISH)
    await room.load()
    async with database.connection() as connection:
        (row,) = (await connection.execute(subscriptions.select())).all()
    assert row.seen == await room.store.published()
