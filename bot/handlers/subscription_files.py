"""What a chat follows as a file: handed out, and read back where somebody sends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.answering import where
from bot.rendering.follow import only_admins_follow, render_notice
from bot.rendering.subscription_file import (
    render_exported,
    render_file_too_large,
    render_imported,
    render_nothing_to_export,
)
from bot.subscription_file import FILE_NAME, MAX_BYTES

if TYPE_CHECKING:
    from telegram import Document
    from telegram import Message as TelegramMessage

    from bot.desk import Desk
    from bot.talk import Talk

_JSON = "application/json"
_ENDING = ".json"


async def export_subscriptions(desk: Desk, talk: Talk) -> None:
    """Send what the chat follows as a file."""
    found = await desk.subscriptions.export(talk.chat_id)
    count = len(found["subscriptions"])
    if not count:
        await talk.reply(render_nothing_to_export(talk.words))
        return
    content = json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")
    await talk.reply_with_file(FILE_NAME, content, render_exported(count, talk.words))


async def import_subscriptions(desk: Desk, talk: Talk, message: TelegramMessage) -> bool:
    """Follow what stands in a file that somebody sends; False if the message has none that could be."""
    document = message.document
    if document is None or not _may_be_ours(document):
        return False
    if not await talk.is_administrator():
        await talk.reply(render_notice(only_admins_follow(talk.words)))
    elif (document.file_size or 0) > MAX_BYTES:
        await talk.reply(render_file_too_large(talk.words))
    else:
        async with talk.typing():
            file = await document.get_file()
            content = bytes(await file.download_as_bytearray())
        report = await desk.subscriptions.import_(where(talk), content, await desk.store.published())
        await talk.reply(render_imported(report, talk.words))
    return True


def _may_be_ours(document: Document) -> bool:
    return document.mime_type == _JSON or (document.file_name or "").lower().endswith(_ENDING)
