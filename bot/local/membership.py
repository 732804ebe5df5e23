"""What people do about anybody's standing: block, throw out, promote, grow, open topics, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.local.members import as_member
from bot.local.people import BOT_ID, Group, Person

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.wire import JsonObject
    from bot.local.world import World


class ImpossibleAct(ValueError):
    """A person's app would not let them do this; the text says why."""


class Membership:
    """The acts that change who is where. Each does at once what Telegram would do, updates included."""

    def __init__(self, world: World) -> None:
        self._world = world

    def block(self, person: Person) -> None:
        """Block the bot."""
        self._set_membership(person, self._world.chats[person.id], "kicked")

    def unblock(self, person: Person) -> None:
        """Let the bot write again."""
        self._set_membership(person, self._world.chats[person.id], "member")

    def kick_bot(self, person: Person, chat: Chat) -> None:
        """Throw the bot out of a group."""
        self._set_membership(person, chat, "kicked")
        self._world.post(chat, person.as_user(), {"left_chat_member": self._world.bot.as_user()})

    def add_bot(self, person: Person, chat: Chat) -> None:
        """Put the bot into a group."""
        self._set_membership(person, chat, "member")
        self._world.post_by_person(chat, person, {"new_chat_members": [self._world.bot.as_user()]})

    def promote_bot(self, person: Person, chat: Chat) -> None:
        """Make the bot one of those who run a group: it then sees everything that is said there."""
        self._check_run_by(person, chat)
        self._set_membership(person, chat, "administrator")

    def demote_bot(self, person: Person, chat: Chat) -> None:
        """Make the bot an ordinary member of a group."""
        self._check_run_by(person, chat)
        self._set_membership(person, chat, "member")

    def migrate(self, person: Person, chat: Chat) -> Chat:
        """Make a supergroup of a basic group; the old chat refuses from now on."""
        if chat.kind != "group" or chat.migrated_to is not None:
            msg = "only a basic group can become a supergroup"
            raise ImpossibleAct(msg)
        grown = self._world.open_group(Group(int(f"-100{abs(chat.id):010d}"), chat.shown["title"]))
        grown.members = dict(chat.members)
        grown.bot_status = chat.bot_status
        self._world.post_by_person(chat, person, {"migrate_to_chat_id": grown.id})
        chat.migrated_to = grown.id
        self._world.post_by_person(grown, person, {"migrate_from_chat_id": chat.id})
        self._world.changes.tell("chat", chat_id=chat.id)
        return grown

    def delete_account(self, person: Person) -> None:
        """Delete one's account, which leaves every group. Telegram tells no bot of it."""
        self._check_there(person)
        self._world.chats[person.id].deleted = True
        for chat in self._world.chats.values():
            chat.members.pop(person.id, None)
        self._world.changes.tell("chat", chat_id=person.id)

    def delete_group(self, person: Person, chat: Chat) -> None:
        """Delete a group for all who are in it. Telegram tells no bot of it."""
        self._check_there(person, chat)
        if chat.is_private or chat.members.get(person.id) != "creator":
            msg = "only who created a group can delete it"
            raise ImpossibleAct(msg)
        chat.deleted = True
        chat.members.clear()
        self._world.changes.tell("chat", chat_id=chat.id)

    def open_topic(self, person: Person, chat: Chat, name: str) -> JsonObject:
        """Open a topic in a forum; returns the message that says so."""
        if not chat.is_forum:
            msg = "only a forum has topics"
            raise ImpossibleAct(msg)
        if not (name := name.strip()):
            msg = "a topic needs a name"
            raise ImpossibleAct(msg)
        message = self._world.open_topic(chat, person, name[:128])
        self._world.give("message", chat, message)
        return message

    def _check_there(self, person: Person, chat: Chat | None = None) -> None:
        """See that there is still somebody to act, and somewhere."""
        if self._world.chats[person.id].deleted:
            msg = "this account is deleted"
            raise ImpossibleAct(msg)
        if chat is not None and chat.deleted:
            msg = "this group is deleted"
            raise ImpossibleAct(msg)

    def _check_run_by(self, person: Person, chat: Chat) -> None:
        if chat.is_private or not chat.is_administrator(person.id) or not chat.has_bot:
            msg = "only who runs a group decides who else runs it"
            raise ImpossibleAct(msg)

    def _set_membership(self, person: Person, chat: Chat, status: str) -> None:
        self._check_there(person, chat)
        earlier = "left" if chat.bot_status == "stranger" else chat.bot_status
        if earlier == status:
            return
        chat.bot_status = status
        chat.met = True
        self._world.changes.tell("membership", chat_id=chat.id, status=status)
        self._world.updates.put(
            "my_chat_member",
            {
                "chat": chat.shown,
                "from": person.as_user(),
                "date": self._world.timestamp(),
                "old_chat_member": as_member(self._world, chat, BOT_ID, earlier),
                "new_chat_member": as_member(self._world, chat, BOT_ID, status),
            },
        )
