"""The page in a real browser: moments, links to the bot, copying, and the way from one chat to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.showcase import Window

pytest_plugins = ["tests.e2e.browser", "tests.e2e.showcase"]
pytestmark = pytest.mark.browser

ENTER, DOWN = "\ue007", "\ue015"
UNIX = 1_764_547_200
READER, ALICE, GROUP, FORUM = 1001, 1003, -1001000002001, -1001000002002


async def moments(window: Window) -> list[str]:
    return await window.browser.script("return $$('.bot:last-of-type .moment').map((e) => e.textContent)")


async def test_moments_are_shown_in_the_readers_zone_and_language(window: Window) -> None:
    browser = window.browser
    await window.say("x")
    full, day, time, ago, plain = await moments(window)
    assert full == "2025年12月1日星期一 08:00:00"
    assert (day, time, plain) == ("25/12/01", "08:00", "去年")
    expected = "return new Intl.RelativeTimeFormat('zh-CN').format("
    seconds = await browser.script("return Math.round(arguments[0] - Date.now() / 1000)", UNIX)
    unit, length = ("year", 31_536_000) if seconds < -31_536_000 else ("month", 2_592_000)
    if seconds < -2_592_000:
        assert ago == await browser.script(
            f"{expected}arguments[0], arguments[1])", int(seconds / length), unit
        )
    assert ago.endswith("前")
    assert await browser.script("return $('.moment').dateTime") == "2025-12-01T00:00:00.000Z"
    await browser.click("#language")
    assert (await moments(window))[:3] == ["Monday, 1 December 2025 at 08:00:00", "01/12/25", "08:00"]


async def test_another_zone_is_another_time(window: Window) -> None:
    await window.browser.command("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    await window.browser.open(window.server.page_url)
    await window.say("x")
    assert (await moments(window))[0] == "2025年11月30日星期日 19:00:00"


async def test_a_pressed_moment_tells_itself_in_full(window: Window) -> None:
    browser = window.browser
    await window.say("x")
    await browser.click(".moment", "去年")
    await browser.find(".toast", "2025年12月1日星期一")
    moment = await browser.find(".moment", "08:00")
    await browser.run(lambda _: moment.send_keys(ENTER))
    await browser.until("$$('.toast').length === 2")


@pytest.mark.parametrize(
    ("selector", "text", "payload"),
    [
        (".bot .bot-link", "全文", "doc_7"),
        (".bot .bot-link", "T.me", "help"),
        (".key", "打开", "topics"),
    ],
)
async def test_a_link_to_the_bot_starts_it(window: Window, selector: str, text: str, payload: str) -> None:
    await window.go(GROUP)
    await window.say("/ask@wenxun_local_bot x")
    await window.browser.click(selector, text)
    await window.at(READER)
    await window.browser.find(".message.own .text", f"/start {payload}")
    await window.browser.find(".message.bot .text", f"开始：{payload}")


async def test_a_link_opens_the_chat_of_who_pressed_it(window: Window) -> None:
    await window.go(GROUP)
    await window.browser.script(
        "const s = $('#speaker'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", ALICE
    )
    await window.say("/ask@wenxun_local_bot x")
    await window.browser.click(".bot .bot-link", "全文")
    await window.at(ALICE)
    await window.browser.find(".message.bot .text", "开始：doc_7")


async def test_links_to_other_bots_lead_out_of_the_page(window: Window) -> None:
    await window.say("x")
    link = "const a = $$('.bot .text a:not(.bot-link)').at(-1); return [a.textContent, a.target]"
    assert await window.browser.script(link) == ["https://t.me/another_bot?start=x", "_blank"]
    assert await window.browser.count(".bot .text a:not(.bot-link)") == 1


async def test_a_strange_payload_is_not_sent(window: Window) -> None:
    address = "https://t.me/wenxun_local_bot?start=a%20b"
    await window.go(GROUP)
    await window.bot.send_message(GROUP, f'<a href="{address}">哪里</a>', parse_mode="HTML")
    await window.browser.click(".bot .bot-link", "哪里")
    await window.at(READER)
    assert await window.browser.count(".message") == 0


async def test_copying_says_what_was_copied(window: Window) -> None:
    browser = window.browser
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    await browser.command("Browser.grantPermissions", {"permissions": permissions})
    await window.say("x")
    await browser.click(".key", "引用")
    await browser.find(".toast", "已复制：[1] 虚构财经. 标题")
    assert await browser.script("return navigator.clipboard.readText()") == "[1] 虚构财经. 标题"


async def test_a_question_goes_to_another_chat(window: Window) -> None:
    browser = window.browser
    await window.say("x")
    await browser.click(".key", "发到别处")
    await browser.click(".choice", "科技 · Science")
    await window.at(FORUM)
    assert await browser.script("return $('#text').value") == "@wenxun_local_bot 新药"
    assert await browser.script("return $('.topic[aria-current]').textContent") == "科技 · Science"
    await browser.click(".option", "结果 1：新药")
    await browser.find(".message.own .text", "引文 1")
    (message,) = (m for m in window.server.messages(FORUM) if m.via_bot)
    assert message.is_topic_message


async def test_a_question_stays_in_this_chat(window: Window) -> None:
    await window.say("x")
    await window.browser.click(".key", "在此再问")
    assert await window.browser.script("return $('#text').value") == "@wenxun_local_bot 新药"
    await window.browser.find(".option", "结果 0：新药")


async def test_leaving_the_choice_changes_nothing(window: Window) -> None:
    await window.say("x")
    await window.browser.click(".key", "发到别处")
    await window.browser.click("#picker .quiet-button", "取消")
    await window.browser.until("!$('#picker').open")
    await window.at(READER)
    assert await window.browser.script("return $('#text').value") == ""


async def test_suggestions_go_on_and_lead_to_the_private_chat(window: Window) -> None:
    browser = window.browser
    await window.go(GROUP)
    await browser.type("@wenxun_local_bot 新药")
    await browser.find(".option", "结果 1：新药")
    assert await browser.text(".option.result span") == "虚构财经 · 林晓"
    await browser.click(".option.aside", "更多结果")
    await browser.find(".option", "结果 3：新药")
    assert await browser.count(".option.result") == 4
    assert await browser.count(".option.aside") == 1
    assert window.showcase.asked == [(READER, "新药", ""), (READER, "新药", "2")]
    await browser.type(DOWN, DOWN, DOWN, ENTER)
    await browser.find(".message.own .text", "引文 3")
    assert await browser.text(".message.own .origin") == "通过 @wenxun_local_bot"
    await browser.until("true")
    assert window.showcase.chosen == ["3"]
    await browser.type("@wenxun_local_bot 新药")
    await browser.click(".option.aside", "设置")
    await window.at(READER)
    await browser.find(".message.bot .text", "开始：settings")
    assert len(window.showcase.asked) == 2  # the same question is not asked twice
