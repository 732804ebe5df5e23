"""Methods that only look: chats, members, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.local.files import LARGEST_DOWNLOAD
from bot.local.members import as_member, status_of
from bot.local.people import BOT_ID
from bot.local.refusals import refuse

if TYPE_CHECKING:
    from bot.local.wire import JsonObject, Parameters
    from bot.local.world import World


def get_chat(world: World, parameters: Parameters) -> JsonObject:
    """`getChat`."""
    chat = world.chat_named(parameters)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    shown = chat.shown | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.pinned:
        shown["pinned_message"] = chat.message(chat.pinned[-1])
    return shown


def get_chat_member(world: World, parameters: Parameters) -> JsonObject:
    """`getChatMember`."""
    chat = world.chat_named(parameters)
    user_id = parameters.integer("user_id")
    status = status_of(world, chat, user_id)
    if status is None:
        refuse("member not found")
    return as_member(world, chat, user_id, status)


def get_chat_administrators(world: World, parameters: Parameters) -> list[JsonObject]:
    """`getChatAdministrators`."""
    chat = world.chat_named(parameters)
    if chat.is_private:
        refuse("there are no administrators in the private chat")
    return [
        as_member(world, chat, user_id, status_of(world, chat, user_id) or "left")
        for user_id in (*chat.members, BOT_ID)
        if chat.is_administrator(user_id)
    ]


def get_chat_member_count(world: World, parameters: Parameters) -> int:
    """`getChatMemberCount`."""
    chat = world.chat_named(parameters)
    return 2 if chat.is_private else len({*chat.members, BOT_ID})


def leave_chat(world: World, parameters: Parameters) -> bool:
    """`leaveChat`."""
    chat = world.chat_named(parameters)
    if chat.is_private:
        refuse("chat member status can't be changed in private chats")
    chat.check_writable()
    chat.bot_status = "left"
    world.changes.tell("membership", chat_id=chat.id, status=chat.bot_status)
    return True


def get_file(world: World, parameters: Parameters) -> JsonObject:
    """`getFile`."""
    file = world.files.by_id(parameters.text("file_id"))
    if len(file.content) > LARGEST_DOWNLOAD:
        refuse("file is too big")
    return file.as_json() | {"file_path": file.path}
