"""Sending, editing and deleting, and what is refused there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import InputFile, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, Forbidden

if TYPE_CHECKING:
    from telegram import Bot

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import HandClock, Raw

READER = 1001
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


@pytest.mark.usefixtures("met")
async def test_a_message_arrives_with_its_entities(bot: Bot, server: LocalTelegram) -> None:
    sent = await bot.send_message(READER, "<b>粗</b> <blockquote>引</blockquote>", parse_mode="HTML")
    assert server.messages(READER)[-1].text_html == "<b>粗</b> <blockquote>引</blockquote>"
    assert sent.from_user is not None
    assert sent.from_user.username == "wenxun_local_bot"
    assert sent.date == server.world.clock()


@pytest.mark.usefixtures("met")
@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "x", "parse_mode": "MarkdownV2"},
            "parse_mode MarkdownV2 is unsupported by the local server",
        ),
        (
            {"text": "<x>", "parse_mode": "html"},
            'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        ),
        ({"text": "x", "entities": "[{"}, "can't parse entities JSON object"),
        ({"text": "x", "entities": "{}"}, "expected an Array of entities"),
        ({"text": "x", "entities": [1]}, "can't parse entities: expected an Object as MessageEntity"),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": -1, "length": 1}]},
            "receive an entity with incorrect offset -1",
        ),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 42}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_to_message_id": 999}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"message_id": 1, "quote": "nowhere"}}, "QUOTE_TEXT_INVALID"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        (
            {"text": "x", "link_preview_options": '{"url": NaN}'},
            "can't parse link preview options JSON object",
        ),
        ({"text": "x", "link_preview_options": {"url": "\ud800"}}, "strings must be encoded in UTF-8"),
    ],
    ids=str,
)
async def test_refused_messages(raw: Raw, parameters: dict[str, object], description: str) -> None:
    assert (
        await raw.refused("sendMessage", **{"chat_id": READER, **parameters}) == f"Bad Request: {description}"
    )


@pytest.mark.usefixtures("met")
async def test_length_is_counted_after_parsing(bot: Bot) -> None:
    sent = await bot.send_message(READER, f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML")
    assert sent.text == "<" * 4096


@pytest.mark.usefixtures("met")
async def test_entities_can_be_given_outright(raw: Raw) -> None:
    sent = await raw.result(
        "sendMessage",
        chat_id=READER,
        text="bold link",
        entities=[
            {"type": "bold", "offset": 0, "length": 4},
            {"type": "text_link", "offset": 5, "length": 4, "url": "javascript:alert(1)"},
            {"type": "url", "offset": 0, "length": 4},
        ],
    )
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4}]


async def test_a_reply_shows_what_it_replies_to(bot: Bot, met: LocalTelegram) -> None:
    asked = await met.say(READER, "多少？")
    await bot.send_message(READER, "七", reply_parameters=ReplyParameters(asked.message_id, quote="多"))
    reply = met.messages(READER)[-1]
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == asked.message_id
    assert reply.quote is not None
    assert reply.quote.text == "多"


@pytest.mark.usefixtures("met")
async def test_a_reply_to_nothing_can_be_tolerated(bot: Bot) -> None:
    sent = await bot.send_message(
        READER, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )
    assert sent.reply_to_message is None


@pytest.mark.usefixtures("met")
async def test_link_previews_can_be_turned_off(bot: Bot) -> None:
    sent = await bot.send_message(READER, "x", link_preview_options=LinkPreviewOptions(is_disabled=True))
    assert sent.link_preview_options == LinkPreviewOptions(is_disabled=True)


@pytest.mark.usefixtures("met")
async def test_an_edit_replaces_text_and_buttons(bot: Bot, server: LocalTelegram, clock: HandClock) -> None:
    sent = await bot.send_message(READER, "one")
    clock.advance(60)
    edited = await bot.edit_message_text("<i>two</i>", READER, sent.message_id, parse_mode="HTML")
    assert edited.edit_date == clock.now
    assert edited.date == sent.date
    assert server.messages(READER)[-1].text_html == "<i>two</i>"


@pytest.mark.usefixtures("met")
async def test_an_edit_that_changes_nothing_is_refused(raw: Raw) -> None:
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await raw.result("sendMessage", chat_id=READER, text="same", reply_markup=markup)
    place = {"chat_id": READER, "message_id": sent["message_id"]}
    assert await raw.refused("editMessageText", **place, text="same", reply_markup=markup) == NOT_MODIFIED
    assert await raw.refused("editMessageReplyMarkup", **place, reply_markup=markup) == NOT_MODIFIED
    # Without a keyboard the edit takes the keyboard away: that is a change, and the second is none.
    await raw.result("editMessageText", **place, text="same")
    assert await raw.refused("editMessageText", **place, text="same") == NOT_MODIFIED


async def test_refused_edits(raw: Raw, met: LocalTelegram) -> None:
    theirs = await met.say(READER, "mine")
    sent = await raw.result("sendMessage", chat_id=READER, text="x")
    edits = {
        "message to edit not found": {"message_id": 999, "text": "y"},
        "message can't be edited": {"message_id": theirs.message_id, "text": "y"},
        "message text is empty": {"message_id": sent["message_id"]},
        "message is too long": {"message_id": sent["message_id"], "text": "y" * 4097},
        "inline keyboard expected": {
            "message_id": sent["message_id"],
            "text": "y",
            "reply_markup": {"force_reply": True},
        },
        "MESSAGE_ID_INVALID": {"inline_message_id": "nothing", "text": "y"},
    }
    for description, parameters in edits.items():
        refusal = await raw.refused("editMessageText", chat_id=READER, **parameters)
        assert refusal == f"Bad Request: {description}"


@pytest.mark.usefixtures("met")
async def test_text_and_caption_are_edited_by_their_own_methods(bot: Bot) -> None:
    text = await bot.send_message(READER, "x")
    file = await bot.send_document(READER, InputFile(b"abc", "a.txt"), caption="<b>c</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("y", READER, file.message_id)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(READER, text.message_id, caption="y")
    edited = await bot.edit_message_caption(READER, file.message_id, caption="d")
    assert edited.caption == "d"
    assert edited.document == file.document


async def test_deleting(raw: Raw, bot: Bot, met: LocalTelegram, clock: HandClock) -> None:
    sent = await bot.send_message(READER, "x")
    assert await bot.delete_message(READER, sent.message_id)
    assert met.messages(READER)[-1].text == "/start"
    assert await raw.refused("deleteMessage", chat_id=READER, message_id=sent.message_id) == (
        "Bad Request: message to delete not found"
    )
    in_group = await met.say(READER, "/ask", chat=met.people.group)
    refusal = await raw.refused("deleteMessage", chat_id=met.people.group.id, message_id=in_group.message_id)
    assert refusal == "Bad Request: message can't be deleted"
    old = await bot.send_message(READER, "old")
    clock.advance(48 * 3600 + 1)
    assert await raw.refused("deleteMessage", chat_id=READER, message_id=old.message_id) == (
        "Bad Request: message can't be deleted"
    )


@pytest.mark.usefixtures("met")
async def test_many_are_deleted_at_once(bot: Bot, server: LocalTelegram) -> None:
    sent = [await bot.send_message(READER, str(number)) for number in range(3)]
    assert await bot.delete_messages(READER, [*(message.message_id for message in sent[:2]), 999])
    assert [message.text for message in server.messages(READER)] == ["/start", "2"]


@pytest.mark.usefixtures("met")
async def test_copies_and_forwards(bot: Bot, server: LocalTelegram) -> None:
    sent = await bot.send_message(READER, "<b>x</b>", parse_mode="HTML")
    await bot.copy_message(1003, READER, sent.message_id)
    forwarded = await bot.forward_message(1003, READER, sent.message_id)
    copied = server.messages(1003)[-2]
    assert copied.text_html == "<b>x</b>"
    assert copied.forward_origin is None
    assert forwarded.forward_origin is not None
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(1003, READER, 999)
    with pytest.raises(BadRequest, match="Message to forward not found"):
        await bot.forward_message(1003, READER, 999)


async def test_pins(bot: Bot, met: LocalTelegram) -> None:
    sent = await bot.send_message(READER, "x")
    await bot.pin_chat_message(READER, sent.message_id)
    chat = await bot.get_chat(READER)
    assert chat.pinned_message is not None
    assert chat.pinned_message.message_id == sent.message_id
    await bot.unpin_chat_message(READER)
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await bot.unpin_chat_message(READER)
    group = await bot.send_message(met.people.group.id, "x")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(met.people.group.id, group.message_id)


async def test_reactions(bot: Bot, met: LocalTelegram) -> None:
    asked = await met.say(READER, "x")
    await bot.set_message_reaction(READER, asked.message_id, "👍")
    assert met.world.chats[READER].reactions == {asked.message_id: ["👍"]}
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(READER, asked.message_id, "🧬")
    with pytest.raises(BadRequest, match="Reactions_too_many"):
        await bot.set_message_reaction(READER, asked.message_id, ["👍", "🔥"])
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(READER, 999, "👍")


async def test_typing_is_shown_until_the_message_comes(bot: Bot, met: LocalTelegram) -> None:
    await bot.send_chat_action(READER, "typing")
    assert met.action(READER) == "typing"
    await bot.send_message(READER, "x")
    assert met.action(READER) is None
    with pytest.raises(BadRequest, match="Wrong parameter action in request"):
        await bot.send_chat_action(READER, "thinking")


async def test_a_stranger_cannot_be_written_to(bot: Bot, server: LocalTelegram) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(READER, "x")
    await server.say(READER, "@wenxun_local_bot", chat=server.people.group)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(READER, "x")


@pytest.mark.usefixtures("met")
class TestFloods:
    async def test_a_burst_to_one_chat_is_cut_short(self, raw: Raw) -> None:
        for number in range(10):
            await raw.result("sendMessage", chat_id=READER, text=str(number))
        assert (await raw.call("sendMessage", chat_id=READER, text="x"))["parameters"] == {"retry_after": 3}

    async def test_a_message_a_second_is_well(self, bot: Bot, clock: HandClock) -> None:
        for number in range(60):
            await bot.send_message(READER, str(number))
            clock.advance(1)

    async def test_a_group_takes_twenty_a_minute(
        self, raw: Raw, server: LocalTelegram, clock: HandClock
    ) -> None:
        group = server.people.group.id
        for number in range(20):
            await raw.result("sendMessage", chat_id=group, text=str(number))
            clock.advance(1)
        refused = await raw.call("sendMessage", chat_id=group, text="x")
        assert refused == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 40",
            "parameters": {"retry_after": 40},
        }
        clock.advance(40)
        await raw.result("sendMessage", chat_id=group, text="x")

    async def test_thirty_a_second_overall(self, raw: Raw, server: LocalTelegram, clock: HandClock) -> None:
        chats = [person.id for person in server.people.people] + [server.people.group.id]
        for number in range(30):
            await raw.result("sendMessage", chat_id=chats[number % 4], text="x")
        assert (await raw.call("sendMessage", chat_id=READER, text="x"))["error_code"] == 429
        clock.advance(1.1)
        await raw.result("sendMessage", chat_id=READER, text="x")

    async def test_what_was_refused_does_not_count(self, raw: Raw, clock: HandClock) -> None:
        for _ in range(40):
            await raw.call("sendMessage", chat_id=READER, text="x")
        clock.advance(3.1)
        await raw.result("sendMessage", chat_id=READER, text="x")

    async def test_it_can_be_turned_off(self, raw: Raw, server: LocalTelegram) -> None:
        server.world.floods.enabled = False
        for _ in range(40):
            await raw.result("sendMessage", chat_id=READER, text="x")
