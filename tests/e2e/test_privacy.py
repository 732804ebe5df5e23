"""What is kept about a reader: how much, all of it as a file, and nothing after it was forgotten."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, select
from sqlalchemy.types import Text

from bot.inquiry import Inquiry
from bot.keeping.drafts import drafts
from bot.local.people import Person
from bot.outbox import Outbox
from bot.personal import TABLES
from bot.reply import Where
from bot.subscriptions import Subscriptions
from corpus.database import metadata
from tests.bot.reader_builders import build_notice
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, text_of
from tests.e2e.news import DEAL
from tests.e2e.pressing import forge, newest, press, told

QUESTION = "BW1803 授权总金额是多少"
OF_OTHERS = "港城园区第3个月的融资额"


async def live(stage: Stage) -> Any:  # noqa: ANN401 - a message
    """Alice asks, judges, follows and chooses; so does the reader. The first answer of hers."""
    answer = await stage.ask(stage.alice, QUESTION)
    await press(stage, stage.alice, answer, "👍")
    await follow(stage, stage.alice, QUESTION)
    await stage.ask(stage.alice, f"/ask {QUESTION}", stage.group)
    await stage.ask(stage.alice, "/settings zone Tokyo")
    theirs = await stage.ask(stage.reader, OF_OTHERS)
    await press(stage, stage.reader, theirs, "👎")
    await follow(stage, stage.reader, OF_OTHERS)
    await stage.ask(stage.reader, "/settings zone Berlin")
    await stage.idle()
    return answer


async def follow(stage: Stage, person: Person, said: str) -> None:
    """Somebody follows a question, and is about to be told of something."""
    bot_id, clock = int(stage.telegram.token.partition(":")[0]), stage.telegram.world.clock
    store = Subscriptions(stage.database, bot_id, clock)
    where = Where(person.id, None, person.id)
    followed = await store.add(where, Inquiry(said, clock()))
    waiting = build_notice(followed, clock() + timedelta(days=1))
    await Outbox(stage.database, bot_id, clock).add([waiting])


async def everything(stage: Stage, *about: int | str) -> dict[str, int]:
    """How many rows of each table of the database name any of these numbers or texts."""
    found = {}
    async with stage.database.connection() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if isinstance(column.type, (BigInteger, Text))]
            if columns:
                rows = await connection.execute(select(*columns))
                hits = sum(any(_names(value, each) for value in row for each in about) for row in rows)
                if hits:
                    found[table.name] = hits
    return found


def _names(value: object, about: int | str) -> bool:
    return value == about or (isinstance(about, str) and isinstance(value, str) and about in value)


async def exported(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    """The file that Alice is sent."""
    sent = await stage.ask(stage.alice, "/export")
    assert sent.document is not None
    assert sent.document.file_name == "wenxun.json"
    assert (sent.caption or "").startswith("Everything I keep about you, as JSON:")
    file = stage.telegram.world.files.by_id(sent.document.file_id)
    found: dict[str, list[dict[str, Any]]] = json.loads(file.content)
    return found


async def test_privacy_counts_what_is_kept(bot: Stage) -> None:
    before = text_of(await bot.ask(bot.alice, "/privacy"))
    assert "for 90 days" in before
    assert "At the moment I keep nothing about you." in before
    await live(bot)
    after = text_of(await bot.ask(bot.alice, "/privacy"))
    for line in (
        "2 questions with their answers",
        "1 opinion on an answer",
        "1 subscription",
        "1 notification of news, sent or waiting",
        "the settings of this chat",
    ):
        assert f"• {line}" in after


async def test_the_file_has_everything_and_nothing_of_others(bot: Stage) -> None:
    await live(bot)
    found = await exported(bot)
    assert {name: len(rows) for name, rows in found.items()} == {
        "opinions": 1,
        "questions": 2,
        "notifications": 1,
        "subscriptions": 1,
        "drafts": 0,
        "settings": 1,
    }
    assert {row["chat_id"] for row in found["questions"]} == {bot.alice.id, bot.group.id}
    assert {row["inquiry"]["said"] for row in found["questions"]} == {QUESTION}
    assert found["questions"][0]["cited"][0]["text"] == DEAL
    assert found["settings"][0]["zone"] == "Asia/Tokyo"
    assert found["opinions"][0]["value"] == 1
    written = json.dumps(found, ensure_ascii=False)
    assert OF_OTHERS not in written
    assert str(bot.reader.id) not in [str(row.get("user_id")) for rows in found.values() for row in rows]
    assert bot.telegram.token.partition(":")[2] not in written


async def test_a_file_with_hostile_questions_is_still_json(bot: Stage) -> None:
    said = 'a "b" \\ \u202e</b> 灯塔 \U0001f980'
    await bot.ask(bot.alice, said)
    (question,) = (await exported(bot))["questions"]
    assert "灯塔" in question["inquiry"]["said"]
    assert "\U0001f980" in question["inquiry"]["said"]


async def test_there_is_no_file_of_nothing(bot: Stage) -> None:
    reply = await bot.ask(bot.alice, "/export")
    assert reply.document is None
    assert text_of(reply) == "At the moment I keep nothing about you."


async def test_nothing_is_forgotten_unless_it_is_confirmed(bot: Stage) -> None:
    await live(bot)
    question = await bot.ask(bot.alice, "/forget")
    assert "This deletes for ever:" in text_of(question)
    assert "• 2 questions with their answers" in text_of(question)
    kept = await press(bot, bot.alice, question, "No, keep it")
    assert text_of(kept) == "Nothing was deleted."
    assert labels(kept) == []
    assert len((await exported(bot))["questions"]) == 2


async def test_forgotten_is_forgotten_in_every_table(bot: Stage) -> None:
    answer = await live(bot)
    mine = {table.name for table in TABLES.values()} - {drafts.name}  # only those who keep the news have any
    assert set(await everything(bot, bot.alice.id, QUESTION)) >= mine
    others = await everything(bot, bot.reader.id, OF_OTHERS)
    question = await bot.ask(bot.alice, "/forget")
    done = await press(bot, bot.alice, question, "🗑 Yes")
    assert "Deleted:\n• 2 questions with their answers\n• 1 opinion" in text_of(done)
    assert labels(done) == []
    await bot.idle()
    assert await everything(bot, bot.alice.id, QUESTION) == {}
    assert await everything(bot, bot.reader.id, OF_OTHERS) == others
    assert "At the moment I keep nothing about you." in text_of(await bot.ask(bot.alice, "/privacy"))
    assert "not asked anything" in text_of(await bot.ask(bot.alice, "/history"))
    assert "Tokyo" not in text_of(await bot.ask(bot.alice, "/settings"))
    # Nor do buttons and links bring it back.
    for label in ("👍", "🔔", "Why this?", "📖"):
        notice = await told(bot, bot.alice, newest(bot, answer), label)
        assert notice["text"] == "This answer is too old: I no longer have it. Please ask again."
        assert notice["show_alert"]
    assert await everything(bot, bot.alice.id, QUESTION) == {}


async def test_what_was_forgotten_is_no_context_of_what_is_asked_next(bot: Stage) -> None:
    await bot.ask(bot.alice, QUESTION)
    await press(bot, bot.alice, await bot.ask(bot.alice, "/forget"), "🗑 Yes")
    after = await bot.ask(bot.alice, "那首付款呢？")
    assert not any(label.startswith("following") for label in labels(after))


async def test_who_confirms_twice_is_told_that_nothing_is_left(bot: Stage) -> None:
    await live(bot)
    question = await bot.ask(bot.alice, "/forget")
    again = await bot.ask(bot.alice, "/forget")
    await press(bot, bot.alice, question, "🗑 Yes")
    assert "nothing to delete" in text_of(await press(bot, bot.alice, again, "🗑 Yes"))


async def test_the_button_under_privacy_asks_first(bot: Stage) -> None:
    await live(bot)
    page = await bot.ask(bot.alice, "/privacy")
    asked = await press(bot, bot.alice, page, "🗑 Delete all of it")
    assert "This deletes for ever:" in text_of(asked)
    assert len((await exported(bot))["questions"]) == 2


@pytest.mark.parametrize("command", ["/export", "/forget"])
async def test_in_a_group_it_is_done_only_in_private(bot: Stage, command: str) -> None:
    await live(bot)
    reply = await bot.ask(bot.alice, command, bot.group)
    assert f"send me {command} in a private chat" in text_of(reply)
    assert labels(reply) == []
    assert len((await exported(bot))["questions"]) == 2


async def test_in_a_group_privacy_counts_nobodys(bot: Stage) -> None:
    await live(bot)
    shown = await bot.ask(bot.alice, "/privacy", bot.group)
    assert "for 90 days" in text_of(shown)
    assert "2 questions" not in text_of(shown)
    assert labels(shown) == []


@pytest.mark.parametrize("data", ["prv:forget:yes", "prv:forget", "prv:no"])
async def test_nothing_is_forgotten_by_a_button_in_a_group(bot: Stage, data: str) -> None:
    await live(bot)
    answer = await bot.ask(bot.alice, f"/ask {QUESTION}", bot.group)
    notice = await forge(bot, bot.alice, answer, data)
    assert notice["text"] == "This button no longer works."
    assert len((await exported(bot))["questions"]) == 3


@pytest.mark.parametrize("data", ["prv:", "prv:yes", "prv:forget:yes:1003", "prv:export"])
async def test_a_forged_button_about_privacy_does_nothing(bot: Stage, data: str) -> None:
    await live(bot)
    question = await bot.ask(bot.alice, "/forget")
    assert (await forge(bot, bot.alice, question, data))["text"] == "This button no longer works."
    assert len((await exported(bot))["questions"]) == 2
