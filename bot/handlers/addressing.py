"""Whether a message speaks to the bot, and what it says when the bot's name is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.constants import ChatType, MessageEntityType

if TYPE_CHECKING:
    from telegram import Message, MessageEntity, User


def said_to_bot(message: Message, me: User) -> str | None:
    """What a message that is no command says to the bot; None if it does not speak to the bot.

    In a private chat everything does. In a group a message does that names the bot or
    replies to it. What stands below a picture counts as said. A message without words may speak
    to the bot too; it says "".
    """
    if _is_echo(message, me):
        return None
    text = message.text or message.caption or ""
    mentions = [entity for entity in _entities(message) if _names(message, entity, me)]
    if message.chat.type != ChatType.PRIVATE and not mentions and not _replies_to(message, me):
        return None
    for entity in reversed(mentions):
        text = _without(text, entity)
    return text.strip()


def is_command(message: Message) -> bool:
    """Whether a message begins with a command, whichever bot is meant."""
    entities = message.entities
    return bool(entities) and entities[0].type == MessageEntityType.BOT_COMMAND and entities[0].offset == 0


def bot_named_in(message: Message) -> str | None:
    """The username behind the command a message begins with, in lower case, as in /ask@wenxun_bot."""
    _, _, named = (message.text or "")[: message.entities[0].length].partition("@")
    return named.lower() or None


def command_argument(message: Message) -> str:
    """What stands behind the command a message begins with."""
    return (message.text or "")[message.entities[0].length :].strip()


def _is_echo(message: Message, me: User) -> bool:
    """Whether it comes from a program: another bot, this bot's own inline result, a channel's forward."""
    if message.is_automatic_forward or (message.via_bot is not None and message.via_bot.id == me.id):
        return True
    # An anonymous administrator writes through a bot of Telegram's, but as the chat.
    return message.from_user is not None and message.from_user.is_bot and message.sender_chat is None


def _replies_to(message: Message, me: User) -> bool:
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != me.id:
        return False
    # In a forum topic everything "replies" to the message that opened the topic.
    return replied.forum_topic_created is None


def _entities(message: Message) -> tuple[MessageEntity, ...]:
    return tuple(message.entities or message.caption_entities)


def _names(message: Message, entity: MessageEntity, me: User) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntityType.MENTION or not me.username:
        return False
    parse = message.parse_entity if message.entities else message.parse_caption_entity
    return parse(entity).lower() == f"@{me.username.lower()}"


def _without(text: str, entity: MessageEntity) -> str:
    """The text without an entity; its offsets count UTF-16 code units."""
    units = text.encode("utf-16-le", "surrogatepass")
    before, after = units[: entity.offset * 2], units[(entity.offset + entity.length) * 2 :]
    left, right = (part.decode("utf-16-le", "surrogatepass") for part in (before, after))
    return f"{left.rstrip()} {right.lstrip()}"
