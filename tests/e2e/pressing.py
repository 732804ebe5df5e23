"""People who press buttons, and one who brings back what no button carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.messages import labels

if TYPE_CHECKING:
    from telegram import Message

    from bot.local.people import Person
    from bot.local.wire import JsonObject
    from tests.e2e.conftest import Stage


async def press(stage: Stage, person: Person, message: Message, label: str) -> Message:
    """The message after a button was pressed that changes it."""
    await stage.telegram.press(person, message, label)
    return await stage.telegram.wait_for_edit(message)


async def told(stage: Stage, person: Person, message: Message, label: str) -> JsonObject:
    """The notice that a pressed button brings, when all is done."""
    answer = await stage.telegram.wait_for_answer(await stage.telegram.press(person, message, label))
    await stage.idle()
    return answer


async def forge(stage: Stage, person: Person, message: Message, data: str) -> JsonObject:
    """The notice that a forged button brings: the first of the message, with something else in it."""
    shown = stage.telegram.world.chats[message.chat_id].messages[message.message_id]
    shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    return await told(stage, person, message, labels(message)[0])


def newest(stage: Stage, message: Message) -> Message:
    """The message as it stands now."""
    return next(
        each for each in stage.telegram.messages(message.chat_id) if each.message_id == message.message_id
    )
