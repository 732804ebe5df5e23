"""`/history`: a reader's own questions, page by page, to be asked again."""

import pytest
from sqlalchemy import update

from bot.replies import replies
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, text_of
from tests.e2e.news import DEAL
from tests.e2e.pressing import forge, newest, press, told

QUESTION = "BW1803 授权总金额是多少"


async def test_who_has_asked_nothing_is_told_so(bot: Stage) -> None:
    assert text_of(await bot.ask(bot.alice, "/history")) == "You have not asked anything here yet."


async def test_the_newest_question_comes_first_with_what_came_of_it(bot: Stage) -> None:
    for said in (QUESTION, "quantum zebra husbandry", "融资 来源:虚构财经 自:2024-03"):
        await bot.ask(bot.alice, said)
    shown = text_of(await bot.ask(bot.alice, "/history"))
    assert "My questions · 3 questions" in shown
    first, second, third = (shown.index(f"{number}. ") for number in (1, 2, 3))
    assert "融资" in shown[first:second]
    assert "from: 虚构财经 · since 2024-03" in shown[first:second]
    assert "2. quantum zebra husbandry" in shown[second:third]
    assert "nothing found" in shown[second:third]
    assert f"3. {QUESTION}" in shown[third:]


async def test_pages_go_back_and_forth_in_the_same_message(bot: Stage) -> None:
    for number in range(1, 13):
        await bot.ask(bot.alice, f"港城园区第{number}个月的融资额")
    first = await bot.ask(bot.alice, "/history")
    assert "Questions 1 to 10 of 12" in text_of(first)
    assert "◀ newer" not in labels(first)
    second = await press(bot, bot.alice, first, "older ▶")
    assert "Questions 11 to 12 of 12" in text_of(second)
    assert "12. 港城园区第1个月的融资额" in text_of(second)
    assert labels(second) == ["11", "12", "◀ newer"]
    assert text_of(await press(bot, bot.alice, second, "◀ newer")) == text_of(first)
    # Far behind the end there is the last page.
    await forge(bot, bot.alice, newest(bot, first), "his:999999999")
    assert "Questions 11 to 12 of 12" in text_of(newest(bot, first))


async def test_a_question_is_asked_again_even_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        asked = await stage.ask(stage.alice, f"{QUESTION} 来源:虚构财经")
        page = await stage.ask(stage.alice, "/history")
    async with stage.running():
        await told(stage, stage.alice, page, "1")
        again = stage.telegram.messages(stage.alice)[-1]
    assert again.message_id > page.message_id
    assert DEAL in text_of(again)
    assert QUESTION in text_of(again)
    assert "from: 虚构财经 ✕" in labels(again)
    assert labels(asked)[0] == labels(again)[0]


async def test_nobody_sees_or_asks_the_questions_of_another(bot: Stage) -> None:
    await bot.ask(bot.reader, QUESTION)
    theirs = await bot.ask(bot.reader, "/history")
    key = str(theirs.reply_markup.inline_keyboard[0][0].callback_data) if theirs.reply_markup else ""
    assert key.startswith("his:ask:")
    assert "not asked anything" in text_of(await bot.ask(bot.alice, "/history"))
    await bot.ask(bot.alice, "Port Harmony drugs")
    mine = await bot.ask(bot.alice, "/history")
    before = bot.said(bot.alice)
    notice = await forge(bot, bot.alice, mine, key)
    assert notice["text"] == "This button belongs to whoever asked. Ask me yourself with /ask."
    assert bot.said(bot.alice) == before


async def test_in_a_group_it_is_only_shown_in_private(bot: Stage) -> None:
    await bot.ask(bot.alice, f"/ask {QUESTION}", bot.group)
    shown = await bot.ask(bot.alice, "/history", bot.group)
    assert "send me /history in a private chat" in text_of(shown)
    assert QUESTION not in text_of(shown)
    # What was asked in the group is not said elsewhere either.
    assert "not asked anything" in text_of(await bot.ask(bot.alice, "/history"))


@pytest.mark.parametrize(
    "data", ["his:", "his:-1", "his:٣", "his:1:2", "his:ask:", "his:9999999999", "his:x"]
)
async def test_a_forged_button_of_the_history_does_nothing(bot: Stage, data: str) -> None:
    await bot.ask(bot.alice, QUESTION)
    page = await bot.ask(bot.alice, "/history")
    notice = await forge(bot, bot.alice, page, data)
    assert notice["text"] == "This button no longer works."
    assert text_of(newest(bot, page)) == text_of(page)


@pytest.mark.parametrize("key", ["aaaaaaaaaa", "' OR 1=1 --", "x" * 50])
async def test_a_question_that_is_no_longer_kept_says_so(bot: Stage, key: str) -> None:
    await bot.ask(bot.alice, QUESTION)
    page = await bot.ask(bot.alice, "/history")
    assert (await forge(bot, bot.alice, page, f"his:ask:{key}"))["text"] == "This button no longer works."


async def test_a_record_that_cannot_be_read_does_not_hide_the_others(bot: Stage) -> None:
    await bot.ask(bot.alice, QUESTION)
    await bot.ask(bot.alice, "港城园区融资")
    async with bot.database.transaction() as connection:
        broken = update(replies).where(replies.c.inquiry.contains("港城")).values(inquiry="{}")
        await connection.execute(broken)
    shown = text_of(await bot.ask(bot.alice, "/history"))
    assert QUESTION in shown


async def test_what_buttons_links_and_timelines_make_of_a_question_is_one_question(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, "港城园区融资额 自:2024-02")
    newest = await press(bot, bot.reader, answer, "🕒")
    await press(bot, bot.reader, newest, "自 ")
    copied = button(answer, "🔗").copy_text
    assert copied is not None
    await bot.ask(bot.reader, f"/start {copied.text.partition('start=')[2]}")
    page = await bot.ask(bot.reader, "/history")
    assert text_of(page).count("港城园区融资额") == 1
    await bot.ask(bot.reader, "/timeline BW1803 的海外授权总金额")
    assert "BW1803 的海外授权总金额" in text_of(await bot.ask(bot.reader, "/history"))
