"""Everything the page needs to draw itself: sent when it connects, and when much changes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.local.markup import parse_html
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
        "channel": _channel(world),
        "chats": [_chat(world, chat) for chat in world.chats.values()],
    }


def _channel(world: World) -> JsonObject:
    """The channel whose posts people can forward; their text without formatting."""
    channel = world.cast.channel
    posts = [{"id": post.id, "text": parse_html(post.html).text} for post in channel.posts]
    return {"title": channel.title, "posts": posts}


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
        "reactions": {
            str(message_id): chat.reactions_to(message_id)
            for message_id in chat.reactions.keys() | chat.people_reactions.keys()
        },
        "pinned": list(chat.pinned),
        "keyboard": chat.keyboard,
        "topics": [topic.as_json() for topic in chat.topics.values()],
        "is_forum": chat.is_forum,
        "draft": chat.draft if chat.draft and chat.draft["until"] > world.timestamp() else None,
        "administrators": [person.id for person in talkers if chat.is_administrator(person.id)],
        "bot_status": chat.bot_status,
        "migrated_to": chat.migrated_to,
        "creator": next((each for each, status in chat.members.items() if status == "creator"), None),
        "deleted": chat.deleted,
    }


def _commands(world: World, person: Person, chat: Chat) -> list[JsonObject]:
    return world.menu.seen_by(
        person.id, person.language_code, chat.id, administrator=chat.is_administrator(person.id)
    )


def _description(world: World, person: Person) -> str:
    texts = world.bot.descriptions
    return texts.get(person.language_code[:2], texts.get("", ""))
