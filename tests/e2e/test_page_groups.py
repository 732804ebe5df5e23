"""The page in a real browser: a forum's topics, who runs a group, a group that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.showcase import Window

pytest_plugins = ["tests.e2e.browser", "tests.e2e.showcase"]
pytestmark = pytest.mark.browser

ENTER, ESCAPE = "\ue007", "\ue00c"
READER, EDITOR, ALICE, YIJUN = 1001, 1002, 1003, 1004
FORUM, SMALL = -1001000002002, -4200042


async def speak_as(window: Window, person: int) -> None:
    source = "const s = $('#speaker'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))"
    await window.browser.script(source, person)


async def topic(window: Window, name: str) -> None:
    await window.browser.click(".topic", name)
    await window.browser.until("$('.topic[aria-current]').textContent.includes(arguments[0])", name)


async def test_an_answer_appears_in_its_topic(window: Window) -> None:
    browser = window.browser
    await window.go(FORUM)
    assert await browser.text(".topic[aria-current]") == "综合"
    assert "还没有消息" in await browser.text(".empty")
    await topic(window, "科技")
    await browser.find(".service", "创建了话题「科技 · Science」")
    await window.say("/ask@wenxun_local_bot x")
    answer = window.server.messages(FORUM)[-1]
    assert answer.is_topic_message
    # The question answers the topic's first message, which is none to show; the answer quotes the question.
    assert await browser.count(".own .quoted") == 0
    assert await browser.count(".bot .quoted") == 1
    await topic(window, "国内")
    assert await browser.count(".message") == 0
    await topic(window, "科技")
    assert await browser.count(".message") == 2


async def test_another_topic_counts_what_is_new_in_it(window: Window) -> None:
    browser = window.browser
    await window.go(FORUM)
    science = list(window.server.world.chats[FORUM].topics)[-1]
    await window.bot.send_message(FORUM, "一", message_thread_id=science)
    await window.bot.send_message(FORUM, "二", message_thread_id=science)
    await browser.find(f'[data-topic="{science}"] .badge', "2")
    await topic(window, "科技")
    assert await browser.count(".topic .badge") == 0
    assert await browser.count(".message.bot") == 2


async def test_typing_is_shown_in_its_topic_only(window: Window) -> None:
    browser = window.browser
    await window.go(FORUM)
    science = list(window.server.world.chats[FORUM].topics)[-1]
    await topic(window, "科技")
    await window.bot.send_chat_action(FORUM, "typing", message_thread_id=science)
    await browser.find(".dots")
    assert await browser.text("#status") == "正在输入…"
    await topic(window, "综合")
    assert await browser.count(".dots") == 0
    assert await browser.text("#status") == "4 位成员和机器人"


async def test_a_topic_is_opened(window: Window) -> None:
    browser = window.browser
    await window.go(FORUM)
    await browser.click("#add-topic")
    name = await browser.find("#picker .name")
    await browser.run(lambda _: name.send_keys("<b>财经</b>", ENTER))
    await browser.until("$('.topic[aria-current]').textContent === '<b>财经</b>'")
    await browser.find(".service", "「<b>财经</b>」")
    await window.say("/ask@wenxun_local_bot x")
    assert window.server.messages(FORUM)[-1].is_topic_message


async def test_files_stand_in_the_topic_too(window: Window) -> None:
    await window.go(FORUM)
    await topic(window, "科技")
    await window.attach("贴纸")
    await window.browser.find(".message.own .sticker")
    assert window.server.messages(FORUM)[-1].is_topic_message


async def test_commands_differ_for_who_runs_a_group(window: Window) -> None:
    browser = window.browser
    await window.go(SMALL)
    assert await browser.script("return $$('#speaker option').map((e) => e.textContent)") == [
        "林晓 · 管理员",
        "陈主编 · 管理员",
        "Alice",
        "怡君",
    ]
    await browser.type("/")
    await browser.find(".option", "/settings")
    await browser.type(ESCAPE, ESCAPE)
    await speak_as(window, ALICE)
    await browser.type("/")
    await browser.find(".option", "/ask")
    assert await browser.count(".option") == 1


async def test_a_group_becomes_a_supergroup(window: Window) -> None:
    browser = window.browser
    await window.go(SMALL)
    await window.say("/ask@wenxun_local_bot x")
    await speak_as(window, ALICE)
    await browser.click("#more")
    assert await browser.script("return $$('#more-menu button').map((e) => e.textContent)") == [
        "把机器人移出群"
    ]
    await browser.click("#more")
    await speak_as(window, READER)
    await browser.click("#more")
    await browser.click("#more-menu button", "升级为超级群")
    grown = -1000004200042
    await window.at(grown)
    await browser.find(".service", "群已升级为超级群")
    assert await browser.count(".service") == 1
    assert await browser.count(f'[data-chat="{SMALL}"]') == 0
    assert await browser.script("return document.title") == "问讯 Wenxun"
    await window.say("/ask@wenxun_local_bot x")
    assert window.server.messages(grown)[-1].from_user.is_bot


async def test_the_bot_is_made_an_administrator(window: Window) -> None:
    browser = window.browser
    await window.go(SMALL)
    await browser.click("#more")
    await browser.click("#more-menu button", "设机器人为管理员")
    await window.say("这句话没有提到机器人")
    await browser.click("#more")
    await browser.click("#more-menu button", "取消机器人的管理员")
    await browser.until("$('#more-menu').textContent.includes('设机器人为管理员')")
    assert window.server.world.chats[SMALL].bot_status == "member"


async def test_a_group_is_deleted_by_who_created_it(window: Window) -> None:
    browser = window.browser
    await window.go(SMALL)
    await speak_as(window, EDITOR)
    await browser.click("#more")
    await browser.click("#more-menu button", "解散群")
    await browser.click("#picker .quiet-button")
    assert not window.server.world.chats[SMALL].deleted
    await browser.click("#more")
    await browser.click("#more-menu button", "解散群")
    await browser.click("#picker .choice", "解散群")
    await window.at(READER)
    assert await browser.count(f'[data-chat="{SMALL}"]') == 0
    assert window.server.world.chats[SMALL].deleted


async def test_a_deleted_account_has_nothing_more_to_say(window: Window) -> None:
    browser = window.browser
    await window.go(ALICE)
    await browser.click("#more")
    await browser.click("#more-menu button", "注销账号")
    await browser.click("#picker .choice", "注销账号")
    await browser.until("$('#restart').disabled && $('#composer').hidden && $('#more').hidden")
    assert "账号已注销" in await browser.text(f'[data-chat="{ALICE}"] .person-role')
    await window.go(FORUM)
    await browser.until("$('#composer').hidden === false && $('#more').hidden === false")
    assert "Alice" not in await browser.text("#speaker")


async def test_a_reader_of_traditional_chinese(window: Window) -> None:
    browser = window.browser
    await window.go(YIJUN)
    assert await browser.text(f'[data-chat="{YIJUN}"] .person-role') == "讀者 繁"
    await browser.type("/")
    await browser.find(".option", "提问")


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_forum_fits_every_width(window: Window, width: int, theme: str) -> None:
    browser = window.browser
    await browser.resize(width, 740)
    await browser.script("localStorage.setItem('wenxun-theme', arguments[0])", theme)
    await browser.open(window.server.page_url)
    await window.go(FORUM)
    await topic(window, "科技")
    await window.say("/ask@wenxun_local_bot " + "很长" * 90)
    await browser.click(".bot .tool.options")
    await browser.find("#floating-menu")
    too_wide = (
        "return $$('body *').filter((e) => e.checkVisibility() && !e.closest('svg') && !e.closest('nav')"
        " && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert await browser.script(too_wide) == []
    await browser.click("#floating-menu button", "转发")
    await browser.find(".choice")
    assert await browser.script(too_wide) == []
    await browser.click("#picker .quiet-button")
    nameless = "(e) => e.checkVisibility() && !e.ariaLabel && !e.textContent.trim()"
    assert await browser.script(f"return $$('button').filter({nameless}).length") == 0


async def test_what_is_new_stands_out_from_its_ground_too(window: Window) -> None:
    browser = window.browser
    await window.go(FORUM)
    await topic(window, "科技")
    await window.say("/ask@wenxun_local_bot x")
    for _ in range(2):
        await browser.click("#theme")
        await browser.click(".bot .tool.options")
        await browser.find("#floating-menu")
        where = ".topic, .moment, .service, .menu button, .text, .inline-command"
        assert await browser.faint(where) == []
        await browser.click("#floating-menu button", "转发")
        await browser.find(".choice")
        assert await browser.faint("#picker h2, .choice-text b, .choice-text span, .quiet-button") == []
        await browser.click("#picker .quiet-button")
        await browser.type("@wenxun_local_bot x")
        await browser.find(".option.aside")
        assert await browser.faint(".option b, .option span") == []
        await browser.type(ESCAPE, ESCAPE)
