"""What readers think of answers: 👍 or 👎, changed and taken back, with a reason."""

import pytest
from sqlalchemy import select
from telegram import Message

from bot.feedback import feedback
from bot.rendering.card_buttons import REASONS
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, text_of
from tests.e2e.pressing import forge, newest, press, told

QUESTION = "BW1803 授权总金额是多少"


def key_of(message: Message) -> str:
    """The key that the buttons of an answer carry."""
    return str(button(message, "👍").callback_data).split(":")[1]


async def opinions(stage: Stage) -> list[tuple[int, int, str | None]]:
    """Who thinks what of any answer, and why."""
    async with stage.database.connection() as connection:
        columns = select(feedback.c.user_id, feedback.c.value, feedback.c.reason)
        return [tuple(row) for row in await connection.execute(columns.order_by(feedback.c.user_id))]


async def test_a_thumb_is_marked_and_pressed_again_it_is_taken_back(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, QUESTION)
    assert (await told(bot, bot.alice, answer, "👍"))["text"] == "Thank you."
    assert "👍 ✓" in labels(newest(bot, answer))
    assert await opinions(bot) == [(bot.alice.id, 1, None)]
    assert not (await told(bot, bot.alice, newest(bot, answer), "👍 ✓"))["text"]
    assert labels(newest(bot, answer)) == labels(answer)
    assert await opinions(bot) == []


@pytest.mark.parametrize("reason", REASONS)
async def test_after_a_thumb_down_a_reason_may_be_given(bot: Stage, reason: str) -> None:
    answer = await bot.ask(bot.alice, QUESTION)
    asked = await press(bot, bot.alice, answer, "👎")
    assert set(REASONS) <= set(labels(asked))
    assert text_of(asked) == text_of(answer)
    assert await opinions(bot) == [(bot.alice.id, -1, None)]
    assert (await told(bot, bot.alice, asked, reason))["text"] == "Thank you."
    assert await opinions(bot) == [(bot.alice.id, -1, reason)]
    assert set(REASONS).isdisjoint(labels(newest(bot, answer)))
    assert "👎 ✓" in labels(newest(bot, answer))


async def test_another_opinion_takes_the_place_of_the_first_and_of_its_reason(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, QUESTION)
    asked = await press(bot, bot.alice, answer, "👎")
    given = await press(bot, bot.alice, asked, REASONS[0])
    await press(bot, bot.alice, given, "👍")
    assert await opinions(bot) == [(bot.alice.id, 1, None)]
    assert {"👍 ✓", "👎"} <= set(labels(newest(bot, answer)))


async def test_a_group_shows_nobodys_opinion_to_the_others(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, f"/ask {QUESTION}", bot.group)
    await told(bot, bot.reader, answer, "👍")
    await told(bot, bot.alice, newest(bot, answer), "👎")
    assert "👍" in labels(newest(bot, answer))
    assert not any(label.endswith("✓") for label in labels(newest(bot, answer)))
    assert await opinions(bot) == [(bot.reader.id, 1, None), (bot.alice.id, -1, None)]


@pytest.mark.parametrize(("place", "kept"), [("999999", REASONS[-1]), ("0", REASONS[0])])
async def test_a_reason_that_there_is_not_is_the_last(bot: Stage, place: str, kept: str) -> None:
    answer = await bot.ask(bot.alice, QUESTION)
    await forge(bot, bot.alice, answer, f"r:{key_of(answer)}:{place}:0")
    assert await opinions(bot) == [(bot.alice.id, -1, kept)]


async def test_nobody_judges_an_answer_of_another_chat(bot: Stage) -> None:
    theirs = await bot.ask(bot.reader, QUESTION)
    mine = await bot.ask(bot.alice, QUESTION)
    for act in "udr":
        assert "too old" in (await forge(bot, bot.alice, mine, f"{act}:{key_of(theirs)}:0"))["text"]
    assert await opinions(bot) == []


async def test_opinions_are_kept_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        answer = await press(stage, stage.alice, await stage.ask(stage.alice, QUESTION), "👍")
    async with stage.running():
        newer = await press(stage, stage.alice, answer, "Why this?")
        back = await press(stage, stage.alice, newer, "↩")
    assert "👍 ✓" in labels(back)
