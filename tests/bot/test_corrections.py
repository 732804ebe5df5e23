"""Corrections: who was given what is not said any more is told so once, and nobody of a comma."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from bot.delivery import Composed
from bot.replies import replies
from bot.schedule import Quiet
from tests.bot.load_room import BRIDGE, DAILY, FISH, LoadRoom
from tests.bot.notices import notice
from tests.bot.reader_builders import ALICE, BOB, only_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.database import Database
    from retrieval.knowledge import Knowledge
    from tests.bot.clock import Clock

LONGER = {**BRIDGE, "text": BRIDGE["text"].replace("8.6公里", "9.1公里")}
QUESTION = "江东大桥全长多少公里"


@pytest.fixture
async def room(database: Database, knowledge: Knowledge, tmp_path: Path, clock: Clock) -> LoadRoom:
    """A room with the bridge and the fish loaded."""
    room = LoadRoom(database, knowledge, tmp_path / "news", clock)
    room.write("bridge", BRIDGE)
    room.write("fish", FISH)
    await room.load()
    return room


async def corrections(room: LoadRoom) -> list[dict[str, Any]]:
    """The changes in all rows of corrections, in their order."""
    rows = [row for row in await room.rows() if row.kind == "correction"]
    return [change for row in rows for change in json.loads(row.payload)["changes"]]


async def test_who_was_given_an_answer_that_has_changed_is_told_what_it_says_now(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    await room.answer("海港渔市黄鱼", BOB)
    room.clock.now += timedelta(hours=3)
    room.write("bridge", LONGER)
    assert (await room.load()).notified == 1
    (sent,) = await room.deliver()
    assert sent.chat_id == ALICE
    before, _, after = sent.text.partition("It says now:")
    assert "全长8.6公里" in before
    assert "2026-01-05 17:00" in before
    assert "全长9.1公里" in after
    assert "江东日报" in after
    assert "📖 Read around" in sent.buttons


@only_sqlite
async def test_what_is_withdrawn_is_said_to_be(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    room.remove("bridge")
    await room.load()
    (change,) = await corrections(room)
    assert (change["fate"], change["now"]) == ("withdrawn", None)
    (sent,) = await room.deliver()
    assert "no longer in the news" in sent.text
    assert sent.buttons == {}


@only_sqlite
async def test_what_only_moved_to_another_file_is_not_corrected(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    room.remove("bridge")
    room.write("renamed", {**BRIDGE, "text": BRIDGE["text"].replace("，", "，\n")})
    await room.load()
    assert await corrections(room) == []


@only_sqlite
async def test_spacing_and_punctuation_are_no_changes(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    room.write("bridge", {**BRIDGE, "text": BRIDGE["text"].replace("，", ", ").replace("。", "！")})
    assert (await room.load()).notified == 0


@only_sqlite
async def test_what_was_cut_out_is_said_not_to_stand_there(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    room.write("bridge", {**BRIDGE, "text": "本文正在核实，请读者稍候，编辑部敬启。"})
    await room.load()
    (change,) = await corrections(room)
    assert change["fate"] == "removed"


@only_sqlite
async def test_another_change_of_the_document_is_none_of_what_was_given(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    room.write("bridge", {**BRIDGE, "text": BRIDGE["text"] + "通车首日车流3万辆。"})
    await room.load()
    assert await corrections(room) == []


@only_sqlite
async def test_a_notification_is_corrected_too_and_a_correction_as_well(room: LoadRoom) -> None:
    await room.follow("江东大桥通车")
    room.write(
        "ferry",
        {
            **BRIDGE,
            "title": "江东大桥通车首月",
            "date": "2026-01-05",
            "text": "江东大桥通车首月收费免除，共120万辆。",
        },
    )
    await room.load()
    assert len(await room.deliver()) == 1
    for said in ("共130万辆", "共140万辆"):
        room.clock.now += timedelta(days=1)
        text = f"江东大桥通车首月收费免除，{said}。"
        room.write("ferry", {**BRIDGE, "title": "江东大桥通车首月", "date": "2026-01-05", "text": text})
        await room.load()
        (sent,) = await room.deliver()
        assert said in sent.text.partition("It says now:")[2]


@only_sqlite
async def test_nothing_is_corrected_twice(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    await room.answer(QUESTION)
    room.write("bridge", LONGER)
    await room.load()
    room.write("fish", {**FISH, "source": "晨报"})
    await room.load()
    room.write("bridge", {**LONGER, "text": LONGER["text"].replace("9.1公里", "9.2公里")})
    await room.load()
    assert len(await corrections(room)) == 1


@only_sqlite
async def test_what_one_load_changes_is_one_correction_for_a_chat(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    await room.answer("海港渔市黄鱼成交多少吨")
    room.write("bridge", LONGER)
    room.write("fish", {**FISH, "text": FISH["text"].replace("3.2吨", "2.3吨")})
    assert (await room.load()).notified == 1
    (sent,) = await room.deliver()
    assert [each in sent.text for each in ("9.1公里", "2.3吨")] == [True, True]
    assert list(sent.buttons) == ["📖 1", "📖 2"]


@only_sqlite
async def test_quiet_hours_count_and_who_wants_none_gets_none(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    await room.answer(QUESTION, BOB)
    await room.chats.change(ALICE, quiet=Quiet(17 * 60, 20 * 60))
    await room.chats.change(BOB, corrections=False)
    room.write("bridge", LONGER)
    await room.load()
    (row,) = await room.rows()
    assert (row.chat_id, row.due) == (ALICE, room.clock() + timedelta(hours=3))


@only_sqlite
async def test_what_has_changed_back_by_then_is_not_told(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    await room.chats.change(ALICE, quiet=Quiet(17 * 60, 20 * 60))
    room.write("bridge", LONGER)
    await room.load()
    room.write("bridge", BRIDGE)
    await room.load()
    room.clock.now += timedelta(hours=4)
    assert await room.deliver() == []


@only_sqlite
async def test_what_is_not_kept_any_more_is_not_corrected(room: LoadRoom) -> None:
    await room.answer(QUESTION)
    room.clock.now += timedelta(days=91)
    assert await room.replies.purge() == 1
    room.write("bridge", LONGER)
    assert (await room.load()).notified == 0


@only_sqlite
async def test_a_notification_that_was_never_sent_is_not_corrected(room: LoadRoom) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    room.write("ferry", {**FISH, "title": "江东大桥通车首月", "text": "江东大桥通车首月，共120万辆。"})
    await room.load()
    room.clock.now += timedelta(days=1)
    batch = await room.claims.claim()
    assert batch is not None
    assert await room.composer.compose(batch) is not None  # and Telegram could not be reached
    room.write("ferry", {**FISH, "title": "江东大桥通车首月", "text": "江东大桥通车首月，共130万辆。"})
    await room.load()
    assert await corrections(room) == []


@only_sqlite
@pytest.mark.parametrize("end", ["uncertain", "claimed again", "sent", "given back", "dead"])
async def test_a_notification_that_may_have_arrived_is_corrected(room: LoadRoom, end: str) -> None:
    await room.follow("江东大桥通车", schedule=DAILY)
    room.write("ferry", {**FISH, "title": "江东大桥通车首月", "text": "江东大桥通车首月，共120万辆。"})
    await room.load()
    room.clock.now += timedelta(days=1)
    batch = await room.claims.claim()
    assert batch is not None
    composed = await room.composer.compose(batch)
    assert isinstance(composed, Composed)
    assert await room.claims.begin(batch, composed.rows, composed.key)
    match end:
        case "sent":  # and that the reply became this message could not be noted
            await room.claims.sent(batch, 2001)
        case "given back":
            await room.claims.later(batch)
        case "dead":
            await room.claims.dead(batch, "refused")
        case _:
            await room.claims.uncertain(batch, "no answer")
    if end == "claimed again":
        await room.outbox.add([notice(ALICE, digest=True, due=room.clock.now)])
        again = await room.claims.claim()
        assert again is not None
        assert len(again.rows) == 2
        await room.claims.later(again)
    room.write("ferry", {**FISH, "title": "江东大桥通车首月", "text": "江东大桥通车首月，共130万辆。"})
    await room.load()
    assert len(await corrections(room)) == (end not in {"given back", "dead"})


@only_sqlite
async def test_going_back_to_an_older_generation_corrects_too(room: LoadRoom) -> None:
    room.write("bridge", LONGER)
    await room.load()
    await room.answer(QUESTION)
    await room.loader.undo()
    (change,) = await corrections(room)
    assert "9.1公里" in change["was"]["text"]
    assert "8.6公里" in change["now"]["text"]


@only_sqlite
async def test_a_reply_that_cannot_be_read_costs_only_itself(room: LoadRoom) -> None:
    spoiled = await room.answer(QUESTION)
    await room.answer(QUESTION, BOB)
    async with room.database.transaction() as connection:
        await connection.execute(update(replies).where(replies.c.key == spoiled).values(cited="[{]"))
    room.write("bridge", LONGER)
    await room.load()
    assert [row.chat_id for row in await room.rows()] == [BOB]
