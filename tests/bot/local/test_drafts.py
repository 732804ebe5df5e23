"""Drafts: what the bot shows while it is still writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.local.snapshot import snapshot

if TYPE_CHECKING:
    from telegram import Bot

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import HandClock, Raw

READER = 1001


def shown(server: LocalTelegram) -> object:
    """The draft that a page is given when it opens."""
    return next(chat["draft"] for chat in snapshot(server.world)["chats"] if chat["id"] == READER)


async def test_a_draft_stands_until_the_message_comes(bot: Bot, met: LocalTelegram) -> None:
    assert met.draft(READER) is None
    assert await bot.send_message_draft(READER, 7, "正在<b>找</b>", parse_mode="HTML")
    draft = met.draft(READER)
    assert draft is not None
    assert (draft["draft_id"], draft["text"]) == (7, "正在找")
    assert draft["entities"] == [{"type": "bold", "offset": 2, "length": 1}]
    assert shown(met) == draft
    await bot.send_message_draft(READER, 7, "正在找到")
    assert met.draft(READER)["text"] == "正在找到"
    assert len(met.messages(READER)) == 1  # a draft is no message
    await met.say(READER, "还在吗？")
    assert met.draft(READER) is not None
    await bot.send_message(READER, "找到了")
    assert met.draft(READER) is None


async def test_a_draft_goes_by_itself(bot: Bot, met: LocalTelegram, clock: HandClock) -> None:
    await bot.send_message_draft(READER, 7, "x")
    clock.advance(29)
    assert met.draft(READER) is not None
    clock.advance(1)
    assert met.draft(READER) is None
    assert shown(met) is None


async def test_an_empty_draft_says_that_the_bot_is_thinking(raw: Raw, met: LocalTelegram) -> None:
    assert await raw.result("sendMessageDraft", chat_id=READER, draft_id=1) is True
    assert met.draft(READER)["text"] == ""


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"draft_id": 0, "text": "x"}, "draft_id must be non-zero"),
        ({"text": "x"}, "draft_id must be non-zero"),
        ({"draft_id": 1, "text": "x" * 4097}, "message is too long"),
        ({"draft_id": 1, "text": "<b>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"draft_id": 1, "text": "x", "message_thread_id": 5}, "message thread not found"),
        (
            {"draft_id": 1, "text": "x", "chat_id": -1001000002001},
            "message drafts can be sent only to private chats",
        ),
        ({"draft_id": 1, "text": "x", "chat_id": 42}, "chat not found"),
    ],
    ids=str,
)
async def test_refused_drafts(
    raw: Raw, met: LocalTelegram, parameters: dict[str, object], reason: str
) -> None:
    refusal = await raw.refused("sendMessageDraft", **{"chat_id": READER, **parameters})
    assert refusal.startswith(f"Bad Request: {reason}")
    assert met.draft(READER) is None


async def test_who_blocked_the_bot_sees_no_draft(raw: Raw, met: LocalTelegram) -> None:
    await met.block(READER)
    reason = await raw.refused("sendMessageDraft", chat_id=READER, draft_id=1, text="x")
    assert reason == "Forbidden: bot was blocked by the user"
