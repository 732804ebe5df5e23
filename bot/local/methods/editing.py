"""Methods that change, remove, pin or react to a message that is there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.local.keyboards import inline_only, reply_markup
from bot.local.methods.sending import photo, preview
from bot.local.people import BOT_ID
from bot.local.refusals import refuse
from bot.local.texts import as_fields, caption, message_text

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.wire import JsonObject, Parameters
    from bot.local.world import World

DELETABLE_FOR: Final = timedelta(hours=48)

REACTIONS: Final = frozenset(
    [
        "👍",
        "👎",
        "❤",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)

_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
_SERVICE: Final = frozenset(
    {"new_chat_members", "left_chat_member", "migrate_to_chat_id", "pinned_message", "forum_topic_created"}
)


def edit_message_text(world: World, parameters: Parameters) -> JsonObject | bool:
    """`editMessageText`."""
    chat, message = _own(world, parameters)
    formatted = message_text(parameters)
    if "text" not in message:
        refuse("there is no text in the message to edit")
    kept = _without(message, "text", "entities", "reply_markup", "link_preview_options")
    return _replace(world, parameters, chat, message, kept | as_fields(formatted) | preview(parameters))


def edit_message_caption(world: World, parameters: Parameters) -> JsonObject | bool:
    """`editMessageCaption`."""
    chat, message = _own(world, parameters)
    formatted = caption(parameters)
    if "text" in message:
        refuse("there is no caption in the message to edit")
    kept = _without(message, "caption", "caption_entities", "reply_markup")
    if formatted.text:
        kept |= as_fields(formatted, "caption", "caption_entities")
    return _replace(world, parameters, chat, message, kept)


def edit_message_media(world: World, parameters: Parameters) -> JsonObject | bool:
    """`editMessageMedia`, for photos: in the place of a picture or file, or added to a text."""
    chat, message = _own(world, parameters)
    media = parameters.within("media")
    if media.text("type") != "photo":
        refuse("only photos can be put into a message here")
    formatted = caption(media)
    content = photo(world, media.renamed("media", "photo"))
    kept = _without(
        message,
        *("photo", "document", "caption", "caption_entities"),
        *("text", "entities", "reply_markup", "link_preview_options"),
    )
    if formatted.text:
        kept |= as_fields(formatted, "caption", "caption_entities")
    return _replace(world, parameters, chat, message, kept | content)


def edit_message_reply_markup(world: World, parameters: Parameters) -> JsonObject | bool:
    """`editMessageReplyMarkup`."""
    chat, message = _own(world, parameters)
    return _replace(world, parameters, chat, message, _without(message, "reply_markup"))


def delete_message(world: World, parameters: Parameters) -> bool:
    """`deleteMessage`."""
    chat = world.chat_named(parameters)
    _delete(world, chat, parameters.integer("message_id"))
    return True


def delete_messages(world: World, parameters: Parameters) -> bool:
    """`deleteMessages`: those that are there."""
    chat = world.chat_named(parameters)
    for message_id in parameters.json_list("message_ids") or []:
        if isinstance(message_id, int) and message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def pin_chat_message(world: World, parameters: Parameters) -> bool:
    """`pinChatMessage`."""
    chat, message = _pinnable(world, parameters)
    if message["message_id"] not in chat.pinned:
        chat.pinned.append(message["message_id"])
        world.changes.tell("pinned", chat_id=chat.id, message_ids=list(chat.pinned))
    return True


def unpin_chat_message(world: World, parameters: Parameters) -> bool:
    """`unpinChatMessage`: the one named, or the one pinned last."""
    chat = world.chat_named(parameters)
    _check_rights(chat)
    message_id = parameters.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        refuse("message to unpin not found")
    chat.pinned.remove(message_id)
    world.changes.tell("pinned", chat_id=chat.id, message_ids=list(chat.pinned))
    return True


def set_message_reaction(world: World, parameters: Parameters) -> bool:
    """`setMessageReaction`."""
    chat = world.chat_named(parameters)
    chat.check_writable()
    message = chat.message(parameters.integer("message_id"))
    if message is None:
        refuse("message to react not found")
    wanted = parameters.json_list("reaction") or []
    if len(wanted) > 1:
        refuse("REACTIONS_TOO_MANY")
    emoji = [str(item.get("emoji")) if isinstance(item, dict) else "" for item in wanted]
    if not REACTIONS.issuperset(emoji):
        refuse("REACTION_INVALID")
    chat.reactions[message["message_id"]] = emoji
    shown = chat.reactions_to(message["message_id"])
    world.changes.tell("reaction", chat_id=chat.id, message_id=message["message_id"], emoji=shown)
    return True


def _own(world: World, parameters: Parameters) -> tuple[Chat, JsonObject]:
    """The message a call edits: one of the bot's own, or one sent through it."""
    inline = parameters.text("inline_message_id")
    if inline:
        chat_id, message_id = world.inline_messages.get(inline, (0, 0))
        chat = world.chats.get(chat_id)
        message = chat.message(message_id) if chat else None
        if chat is None or message is None:
            refuse("MESSAGE_ID_INVALID")
        return chat, message
    chat = world.chat_named(parameters)
    chat.check_writable()
    message = chat.message(parameters.integer("message_id"))
    if message is None:
        refuse("message to edit not found")
    if not world.is_own(message) or _SERVICE & message.keys():
        refuse("message can't be edited")
    return chat, message


def _replace(
    world: World, parameters: Parameters, chat: Chat, message: JsonObject, changed: JsonObject
) -> JsonObject | bool:
    markup = inline_only(reply_markup(parameters))
    if markup:
        changed = changed | {"reply_markup": markup}
    if _without(changed, "edit_date") == _without(message, "edit_date"):
        refuse(_NOT_MODIFIED)
    world.floods.count(chat.id)
    world.replace(chat, changed | {"edit_date": world.timestamp()})
    return True if parameters.text("inline_message_id") else chat.messages[message["message_id"]]


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.message(message_id)
    if message is None:
        refuse("message to delete not found")
    age = timedelta(seconds=world.timestamp() - message["date"])
    allowed = world.is_own(message) or chat.is_private or chat.is_administrator(BOT_ID)
    if not allowed or age > DELETABLE_FOR:
        refuse("message can't be deleted")
    world.remove(chat, message_id)


def _pinnable(world: World, parameters: Parameters) -> tuple[Chat, JsonObject]:
    chat = world.chat_named(parameters)
    chat.check_writable()
    message = chat.message(parameters.integer("message_id"))
    if message is None:
        refuse("message to pin not found")
    _check_rights(chat)
    return chat, message


def _check_rights(chat: Chat) -> None:
    if not chat.is_private and not chat.is_administrator(BOT_ID):
        refuse("not enough rights to manage pinned messages in the chat")


def _without(message: JsonObject, *names: str) -> JsonObject:
    return {name: value for name, value in message.items() if name not in names}
