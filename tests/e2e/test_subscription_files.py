"""What a chat follows as a file: handed out, read back anywhere, and refused where it is wrong."""

import json

import pytest
from telegram import Message

from bot.local.wire import Upload
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import press
from tests.e2e.subscribers import QUESTION, followed, subscribe

NAME = "wenxun-subscriptions.json"
ONLY_ADMINS = "Only administrators of the group can change what it follows."


async def exported(stage: Stage) -> bytes:
    """The file with what Alice follows."""
    page = await stage.ask(stage.alice, "/subscriptions")
    await stage.telegram.press(stage.alice, page, "📤")
    message = await stage.telegram.wait_for_reply(stage.alice, after=page)
    assert message.document is not None
    assert message.document.file_name == NAME
    return stage.telegram.world.files.by_id(message.document.file_id).content


async def sent(stage: Stage, content: bytes, name: str = NAME, mime: str = "application/json") -> Message:
    """The bot's reply to a file that Alice sends."""
    said = await stage.telegram.send_file(stage.alice, Upload(name, mime, content))
    return await stage.telegram.wait_for_reply(stage.alice, after=said)


async def test_what_is_followed_goes_out_and_comes_back(bot: Stage) -> None:
    page = await subscribe(bot, bot.alice, f"{QUESTION} 来源:虚构财经 -公告")
    page = await press(bot, bot.alice, page, "🎯")
    await subscribe(bot, bot.alice, "港城园区融资额")
    before = await followed(bot, bot.alice)
    content = await exported(bot)
    assert "港城园区融资额" in content.decode()
    assert str(bot.alice.id) not in content.decode()
    for _ in before:
        listed = await bot.ask(bot.alice, "/subscriptions")
        await press(bot, bot.alice, await press(bot, bot.alice, listed, "1"), "🗑")
    assert await followed(bot, bot.alice) == ()
    reply = await sent(bot, content)
    assert text_of(reply).startswith(f"2 subscriptions were added:\n• {QUESTION}\n• 港城园区融资额")
    after = await followed(bot, bot.alice)
    assert [(each.inquiry.said, each.inquiry.scope, each.breadth, each.schedule) for each in after] == [
        (each.inquiry.said, each.inquiry.scope, each.breadth, each.schedule) for each in before
    ]
    assert {each.seen for each in after} == {await bot.services.store.published()}
    # Once more, and nothing is followed twice.
    again = await sent(bot, content, "subscriptions (2).JSON", "application/octet-stream")
    assert text_of(again) == "There is nothing in the file that is not followed here already."
    assert "2 of at most 50" in text_of(await press(bot, bot.alice, again, "◀ All"))
    assert await followed(bot, bot.alice) == after


async def test_nothing_is_exported_where_nothing_is_followed(bot: Stage) -> None:
    page = await subscribe(bot, bot.alice)
    listed = await bot.ask(bot.alice, "/subscriptions")
    await press(bot, bot.alice, page, "🗑")
    await bot.telegram.press(bot.alice, listed, "📤")
    reply = await bot.telegram.wait_for_reply(bot.alice, after=listed)
    assert text_of(reply) == "Nothing is followed here, so there is nothing to export."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "it is no JSON, or too large"),
        (b"\xff\xfe\x00", "it is no JSON, or too large"),
        (b"[" * 100_000, "it is no JSON, or too large"),
        (b"{}", "it is no file of subscriptions from here"),
        (b'{"questions": []}', "it is no file of subscriptions from here"),
        (b'{"format": "wenxun-subscriptions", "version": 9}', "version – a newer version wrote it"),
    ],
)
async def test_a_file_that_is_none_changes_nothing(bot: Stage, content: bytes, said: str) -> None:
    reply = await sent(bot, content)
    assert text_of(reply).startswith("I could not read this file, so nothing has changed:\n\n• ")
    assert said in text_of(reply)
    assert labels(reply) == []
    assert await followed(bot, bot.alice) == ()


async def test_all_that_is_wrong_is_named_and_nothing_is_done_by_half(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    written = json.loads(await exported(bot))
    good = written["subscriptions"][0]
    written["subscriptions"] = [
        good | {"question": "another one"},
        good | {"question": "x", "at": "25:00"},
        good | {"when": "<b>sometimes"},
        {"name": "nothing to follow"},
    ]
    text = text_of(await sent(bot, json.dumps(written).encode()))
    assert 'subscriptions[2].at – there is no such value; it could be "09:00"' in text
    assert "subscriptions[3].when" in text
    assert "subscriptions[4].question – this is missing" in text
    assert len(await followed(bot, bot.alice)) == 1


async def test_a_file_with_more_than_a_chat_can_follow_is_refused(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    written = json.loads(await exported(bot))
    good = written["subscriptions"][0]
    written["subscriptions"] = [good | {"question": f"question {number}"} for number in range(50)]
    text = text_of(await sent(bot, json.dumps(written).encode()))
    assert "a chat can follow at most 50" in text
    assert len(await followed(bot, bot.alice)) == 1


async def test_a_file_that_is_too_large_is_not_fetched(bot: Stage) -> None:
    reply = await sent(bot, b" " * 1_000_001)
    assert text_of(reply) == "This file is too large to be one with subscriptions."
    assert bot.sent("getFile") == 0


async def test_other_files_are_no_subscriptions(bot: Stage) -> None:
    reply = await sent(bot, b"news", "news.txt", "text/plain")
    assert text_of(reply).startswith("I can only read text.")


async def test_in_a_group_only_an_administrator_brings_one_that_is_meant_for_the_bot(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    upload = Upload(NAME, "application/json", await exported(bot))
    # Nobody speaks to the bot.
    said = await bot.telegram.send_file(bot.alice, upload, chat=bot.group)
    bot.telegram.world.updates.put("message", said.to_dict())
    await bot.idle()
    assert bot.said(bot.group) == []
    caption = f"@{bot.telegram.username}"
    said = await bot.telegram.send_file(bot.alice, upload, caption=caption, chat=bot.group)
    assert text_of(await bot.telegram.wait_for_reply(bot.group, after=said)).startswith(ONLY_ADMINS)
    owner = bot.telegram.people.administrator
    said = await bot.telegram.send_file(owner, upload, caption=caption, chat=bot.group)
    await bot.telegram.wait_for_reply(bot.group, after=said)
    await bot.idle()
    assert [each.inquiry.said for each in await followed(bot, bot.group)] == [QUESTION]
