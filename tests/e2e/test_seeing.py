"""`/corpus`, `/stats` and `/unanswered`: pictures with numbers, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import forge, press, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Message

    from tests.e2e.conftest import Stage

ANSWERED = "白鹭大桥的主跨合龙了多少米"
NOT_FOUND = "火星殖民地的首任市长是谁"
ASKED_OTHERWISE = "谁是火星殖民地的首任市长？"


@pytest.fixture
async def office(shelf: Stage) -> AsyncIterator[Stage]:
    """The running bot, with an administrator."""
    async with shelf.running(shelf.with_settings(admins=(shelf.alice.id,))):
        yield shelf


def caption(message: Message) -> str:
    assert message.photo, "a picture was expected"
    assert (message.photo[-1].width, message.photo[-1].height) > (1000, 500)
    return message.caption or ""


async def test_what_the_news_consists_of(office: Stage) -> None:
    shown = await office.ask(office.alice, "/corpus")
    for line in (
        "27 articles in 86 passages",
        "sources: 4 (虚构财经 16, 云汐日报 6, The Imaginary Ledger 3,",
        "published: 2024-01-15 – 2025-12-16",
        "1 article whose day is not known",
        "loaded last: just now (load 2; 13 files added, 0 changed, 0 removed)",
        "engine: tantivy",
        "✓ All is well.",
        "In the picture: Articles a day, by source, 2025-11-17 – 2025-12-16.",
    ):
        assert line in caption(shown)
    assert labels(shown) == ["✓ 30 days", "90 days", "a year", "all"]


async def test_the_picture_of_the_news_is_of_the_time_that_is_pressed(office: Stage) -> None:
    shown = await press(office, office.alice, await office.ask(office.alice, "/corpus"), "all")
    assert "Articles a month, by source, 2024-01-15 – 2025-12-16." in caption(shown)
    assert labels(shown) == ["30 days", "90 days", "a year", "✓ all"]


async def test_a_refused_file_is_told_of(office: Stage) -> None:
    (office.services.settings.corpus / "broken.json").write_text("{", encoding="utf-8")
    await office.services.loader.load()
    shown = caption(await office.ask(office.alice, "/corpus"))
    assert "1 file was refused; /reload tells why." in shown
    assert "All is well" not in shown


async def test_how_the_bot_is_used(office: Stage) -> None:
    for question in (ANSWERED, ANSWERED, NOT_FOUND):
        await office.ask(office.reader, question)
    liked = await office.ask(office.reader, ANSWERED)
    await press(office, office.reader, liked, "👍")
    shown = await office.ask(office.alice, "/stats 7")
    for line in (
        "questions: 4 (0.6 a day)",
        "answered 3 (75%) · related 0 (0%) · not found 1 (25%)",
        "opinions: 👍 1 · 👎 0",
        "answering time: half within 0.",
        "readers: 1 (at most 1 a day)",
        "subscriptions: 0 in 0 chats, 0 paused",
        "excerpts delivered to them: 0",
    ):
        assert line in caption(shown)
    longer = await press(office, office.alice, shown, "90 days")
    assert caption(longer).startswith("Use in the last 90 days")
    assert "questions: 4 (0.0 a day)" in caption(longer)
    assert labels(longer) == ["7 days", "30 days", "✓ 90 days"]


async def test_the_figures_outlive_what_a_reader_forgets(office: Stage) -> None:
    await office.ask(office.reader, ANSWERED)
    forgetting = await office.ask(office.reader, "/forget")
    await press(office, office.reader, forgetting, labels(forgetting)[0])
    assert "questions: 1 " in caption(await office.ask(office.alice, "/stats"))


async def test_what_readers_did_not_find_stands_together_and_names_nobody(office: Stage) -> None:
    for question in (ANSWERED, NOT_FOUND, ASKED_OTHERWISE):
        await office.ask(office.reader, question)
    shown = await office.ask(office.alice, "/unanswered")
    assert "2 questions about 1 matter" in text_of(shown)
    assert ASKED_OTHERWISE in text_of(shown)
    assert ANSWERED not in text_of(shown)
    assert office.reader.first_name not in text_of(shown)
    one = await press(office, office.alice, shown, "1")
    assert {ASKED_OTHERWISE, NOT_FOUND} <= set(text_of(one).splitlines())
    assert "Asked now, nothing is found." in text_of(one)
    assert "To the glossary: 火星" in labels(one)


async def test_what_was_seen_to_leaves_the_list_and_comes_back(office: Stage) -> None:
    await office.ask(office.reader, NOT_FOUND)
    one = await press(office, office.alice, await office.ask(office.alice, "/unanswered"), "1")
    done = await press(office, office.alice, one, "✓ Done")
    assert "Nothing: everybody found something, or it has been seen to." in text_of(done)
    undone = await press(office, office.alice, done, "Undo")
    assert NOT_FOUND in text_of(undone)


async def test_what_a_reader_forgot_is_not_shown(office: Stage) -> None:
    await office.ask(office.reader, NOT_FOUND)
    forgetting = await office.ask(office.reader, "/forget")
    await press(office, office.reader, forgetting, labels(forgetting)[0])
    assert NOT_FOUND not in text_of(await office.ask(office.alice, "/unanswered"))


async def test_a_term_that_is_lacking_becomes_one_of_the_glossary(office: Stage) -> None:
    await office.ask(office.reader, NOT_FOUND)
    one = await press(office, office.alice, await office.ask(office.alice, "/unanswered"), "1")
    await told(office, office.alice, one, "To the glossary: 火星")
    asked = office.telegram.messages(office.alice)[-1]
    assert "火星" in text_of(asked)
    said = await office.telegram.say(office.alice, "Mars", reply_to=asked)
    assert "Mars" in text_of(await office.telegram.wait_for_reply(office.alice, after=said))
    assert "火星" in text_of(await office.ask(office.alice, "/glossary"))


async def test_what_is_added_about_a_matter_is_told(office: Stage) -> None:
    await office.ask(office.reader, NOT_FOUND)
    one = await press(office, office.alice, await office.ask(office.alice, "/unanswered"), "1")
    how = await press(office, office.alice, one, "Add news")
    assert "/add" in text_of(how)
    again = await press(office, office.alice, how, "◀ Back")
    await told(office, office.alice, again, "Ask it here")
    answered = office.said(office.alice)[-1]
    assert NOT_FOUND in answered
    assert "Asked now" not in answered


async def test_a_forged_button_does_nothing_for_a_reader(office: Stage) -> None:
    await office.ask(office.reader, NOT_FOUND)
    listed = await office.ask(office.alice, "/unanswered")
    assert listed.reply_markup is not None
    data = str(listed.reply_markup.inline_keyboard[0][0].callback_data)
    message = await office.ask(office.reader, ANSWERED)
    before = office.said(office.reader)
    for forged in (data, "cor:90", "sta:90", "una:list:30:0"):
        await forge(office, office.reader, message, forged)
    assert office.said(office.reader) == before
