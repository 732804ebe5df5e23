"""A small bot of python-telegram-bot, to try every part of the page with."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.local import LocalTelegram

    Context = ContextTypes.DEFAULT_TYPE

LONG = "很长的引文。" * 60
ANSWER = (
    "<blockquote>蓝鲸生物以<b>双抗药物</b>首次实现海外授权。</blockquote>\n"
    '虚构财经 · 2025-05-20 · <a href="https://news.example/deal?a=1&amp;b=2">标题</a>\n\n'
    f"<blockquote expandable>{LONG}</blockquote>\n"
    "<tg-spoiler>谜底</tg-spoiler> <code>x &lt; y</code> <i>斜</i> <u>线</u> <s>删</s>\n"
    '<pre><code class="language-python">print(1)</code></pre>'
    "看 /help"
)


def buttons() -> InlineKeyboardMarkup:
    rows = [
        [
            InlineKeyboardButton("提示", callback_data="toast"),
            InlineKeyboardButton("告示", callback_data="alert"),
            InlineKeyboardButton("编辑", callback_data="edit"),
        ],
        [
            InlineKeyboardButton("原文", url="https://news.example/deal"),
            InlineKeyboardButton("复制", copy_text=CopyTextButton("蓝鲸生物")),
            InlineKeyboardButton("查找", switch_inline_query_current_chat="新药"),
        ],
    ]
    return InlineKeyboardMarkup(rows)


class Echo:
    """What the bot does; `gate` holds back its answers to buttons."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self, update: Update, _context: Context) -> None:
        await update.effective_message.reply_html("你好，我是<b>回声</b>。")

    async def answer(self, update: Update, _context: Context) -> None:
        await update.effective_chat.send_action("typing")
        await self.gate.wait()
        await update.effective_message.reply_html(ANSWER, reply_markup=buttons(), do_quote=True)

    async def pressed(self, update: Update, _context: Context) -> None:
        await self.gate.wait()
        query = update.callback_query
        if query.data == "edit":
            await query.answer()
            await query.edit_message_text("改过的答复")
        else:
            await query.answer(f"按下了 {query.data}", show_alert=query.data == "alert")

    async def suggest(self, update: Update, _context: Context) -> None:
        query = update.inline_query
        found = [
            InlineQueryResultArticle(
                str(number),
                f"结果 {number}：{query.query}",
                InputTextMessageContent(f"<b>引文 {number}</b>", parse_mode="HTML"),
                description="虚构财经 · 2025-05-20",
            )
            for number in range(3)
            if query.query != "没有"
        ]
        await query.answer(found, is_personal=True)

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
        application.add_handler(CommandHandler("start", self.start))
        application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & filters.ALL, self.answer))
        application.add_handler(CallbackQueryHandler(self.pressed))
        application.add_handler(InlineQueryHandler(self.suggest))
        async with application:
            await application.bot.set_my_commands([("start", "Begin"), ("ask", "Ask"), ("help", "Help")])
            await application.bot.set_my_commands([("start", "开始"), ("ask", "提问")], language_code="zh")
            await application.start()
            await application.updater.start_polling(poll_interval=0, timeout=2)
            yield application
            self.gate.set()
            await application.updater.stop()
            await application.stop()
