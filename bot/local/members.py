"""Who is in a chat and as what, as the Bot API tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.local.people import BOT_ID

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.wire import JsonObject
    from bot.local.world import World

_RIGHTS: Final = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
_NOT_GIVEN: Final = ("can_be_edited", "is_anonymous", "can_promote_members")


def status_of(world: World, chat: Chat, user_id: int) -> str | None:
    """What somebody is in a chat; None for somebody nobody knows."""
    if chat.is_private:
        return "member" if user_id in {chat.id, BOT_ID} else None
    if user_id == BOT_ID:
        return chat.bot_status
    known = any(person.id == user_id for person in world.cast.people)
    return chat.members.get(user_id, "left" if known else None)


def as_member(world: World, chat: Chat, user_id: int, status: str) -> JsonObject:
    """Somebody as the Bot API's ChatMember with a status."""
    user = world.bot.as_user() if user_id == BOT_ID else world.cast.person(user_id).as_user()
    member: JsonObject = {"status": status, "user": user}
    if status == "creator":
        return member | {"is_anonymous": False}
    if status == "administrator":
        topics = {"can_manage_topics": True} if chat.is_forum else {}
        return member | dict.fromkeys(_RIGHTS, True) | dict.fromkeys(_NOT_GIVEN, False) | topics
    if status == "kicked":
        return member | {"until_date": 0}
    return member
