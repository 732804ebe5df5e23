"""Who speaks to the bot, and what they say without its name."""

from typing import Any

import pytest
from telegram import Message, User

from bot.handlers.addressing import bot_named_in, command_argument, is_command, said_to_bot

ME = User(7, "问讯", is_bot=True, username="wenxun_bot")
READER = {"id": 1, "first_name": "林晓", "is_bot": False}
OWN = {"id": 7, "first_name": "问讯", "is_bot": True}
GROUP = {"id": -100, "type": "supergroup", "title": "群"}
PRIVATE = {"id": 1, "type": "private", "first_name": "林晓"}


def message(text: str | None, chat: dict[str, Any] = GROUP, **more: object) -> Message:
    """A message whose @names and leading command are marked as Telegram marks them."""
    content: dict[str, Any] = {"message_id": 5, "date": 0, "chat": chat, "from": READER, **more}
    if text is not None:
        entities = []
        for word in text.split():
            kind = {"@": "mention", "/": "bot_command"}.get(word[0])
            if kind:
                offset = len(text[: text.index(word)].encode("utf-16-le")) // 2
                entities.append({"type": kind, "offset": offset, "length": len(word)})
        content |= {"text": text, "entities": entities}
    return Message.de_json(content, None)


def test_everything_in_a_private_chat_speaks_to_the_bot() -> None:
    assert said_to_bot(message("授权金额是多少", PRIVATE), ME) == "授权金额是多少"
    assert said_to_bot(message(None, PRIVATE), ME) == ""


def test_in_a_group_what_does_not_name_the_bot_does_not() -> None:
    assert said_to_bot(message("授权金额是多少"), ME) is None
    assert said_to_bot(message("@somebody_else 授权金额"), ME) is None
    assert said_to_bot(message(None), ME) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@wenxun_bot 授权金额是多少", "授权金额是多少"),
        ("授权金额是多少 @Wenxun_Bot", "授权金额是多少"),
        ("😀 请问 @wenxun_bot 授权金额", "😀 请问 授权金额"),
        ("@wenxun_bot @alice 怎么看", "@alice 怎么看"),
        ("@wenxun_bot", ""),
    ],
)
def test_in_a_group_its_name_is_taken_out(text: str, said: str) -> None:
    assert said_to_bot(message(text), ME) == said


def test_a_mention_without_username_counts() -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 2, "user": OWN}
    spoken = message("问讯 授权金额", entities=[entity])
    spoken = Message.de_json({**spoken.to_dict(), "entities": [entity]}, None)
    assert said_to_bot(spoken, ME) == "授权金额"


def test_what_stands_below_a_picture_is_said() -> None:
    entity = {"type": "mention", "offset": 0, "length": 11}
    picture = message(None, caption="@wenxun_bot 授权金额", caption_entities=[entity])
    assert said_to_bot(picture, ME) == "授权金额"
    assert said_to_bot(message(None, caption="@wenxun_bot", caption_entities=[entity]), ME) == ""
    assert said_to_bot(message(None, caption="授权金额"), ME) is None


def test_a_reply_to_the_bot_speaks_to_it() -> None:
    replied = {"message_id": 4, "date": 0, "chat": GROUP, "from": OWN, "text": "答"}
    assert said_to_bot(message("那临床呢", reply_to_message=replied), ME) == "那临床呢"
    assert said_to_bot(message("那临床呢", reply_to_message=replied | {"from": READER}), ME) is None


def test_a_forum_topic_that_the_bot_opened_is_no_reply_to_it() -> None:
    opening = {"message_id": 4, "date": 0, "chat": GROUP, "from": OWN}
    opening["forum_topic_created"] = {"name": "新药", "icon_color": 1}
    assert said_to_bot(message("大家好", reply_to_message=opening), ME) is None


def test_programs_are_not_answered() -> None:
    assert said_to_bot(message("@wenxun_bot 你好", **{"from": {**READER, "is_bot": True}}), ME) is None
    assert said_to_bot(message("出处", PRIVATE, via_bot=OWN), ME) is None
    assert said_to_bot(message("@wenxun_bot 新闻", is_automatic_forward=True), ME) is None


def test_an_anonymous_administrator_is_answered() -> None:
    anonymous = {"id": 1087968824, "first_name": "Group", "is_bot": True}
    spoken = message("@wenxun_bot 授权", sender_chat=GROUP, **{"from": anonymous})
    assert said_to_bot(spoken, ME) == "授权"


def test_commands() -> None:
    assert is_command(message("/ask 授权"))
    assert not is_command(message("问 /ask 授权"))
    assert command_argument(message("/ask@wenxun_bot  授权\n金额 ")) == "授权\n金额"
    assert command_argument(message("/ask")) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [("/foo", None), ("/foo@Wenxun_bot x@y", "wenxun_bot"), ("/foo@other_bot", "other_bot")],
)
def test_the_bot_that_a_command_names(text: str, named: str | None) -> None:
    assert bot_named_in(message(text)) == named
