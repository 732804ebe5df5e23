"""Walks through the page with the real bot: commands, languages, groups, and from one reader to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.walking import Walk

pytest_plugins = ["tests.e2e.browser", "tests.e2e.walking"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALICE, YIJUN, GROUP, FORUM = 1003, 1004, -1001000002001, -1001000002002
PAYMENT = "灯笼鱼医药为PC-301付了多少首付款？"


async def test_the_language_is_changed_to_english_and_to_traditional_chinese(walk: Walk) -> None:
    await walk.ask("/settings")
    await walk.press("🌐")
    shown = await walk.press("English")
    assert shown.startswith("Settings")
    await walk.press("🌐")
    shown = await walk.press("繁體中文")
    assert shown.startswith("設定")
    await walk.picture("screenshot-settings.png", phone=True)
    assert "個月前" in await walk.ask(PAYMENT)


async def test_a_reader_of_english_and_one_of_traditional_chinese(walk: Walk) -> None:
    await walk.go(ALICE)
    shown = await walk.ask("How much did Lanternfish pay upfront for PC-301?")
    assert "$60 million upfront" in shown
    assert "months ago" in shown
    assert "Why this?" in await walk.keys()
    await walk.go(YIJUN)
    await walk.ask(PAYMENT)
    assert "為什麼？" in await walk.keys()


async def test_the_topics_and_one_of_them(walk: Walk) -> None:
    await walk.ask("/topics")
    topics = await walk.keys()
    assert any(topic.startswith("新股上市 · ") for topic in topics)
    shown = await walk.press("clinical trials")
    assert shown.startswith("clinical trials · 第 1–")
    assert "PC-301 启动三期临床 Papercrane starts phase III\n双语样刊 Bilingual Specimen · 26/03/18" in shown
    assert "\n• " in shown
    assert shown.count("Safe, but without effect") == 1  # a heading in the text is not told above it too
    await walk.picture("screenshot-topics.png", phone=True, dark=True)
    older = await walk.press("较早")
    assert "PC-301 启动三期临床" not in older
    await walk.press("◀ 全部主题")
    assert await walk.keys() == topics


async def test_inline_in_the_group(walk: Walk) -> None:
    browser = walk.browser
    await walk.go(GROUP)
    await browser.type("@wenxun_local_bot 首付款")
    await browser.find(".option.result")
    assert await browser.count(".option.result") > 2
    await walk.picture("screenshot-inline.png")
    await browser.click(".option.result", "首付款是协议生效后很快支付的钱")
    await browser.find(".message.own .origin", "通过 @wenxun_local_bot")
    assert "首付款是协议生效后很快支付的钱" in await browser.text(".message.own blockquote")
    assert "怎样读懂一笔对外授权：首付款、里程碑和分成" in await browser.text(".message.own .text")


async def test_a_topic_of_the_forum(walk: Walk) -> None:
    browser = walk.browser
    await walk.go(FORUM)
    await browser.click(".topic", "科技")
    await browser.until("$('.topic[aria-current]').textContent.includes('科技')")
    shown = await walk.ask("/ask@wenxun_local_bot " + PAYMENT)
    assert "首付款6000万美元" in shown
    assert PAYMENT in await browser.text(".bot .quoted")
    await walk.picture("screenshot-forum.png", dark=True)
    await browser.click(".topic", "国内")
    await browser.until("$('.topic[aria-current]').textContent.includes('国内')")
    assert await browser.count(".message.bot") == 0


async def test_an_answers_address_opens_it_for_another_reader(walk: Walk) -> None:
    browser = walk.browser
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    await browser.command("Browser.grantPermissions", {"permissions": permissions})
    await walk.ask(PAYMENT)
    quoted = await walk.quotes()
    await browser.click(".key", "🔗 链接")
    await browser.find(".toast", "已复制")
    address = str(await browser.script("return navigator.clipboard.readText()"))
    assert address.startswith("https://t.me/wenxun_local_bot?start=")
    await walk.go(ALICE)
    await walk.ask(address)
    before = await browser.count(".message.bot:not(.typing)")
    await browser.click(".message.own .bot-link")
    await browser.until("$$('.message.bot:not(.typing)').length > arguments[0]", before)
    opened = await walk.shown()
    assert opened.startswith(PAYMENT)
    assert "17 months ago" in opened
    assert await walk.quotes() == quoted
    assert await walk.keys() == ["🔄 Ask again"]
