"""`/editors`: who may add and edit news beside the administrators; appointing and dismissing them."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from telegram import MessageOriginHiddenUser, MessageOriginUser, User
from telegram.error import TelegramError

from bot.handlers.addressing import command_argument
from bot.rendering import editors as rendering
from bot.rendering.editors import PAGE, PREFIX, Act, parse
from bot.rendering.notices import DEAD_BUTTON
from bot.roles import Role

if TYPE_CHECKING:
    from telegram import Message as TelegramMessage

    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk

_MOST = 2**52  # Telegram's ids are smaller
_APPOINTS = frozenset({"appoint", "add", "任命", "添加"})
_ID = re.compile(r"[0-9]{1,16}", re.ASCII)
_LOG = logging.getLogger(__name__)


async def editors(desk: Desk, talk: Talk) -> None:
    """`/editors`; with a user id, or in reply to something that somebody wrote, they are appointed."""
    message = talk.update.message
    if message is None:
        return
    said = command_argument(message).split(maxsplit=2)
    if said and said[0].casefold() in _APPOINTS:
        said = said[1:]
    replied = message.reply_to_message
    if said:
        number, name = said[0], " ".join(said[1:])
        is_id = _ID.fullmatch(number) is not None and 0 < int(number) < _MOST
        shown = (
            await _appoint(desk, talk, int(number), name)
            if is_id
            else rendering.render_said(rendering.NO_ID, talk.words)
        )
    elif replied is not None and replied.forum_topic_created is None:
        shown = await _appoint_author(desk, talk, replied)
    else:
        shown = await _page(desk, talk, 0)
    await talk.reply(shown)


async def press_editor(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about editors."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.SHOW:
        await talk.acknowledge()
        await talk.replace(await _page(desk, talk, pressed.number))
    elif pressed.act is Act.DISMISS:
        await _dismiss(desk, talk, pressed.number, pressed.offset)
    else:
        await _put_back(desk, talk, pressed.number)


async def _appoint_author(desk: Desk, talk: Talk, replied: TelegramMessage) -> Message:
    origin = replied.forward_origin
    if isinstance(origin, MessageOriginHiddenUser):
        return rendering.render_said(rendering.HIDDEN, talk.words)
    author: User | None = replied.from_user if origin is None and replied.sender_chat is None else None
    if isinstance(origin, MessageOriginUser):
        author = origin.sender_user
    if author is None or author.is_bot:
        return rendering.render_said(rendering.NO_PERSON, talk.words)
    return await _appoint(desk, talk, author.id, author.full_name)


async def _appoint(desk: Desk, talk: Talk, user_id: int, name: str) -> Message:
    if not await desk.gate.roles.appoint(user_id, name, talk.user_id):
        role = await desk.gate.roles.of(user_id)
        said = rendering.IS_ADMINISTRATOR if role is Role.ADMINISTRATOR else rendering.IS_EDITOR
        return rendering.render_said(said, talk.words)
    await desk.audit.note(talk.user_id, "editor_appointed", {"name": name or str(user_id), "editor": user_id})
    await _renew_menu(desk, talk, user_id)
    return rendering.render_appointed(user_id, name, talk.words)


async def _dismiss(desk: Desk, talk: Talk, user_id: int, offset: int) -> None:
    names = {each.user_id: each.name for each in await desk.gate.roles.editors()}
    await talk.acknowledge()
    entry = None
    if await desk.gate.roles.dismiss(user_id):
        detail = {"name": names.get(user_id) or str(user_id), "editor": user_id}
        entry = await desk.audit.note(talk.user_id, "editor_dismissed", detail)
        await _renew_menu(desk, talk, user_id)
    await talk.replace(await _page(desk, talk, offset, undo=entry))


async def _put_back(desk: Desk, talk: Talk, entry_id: int) -> None:
    entry = await desk.audit.get(entry_id)
    user_id = entry.detail.get("editor") if entry is not None and entry.deed == "editor_dismissed" else None
    if entry is None or entry.undone is not None or not isinstance(user_id, int):
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    name = str(entry.detail.get("name", ""))
    await desk.gate.roles.appoint(user_id, name, talk.user_id)
    await desk.audit.note_undone(entry.id)
    await _renew_menu(desk, talk, user_id)
    await talk.replace(await _page(desk, talk, 0))


async def _renew_menu(desk: Desk, talk: Talk, user_id: int) -> None:
    """Offer somebody the commands that are theirs now. What they may does not depend on it."""
    try:
        await desk.renew_menu(talk.bot, user_id, await desk.gate.roles.of(user_id))
    except TelegramError as error:
        _LOG.warning("the command menu of an editor could not be renewed (%s)", type(error).__name__)


async def _page(desk: Desk, talk: Talk, offset: int, undo: int | None = None) -> Message:
    found = await desk.gate.roles.editors()
    if offset >= len(found):  # they were more when the button was made
        offset = max(0, (len(found) - 1) // PAGE * PAGE)
    return rendering.render_editors(found, offset, talk.words, talk.view, undo)
