"""Behind an answer: why it was given, and when its matter was reported."""

import re

import pytest
from telegram import Message

from tests.e2e.conftest import Stage
from tests.e2e.matters import MONTHS, report
from tests.e2e.messages import bolds, chips, labels, links, quotes, text_of
from tests.e2e.news import write_document

QUESTION = "白鹭大桥主跨合龙多少米？"
NOTHING_DATED = "没有找到标明日期的相关新闻。"
HINT = "您想了解什么？请用几个词写下您的问题。"


async def pressed(stage: Stage, message: Message, label: str) -> Message:
    """The reader's message after a button was pressed that changes it."""
    await stage.telegram.press(stage.reader, message, label)
    return await stage.telegram.wait_for_edit(message)


def days(message: Message) -> list[str]:
    """The days of a timeline, in their order."""
    return re.findall(r"^(\d{4}-\d\d-\d\d) · ", text_of(message), re.MULTILINE)


async def test_why_this_names_terms_weights_and_how_sure_it_is(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    why = await pressed(library, answer, "为什么？")
    assert bolds(why)[0] == "为什么是这个回答"
    looked_for = next(line for line in text_of(why).split("\n") if line.startswith("我查找的词："))
    assert {"白鹭", "大桥", "主跨", "合龙"} <= set(re.findall(r"\w+", looked_for))
    assert len(re.findall(r"^它回答了问题的把握：\d+ ?%", text_of(why), re.MULTILINE)) == len(quotes(answer))
    counted = re.findall(r"^各项依据：(.+)$", text_of(why), re.MULTILINE)
    assert len(counted) == len(quotes(answer))
    shares = [int(share) for share in re.findall(r"(\d+) ?%", counted[0])]
    assert shares == sorted(shares, reverse=True)
    assert 90 <= sum(shares) <= 102
    assert "合龙" in counted[0]
    assert labels(why) == ["↩ 回到答案"]


async def test_why_this_explains_the_page_it_was_pressed_on(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    second = await pressed(library, answer, "更多结果")
    why = await pressed(library, second, "为什么？")
    assert re.findall(r"^(\d+)\. ", text_of(why), re.MULTILINE) == ["4", "5", "6"]
    again = await pressed(library, why, "↩")
    assert (again.text, labels(again)) == (second.text, labels(second))


async def test_why_this_says_which_dates_were_understood(library: Stage) -> None:
    answer = await library.ask(library.reader, "白鹭大桥2025年9月的进展")
    why = await pressed(library, answer, "为什么？")
    assert "2025-09-01 – 2025-09-30" in text_of(why)


async def test_why_this_says_what_the_news_lacks_and_what_was_translated(library: Stage) -> None:
    answer = await library.ask(library.alice, "Egret Bridge open zeppelin")
    await library.telegram.press(library.alice, answer, "Why")
    why = text_of(await library.telegram.wait_for_edit(answer))
    assert why.startswith("Why this answer\n\nI looked for: ")
    assert re.search(r"^Not in the news at all: .*zeppelin", why, re.MULTILINE)
    assert re.search(r"^Translated “egret”: .*白鹭", why, re.MULTILINE)


async def test_why_this_after_the_news_has_changed_still_answers(library: Stage) -> None:
    answer = await library.ask(library.alice, "When will Egret Bridge open?")
    (library.services.settings.corpus / "bridge-en.md").unlink()
    await library.services.loader.load()
    await library.telegram.press(library.alice, answer, "Why")
    why = text_of(await library.telegram.wait_for_edit(answer))
    assert "I looked for: egret · bridge · open" in why
    assert "Sure that it answers" not in why


async def test_the_timeline_is_one_line_a_day_with_a_sparkline(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    timeline = await pressed(library, answer, "📈 时间线")
    assert bolds(timeline)[0] == QUESTION
    assert days(timeline)[0] == "2025-10-07"
    assert {f"2025-{month:02}-07" for month in MONTHS} <= set(days(timeline))
    assert days(timeline) == sorted(days(timeline), reverse=True)
    assert len(set(days(timeline))) == len(days(timeline))
    sparkline, span = text_of(timeline).split("\n\n")[1].split("\n")
    assert set(sparkline) <= set("▁▂▃▄▅▆▇█")
    assert {"▁", "█"} <= set(sparkline)
    assert span.startswith("2025-01-07 – 2025-10-07 · ")
    line = next(line for line in text_of(timeline).split("\n") if line.startswith("2025-03-07"))
    assert line == f"2025-03-07 · “{report(3)}” · 云汐日报"
    assert links(timeline)[report(3)] == "https://news.example/bridge/3"


async def test_the_timeline_leads_back_to_the_page_it_was_pressed_on(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    second = await pressed(library, answer, "更多结果")
    again = await pressed(library, await pressed(library, second, "📈"), "↩ 回到答案")
    assert (again.text, labels(again)) == (second.text, labels(second))
    assert library.sent("sendMessage") == 1


async def test_the_timeline_keeps_to_what_the_question_was_confined_to(library: Stage) -> None:
    answer = await library.ask(library.reader, "白鹭大桥 来源:虚构财经 自:2025-05")
    timeline = await pressed(library, answer, "📈")
    assert days(timeline) == ["2025-10-07", "2025-08-07", "2025-06-07"]


async def test_several_reports_of_one_day_are_one_line(library: Stage) -> None:
    folder = library.services.settings.corpus
    for number, day in enumerate(("2025-04-01", "2025-04-02", "2025-04-02")):
        write_document(folder / f"tram-{number}.md", f"云雀电车试运行载客{number + 3}00人次。", date=day)
    await library.services.loader.load()
    timeline = await library.ask(library.reader, "/timeline 云雀电车试运行")
    assert days(timeline) == ["2025-04-02", "2025-04-01"]
    assert "2025-04-02 · ×2 · “" in text_of(timeline)
    assert "3 篇报道" in text_of(timeline)


async def test_a_long_timeline_is_turned_page_by_page(library: Stage) -> None:
    for day in range(1, 29):
        path = library.services.settings.corpus / f"tram-{day}.md"
        write_document(path, f"云雀电车试运行第{day}天，载客{day}00人次。", date=f"2025-04-{day:02}")
    await library.services.loader.load()
    first = await library.ask(library.reader, "/timeline 云雀电车试运行")
    assert days(first) == [f"2025-04-{day:02}" for day in range(28, 8, -1)]
    older = await pressed(library, first, "较早 ▶")
    assert days(older) == [f"2025-04-{day:02}" for day in range(8, 0, -1)]
    assert (await pressed(library, older, "◀ 较新")).text == first.text


async def test_the_timeline_command_takes_a_question_with_operators(library: Stage) -> None:
    timeline = await library.ask(library.alice, "/timeline Egret Bridge lang:en")
    assert bolds(timeline)[0] == "Egret Bridge"
    assert days(timeline) == ["2025-09-02"]
    await library.telegram.press(library.alice, timeline, "↩ Back")
    card = await library.telegram.wait_for_edit(timeline)
    assert chips(card) == ["only in English"]
    assert quotes(card)[0].startswith("Egret Bridge will be")


async def test_the_timeline_command_alone_is_about_the_last_answer(library: Stage) -> None:
    await library.ask(library.reader, "白鹭大桥 来源:虚构财经")
    timeline = await library.ask(library.reader, "/timeline")
    assert bolds(timeline)[0] == "白鹭大桥"
    assert days(timeline) == [f"2025-{month:02}-07" for month in (10, 8, 6, 4, 2)]


async def test_the_timeline_command_alone_after_nothing_gets_a_hint(library: Stage) -> None:
    assert (await library.ask(library.reader, "/timeline")).text == HINT


async def test_after_a_timeline_one_can_ask_on(library: Stage) -> None:
    await library.ask(library.alice, "/timeline Larkspur Tunnel cost")
    answer = await library.ask(library.alice, "and the clinics?")
    assert chips(answer)[0].startswith("following: Larkspur")
    assert "Larkspur Tunnel" in quotes(answer)[0]


@pytest.mark.parametrize("text", ["/timeline 火星上的外星人跳舞", "/timeline 无名小城的灯塔"])
async def test_a_matter_without_dates_says_so(library: Stage, text: str) -> None:
    timeline = await library.ask(library.reader, text)
    assert NOTHING_DATED in text_of(timeline)
    assert ("1 篇" in text_of(timeline)) == ("灯塔" in text)


async def test_operators_of_a_timeline_that_cannot_be_read_are_named(library: Stage) -> None:
    told = await library.ask(library.reader, "/timeline 白鹭大桥 自:昨年某日")
    assert "自:昨年某日" in text_of(told)


async def test_the_timeline_in_a_group_quotes_who_asked(library: Stage) -> None:
    said = await library.telegram.say(library.alice, "/timeline Egret Bridge lang:en", library.group)
    timeline = await library.telegram.wait_for_reply(library.group, after=said)
    assert days(timeline) == ["2025-09-02"]
    assert timeline.reply_to_message is not None
    assert timeline.reply_to_message.message_id == said.message_id
