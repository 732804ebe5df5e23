"""What a reader can do with a notification, over HTTP: read on, come back, ask for all, and be corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.messages import button, labels, quotes, text_of
from tests.e2e.pressing import press
from tests.e2e.test_told import TEXT, follow, load, meet, settled, told

if TYPE_CHECKING:
    from tests.e2e.conftest import Stage


async def test_a_notification_comes_back_after_reading_around_it_and_the_whole(bot: Stage) -> None:
    before = await meet(bot, bot.alice)
    await follow(bot, bot.alice)
    await load(bot)
    message = await told(bot, bot.alice, before)
    await settled(bot, "sent")
    around = await press(bot, bot.alice, message, "📖")
    assert any(label.startswith("📄") for label in labels(around))
    whole = await press(bot, bot.alice, around, "📄")
    assert TEXT in text_of(whole)
    back = await press(bot, bot.alice, whole, "↩")
    assert (text_of(back), labels(back)) == (text_of(message), labels(message))


async def test_all_of_it_can_be_asked_for(bot: Stage) -> None:
    before = await meet(bot, bot.alice)
    await follow(bot, bot.alice, said="授权公告")
    folder = bot.services.settings.corpus
    towns = "甲乙丙丁戊己庚辛壬癸子丑"
    for number, town in enumerate(towns):
        text = f"{town}字公司授权公告：编号{number * 7919}，地点在{town}州{town}县。"
        about = f"date: 2025-{12 - number // 2:02}-{number + 1:02}\nsource: 公告\ntitle: {town}字公司授权公告"
        (folder / f"deal{number}.md").write_text(f"---\n{about}\n---\n\n{text}\n", encoding="utf-8")
    assert (await bot.services.loader.load()).notified == 10
    message = await told(bot, bot.alice, before)
    await settled(bot, *["sent"] * 10)
    assert "… and 2 more" in text_of(message)
    await bot.telegram.press(bot.alice, message, button(message, "🔎").text)
    answer = await told(bot, bot.alice, message)
    assert "授权公告" in text_of(answer)
    assert quotes(answer)
    assert text_of(message) in bot.said(bot.alice)


async def test_what_was_told_is_corrected_when_it_changes(bot: Stage) -> None:
    before = await meet(bot, bot.alice)
    await follow(bot, bot.alice)
    await load(bot)
    message = await told(bot, bot.alice, before)
    await settled(bot, "sent")
    assert await load(bot, TEXT.replace("9.31", "3.91")) == 1
    correction = await told(bot, bot.alice, message)
    assert quotes(correction) == [TEXT, TEXT.replace("9.31", "3.91")]
    await settled(bot, "sent", "sent")
    around = await press(bot, bot.alice, correction, "📖")
    assert "3.91" in text_of(around)
    back = await press(bot, bot.alice, around, "↩")
    assert text_of(back) == text_of(correction)


async def test_stop_in_reply_to_a_correction_shows_what_is_followed(bot: Stage) -> None:
    before = await meet(bot, bot.alice)
    await follow(bot, bot.alice, said="授权金额")
    await load(bot)
    message = await told(bot, bot.alice, before)
    await settled(bot, "sent")
    await load(bot, TEXT.replace("9.31", "3.91"))
    correction = await told(bot, bot.alice, message)
    said = await bot.telegram.say(bot.alice, "退订", reply_to=correction)
    shown = text_of(await bot.telegram.wait_for_reply(bot.alice, after=said))
    assert shown.startswith("Followed here")
