"""A small bot that shows what the page knows: moments, links to itself, topics, drafts, inline answers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from telegram import (
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.ext import (
    Application,
    ChosenInlineResultHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.local import LocalTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot, Message

    from tests.e2e.browser import Browser

    Context = ContextTypes.DEFAULT_TYPE

UNIX = 1_764_547_200  # 2025-12-01 00:00 UTC, 08:00 in Shanghai
DEEP_LINK = "https://t.me/wenxun_local_bot?start=doc_7"
_MOMENTS = " · ".join(
    f'<tg-time unix="{UNIX}"{shape}>去年</tg-time>'
    for shape in (' format="wDT"', ' format="d"', ' format="t"', ' format="r"', "")
)
ANSWER = (
    f'{_MOMENTS}\n<a href="{DEEP_LINK}">全文</a> · https://T.me/Wenxun_Local_Bot?start=help'
    " · https://t.me/another_bot?start=x"
)


def buttons() -> InlineKeyboardMarkup:
    rows = [
        [
            InlineKeyboardButton("打开", url="tg://resolve?domain=wenxun_local_bot&start=topics"),
            InlineKeyboardButton("引用", copy_text=CopyTextButton("[1] 虚构财经. 标题")),
        ],
        [
            InlineKeyboardButton("发到别处", switch_inline_query="新药"),
            InlineKeyboardButton("在此再问", switch_inline_query_current_chat="新药"),
        ],
    ]
    return InlineKeyboardMarkup(rows)


def kind_of(message: Message) -> str:
    """What a message is, in a word."""
    if message.forward_origin is not None:
        return f"转发自 {message.forward_origin.type}"
    names = ("voice", "sticker", "photo", "document")
    return next((name for name in names if getattr(message, name)), "文字")


@dataclass
class Showcase:
    """What the bot does; `gate` holds back what follows a draft."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[int, str, str]] = field(default_factory=list)
    """Who asked what inline, from which offset."""
    chosen: list[str] = field(default_factory=list)

    async def start(self, update: Update, context: Context) -> None:
        await update.effective_message.reply_text(f"开始：{' '.join(context.args)}")

    async def draft(self, update: Update, _context: Context) -> None:
        message = update.effective_message
        await message.get_bot().send_message_draft(message.chat_id, 1, "正在找<b>原文</b>", parse_mode="HTML")
        await self.gate.wait()
        await message.reply_text("找到了")

    async def answer(self, update: Update, _context: Context) -> None:
        message = update.effective_message
        await message.reply_html(f"{kind_of(message)}\n{ANSWER}", reply_markup=buttons())

    async def edited(self, update: Update, _context: Context) -> None:
        await update.effective_message.reply_text(f"改成了：{update.edited_message.text}")

    async def reacted(self, update: Update, _context: Context) -> None:
        given = [reaction.emoji for reaction in update.message_reaction.new_reaction]
        await update.effective_chat.send_message(f"表态：{' '.join(given) or '收回'}")

    async def suggest(self, update: Update, _context: Context) -> None:
        query = update.inline_query
        self.asked.append((query.from_user.id, query.query, query.offset))
        first = int(query.offset or 0)
        found = [
            InlineQueryResultArticle(
                str(number),
                f"结果 {number}：{query.query}",
                InputTextMessageContent(f"<b>引文 {number}</b>", parse_mode="HTML"),
                description=f"虚构财经 · {query.from_user.first_name}",
            )
            for number in range(first, first + 2)
        ]
        await query.answer(
            found,
            is_personal=True,
            next_offset="" if first else "2",
            button=InlineQueryResultsButton("设置", start_parameter="settings"),
        )

    async def told(self, update: Update, _context: Context) -> None:
        self.chosen.append(update.chosen_inline_result.result_id)

    @asynccontextmanager
    async def running(self, server: LocalTelegram) -> AsyncIterator[Application]:
        """The bot on a server, while the block runs."""
        application = (
            Application.builder()
            .token(server.token)
            .base_url(f"{server.url}/bot")
            .base_file_url(f"{server.url}/file/bot")
            .concurrent_updates(True)
            .build()
        )
        messages = filters.UpdateType.MESSAGE & ~filters.VIA_BOT & ~filters.StatusUpdate.ALL
        application.add_handler(CommandHandler("start", self.start))
        application.add_handler(CommandHandler("draft", self.draft))
        application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, self.edited))
        application.add_handler(MessageHandler(messages, self.answer))
        application.add_handler(MessageReactionHandler(self.reacted))
        application.add_handler(InlineQueryHandler(self.suggest))
        application.add_handler(ChosenInlineResultHandler(self.told))
        async with application:
            bot = application.bot
            await bot.set_my_commands([("ask", "Ask")])
            await bot.set_my_commands([("ask", "提问")], language_code="zh")
            groups, runners = BotCommandScopeAllGroupChats(), BotCommandScopeAllChatAdministrators()
            await bot.set_my_commands([("ask", "Ask")], scope=groups)
            await bot.set_my_commands([("ask", "Ask"), ("settings", "Set")], scope=runners)
            await application.start()
            await application.updater.start_polling(0, 2, allowed_updates=Update.ALL_TYPES)
            yield application
            self.gate.set()
            await application.updater.stop()
            await application.stop()


@dataclass
class Window:
    """The page, the server behind it and the bot on it."""

    browser: Browser
    server: LocalTelegram
    showcase: Showcase
    bot: Bot

    async def say(self, text: str) -> None:
        """Write a message and wait until the bot's answer is shown."""
        before = await self.browser.count(".message.bot")
        await self.browser.type(text, "\ue007")
        await self.browser.until("$$('.message.bot:not(.typing)').length > arguments[0]", before)

    async def go(self, chat: int) -> None:
        """Go over to another chat; in one step, as the list is drawn anew whenever something is said."""
        await self.browser.script("$(arguments[0]).click()", f'[data-chat="{chat}"]')
        await self.at(chat)

    async def at(self, chat: int) -> None:
        """Wait until the page shows a chat."""
        await self.browser.until("$(arguments[0])?.matches('[aria-current]')", f'[data-chat="{chat}"]')

    async def menu(self, selector: str, item: str) -> None:
        """Open the menu of the last message that fits, and choose from it."""
        await self.browser.click(f"{selector} .tool.options")
        await self.browser.click("#floating-menu button", item)

    async def attach(self, item: str) -> None:
        """Choose from the menu of what one can send."""
        await self.browser.click("#attach")
        await self.browser.click("#floating-menu button", item)


@pytest.fixture
async def window(browser: Browser) -> AsyncIterator[Window]:
    showcase = Showcase()
    async with LocalTelegram(floods=False) as server, showcase.running(server) as application:
        await browser.open(server.page_url)
        await browser.script("sessionStorage.clear(); localStorage.clear()")
        await browser.open(server.page_url)
        await browser.find("#start")
        yield Window(browser, server, showcase, application.bot)
        assert await browser.complaints() == []  # no mistake, nothing the content policy had to stop
        await browser.open("about:blank")
