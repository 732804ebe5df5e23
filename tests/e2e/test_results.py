"""The buttons that show other results: pages, orders, what was assumed, and what may be meant."""

import re

import pytest
from sqlalchemy import delete
from telegram import Message

from bot.local.queries import Query
from bot.replies import replies
from tests.e2e.conftest import Stage
from tests.e2e.matters import MONTHS, report
from tests.e2e.messages import button, chips, labels, quotes, text_of

QUESTION = "白鹭大桥主跨合龙多少米？"
NARROWED = "白鹭大桥 来源:云汐日报 自:2025-06"
EXPIRED = "这个回答已经过期，我没有再保留。请重新提问。"
DEAD = "这个按钮已经失效了。"


def dates(message: Message) -> list[str]:
    """The dates of the excerpts, in their order."""
    return re.findall(r"^\d+\. .+? · (\d{4}-\d\d-\d\d)", text_of(message), re.MULTILINE)


def numbers(message: Message) -> list[int]:
    """The numbers of the excerpts, in their order."""
    return [int(number) for number in re.findall(r"^(\d+)\. ", text_of(message), re.MULTILINE)]


async def pressed(stage: Stage, message: Message, label: str) -> Message:
    """The reader's message after a button was pressed that changes it."""
    await stage.telegram.press(stage.reader, message, label)
    return await stage.telegram.wait_for_edit(message)


async def forged(stage: Stage, message: Message, data: str) -> Query:
    """A press of the first button of a message, which brings back something else."""
    shown = stage.telegram.world.chats[message.chat_id].messages[message.message_id]
    shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    person = next(each for each in stage.telegram.people.people if each.id == message.chat_id)
    return await stage.telegram.press(person, message, labels(message)[0])


def key_of(message: Message) -> str:
    """The key that the buttons of an answer carry."""
    return str(button(message, "👍").callback_data).split(":")[1]


async def test_more_results_and_back_change_the_answer_in_its_place(library: Stage) -> None:
    first = await library.ask(library.reader, QUESTION)
    assert numbers(first) == [1, 2, 3]
    second = await pressed(library, first, "更多结果")
    assert numbers(second) == [4, 5, 6]
    assert set(quotes(first)).isdisjoint(quotes(second))
    again = await pressed(library, second, "◀ 上一页")
    assert (again.text, labels(again)) == (first.text, labels(first))
    assert len(library.said(library.reader)) == 1


async def test_the_pages_together_have_every_report_once_and_end(library: Stage) -> None:
    page = await library.ask(library.reader, QUESTION)
    seen = quotes(page)
    while any(label.startswith("更多结果") for label in labels(page)):
        page = await pressed(library, page, "更多结果")
        seen += quotes(page)
    assert {report(month) for month in MONTHS} <= set(seen)
    assert len(seen) == len(set(seen))
    assert numbers(page)[-1] == len(seen)


async def test_newest_first_and_best_first_again(library: Stage) -> None:
    best = await library.ask(library.reader, QUESTION)
    newest = await pressed(library, best, "🕒 最新在前")
    assert dates(newest)[0] == "2025-10-07"
    assert dates(newest) == sorted(dates(newest), reverse=True) != dates(best)
    further = await pressed(library, newest, "更多结果")
    assert [*dates(newest), *dates(further)] == sorted([*dates(newest), *dates(further)], reverse=True)
    again = await pressed(library, further, "⭐ 最相关在前")
    assert (again.text, labels(again)) == (best.text, labels(best))


async def test_the_order_of_one_answer_is_not_that_of_the_next(library: Stage) -> None:
    best = await library.ask(library.reader, QUESTION)
    await pressed(library, best, "🕒 最新在前")
    assert (await library.ask(library.reader, QUESTION)).text == best.text


async def test_what_was_assumed_is_taken_back_one_by_one(library: Stage) -> None:
    narrow = await library.ask(library.reader, NARROWED)
    assert chips(narrow) == ["来源：云汐日报", "自 2025-06"]
    assert set(re.findall("云汐日报|虚构财经", text_of(narrow))) == {"云汐日报"}
    assert min(dates(narrow)) >= "2025-06"
    wider = await pressed(library, narrow, "来源：云汐日报")
    assert chips(wider) == ["自 2025-06"]
    assert "虚构财经" in text_of(wider)
    assert min(dates(wider)) >= "2025-06"
    widest = await pressed(library, wider, "自 2025-06")
    assert chips(widest) == []
    assert "（8）" in button(widest, "更多结果").text
    assert len(library.said(library.reader)) == 1


async def test_a_chip_pressed_twice_takes_back_one_thing(library: Stage) -> None:
    narrow = await library.ask(library.reader, NARROWED)
    presses = [await library.telegram.press(library.reader, narrow, "来源") for _ in range(2)]
    for query in presses:
        await library.telegram.wait_for_answer(query)
    await library.idle()
    assert chips(library.telegram.messages(library.reader)[-1]) == ["自 2025-06"]


async def test_what_is_taken_back_does_not_come_back(library: Stage) -> None:
    narrow = await library.ask(library.reader, NARROWED)
    wider = await pressed(library, narrow, "来源：云汐日报")
    newest = await pressed(library, wider, "🕒 最新在前")
    assert chips(newest) == ["自 2025-06"]
    assert "虚构财经" in text_of(newest)


async def test_the_nearest_terms_are_buttons(library: Stage) -> None:
    lost = await library.ask(library.alice, "Egert Brigde length")
    assert "Not in the news at all:" in text_of(lost)
    assert "Egert" in text_of(lost)
    await library.telegram.press(library.alice, lost, "Egert → egret")
    nearer = await library.telegram.wait_for_edit(lost)
    assert "Egert → egret" not in labels(nearer)
    await library.telegram.press(library.alice, nearer, "Brigde → bridge")
    found = await library.telegram.wait_for_edit(nearer)
    assert "2,810 metres" in quotes(found)[0]
    assert len(library.said(library.alice)) == 1


async def test_a_term_that_sounds_alike_is_a_button(library: Stage) -> None:
    lost = await library.ask(library.reader, "雁当天文台的彗星")
    nearer = await pressed(library, lost, "雁当")
    assert "雁荡天文台" in quotes(nearer)[0]


async def test_an_expired_answer_says_so_and_stays_as_it_is(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    async with library.database.transaction() as connection:
        await connection.execute(delete(replies))
    for label in ("更多结果", "🕒", "📈", "📖", "🔔", "👍", "为什么"):
        told = await library.telegram.wait_for_answer(
            await library.telegram.press(library.reader, answer, label)
        )
        assert (told["text"], told["show_alert"]) == (EXPIRED, True)
    assert library.sent("editMessageText") == 0
    assert (await library.ask(library.reader, QUESTION)).text == answer.text


@pytest.mark.parametrize(
    "data",
    [
        *("m:AAAAAAAAAA:0", "m::0", "m:{key}", "m:{key}:3:3:3:3:3:3", "z:{key}:0", "M:{key}:0", "m:{key}:-1"),
        *("n:{key}:0", "n:{key}:999", "", "\u0000", "m:" + "A" * 60, "m:{key}:٣"),
    ],
)
async def test_a_forged_button_does_nothing(library: Stage, data: str) -> None:
    answer = await library.ask(library.reader, QUESTION)
    query = await forged(library, answer, data.format(key=key_of(answer)))
    told = await library.telegram.wait_for_answer(query)
    await library.idle()
    assert told.get("text") in {DEAD, EXPIRED, ""}
    assert library.said(library.reader) == [answer.text]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("m:{key}:999999", "没有更多结果了。"),
        ("c:{key}:7:9", report(10)),
        ("c:{key}", report(10)),
        ("o:{key}:7", report(10)),
        ("a:{key}:999:0", report(10)),
        ("p:{key}:0:0:999", report(10)),
        ("t:{key}:0:9999", "2025-01-07"),
        ("w:{key}:999", "为什么是这个回答"),
        ("r:{key}:999:999", "没有更多结果了。"),
    ],
)
async def test_a_button_with_places_that_there_are_not_leaves_the_chat_usable(
    library: Stage, data: str, shown: str
) -> None:
    answer = await library.ask(library.reader, QUESTION)
    query = await forged(library, answer, data.format(key=key_of(answer)))
    await library.telegram.wait_for_answer(query)
    await library.idle()
    assert len(library.said(library.reader)) == 1
    assert shown in library.said(library.reader)[0]
    assert (await library.ask(library.reader, QUESTION)).text == answer.text


async def test_a_button_of_another_chats_answer_counts_as_expired(library: Stage) -> None:
    key = key_of(await library.ask(library.reader, QUESTION))
    other = await library.ask(library.alice, "When will Egret Bridge open?")
    for act in "motwfudcapb":
        query = await forged(library, other, f"{act}:{key}:0:0")
        told = await library.telegram.wait_for_answer(query)
        assert told["text"] == "This answer is too old: I no longer have it. Please ask again."
    assert library.said(library.alice) == [other.text]


async def test_every_button_works_after_a_restart(shelf: Stage) -> None:
    async with shelf.running():
        message = await shelf.ask(shelf.reader, "白鹭大桥合龙 自:2025-02")
    steps = "🕒|更多结果|📖 上下文 4|📄|↩|📈|↩|为什么|↩|◀|👍|自 |⭐".split("|")
    for step in steps:
        async with shelf.running():
            message = await pressed(shelf, message, step)
    assert chips(message) == []
    # Another question than the one that was liked.
    assert {"🔔 关注", "👍"} <= set(labels(message))
    assert len(shelf.said(shelf.reader)) == 1


async def test_an_edit_that_changes_nothing_is_none(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    for _ in range(3):
        await library.telegram.press(library.reader, answer, "🕒")
    await library.idle()
    assert library.sent("editMessageText") == 1
    assert library.sent("sendMessage") == 1
    assert library.sent("answerCallbackQuery") == 3


async def test_an_answer_that_can_no_longer_be_edited_is_given_anew(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    library.telegram.faults.refuse("message can't be edited", "editMessageText")
    await library.telegram.press(library.reader, answer, "🕒")
    newer = await library.telegram.wait_for_reply(library.reader, after=answer)
    assert numbers(await pressed(library, newer, "更多结果")) == [4, 5, 6]


async def test_pressing_is_acknowledged_every_time(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    for label in ("更多结果", "◀", "🕒", "⭐", "📈", "↩", "为什么", "↩", "📖 上下文 1", "↩"):
        query = await library.telegram.press(library.reader, answer, label)
        await library.telegram.wait_for_answer(query)
        await library.idle()
