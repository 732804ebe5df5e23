"""/latest: the newest documents, ten at a time."""

import re

from telegram import MessageEntity

from tests.e2e.conftest import Stage
from tests.e2e.messages import labels
from tests.e2e.news import write_document


async def test_the_newest_come_first_with_source_date_and_link(bot: Stage) -> None:
    page = await bot.ask(bot.reader, "/latest")
    lines = (page.text or "").split("\n\n")
    assert lines[0] == "最新新闻，第 1–10 篇，共 14 篇"
    old = r" \(\d+ (个月|年)前\)"
    assert re.fullmatch("Port Harmony counts its drugs\nThe Imaginary Ledger · 2025-12-16" + old, lines[1])
    assert re.fullmatch("蓝鲸生物海外授权7.12亿美元\n虚构财经 · 2025-05-20 08:05" + old, lines[2])
    assert len(lines) == 11
    links = [entity.url for entity in page.parse_entities([MessageEntity.TEXT_LINK])]
    assert links == ["https://news.example/deal?a=1&b=2"]


async def test_pages_are_turned_in_place(bot: Stage) -> None:
    first = await bot.ask(bot.alice, "/latest")
    assert labels(first) == ["older ▶"]
    await bot.telegram.press(bot.alice, first, "older")
    second = await bot.telegram.wait_for_edit(first)
    assert labels(second) == ["◀ newer"]
    assert (second.text or "").startswith("Newest news, 11 to 14 of 14")
    assert (second.text or "").endswith("untitled\nno source given · no date given")
    await bot.telegram.press(bot.alice, second, "◀")
    assert (await bot.telegram.wait_for_edit(second)).text == first.text
    assert bot.sent("sendMessage") == 1


async def test_a_button_pressed_twice_changes_nothing(bot: Stage) -> None:
    first = await bot.ask(bot.alice, "/latest")
    queries = [await bot.telegram.press(bot.alice, first, "older") for _ in range(2)]
    for query in queries:
        await bot.telegram.wait_for_answer(query)
    await bot.idle()
    assert bot.sent("sendMessage") == 1
    assert len(bot.said(bot.alice)) == 1


async def test_a_page_that_is_no_longer_there_becomes_the_last_one(bot: Stage) -> None:
    first = await bot.ask(bot.alice, "/latest")
    (bot.services.settings.corpus / "others.jsonl").unlink()
    await bot.services.loader.load()
    await bot.telegram.press(bot.alice, first, "older")
    page = await bot.telegram.wait_for_edit(first)
    assert (page.text or "").startswith("Newest news, 1 to 1 of 1")
    assert labels(page) == []


async def test_a_button_under_a_deleted_message_gets_a_new_one(bot: Stage) -> None:
    first = await bot.ask(bot.alice, "/latest")
    bot.telegram.faults.refuse("message to edit not found", "editMessageText")
    await bot.telegram.press(bot.alice, first, "older")
    page = await bot.telegram.wait_for_reply(bot.alice, after=first)
    assert (page.text or "").startswith("Newest news, 11 to 14")


async def test_the_longest_titles_fit(bot: Stage) -> None:
    for number in range(10):
        path = bot.services.settings.corpus / f"long-{number}.md"
        write_document(path, "文。", title="😀" * 320, source="源" * 120, date=f"2026-01-0{number % 9 + 1}")
    await bot.services.loader.load()
    page = await bot.ask(bot.reader, "/latest")
    assert len((page.text or "").split("\n\n")) == 11


async def test_a_button_of_another_age_says_so(bot: Stage) -> None:
    first = await bot.ask(bot.alice, "/latest")
    shown = bot.telegram.world.chats[bot.alice.id].messages[first.message_id]
    shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = "unheard:of"
    query = await bot.telegram.press(bot.alice, first, "older")
    answer = await bot.telegram.wait_for_answer(query)
    assert answer["text"] == "This button no longer works."
