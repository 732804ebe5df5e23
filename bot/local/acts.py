"""What people do in their app: write, press a button, edit, send a file, forward, react."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from bot.local import pictures
from bot.local.detection import with_found
from bot.local.entities import Formatted, settled, utf16_length
from bot.local.markup import parse_html
from bot.local.membership import ImpossibleAct, Membership
from bot.local.methods.editing import REACTIONS
from bot.local.methods.sending import origin
from bot.local.people import BOT_ID, BOT_USERNAME, Person
from bot.local.texts import MAX_TEXT, as_fields
from bot.local.topics import in_topic, thread_of
from bot.local.wire import whole_text

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.queries import Query
    from bot.local.wire import JsonObject, Upload

MAX_INLINE_QUERY: Final = 256


_UNKNOWN_SIZE: Final = (640, 480)


class Acts(Membership):
    """The acts of the cast. Each does at once what Telegram would do, updates to the bot included.

    `thread_id` is a topic of a forum; what answers something stands in its topic.
    """

    def say(
        self, person: Person, chat: Chat, text: str, reply_to: int | None = None, thread_id: int | None = None
    ) -> JsonObject:
        """Write a message."""
        formatted = _typed(text)
        return self._post(person, chat, as_fields(formatted) | self._place(chat, thread_id, reply_to))

    def edit(self, person: Person, chat: Chat, message_id: int, text: str) -> JsonObject:
        """Change a message of one's own."""
        self._check_there(person, chat)
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
        self,
        person: Person,
        chat: Chat,
        upload: Upload,
        *,
        kind: str = "document",
        caption: str = "",
        thread_id: int | None = None,
    ) -> JsonObject:
        """Send a file as a `document`, `photo`, `voice` or `sticker`."""
        file = self._world.files.keep(upload, f"{kind}s")
        fields: JsonObject = file.as_json()
        content: JsonObject
        if kind == "photo":
            width, height = pictures.size(upload.content) or _UNKNOWN_SIZE
            content = {"photo": [fields | {"width": width, "height": height}]}
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
        return self._post(person, chat, content | self._place(chat, thread_id))

    def forward(
        self, person: Person, source: JsonObject, chat: Chat, thread_id: int | None = None
    ) -> JsonObject:
        """Forward a message into a chat."""
        names = ("text", "entities", "document", "photo", "voice", "sticker", "caption", "caption_entities")
        content = {name: source[name] for name in names if name in source}
        if not content:
            msg = "such a message cannot be forwarded"
            raise ImpossibleAct(msg)
        content |= {"forward_origin": origin(self._world, source)}
        return self._post(person, chat, content | self._place(chat, thread_id))

    def forward_post(
        self, person: Person, post_id: int, chat: Chat, thread_id: int | None = None
    ) -> JsonObject:
        """Forward a post of the channel into a chat."""
        channel = self._world.cast.channel
        post = channel.post(post_id)
        come_from: JsonObject = {
            "type": "channel",
            "date": self._world.timestamp() - 3600 * post.age,
            "chat": channel.as_chat(),
            "message_id": post.id,
        }
        content = as_fields(with_found(settled(parse_html(post.html)))) | {"forward_origin": come_from}
        return self._post(person, chat, content | self._place(chat, thread_id))

    def react(self, person: Person, chat: Chat, message_id: int, emoji: str) -> None:
        """React to a message with an emoji; the same once more, or an empty one, takes it back."""
        self._check_there(person, chat)
        self._message(chat, message_id)
        if emoji and emoji not in REACTIONS:
            msg = "there is no such reaction"
            raise ImpossibleAct(msg)
        given = chat.people_reactions.setdefault(message_id, {})
        before = given.pop(person.id, "")
        now = "" if emoji == before else emoji
        if now:
            given[person.id] = now
        shown = chat.reactions_to(message_id)
        self._world.changes.tell("reaction", chat_id=chat.id, message_id=message_id, emoji=shown)
        if before == now or not chat.has_bot or not (chat.is_private or chat.is_administrator(BOT_ID)):
            return
        self._world.updates.put(
            "message_reaction",
            {
                "chat": chat.shown,
                "message_id": message_id,
                "user": person.as_user(),
                "date": self._world.timestamp(),
                "old_reaction": [{"type": "emoji", "emoji": before}] if before else [],
                "new_reaction": [{"type": "emoji", "emoji": now}] if now else [],
            },
        )

    def press(self, person: Person, chat: Chat, message_id: int, row: int, column: int) -> Query:
        """Press a button that asks the bot."""
        self._check_there(person, chat)
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
        self._check_there(person, chat)
        text = whole_text(text)[:MAX_INLINE_QUERY]
        query = self._world.inlines.ask(person, chat.id, text=text, offset=offset)
        known = self._world.inline_cache.find(query)
        if known is not None:
            return self._world.inlines.answer(query.id, known)
        update: JsonObject = {
            "id": query.id,
            "from": person.as_user(),
            "query": text,
            "offset": offset,
            "chat_type": "sender" if chat.is_private else chat.kind,
        }
        self._world.updates.put("inline_query", update)
        return query

    def choose(
        self, person: Person, chat: Chat, query: Query, result_id: str, thread_id: int | None = None
    ) -> JsonObject:
        """Send one of the suggestions."""
        results = (query.answer or {}).get("results", [])
        result = next((result for result in results if result["id"] == result_id), None)
        if result is None:
            msg = "there is no such suggestion"
            raise ImpossibleAct(msg)
        content = result["message"] | {"via_bot": self._world.bot.as_user()}
        message = self._post(person, chat, content | self._place(chat, thread_id))
        chosen: JsonObject = {"result_id": result_id, "from": person.as_user(), "query": query.text}
        if "reply_markup" in message:
            inline = f"in{secrets.token_urlsafe(18)}"
            self._world.inline_messages[inline] = (chat.id, message["message_id"])
            chosen["inline_message_id"] = inline
        self._world.updates.put("chosen_inline_result", chosen)
        return message

    def delete(self, chat: Chat, message_id: int) -> None:
        """Take a message away; Telegram does not tell bots."""
        self._message(chat, message_id)
        self._world.remove(chat, message_id)

    def _post(self, person: Person, chat: Chat, content: JsonObject) -> JsonObject:
        self._check_there(person, chat)
        if chat.is_private and chat.id != person.id:
            msg = "this private chat is somebody else's"
            raise ImpossibleAct(msg)
        if chat.is_private and chat.bot_status == "kicked":
            self.unblock(person)
        return self._world.post_by_person(chat, person, content)

    def _place(self, chat: Chat, thread_id: int | None, reply_to: int | None = None) -> JsonObject:
        """The topic a message stands in, and what it answers."""
        if thread_id is not None and thread_id not in chat.topics:
            msg = "there is no such topic"
            raise ImpossibleAct(msg)
        quoted = None if reply_to is None else self._world.quoted(chat, reply_to)
        place = in_topic(chat, thread_of(quoted) if thread_id is None else thread_id)
        return place if quoted is None else place | {"reply_to_message": quoted}

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
