"""Following a question: noted once for a chat, up to a limit, and taken back."""

from telegram import Message

from bot.inquiry import Inquiry
from bot.reply import Where
from bot.subscriptions import MAX_SUBSCRIPTIONS, Subscriptions
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels
from tests.e2e.pressing import forge, newest, press, told

QUESTION = "BW1803 授权总金额是多少"
NOTED = "The question is noted. Press the button again to stop following it."


def follows(stage: Stage) -> Subscriptions:
    """What the bot's chats follow."""
    bot_id = int(stage.telegram.token.partition(":")[0])
    return Subscriptions(stage.database, bot_id, stage.telegram.world.clock)


def key_of(message: Message) -> str:
    """The key that the buttons of an answer carry."""
    return str(button(message, "👍").callback_data).split(":")[1]


async def test_a_question_is_followed_and_no_longer(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, f"{QUESTION} 来源:虚构财经")
    notice = await told(bot, bot.alice, answer, "🔔 Follow")
    assert (notice["text"], notice["show_alert"]) == (NOTED, True)
    assert "🔔 Following" in labels(newest(bot, answer))
    (kept,) = await follows(bot).of_chat(bot.alice.id)
    assert (kept.inquiry.said, kept.inquiry.scope.sources) == (QUESTION, ("虚构财经",))
    notice = await told(bot, bot.alice, newest(bot, answer), "🔔 Following")
    assert notice["text"] == "You no longer follow this question."
    assert "🔔 Follow" in labels(newest(bot, answer))
    assert await follows(bot).of_chat(bot.alice.id) == ()


async def test_the_same_question_is_followed_once(bot: Stage) -> None:
    first = await bot.ask(bot.alice, QUESTION)
    await press(bot, bot.alice, first, "🔔 Follow")
    second = await bot.ask(bot.alice, QUESTION)
    assert "🔔 Following" in labels(second)
    for _ in range(3):  # as somebody presses who is impatient
        await forge(bot, bot.alice, first, f"f:{key_of(first)}:1:0")
    assert await follows(bot).count(bot.alice.id) == 1


async def test_it_is_still_followed_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        await press(stage, stage.alice, await stage.ask(stage.alice, QUESTION), "🔔 Follow")
    async with stage.running():
        assert "🔔 Following" in labels(await stage.ask(stage.alice, QUESTION))


async def test_a_chat_follows_no_more_than_the_limit(bot: Stage) -> None:
    store = follows(bot)
    for number in range(MAX_SUBSCRIPTIONS):
        inquiry = Inquiry(f"question {number}", bot.telegram.world.clock())
        await store.add(Where(bot.alice.id, None, bot.alice.id), inquiry)
    answer = await bot.ask(bot.alice, QUESTION)
    notice = await told(bot, bot.alice, answer, "🔔 Follow")
    assert notice["text"] == "A chat can follow 50 questions. Stop following another one first."
    assert notice["show_alert"]
    assert "🔔 Follow" in labels(newest(bot, answer))
    assert await store.count(bot.alice.id) == MAX_SUBSCRIPTIONS
    # Another chat is not held up.
    other = await bot.ask(bot.reader, QUESTION)
    await press(bot, bot.reader, other, "🔔")
    assert await store.count(bot.reader.id) == 1


async def test_a_group_follows_for_itself(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, f"/ask {QUESTION}", bot.group)
    await press(bot, bot.alice, answer, "🔔 Follow")
    (kept,) = await follows(bot).of_chat(bot.group.id)
    assert (kept.chat_id, kept.user_id) == (bot.group.id, bot.alice.id)
    assert "🔔 Follow" in labels(await bot.ask(bot.alice, QUESTION))
    assert "🔔 已关注" in labels(await bot.ask(bot.reader, f"/ask {QUESTION}", bot.group))


async def test_nobody_ends_what_another_chat_follows(bot: Stage) -> None:
    theirs = await bot.ask(bot.reader, QUESTION)
    await press(bot, bot.reader, theirs, "🔔")
    mine = await bot.ask(bot.alice, QUESTION)
    await forge(bot, bot.alice, mine, f"f:{key_of(theirs)}:0:0")
    await forge(bot, bot.alice, mine, f"f:{key_of(mine)}:0:0")
    assert await follows(bot).count(bot.reader.id) == 1
