"""The local Telegram: one server with the Bot API and the chat page, and what tests do with it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from aiohttp import web
from telegram import Message

from bot.local.acts import Acts
from bot.local.api import BotApi
from bot.local.files import LARGEST_UPLOAD
from bot.local.guard import guard
from bot.local.page import Page
from bot.local.people import BOT_ID, BOT_USERNAME, Cast, Group, Person
from bot.local.world import Call, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from bot.local.chats import Chat
    from bot.local.faults import Faults
    from bot.local.queries import Query
    from bot.local.wire import JsonObject, Upload

HOST: Final = "127.0.0.1"
_LARGEST_BODY: Final = LARGEST_UPLOAD + 2**20
_GRACE: Final = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


class LocalTelegram:
    """Telegram on loopback, for trying and testing a bot without Telegram.

    Use it as an async context manager. `port` 0 takes a free one; `clock` returns an
    aware time and drives dates, floods and the age of queries; with `floods=False`
    nothing is refused for being too fast. `token` is made up unless it is given.
    """

    username: Final = BOT_USERNAME

    def __init__(
        self,
        port: int = 0,
        *,
        token: str | None = None,
        clock: Callable[[], datetime] = _now,
        floods: bool = True,
    ) -> None:
        self.token = token or f"{BOT_ID}:{secrets.token_urlsafe(27)[:35]}"
        self.world = World(clock=clock, floods=floods)
        self.acts = Acts(self.world)
        self._port = port
        self._api = BotApi(self.world, self.token)
        self._page = Page(self.world, self.acts)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[guard])
        self._api.add_routes(app.router)
        self._page.add_routes(app.router)
        app.on_shutdown.append(self._end_waiting)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _end_waiting(self, _app: web.Application) -> None:
        self.world.changes.close()
        await self._api.delivery.close()

    @property
    def url(self) -> str:
        """The root of the Bot API: calls go to `<url>/bot<token>/<method>`."""
        return f"http://{HOST}:{self._port}"

    @property
    def page_url(self) -> str:
        """The address of the chat page."""
        return f"{self.url}/"

    @property
    def people(self) -> Cast:
        """Who is there.

        `reader`, `administrator`, `second_reader`, `third_reader`; the `group`, `forum` and
        `small_group` they share; the `channel` they forward from.
        """
        return self.world.cast

    @property
    def faults(self) -> Faults:
        """What the next calls shall meet."""
        return self.world.faults

    @property
    def calls(self) -> tuple[Call, ...]:
        """The bot's calls so far, oldest first."""
        return tuple(self.world.calls)

    def messages(self, chat: Person | Group | int) -> tuple[Message, ...]:
        """What stands in a chat now, oldest first."""
        return tuple(_message(message) for message in self._chat(chat).messages.values())

    def action(self, chat: Person | Group | int) -> str | None:
        """What the bot is shown doing in a chat, such as "typing"."""
        return self._chat(chat).action

    def draft(self, chat: Person | int) -> JsonObject | None:
        """The draft that a private chat shows now: `draft_id`, `text`, `entities`."""
        draft = self._chat(chat).draft
        return None if draft is None or draft["until"] <= self.world.timestamp() else draft

    async def say(
        self,
        person: Person | int,
        text: str,
        chat: Person | Group | int | None = None,
        reply_to: Message | int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """A person writes a message, in their private chat unless another is named, or in a forum's topic."""
        target = reply_to.message_id if isinstance(reply_to, Message) else reply_to
        place = self._chat(person if chat is None else chat)
        return _message(self.acts.say(self._person(person), place, text, target, thread_id))

    async def edit(self, person: Person | int, message: Message, text: str) -> Message:
        """A person changes a message of their own."""
        return _message(
            self.acts.edit(self._person(person), self._chat(message.chat_id), message.message_id, text)
        )

    async def send_file(
        self,
        person: Person | int,
        upload: Upload,
        *,
        kind: str = "document",
        caption: str = "",
        chat: Person | Group | int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """A person sends a file: a `document`, `photo`, `voice` or `sticker`."""
        place = self._chat(person if chat is None else chat)
        options = {"kind": kind, "caption": caption}
        sent = self.acts.send_file(self._person(person), place, upload, thread_id=thread_id, **options)
        return _message(sent)

    async def forward(
        self,
        person: Person | int,
        message: Message,
        chat: Person | Group | int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """A person forwards a message."""
        source = self._chat(message.chat_id).message(message.message_id)
        if source is None:
            msg = "the message is gone"
            raise ValueError(msg)
        place = self._chat(person if chat is None else chat)
        return _message(self.acts.forward(self._person(person), source, place, thread_id))

    async def forward_post(
        self,
        person: Person | int,
        post_id: int,
        chat: Person | Group | int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """A person forwards a post of the channel (`people.channel`)."""
        place = self._chat(person if chat is None else chat)
        return _message(self.acts.forward_post(self._person(person), post_id, place, thread_id))

    async def open_topic(self, person: Person | int, name: str, chat: Group | int | None = None) -> int:
        """A person opens a topic, in the forum of the cast unless another is named; returns its id."""
        place = self._chat(self.people.forum if chat is None else chat)
        return int(self.acts.open_topic(self._person(person), place, name)["message_id"])

    async def react(self, person: Person | int, message: Message, emoji: str) -> None:
        """A person reacts to a message; the same emoji once more takes it back."""
        self.acts.react(self._person(person), self._chat(message.chat_id), message.message_id, emoji)

    async def press(self, person: Person | int, message: Message, button_text: str) -> Query:
        """A person presses the button with this text (or one that begins with it)."""
        chat = self._chat(message.chat_id)
        now = chat.message(message.message_id) or {}
        rows: list[list[JsonObject]] = now.get("reply_markup", {}).get("inline_keyboard", [])
        places = [
            (button["text"] != button_text, row, column)
            for row, buttons in enumerate(rows)
            for column, button in enumerate(buttons)
            if button["text"].startswith(button_text)
        ]
        if not places:
            texts = [button["text"] for buttons in rows for button in buttons]
            msg = f"no button begins with {button_text!r}; there are {texts}"
            raise ValueError(msg)
        _, row, column = min(places)
        return self.acts.press(self._person(person), chat, message.message_id, row, column)

    async def ask_inline(
        self,
        person: Person | int,
        text: str,
        chat: Person | Group | int | None = None,
        offset: str = "",
    ) -> Query:
        """A person types `@wenxun_local_bot text`, in their private chat unless another is named."""
        place = self._chat(person if chat is None else chat)
        return self.acts.ask_inline(self._person(person), place, text, offset)

    async def choose(self, query: Query, result_id: str, thread_id: int | None = None) -> Message:
        """The person who asked inline sends one of the suggestions."""
        return _message(
            self.acts.choose(query.person, self._chat(query.chat_id), query, result_id, thread_id)
        )

    async def block(self, person: Person | int) -> None:
        """A person blocks the bot."""
        self.acts.block(self._person(person))

    async def unblock(self, person: Person | int) -> None:
        """A person lets the bot write again."""
        self.acts.unblock(self._person(person))

    async def delete_account(self, person: Person | int) -> None:
        """A person deletes their account."""
        self.acts.delete_account(self._person(person))

    async def delete_group(self, person: Person | int, chat: Group | int) -> None:
        """Who created a group deletes it."""
        self.acts.delete_group(self._person(person), self._chat(chat))

    async def wait_for_reply(
        self,
        chat: Person | Group | int,
        after: Message | int = 0,
        timeout: float = 10,  # noqa: ASYNC109 - said in the error
    ) -> Message:
        """The bot's first message in a chat that is newer than `after`.

        Raises:
            TimeoutError: none came in time.
        """
        bound = after.message_id if isinstance(after, Message) else after
        place = self._chat(chat)

        def look() -> Message | None:
            for message in place.messages.values():
                if message["message_id"] > bound and message["from"]["id"] == BOT_ID:
                    return _message(message)
            return None

        return await self.world.changes.until(look, timeout)

    async def wait_for_edit(
        self,
        message: Message,
        timeout: float = 10,  # noqa: ASYNC109 - said in the error
    ) -> Message:
        """The message, once it differs from how it is given here.

        Raises:
            TimeoutError: it did not change in time.
        """
        place = self._chat(message.chat_id)
        given = message.to_dict()

        def look() -> Message | None:
            current = place.message(message.message_id)
            changed = None if current is None else _message(current)
            return changed if changed is not None and changed.to_dict() != given else None

        return await self.world.changes.until(look, timeout)

    async def wait_for_answer(self, query: Query, timeout: float = 10) -> JsonObject:  # noqa: ASYNC109 - said in the error
        """How the bot answered a pressed button or an inline question.

        Raises:
            TimeoutError: it did not in time.
        """
        return await self.world.changes.until(lambda: query.answer, timeout)

    async def wait_for_call(
        self,
        method: str,
        count: int = 1,
        timeout: float = 10,  # noqa: ASYNC109 - said in the error
    ) -> Call:
        """The `count`-th call of a method.

        Raises:
            TimeoutError: there were not so many in time.
        """

        def look() -> Call | None:
            calls = [call for call in self.world.calls if call.method == method]
            return calls[count - 1] if len(calls) >= count else None

        return await self.world.changes.until(look, timeout)

    def _chat(self, chat: Person | Group | int) -> Chat:
        return self.world.chats[chat if isinstance(chat, int) else chat.id]

    def _person(self, person: Person | int) -> Person:
        return person if isinstance(person, Person) else self.world.cast.person(person)


def _message(message: JsonObject) -> Message:
    return Message.de_json(dict(message), None)
