"""Adding, changing and removing news: what those who keep it send, `/add`, `/edit` and `/remove`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import MessageOriginChannel
from telegram.error import BadRequest

from bot.context import replied_to
from bot.errors import CannotKeep
from bot.handlers.addressing import command_argument
from bot.incidents import record_incident
from bot.keeping.adding import day_of
from bot.keeping.drafts import Kind
from bot.rendering import adding as rendering
from bot.rendering.adding import PREFIX, Act, parse
from bot.rendering.feeds import reason_in
from bot.rendering.notices import DEAD_BUTTON
from bot.roles import Role
from bot.subscription_file import FILE_NAME
from corpus.errors import CorpusError, FetchFailed, UnreadableFile

if TYPE_CHECKING:
    from telegram import Document as TelegramDocument
    from telegram import Message as TelegramMessage

    from bot.desk import Desk
    from bot.keeping.drafts import Draft
    from bot.rendering.message import Message
    from bot.talk import Talk
    from corpus.model import Document

MOST_BYTES = 20 * 2**20
"""Bytes of a file that Telegram hands to bots."""

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_DEEDS = {Kind.ADD: "document_added", Kind.EDIT: "document_edited", Kind.REMOVE: "document_removed"}


async def add(desk: Desk, talk: Talk) -> None:
    """`/add` in reply to a message, or with a text or a link behind it."""
    message = talk.update.message
    if message is None:
        return
    argument = command_argument(message)
    replied = message.reply_to_message
    if argument:
        await _take(desk, talk, argument, {})
    elif replied is not None and await _take_message(desk, talk, replied):
        return
    else:
        await talk.reply(rendering.render_said(rendering.HOW_TO_ADD, talk.words))


async def add_unasked(desk: Desk, talk: Talk, message: TelegramMessage, said: str) -> bool:
    """Take what somebody who keeps the news sends without a command; False if a message is no such thing.

    That is a file, nothing but a link, a channel's post, or a reply to what was asked about a draft.
    """
    replied = message.reply_to_message
    draft = None
    if replied is not None and said:
        draft = await desk.adding.drafts.prompted(talk.chat_id, replied.message_id)
    is_ours = message.document is not None and message.document.file_name == FILE_NAME
    is_news = message.document is not None and not is_ours
    is_post = isinstance(message.forward_origin, MessageOriginChannel) and bool(said)
    if not (draft or is_news or is_post or _LINK.fullmatch(said)):
        return False
    if not await desk.gate.allows(talk, Role.EDITOR):
        return False
    if draft is not None:
        await _set_field(desk, talk, draft, said)
        return True
    return await _take_message(desk, talk, message)


async def edit(desk: Desk, talk: Talk) -> None:
    """`/edit` in reply to an answer, or with a title or a file behind it."""
    document = await _meant(desk, talk)
    if document is None:
        return
    try:
        count = await desk.adding.documents_in(document.origin)
    except UnreadableFile as error:
        await talk.reply(rendering.render_refused(error.reason, talk.words))
        return
    if count > 1:
        await talk.reply(rendering.render_one_of_many(document.origin, count, talk.words))
        return
    await _show(desk, talk, await desk.adding.of_document(talk.chat_id, document))


async def remove(desk: Desk, talk: Talk) -> None:
    """`/remove` in reply to an answer, or with a title or a file behind it."""
    document = await _meant(desk, talk)
    if document is None:
        return
    try:
        count = await desk.adding.documents_in(document.origin)
    except UnreadableFile as error:
        await talk.reply(rendering.render_refused(error.reason, talk.words))
        return
    draft = await desk.adding.of_removal(talk.chat_id, document.origin)
    await talk.reply(rendering.render_removal(draft, count, talk.words))


async def press_adding(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about a draft."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    draft = await desk.adding.drafts.get(pressed.key, talk.chat_id)
    if draft is None:
        await talk.acknowledge(talk.words.gettext(rendering.GONE), alert=True)
        return
    await talk.acknowledge()
    if pressed.act is Act.CANCEL:
        await desk.adding.drafts.discard(draft.key)
        await talk.replace(rendering.render_said(rendering.CANCELLED, talk.words))
    elif pressed.act is Act.SAVE:
        await _do(desk, talk, draft)
    elif pressed.act is Act.UNDO:
        await _undo(desk, talk, draft)
    else:
        sent = await talk.reply(rendering.render_asked(pressed.act, talk.words))
        await desk.adding.drafts.change(draft.key, field=pressed.act.value, prompt=sent.message_id)


async def _take_message(desk: Desk, talk: Talk, message: TelegramMessage) -> bool:
    """Make a draft of what a message has; False if that is nothing."""
    text = (message.text or message.caption or "").strip()
    if message.document is not None:
        await _take_file(desk, talk, message.document)
    elif text:
        await _take(desk, talk, text, _origin_of(message))
    else:
        return False
    return True


async def _take_file(desk: Desk, talk: Talk, file: TelegramDocument) -> None:
    if not await _may_add(desk, talk):
        return
    if (file.file_size or 0) > MOST_BYTES:
        await talk.reply(rendering.render_said(rendering.TOO_LARGE, talk.words))
        return
    async with talk.typing():
        try:
            handed = await file.get_file()
            content = bytes(await handed.download_as_bytearray())
        except BadRequest as error:
            said = rendering.TOO_LARGE if "too big" in error.message else rendering.NOT_THERE
            await talk.reply(rendering.render_said(said, talk.words))
            return
        today = day_of(talk.now.astimezone(talk.zone))
        draft = await desk.adding.of_file(talk.chat_id, file.file_name or "", content, today)
        await _show(desk, talk, draft)


async def _take(desk: Desk, talk: Talk, text: str, known: dict[str, str]) -> None:
    """Make a draft of a text or of the page behind a link."""
    if not await _may_add(desk, talk):
        return
    today = day_of(talk.now.astimezone(talk.zone))
    try:
        async with talk.typing():
            if _LINK.fullmatch(text):
                draft = await desk.adding.of_page(talk.chat_id, await desk.fetcher.get(text), today)
            else:
                draft = await desk.adding.of_text(talk.chat_id, text, today, **known)
    except (FetchFailed, UnreadableFile) as error:
        await talk.reply(rendering.render_refused(reason_in(error.reason, talk.words), talk.words))
        return
    await _show(desk, talk, draft)


def _origin_of(message: TelegramMessage) -> dict[str, str]:
    """What a channel's post says of itself."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return {"published": message.date.isoformat(timespec="minutes")}
    known = {"published": origin.date.isoformat(timespec="minutes")}
    if origin.chat.title:
        known["source"] = origin.chat.title
    if origin.chat.username:
        known["url"] = f"https://t.me/{origin.chat.username}/{origin.message_id}"
    return known


async def _show(desk: Desk, talk: Talk, draft: Draft) -> None:
    """Show what a draft holds; one that cannot be read is refused and forgotten."""
    try:
        message = rendering.render_card(draft, await desk.adding.understood(draft), talk.words, talk.view)
    except UnreadableFile as error:
        await desk.adding.drafts.discard(draft.key)
        message = rendering.render_refused(error.reason, talk.words)
    await talk.reply(message)


async def _set_field(desk: Desk, talk: Talk, draft: Draft, value: str) -> None:
    try:
        await desk.adding.set_field(draft, value)
    except UnreadableFile as error:
        await talk.reply(rendering.render_refused(error.reason, talk.words))
        return
    changed = await desk.adding.drafts.get(draft.key, talk.chat_id)
    if changed is not None:
        await _show(desk, talk, changed)


async def _may_add(desk: Desk, talk: Talk) -> bool:
    if not desk.adding.files.may_add:
        await talk.reply(rendering.render_said(rendering.SAMPLE, talk.words))
    return desk.adding.files.may_add


async def _meant(desk: Desk, talk: Talk) -> Document | None:
    """The document that `/edit` and `/remove` mean; None where that cannot be told, which is said."""
    message = talk.update.message
    if message is None or not await _may_add(desk, talk):
        return None
    text = command_argument(message)
    if not text:
        answer = await replied_to(message, desk, talk)
        shown = answer.cited_at(answer.reading) if answer is not None and answer.reading is not None else None
        cited = shown or (answer.cited[0] if answer is not None and answer.cited else None)
        if cited is None:
            await talk.reply(rendering.render_said(rendering.HOW_TO_FIND, talk.words))
            return None
        found = [document] if (document := await desk.store.document(cited.document_id)) else []
    else:
        found = list(await desk.store.called(text))
    if len({document.origin for document in found}) > 1:
        await talk.reply(rendering.render_several(found, talk.words))
        return None
    if not found:
        await talk.reply(rendering.render_said(rendering.NOT_FOUND, talk.words))
        return None
    return found[0]


async def _do(desk: Desk, talk: Talk, draft: Draft) -> None:
    try:
        origin = await desk.adding.do(draft)
    except CannotKeep as error:
        record_incident(error, "the folder of news could not be changed from a chat")
        await talk.replace(rendering.render_said(rendering.CANNOT_WRITE, talk.words))
        return
    if origin is None:
        await talk.replace(rendering.render_said(rendering.GONE, talk.words))
        return
    entry = await desk.audit.note(talk.user_id, _DEEDS[draft.kind], {"file": origin})
    await desk.adding.drafts.change(draft.key, entry=entry)
    await talk.replace(rendering.render_loading(talk.words))
    desk.reloading.begin(_place(talk), _loaded(desk, talk, rendering.render_done(draft, origin, talk.words)))


async def _undo(desk: Desk, talk: Talk, draft: Draft) -> None:
    try:
        undone = await desk.adding.undo(draft)
    except CannotKeep as error:
        record_incident(error, "the folder of news could not be changed from a chat")
        await talk.reply(rendering.render_said(rendering.CANNOT_WRITE, talk.words))
        return
    if not undone:
        await talk.replace(rendering.render_said(rendering.GONE, talk.words))
        return
    if draft.entry is not None:
        await desk.audit.note_undone(draft.entry)
    await talk.replace(rendering.render_loading(talk.words))
    outcome = rendering.render_said(rendering.UNDONE, talk.words)
    desk.reloading.begin(_place(talk), _loaded(desk, talk, outcome))


def _place(talk: Talk) -> tuple[int, int]:
    return talk.chat_id, talk.message_id


async def _loaded(desk: Desk, talk: Talk, outcome: Message) -> None:
    """Load what is in the folder now, and say what came of it."""
    try:
        await desk.reloading.load_anew(talk.user_id)
    except CorpusError as error:
        record_incident(error, "what was added in a chat could not be loaded")
        said = rendering.render_said(rendering.NOT_LOADED, talk.words)
        outcome = replace(said, keyboard=outcome.keyboard)
    await talk.replace(outcome)
