"""The chat page in a real browser, with a small bot that uses everything the page can show."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.support.ui import Select
from telegram import InputFile, ReplyKeyboardMarkup
from telegram.error import BadRequest

from bot.local import LocalTelegram
from tests.e2e.echo import LONG, Echo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

    from tests.e2e.browser import Browser

pytest_plugins = ["tests.e2e.browser"]
pytestmark = pytest.mark.browser

ENTER, ESCAPE, DOWN, UP, TAB = "\ue007", "\ue00c", "\ue015", "\ue013", "\ue004"
READER, ADMINISTRATOR, SECOND_READER, GROUP = 1001, 1002, 1003, -1001000002001


@dataclass
class Page:
    """The page, the server behind it and the bot on it."""

    browser: Browser
    server: LocalTelegram
    echo: Echo
    bot: Bot

    async def say(self, text: str) -> None:
        """Write a message and wait until the bot's answer is shown."""
        before = await self.browser.count(".message.bot")
        await self.browser.type(text, ENTER)
        await self.browser.until("$$('.message.bot:not(.typing)').length > arguments[0]", before)

    async def go(self, chat: int) -> None:
        """Go over to another chat."""
        await self.browser.click(f'[data-chat="{chat}"]')
        await self.browser.until("$(arguments[0]).matches('[aria-current]')", f'[data-chat="{chat}"]')


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    echo = Echo()
    async with LocalTelegram(floods=False) as server, echo.running(server) as application:
        await browser.open(server.page_url)
        await browser.find("#start")
        yield Page(browser, server, echo, application.bot)
        assert await browser.complaints() == []  # no mistake, nothing the content policy had to stop
        await browser.open("about:blank")


async def test_an_empty_chat_invites_to_begin(page: Page) -> None:
    assert "还没有消息" in await page.browser.text(".empty")
    await page.browser.click("#start")
    assert "你好，我是回声。" in await page.browser.text(".message.bot .text")
    assert await page.browser.text(".message.own .text") == "/start"
    assert await page.browser.count(".empty") == 0


async def test_the_bots_own_description_is_shown_where_nothing_is_said(page: Page) -> None:
    await page.bot.set_my_description("回声机器人的说明", language_code="zh")
    await page.browser.find(".empty p", "回声机器人的说明")


async def test_formatting_is_shown(page: Page) -> None:
    browser = page.browser
    await page.say("授权多少？")
    assert await browser.text(".bot blockquote:not(.expandable)") == "蓝鲸生物以双抗药物首次实现海外授权。"
    assert await browser.text(".bot blockquote strong") == "双抗药物"
    assert await browser.script("const a = $('.bot .text a'); return [a.href, a.target, a.rel]") == [
        "https://news.example/deal?a=1&b=2",
        "_blank",
        "noopener noreferrer",
    ]
    shown = [await browser.text(f".bot .text > {tag}") for tag in ("code", "em", "u", "s")]
    assert shown == ["x < y", "斜", "线", "删"]
    assert await browser.text(".bot pre") == "print(1)"
    assert await browser.script("return $('.bot pre').dataset.language") == "python"
    # The lines around a quote are not doubled by the quote's own edges.
    assert (
        await browser.script("return $('.bot .text').childNodes[1].textContent") == "虚构财经 · 2025-05-20 · "
    )
    assert "授权多少？" in await browser.text(".bot .quoted")


async def test_a_long_quote_opens_and_closes(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    height = "return $('.expandable-body').offsetHeight"
    closed = await browser.script(height)
    await browser.click(".expand", "展开")
    assert await browser.script(height) > closed
    assert await browser.script("return $('.expand').getAttribute('aria-expanded')") == "true"
    assert await browser.script("return $('.expandable-body').textContent") == LONG.strip()
    await browser.click(".expand", "收起")
    assert await browser.script(height) == closed


async def test_a_spoiler_is_hidden_until_it_is_pressed(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    opacity = "return getComputedStyle($('.spoiler-text')).opacity"
    assert await browser.script(opacity) == "0"
    spoiler = await browser.find(".spoiler")
    await browser.run(lambda _: spoiler.send_keys(ENTER))
    await browser.until("getComputedStyle($('.spoiler-text')).opacity === '1'")


async def test_typing_is_shown_until_the_answer_comes(page: Page) -> None:
    browser = page.browser
    page.echo.gate.clear()
    await browser.type("x", ENTER)
    await browser.find(".dots")
    assert await browser.text("#status") == "正在输入…"
    page.echo.gate.set()
    await browser.find(".message.bot .key")
    assert await browser.count(".dots") == 0
    assert await browser.text("#status") == "@wenxun_local_bot"


async def test_a_button_waits_for_the_bot(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    page.echo.gate.clear()
    await browser.click(".key", "提示")
    await browser.until("$('.key.waiting')?.getAttribute('aria-busy') === 'true'")
    page.echo.gate.set()
    await browser.find(".toast", "按下了 toast")
    assert await browser.count(".key.waiting") == 0


async def test_an_alert_waits_to_be_read(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    await browser.click(".key", "告示")
    await browser.find("#alert[open]", "按下了 alert")
    await browser.click("#alert button")
    await browser.until("!$('#alert').open")


async def test_an_edit_shows_and_says_so(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    await browser.click(".key", "编辑")
    await browser.find(".bot .text", "改过的答复")
    await browser.find(".bot .edited", "已编辑")
    assert await browser.count(".key") == 0


async def test_other_buttons(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    source = "const a = $$('.key').find((e) => e.textContent === '原文'); return [a.tagName, a.href, a.rel]"
    assert await browser.script(source) == ["A", "https://news.example/deal", "noopener noreferrer"]
    await browser.command(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    await browser.click(".key", "复制")
    await browser.find(".toast", "已复制")
    await browser.click(".key", "查找")
    assert await browser.script("return $('#text').value") == "@wenxun_local_bot 新药"
    await browser.find(".option", "结果 0：新药")


async def test_commands_are_offered_in_the_persons_language(page: Page) -> None:
    browser = page.browser
    await browser.type("/")
    await browser.find(".option", "提问")
    assert await browser.count(".option") == 2
    await browser.type("st")
    await browser.until("$$('.option').length === 1")
    await browser.type(ENTER)
    await browser.find(".message.bot", "我是回声")
    await page.go(SECOND_READER)
    await browser.click("#commands")
    await browser.find(".option", "Help")
    assert await browser.count(".option") == 3
    await browser.type(ESCAPE)
    await browser.until("$('#panel').hidden")


async def test_commands_are_chosen_by_keyboard(page: Page) -> None:
    browser = page.browser
    await browser.type("/", DOWN)
    await browser.until("$$('.option')[1]?.getAttribute('aria-selected') === 'true'")
    assert await browser.script("return $('#text').getAttribute('aria-activedescendant')") == "option-1"
    await browser.type(TAB)
    assert await browser.script("return $('#text').value") == "/ask "


async def test_inline_questions(page: Page) -> None:
    browser = page.browser
    await browser.type("@wenxun_local_bot 新药")
    await browser.find(".option", "结果 0：新药")
    await browser.type(DOWN, ENTER)
    await browser.find(".message.own .text", "引文 1")
    assert await browser.text(".message.own .origin") == "通过 @wenxun_local_bot"
    await browser.type("@wenxun_local_bot 没有")
    await browser.find(".panel-note", "没有结果")


async def test_replying_and_editing(page: Page) -> None:
    browser = page.browser
    await page.say("第一问")
    await browser.click(".bot .tool.reply")
    assert "回复 问讯 Wenxun" in await browser.text("#context")
    await page.say("追问")
    reply = page.server.messages(READER)[-2]
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == 2
    await browser.type(UP)
    assert await browser.script("return $('#text').value") == "追问"
    await browser.type("！", ENTER)
    await browser.find(".own .text", "追问！")
    await browser.find(".own .edited")
    await browser.type("草稿", ESCAPE)
    assert await browser.script("return $('#text').value") == ""


async def test_an_answer_elsewhere_is_counted_as_unread(page: Page) -> None:
    browser = page.browser
    await page.go(ADMINISTRATOR)
    await page.server.say(READER, "x")
    await browser.find(f'[data-chat="{READER}"] .badge', "1")
    assert await browser.script("return document.title") == "(1) 问讯 Wenxun"
    await page.go(READER)
    assert await browser.count(".badge:not([hidden])") == 0
    assert await browser.script("return document.title") == "问讯 Wenxun"


async def test_each_chat_keeps_its_draft(page: Page) -> None:
    await page.browser.type("还没写完")
    await page.go(SECOND_READER)
    assert await page.browser.script("return $('#text').value") == ""
    await page.go(READER)
    assert await page.browser.script("return $('#text').value") == "还没写完"


async def test_anybody_speaks_in_the_group(page: Page) -> None:
    browser = page.browser
    await page.go(GROUP)
    await browser.type("大家早", ENTER)
    await browser.find(".message.own", "大家早")
    speaker = await browser.find("#speaker")
    await browser.run(lambda _: Select(speaker).select_by_visible_text("Alice"))
    await browser.find(".message.other .sender", "林晓")
    await page.say("/ask@wenxun_local_bot x")
    said = [(message.from_user.first_name, message.text) for message in page.server.messages(GROUP)[:2]]
    assert said == [("林晓", "大家早"), ("Alice", "/ask@wenxun_local_bot x")]
    assert await browser.count(".message.bot") == 1  # the greeting was not for the bot


async def test_a_long_answer_is_shown_from_its_beginning(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    await page.bot.send_message(READER, "很长\n" * 80)
    await browser.until("$('.message.bot:last-child').getBoundingClientRect().top > 0")
    await browser.find("#to-end")
    await page.bot.send_message(READER, "新的一条")
    await browser.find("#to-end .badge", "1")
    await browser.click("#to-end")
    await browser.until("$('#to-end').hidden")


async def test_deletions_pins_and_reactions(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    sent = await page.bot.send_message(READER, "临时的话")
    await page.bot.pin_chat_message(READER, sent.message_id)
    await browser.find("#pinned", "临时的话")
    await page.bot.set_message_reaction(READER, sent.message_id, "👍")
    await browser.find(".reactions", "👍")
    await page.bot.delete_message(READER, sent.message_id)
    await browser.until("$('#pinned').hidden && !document.body.innerText.includes('临时的话')")


async def test_the_bots_own_keyboard(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    keyboard = ReplyKeyboardMarkup(
        [["最新", "帮助"]], one_time_keyboard=True, input_field_placeholder="选一个"
    )
    await page.bot.send_message(READER, "?", reply_markup=keyboard)
    await browser.click("#reply-keyboard .key", "最新")
    await browser.find(".message.own", "最新")
    await browser.until("$('#reply-keyboard').hidden")


def picture() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = zlib.compress(b"".join(b"\0" + b"\x40\x90\x80" * 60 for _ in range(40)))
    header = struct.pack(">IIBBBBB", 60, 40, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_files_of_the_bot(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    await page.bot.send_photo(READER, InputFile(picture(), "a.png"), caption="<b>图</b>", parse_mode="HTML")
    await browser.until("$('.photo img')?.naturalWidth === 60")
    await page.bot.send_document(READER, InputFile(b"<script>alert(1)</script>", "报告.html"))
    await browser.find(".document", "报告.html")
    fetched = await browser.script(
        "return fetch($('.document').href).then(async (r) => "
        "[await r.text(), r.headers.get('Content-Type'), r.headers.get('Content-Disposition')])"
    )
    assert fetched == [
        "<script>alert(1)</script>",
        "application/octet-stream",
        "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.html",
    ]


async def test_a_person_sends_a_file(page: Page, tmp_path: object) -> None:
    path = tmp_path / "新闻.txt"
    path.write_text("abc", encoding="utf-8")
    chooser = await page.browser.script("return $('#file')")
    await page.browser.run(lambda _: chooser.send_keys(str(path)))
    await page.browser.find(".message.own .document", "新闻.txt")
    document = page.server.messages(READER)[0].document
    assert document is not None
    file = await page.bot.get_file(document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"abc"


async def test_blocking_the_bot(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    await browser.click("#more")
    await browser.click("#more-menu button", "拉黑机器人")
    await browser.click("#restart", "解除拉黑")
    await browser.find("#composer")
    await browser.until("$('#restart').hidden")


async def test_the_page_connects_again_by_itself(browser: Browser) -> None:
    async with LocalTelegram() as server:
        await browser.open(server.page_url)
        await browser.find("#start")
        await server.say(READER, "早先")
        await browser.find(".message.own", "早先")
        port = int(server.url.rpartition(":")[2])
    await browser.find("#offline", "连接断开")
    await browser.complaints()  # the browser itself says that it cannot connect
    async with LocalTelegram(port) as server:
        await browser.find("#start")  # another server: the chat begins anew
        await browser.find(".toast", "重新连接")
        await browser.until("$('#offline').hidden")
        await server.say(READER, "后来")
        await browser.find(".message.own", "后来")
        await browser.open("about:blank")


async def test_chinese_and_english(page: Page) -> None:
    browser = page.browser
    await browser.click("#language")
    await browser.find(".empty", "Nothing here yet")
    assert await browser.script("return document.documentElement.lang") == "en"
    await browser.open(page.server.page_url)
    await browser.find("#start", "Start")  # it is remembered


async def test_light_and_dark(page: Page) -> None:
    browser = page.browser
    background = "return getComputedStyle(document.body).backgroundColor"
    light = await browser.script(background)
    await browser.command(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    dark = await browser.script(background)
    assert light != dark
    await browser.click("#theme")  # from the system's to light
    assert await browser.script(background) == light
    await browser.click("#theme")
    assert await browser.script(background) == dark
    assert await browser.script("return $('#theme').title") == "外观：深色"


@pytest.mark.parametrize("width", [360, 760, 1200])
async def test_it_fits_every_width(page: Page, width: int) -> None:
    browser = page.browser
    await browser.resize(width, 740)
    await page.say("一个很长的词" + "x" * 300)
    await page.bot.send_message(READER, "y" * 500)
    too_wide = (
        "return $$('body *').filter((e) => e.checkVisibility() && !e.closest('svg') && !e.closest('nav')"
        " && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert await browser.script(too_wide) == []
    assert await browser.script("return document.documentElement.scrollWidth") == width
    for chat in (ADMINISTRATOR, SECOND_READER, GROUP, READER):
        await page.go(chat)


async def test_everything_has_a_name_for_a_screen_reader(page: Page) -> None:
    browser = page.browser
    await page.say("x")
    await page.bot.send_photo(READER, InputFile(picture(), "a.png"))
    await browser.find(".photo")
    nameless = """
      const named = (e) => e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length
        || e.querySelector("img[alt]");
      return $$('button, a, textarea, select, .photo img, [role=listbox], [role=log]')
        .filter((e) => e.checkVisibility() && !named(e) && !e.alt).map((e) => e.outerHTML.slice(0, 100));
    """
    assert await browser.script(nameless) == []
    roles = "return [...$$('#log, #offline').map((e) => e.getAttribute('role')), $('#log').ariaLive]"
    assert await browser.script(roles) == ["alert", "log", "polite"]


async def test_text_stands_out_from_its_ground(page: Page) -> None:
    """Contrast of at least 4.5 to 1, as the accessibility guidelines want it, light and dark."""
    await page.say("x")
    where = (
        ".text, .text a, blockquote strong, .meta, .meta time, .key span, .inline-command, .expand,"
        " #status, .quoted b, .person-role, .person-last, .person-top b, .day span, .brand small, .side-note"
    )
    for _ in range(2):
        await page.browser.click("#theme")
        assert await page.browser.faint(where) == []


HOSTILE = [
    "<img src=x onerror=window.hit=1>",
    "</div><script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "javascript:window.hit=1",
    "${window.hit=1}{{window.hit=1}}",
    "\u202eevil\u202c \u0301\u0301\u0301 \u200b",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_nothing_that_is_written_becomes_code(page: Page, text: str) -> None:
    browser = page.browser
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    await page.bot.set_my_name(text[:64])
    await page.bot.set_my_description(text)
    await page.bot.set_my_commands([("evil", text)])
    await page.bot.delete_my_commands(language_code="zh")
    await browser.find(".empty p", text[:8])
    await page.server.say(READER, text)
    await browser.find(".message.own .text")
    markup = {
        "inline_keyboard": [
            [{"text": text, "callback_data": "alert"}],
            [{"text": text, "copy_text": {"text": text}}],
        ]
    }
    await page.bot.send_message(
        READER,
        f'<b>{escaped}</b> <pre><code class="language-&quot;x">{escaped}</code></pre>',
        parse_mode="HTML",
        reply_markup=markup,
    )
    await page.bot.send_document(READER, InputFile(b"x", text), caption=escaped, parse_mode="HTML")
    await browser.find(".message.bot .document")
    await page.bot.pin_chat_message(READER, 2)
    await browser.type("/")
    await browser.find(".option")
    await browser.type(ESCAPE)
    link = {"inline_keyboard": [[{"text": "x", "url": "javascript:window.hit=1"}]]}
    with pytest.raises(BadRequest):
        await page.bot.send_message(READER, "x", reply_markup=link)
    assert await browser.script("return window.hit ?? null") is None
    assert await browser.count(".log script, .log img[onerror], .log svg[onload], [href^=javascript]") == 0
    if "\u202e" not in text:
        assert await browser.text(".message.own .text") == text


async def test_a_link_that_the_server_let_through_is_still_no_link(page: Page) -> None:
    """The page checks for itself, should the server ever be wrong."""
    chat = page.server.world.chats[READER]
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:window.hit=1"}
    button = {"text": "x", "url": " javascript:window.hit=1"}
    content = {"text": "x", "entities": [entity], "reply_markup": {"inline_keyboard": [[button]]}}
    page.server.world.post(chat, page.server.world.bot.as_user(), content)
    await page.browser.find(".message.bot")
    assert await page.browser.count(".message a") == 0
