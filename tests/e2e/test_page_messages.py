"""The page in a real browser: editing, forwarding, reacting, other kinds of messages, drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.showcase import Window

pytest_plugins = ["tests.e2e.browser", "tests.e2e.showcase"]
pytestmark = pytest.mark.browser

ENTER, ESCAPE, DOWN = "\ue007", "\ue00c", "\ue015"
READER, ALICE, GROUP = 1001, 1003, -1001000002001


async def test_an_edit_reaches_the_bot(window: Window) -> None:
    browser = window.browser
    await window.say("第一问")
    await window.menu(".own", "编辑")
    assert await browser.script("return $('#text').value") == "第一问"
    await browser.type("，改过", ENTER)
    await browser.find(".own .text", "第一问，改过")
    await browser.find(".own .edited")
    await browser.find(".bot .text", "改成了：第一问，改过")


async def test_a_reaction_is_shown_and_reaches_the_bot(window: Window) -> None:
    browser = window.browser
    await window.say("x")
    await browser.click(".bot .tool.options")
    await browser.click("#floating-menu .emoji", "👍")
    await browser.find(".reactions", "👍")
    await browser.find(".bot .text", "表态：👍")
    first = window.server.messages(READER)[1]
    await window.server.react(READER, first, "👍")
    await browser.until("$$('.reactions').length === 0")
    await browser.find(".bot .text", "表态：收回")


async def test_any_message_can_be_answered(window: Window) -> None:
    await window.say("第一问")
    await window.menu(".own", "回复")
    await window.say("补充")
    own = [message for message in window.server.messages(READER) if message.from_user.id == READER]
    assert own[1].reply_to_message.message_id == own[0].message_id
    assert "第一问" in await window.browser.text(".own .quoted")


async def test_a_message_is_forwarded_to_another_chat(window: Window) -> None:
    browser = window.browser
    await window.say("第一问")
    await window.menu(".own", "转发")
    await browser.click(".choice", "早报讨论群")
    await window.at(GROUP)
    await browser.find(".message.own .origin", "转发自 林晓")
    forwarded = window.server.messages(GROUP)[0]
    assert (forwarded.text, forwarded.forward_origin.type) == ("第一问", "user")


async def test_who_hides_it_is_not_known_from_a_forward(window: Window) -> None:
    browser = window.browser
    await window.server.say(ALICE, "hello", GROUP)
    await window.go(GROUP)
    await window.menu(".other", "转发")
    await browser.click(".choice", "私聊")
    await window.at(READER)
    await browser.find(".bot .text", "转发自 hidden_user")
    assert await browser.text(".own .origin") == "转发自 Alice"


async def test_a_post_of_a_channel_is_forwarded(window: Window) -> None:
    browser = window.browser
    await window.attach("频道文章")
    assert await browser.text("#picker-title") == "转发「虚构日报 · Fictional Daily」的文章"
    await browser.click(".choice", "蓝鲸生物")
    await browser.find(".own .origin", "转发自 虚构日报 · Fictional Daily")
    await browser.find(".bot .text", "转发自 channel")


@pytest.mark.parametrize(
    ("item", "shown", "kind"), [("语音", ".kind", "voice"), ("贴纸", ".sticker", "sticker")]
)
async def test_other_kinds_of_messages(window: Window, item: str, shown: str, kind: str) -> None:
    await window.attach(item)
    await window.browser.find(f".own {shown}")
    await window.browser.find(".bot .text", kind)


async def test_a_photo(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.write_bytes(b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02\x04\n\0;")
    chooser = await window.browser.script("return $('#file')")
    await window.browser.run(lambda _: chooser.send_keys(str(path)))
    await window.browser.find(".bot .text", "photo")
    size = window.server.messages(READER)[0].photo[-1]
    assert (size.width, size.height) == (2, 1)
    await window.browser.until("$('.own .photo img')?.naturalWidth === 2")


async def test_a_draft_stands_until_its_message_comes(window: Window) -> None:
    browser = window.browser
    await browser.type("/draft", ESCAPE)
    await browser.type("/draft", ENTER)
    await browser.find(".message.draft .text", "正在找原文")
    assert await browser.text(".draft .text strong") == "原文"
    await browser.open(window.server.page_url)
    await browser.find(".message.draft .text", "正在找原文")  # who opens the page later sees it too
    await window.bot.send_message_draft(READER, 1, "")
    await browser.find(".draft .thinking", "正在思考…")
    assert await browser.count(".draft") == 1
    window.showcase.gate.set()
    await browser.find(".message.bot .text", "找到了")
    assert await browser.count(".draft") == 0


async def test_the_menu_is_walked_by_keyboard(window: Window) -> None:
    browser = window.browser
    await window.say("x")
    options = await browser.find(".own .tool.options")
    await browser.run(lambda _: options.send_keys(ENTER))
    assert await browser.script("return document.activeElement.textContent") == "👍"
    active = "return document.activeElement"
    first = await browser.script(active)
    await browser.run(lambda _: first.send_keys(DOWN))
    assert await browser.script("return document.activeElement.textContent") == "👎"
    second = await browser.script(active)
    await browser.run(lambda _: second.send_keys(ESCAPE))
    assert await browser.count("#floating-menu") == 0
    assert await browser.script("return document.activeElement.matches('.own .tool.options')")


@pytest.mark.parametrize("text", ["<img src=x onerror=window.hit=1>", '"><svg onload=window.hit=1>'])
async def test_nothing_new_that_is_written_becomes_code(window: Window, text: str) -> None:
    browser, server = window.browser, window.server
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    await server.open_topic(READER, text)
    await window.go(server.people.forum.id)
    await browser.click(".topic", text)
    await browser.find(".service", text)
    link = f'<a href="https://t.me/wenxun_local_bot?start=a">{escaped}</a>'
    moment = f'<tg-time unix="5">{escaped}</tg-time>'
    topic = list(server.world.chats[server.people.forum.id].topics)[-1]
    await window.bot.send_message(
        server.people.forum.id, f"{link} {moment}", parse_mode="HTML", message_thread_id=topic
    )
    await browser.find(".bot .bot-link", text)
    await browser.find(".bot .moment", text)
    await browser.type(f"@wenxun_local_bot {text}")
    await browser.find(".option.result", text)
    await browser.type(ESCAPE, ESCAPE)
    await window.menu(".bot", "转发")
    await browser.find(".choice", text)
    await browser.click("#picker .quiet-button")
    await window.go(READER)
    await window.say("x")
    await window.bot.send_message_draft(READER, 1, text)
    await browser.find(".draft .text", text)
    assert await browser.script("return window.hit ?? null") is None
    assert await browser.count("main img[onerror], main svg[onload], dialog img[onerror]") == 0
