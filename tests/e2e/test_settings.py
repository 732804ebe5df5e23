"""What a chat chooses: language, time zone, how many excerpts, the order, and who may ask in a group."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from telegram import Message

from bot.local.people import Group, Person
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, text_of
from tests.e2e.news import DEAL
from tests.e2e.pressing import forge, newest, press, told

QUESTION = "白鹭大桥主跨合龙多少米？"
DEAD = "This button no longer works."
ONLY_ADMINS = "Only administrators of the group can change its settings."


def numbers(message: Message) -> list[str]:
    """The numbers of the excerpts that an answer has."""
    return [line.split(".")[0] for line in text_of(message).splitlines() if line[:2] in {"1.", "2.", "3."}]


def as_anonymous(message: Message, group: Group) -> dict[str, object]:
    """A message as it is when an administrator hides behind the group."""
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    return message.to_dict() | {"from": hidden, "sender_chat": group.as_chat()}


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("繁體中文", "我不認識這個指令"),
        ("简体中文", "我不认识这个命令"),
        ("English", "I do not know this command"),
    ],
)
async def test_the_chosen_language_is_spoken_whatever_telegram_is_set_to(
    bot: Stage, name: str, spoken: str
) -> None:
    settings = await bot.ask(bot.alice, "/settings")
    assert "Language: automatic" in text_of(settings)
    languages = await press(bot, bot.alice, settings, "🌐")
    assert "✓ automatic, as in your Telegram" in labels(languages)
    chosen = await press(bot, bot.alice, languages, name)
    assert name in text_of(chosen)
    again = await press(bot, bot.alice, chosen, "🌐")
    assert f"✓ {name}" in labels(again)
    assert spoken in text_of(await bot.ask(bot.alice, "/foo"))


async def test_an_automatic_language_is_telegrams_again(bot: Stage) -> None:
    settings = await bot.ask(bot.reader, "/settings")
    english = await press(bot, bot.reader, await press(bot, bot.reader, settings, "🌐"), "English")
    assert text_of(english).startswith("Settings")
    automatic = await press(bot, bot.reader, await press(bot, bot.reader, english, "🌐"), "automatic")
    assert text_of(automatic).startswith("设置")
    assert "我不认识这个命令" in text_of(await bot.ask(bot.reader, "/foo"))


@pytest.mark.parametrize(("person", "spoken"), [("third_reader", "我不認識這個指令"), ("reader", "我不认识")])
async def test_the_language_of_telegram_is_spoken_until_another_is_chosen(
    bot: Stage, person: str, spoken: str
) -> None:
    assert spoken in text_of(await bot.ask(getattr(bot.telegram.people, person), "/foo"))


async def test_a_zone_is_chosen_by_a_button(bot: Stage) -> None:
    settings = await bot.ask(bot.alice, "/settings")
    zones = await press(bot, bot.alice, settings, "🕗")
    chosen = await press(bot, bot.alice, zones, "Tokyo")
    assert "Time zone: Tokyo (UTC+9), now " in text_of(chosen)
    assert any(label.startswith("✓ Tokyo") for label in labels(await press(bot, bot.alice, chosen, "🕗")))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Asia/Tokyo", "Tokyo (UTC+9)"),
        ("kolkata", "Kolkata (UTC+5:30)"),
        ("北京", "Beijing (UTC+8)"),
        ("UTC-3", "UTC−3"),
    ],
)
async def test_a_zone_is_typed(bot: Stage, typed: str, shown: str) -> None:
    assert f"Time zone: {shown}, now " in text_of(await bot.ask(bot.alice, f"/settings zone {typed}"))


@pytest.mark.parametrize(
    "typed", ["Atlantis", "../../etc/passwd", "UTC+99", "Factory", "localtime", "x" * 3000]
)
async def test_a_zone_that_there_is_not_changes_nothing(bot: Stage, typed: str) -> None:
    await bot.ask(bot.alice, "/settings zone Tokyo")
    refused = text_of(await bot.ask(bot.alice, f"/settings zone {typed}"))
    assert refused.startswith("I know no time zone “")
    assert len(refused) < 300
    assert "Tokyo" in text_of(await bot.ask(bot.alice, "/settings"))


async def test_todays_date_and_times_follow_the_zone(stage: Stage) -> None:
    # Half an hour before midnight in Greenwich it is already the next day in Tokyo.
    moment = datetime(2025, 5, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    stage.telegram.world.clock = lambda: moment
    async with stage.running():
        for zone, today in (("UTC", "2025-05-31"), ("Tokyo", "2025-06-01")):
            await stage.ask(stage.alice, f"/settings zone {zone}")
            asked = await stage.ask(stage.alice, "港城园区今天的融资额是多少？")
            why = text_of(await press(stage, stage.alice, asked, "Why this?"))
            assert today in why
        # The times of day too: this question was asked now.
        now = datetime.now(ZoneInfo("Asia/Tokyo"))
        assert f"{now:%Y-%m-%d %H:}" in text_of(await stage.ask(stage.alice, "/history"))


async def test_as_many_excerpts_as_were_chosen_in_the_order_that_was(library: Stage) -> None:
    settings = await library.ask(library.alice, "/settings")
    fewer = await press(library, library.alice, settings, "2")
    assert "Excerpts in an answer: 2" in text_of(fewer)
    assert numbers(await library.ask(library.alice, QUESTION)) == ["1", "2"]
    newer = await press(library, library.alice, fewer, "🕒")
    assert "Order: 🕒 newest first" in text_of(newer)
    answer = await library.ask(library.alice, QUESTION)
    assert "2025-10-07" in text_of(answer).split("\n2. ", 1)[0]
    assert "⭐ Best first" in labels(answer)


async def test_what_was_chosen_is_kept_after_a_restart(shelf: Stage) -> None:
    async with shelf.running():
        settings = await shelf.ask(shelf.alice, "/settings zone Tokyo")
        for label in ("1", "🕒"):
            settings = await press(shelf, shelf.alice, settings, label)
        languages = await press(shelf, shelf.alice, settings, "🌐")
        await press(shelf, shelf.alice, languages, "简体")
    async with shelf.running():
        again = text_of(await shelf.ask(shelf.alice, "/settings"))
        for kept in ("简体中文", "东京", "1", "🕒 最新在前"):
            assert kept in again
        assert "设置" in again
        # And buttons from before the restart go on working.
        back = await press(shelf, shelf.alice, newest(shelf, languages), "⭐")
        assert "⭐ 最相关在前" in text_of(back)


async def test_one_readers_choice_is_not_anothers(bot: Stage) -> None:
    settings = await bot.ask(bot.alice, "/settings")
    await press(bot, bot.alice, await press(bot, bot.alice, settings, "🌐"), "繁體")
    assert "我不认识" in text_of(await bot.ask(bot.reader, "/foo"))


@pytest.mark.parametrize(
    "data",
    [
        "set:",
        "set:zone:Mars/Base",
        "set:zone:../../etc/passwd",
        "set:zone:Factory",
        "set:zone:localtime",
        "set:lang:xx",
        "set:excerpts:0",
        "set:excerpts:99999999999999999999",
        "set:excerpts:３",
        "set:order:worst",
        "set:askers:nobody",
        "set:home:1",
        "set:password:1",
    ],
)
async def test_a_forged_choice_changes_nothing(bot: Stage, data: str) -> None:
    settings = await bot.ask(bot.alice, "/settings")
    notice = await forge(bot, bot.alice, settings, data)
    assert notice["text"] == DEAD
    assert text_of(await bot.ask(bot.alice, "/settings")).split("now")[0] == text_of(settings).split("now")[0]


async def test_in_a_group_only_administrators_choose(bot: Stage) -> None:
    owner, member = group_people(bot)
    shown = await bot.ask(member, "/settings", bot.group)
    assert "Only administrators of the group can change them." in text_of(shown)
    assert labels(shown) == []
    refused = await bot.ask(member, "/settings zone Tokyo", bot.group)
    assert "Tokyo" not in text_of(refused)
    page = await bot.ask(owner, "/settings", bot.group)
    notice = await told(bot, member, page, "2")
    assert notice["text"] == ONLY_ADMINS
    assert notice["show_alert"]
    assert text_of(newest(bot, page)) == text_of(page)
    languages = await press(bot, owner, page, "🌐")
    await press(bot, owner, languages, "English")
    assert "I do not know" in text_of(await bot.ask(bot.reader, "/foo@wenxun_local_bot", bot.group))
    # The group's choice is not its members'.
    assert "我不认识" in text_of(await bot.ask(bot.reader, "/foo"))


async def test_an_anonymous_administrator_chooses_too(bot: Stage) -> None:
    said = await bot.telegram.say(bot.alice, "hello", bot.group)
    command = {"type": "bot_command", "offset": 0, "length": 9}
    text = {"text": "/settings zone Tokyo", "entities": [command]}
    bot.telegram.world.updates.put("message", as_anonymous(said, bot.group) | text)
    reply = await bot.telegram.wait_for_reply(bot.group)
    assert "Tokyo" in text_of(reply) or "东京" in text_of(reply)
    assert labels(reply) != []


async def test_who_speaks_as_a_channel_is_no_administrator(bot: Stage) -> None:
    said = await bot.telegram.say(bot.alice, "hello", bot.group)
    channel = {"id": -1009999999999, "title": "X", "type": "channel"}
    through = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    command = {"type": "bot_command", "offset": 0, "length": 9}
    text = {"text": "/settings zone Tokyo", "entities": [command], "from": through, "sender_chat": channel}
    bot.telegram.world.updates.put("message", said.to_dict() | text)
    reply = await bot.telegram.wait_for_reply(bot.group)
    assert "Only administrators of the group can change them." in text_of(reply)
    assert "Tokyo" not in text_of(reply)


async def test_a_group_may_leave_asking_to_its_administrators(bot: Stage) -> None:
    owner, member = group_people(bot)
    page = await bot.ask(owner, "/settings", bot.group)
    earlier = await bot.ask(member, "/ask BW1803 授权总金额是多少", bot.group)
    welcome = await bot.ask(member, "/start", bot.group)
    await press(bot, owner, page, "only administrators" if "Settings" in text_of(page) else "仅管理员")
    refusal = "In this group only administrators may ask me."
    for said in ("/ask BW1803", "@wenxun_local_bot BW1803", "/timeline BW1803"):
        assert text_of(await bot.ask(member, said, bot.group)).startswith(refusal)
    before = bot.said(bot.group)
    assert (await told(bot, member, earlier, "👍"))["text"] == refusal
    assert (await told(bot, member, welcome, labels(welcome)[0][:4]))["text"] == refusal
    assert bot.said(bot.group) == before
    assert DEAL in text_of(await bot.ask(owner, "/ask BW1803 授权总金额是多少", bot.group))
    # In private everybody may ask.
    assert DEAL in text_of(await bot.ask(member, "BW1803 授权总金额是多少"))


def group_people(stage: Stage) -> tuple[Person, Person]:
    """Somebody who runs the group, and somebody who does not, who reads English."""
    chat = stage.telegram.world.chats[stage.group.id]
    owner = next(each for each in stage.telegram.people.people if chat.is_administrator(each.id))
    assert not chat.is_administrator(stage.alice.id)
    return owner, stage.alice
