"""What people do in their app: write, press a button, edit, send a file, block the bot."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from bot.local.detection import with_found
from bot.local.entities import Formatted, settled, utf16_length
from bot.local.methods.sending import origin
from bot.local.people import BOT_ID, BOT_USERNAME, Group, Person
from bot.local.texts import MAX_TEXT, as_fields
from bot.local.wire import whole_text

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.queries import Query
    from bot.local.wire import JsonObject, Upload
    from bot.local.world import World

MAX_INLINE_QUERY: Final = 256


class ImpossibleAct(ValueError):
    """A person's app would not let them do this; the text says why."""


class Acts:
    """The acts of the cast. Each does at once what Telegram would do, updates to the bot included."""

    def __init__(self, world: World) -> None:
        self._world = world

    def say(self, person: Person, chat: Chat, text: str, reply_to: int | None = None) -> JsonObject:
        """Write a message."""
        formatted = _typed(text)
        return self._post(person, chat, as_fields(formatted) | self._reply(chat, reply_to))

    def edit(self, person: Person, chat: Chat, message_id: int, text: str) -> JsonObject:
        """Change a message of one's own."""
        message = self._message(chat, message_id)
        if message["from"]["id"] != person.id or "text" not in message:
            msg = "only a text of one's own can be edited"
            raise ImpossibleAct(msg)
        kept = {name: value for name, value in message.items() if name not in {"text", "entities"}}
        edited = kept | as_fields(_typed(text)) | {"edit_date": self._world.timestamp()}
        self._world.replace(chat, edited)
        self._world.give("edited_message", chat, edited)
        return edited

    def send_file(
        self, person: Person, chat: Chat, upload: Upload, *, kind: str = "document", caption: str = ""
    ) -> JsonObject:
        """Send a file as a `document`, `photo`, `voice` or `sticker`."""
        file = self._world.files.keep(upload, f"{kind}s")
        fields: JsonObject = file.as_json()
        content: JsonObject
        if kind == "photo":
            content = {"photo": [fields | {"width": 640, "height": 480}]}
        elif kind == "voice":
            content = {"voice": fields | {"duration": 3, "mime_type": file.mime_type}}
        elif kind == "sticker":
            look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
            content = {"sticker": fields | look | {"emoji": "👍"}}
        elif kind == "document":
            content = {"document": fields | {"file_name": file.name, "mime_type": file.mime_type}}
        else:
            msg = f"nobody here can send a {kind}"
            raise ImpossibleAct(msg)
        if caption:
            content |= as_fields(_typed(caption), "caption", "caption_entities")
        return self._post(person, chat, content)

    def forward(self, person: Person, source: JsonObject, chat: Chat) -> JsonObject:
        """Forward a message into a chat."""
        names = ("text", "entities", "document", "photo", "voice", "sticker", "caption", "caption_entities")
        content = {name: source[name] for name in names if name in source}
        return self._post(person, chat, content | {"forward_origin": origin(source)})

    def press(self, person: Person, chat: Chat, message_id: int, row: int, column: int) -> Query:
        """Press a button that asks the bot."""
        message = self._message(chat, message_id)
        try:
            button = message["reply_markup"]["inline_keyboard"][row][column]
        except (KeyError, IndexError):
            msg = "the message has no such button"
            raise ImpossibleAct(msg) from None
        if "callback_data" not in button:
            msg = "this button does not ask the bot"
            raise ImpossibleAct(msg)
        query = self._world.callbacks.ask(person, chat.id, message_id)
        update: JsonObject = {
            "id": query.id,
            "from": person.as_user(),
            "chat_instance": _instance(chat.id),
            "data": button["callback_data"],
        }
        inline = self._inline_id(chat.id, message_id)
        update |= {"inline_message_id": inline} if inline else {"message": message}
        self._world.updates.put("callback_query", update)
        return query

    def ask_inline(self, person: Person, chat: Chat, text: str, offset: str = "") -> Query:
        """Type `@bot something` and wait for suggestions."""
        query = self._world.inlines.ask(person, chat.id)
        update: JsonObject = {
            "id": query.id,
            "from": person.as_user(),
            "query": whole_text(text)[:MAX_INLINE_QUERY],
            "offset": offset,
            "chat_type": "sender" if chat.is_private else chat.kind,
        }
        self._world.updates.put("inline_query", update)
        return query

    def choose(self, person: Person, chat: Chat, query: Query, result_id: str) -> JsonObject:
        """Send one of the suggestions."""
        results = (query.answer or {}).get("results", [])
        result = next((result for result in results if result["id"] == result_id), None)
        if result is None:
            msg = "there is no such suggestion"
            raise ImpossibleAct(msg)
        message = self._post(person, chat, result["message"] | {"via_bot": self._world.bot.as_user()})
        if "reply_markup" in message:
            self._world.inline_messages[f"in{secrets.token_urlsafe(18)}"] = (chat.id, message["message_id"])
        return message

    def delete(self, chat: Chat, message_id: int) -> None:
        """Take a message away; Telegram does not tell bots."""
        self._message(chat, message_id)
        self._world.remove(chat, message_id)

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

    def migrate(self, person: Person, chat: Chat) -> Chat:
        """Make a supergroup of a basic group; the old chat refuses from now on."""
        if chat.kind != "group" or chat.migrated_to is not None:
            msg = "only a basic group can become a supergroup"
            raise ImpossibleAct(msg)
        grown = self._world.open_group(Group(int(f"-100{abs(chat.id):010d}"), chat.shown["title"]))
        self._world.post_by_person(chat, person, {"migrate_to_chat_id": grown.id})
        chat.migrated_to = grown.id
        self._world.post_by_person(grown, person, {"migrate_from_chat_id": chat.id})
        return grown

    def _post(self, person: Person, chat: Chat, content: JsonObject) -> JsonObject:
        if chat.is_private and chat.id != person.id:
            msg = "this private chat is somebody else's"
            raise ImpossibleAct(msg)
        if chat.is_private and chat.bot_status == "kicked":
            self.unblock(person)
        return self._world.post_by_person(chat, person, content)

    def _reply(self, chat: Chat, message_id: int | None) -> JsonObject:
        quoted = None if message_id is None else self._world.quoted(chat, message_id)
        return {} if quoted is None else {"reply_to_message": quoted}

    def _message(self, chat: Chat, message_id: int) -> JsonObject:
        message = chat.message(message_id)
        if message is None:
            msg = "the message is gone"
            raise ImpossibleAct(msg)
        return message

    def _inline_id(self, chat_id: int, message_id: int) -> str | None:
        for inline, place in self._world.inline_messages.items():
            if place == (chat_id, message_id):
                return inline
        return None

    def _set_membership(self, person: Person, chat: Chat, status: str) -> None:
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
                "old_chat_member": self._bot_as_member(earlier),
                "new_chat_member": self._bot_as_member(status),
            },
        )

    def _bot_as_member(self, status: str) -> JsonObject:
        member: JsonObject = {"status": status, "user": self._world.bot.as_user()}
        return member | {"until_date": 0} if status == "kicked" else member


def addressed(text: str) -> str | None:
    """What is asked inline by a text that begins with the bot's name; None for other texts."""
    name, space, rest = text.partition(" ")
    return rest if space and name.lower() == f"@{BOT_USERNAME}" else None


def _typed(text: str) -> Formatted:
    formatted = settled(Formatted(whole_text(text)))
    if not formatted.text:
        msg = "an empty message cannot be sent"
        raise ImpossibleAct(msg)
    if utf16_length(formatted.text) > MAX_TEXT:
        msg = f"a message has at most {MAX_TEXT} characters"
        raise ImpossibleAct(msg)
    return with_found(formatted)


def _instance(chat_id: int) -> str:
    digest = hashlib.sha256(f"{BOT_ID}:{chat_id}".encode()).digest()
    return str(int.from_bytes(digest[:8], "big", signed=True))
