"""What readers of the tests follow, and the messages about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.plans import CHOSEN
from bot.subscriptions import Subscriptions
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import press

if TYPE_CHECKING:
    from telegram import Message

    from bot.local.people import Group, Person
    from bot.subscription import Subscription
    from tests.e2e.conftest import Stage

QUESTION = "BW1803 授权总金额是多少"
FOLLOWED = "✅ Followed from now on:"


def store_of(stage: Stage) -> Subscriptions:
    """What the bot's chats follow."""
    bot_id = int(stage.telegram.token.partition(":")[0])
    return Subscriptions(stage.database, bot_id, stage.telegram.world.clock)


async def followed(stage: Stage, chat: Person | Group | int) -> tuple[Subscription, ...]:
    """What a chat follows."""
    return await store_of(stage).of_chat(chat if isinstance(chat, int) else chat.id)


async def subscribe(
    stage: Stage, person: Person, words: str = QUESTION, chat: Group | None = None
) -> Message:
    """The page of a subscription that somebody has made as it is offered."""
    draft = await stage.ask(person, f"/subscribe {words}", chat)
    return await press(stage, person, draft, "✅")


def chosen(message: Message) -> list[str]:
    """The labels of the buttons that are ticked."""
    return [label.removeprefix(CHOSEN) for label in labels(message) if label.startswith(CHOSEN)]


async def answer_to(stage: Stage, person: Person, message: Message, text: str) -> Message:
    """The bot's reply to what somebody writes in reply to a message."""
    chat = message.chat_id
    said = await stage.telegram.say(person, text, chat, reply_to=message)
    return await stage.telegram.wait_for_reply(chat, after=said)


def first_line(message: Message) -> str:
    """The first line of a message."""
    return text_of(message).splitlines()[0]
