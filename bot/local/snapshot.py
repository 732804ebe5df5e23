"""Everything the page needs to draw itself: sent when it connects, and when much changes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.local.people import BOT_USERNAME

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.people import Person
    from bot.local.wire import JsonObject
    from bot.local.world import World

HISTORY: Final = 500
"""How many of a chat's newest messages the page shows."""


def snapshot(world: World) -> JsonObject:
    """The whole state, as the page sees it."""
    return {
        "kind": "state",
        "session": world.session,
        "bot": world.bot.as_user() | {"username": BOT_USERNAME},
        "people": [person.as_user() for person in world.cast.people],
        "administrator": world.cast.administrator.id,
        "chats": [_chat(world, chat) for chat in world.chats.values()],
    }


def _chat(world: World, chat: Chat) -> JsonObject:
    talkers = [person for person in world.cast.people if chat.id == person.id or person.id in chat.members]
    return {
        "id": chat.id,
        "type": chat.kind,
        "title": chat.shown.get("title") or chat.shown.get("first_name"),
        "talkers": [person.id for person in talkers],
        "commands": {str(person.id): _commands(world, person, chat) for person in talkers},
        "descriptions": {str(person.id): _description(world, person) for person in talkers},
        "messages": list(chat.messages.values())[-HISTORY:],
        "reactions": {str(message_id): emoji for message_id, emoji in chat.reactions.items()},
        "pinned": list(chat.pinned),
        "keyboard": chat.keyboard,
        "bot_status": chat.bot_status,
        "migrated": chat.migrated_to is not None,
    }


def _commands(world: World, person: Person, chat: Chat) -> list[JsonObject]:
    return world.menu.seen_by(
        person.id, person.language_code, chat.id, administrator=chat.is_administrator(person.id)
    )


def _description(world: World, person: Person) -> str:
    texts = world.bot.descriptions
    return texts.get(person.language_code[:2], texts.get("", ""))
