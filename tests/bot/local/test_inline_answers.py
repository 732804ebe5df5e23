"""Inline answers that are kept, go on, lead to the private chat, and are chosen from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Update

if TYPE_CHECKING:
    from bot.local import LocalTelegram
    from bot.local.queries import Query
    from tests.bot.local.conftest import HandClock, Raw

READER, ALICE = 1001, 1003


def article(title: str, **fields: object) -> dict[str, object]:
    return {
        "type": "article",
        "id": "1",
        "title": title,
        "input_message_content": {"message_text": "x"},
        **fields,
    }


async def answer(raw: Raw, query: Query, title: str, **parameters: object) -> None:
    await raw.result("answerInlineQuery", inline_query_id=query.id, results=[article(title)], **parameters)


def titles(query: Query) -> list[str] | None:
    """What a query was answered; None while it waits for the bot."""
    return None if query.answer is None else [result["title"] for result in query.answer["results"]]


async def test_an_answer_is_kept_for_everybody(raw: Raw, met: LocalTelegram, clock: HandClock) -> None:
    await answer(raw, await met.ask_inline(READER, "新药"), "A", cache_time=60)
    met.world.updates.clear()
    again = await met.ask_inline(ALICE, "新药", met.people.group)
    assert titles(again) == ["A"]
    assert met.world.updates.pending == ()  # the bot is not asked
    assert (await met.choose(again, "1")).text == "x"
    assert titles(await met.ask_inline(READER, "新药 ")) is None
    assert titles(await met.ask_inline(READER, "新药", offset="5")) is None
    clock.advance(60)
    assert titles(await met.ask_inline(READER, "新药")) is None


async def test_a_personal_answer_is_kept_for_one_person(raw: Raw, met: LocalTelegram) -> None:
    await answer(raw, await met.ask_inline(READER, "新药"), "for the reader", is_personal=True)
    other = await met.ask_inline(ALICE, "新药")
    assert titles(other) is None
    await answer(raw, other, "for Alice", is_personal=True)
    assert titles(await met.ask_inline(READER, "新药")) == ["for the reader"]
    assert titles(await met.ask_inline(ALICE, "新药")) == ["for Alice"]
    assert titles(await met.ask_inline(1002, "新药")) is None


async def test_five_minutes_are_usual_and_none_can_be_asked_for(
    raw: Raw, met: LocalTelegram, clock: HandClock
) -> None:
    await answer(raw, await met.ask_inline(READER, "a"), "A")
    await answer(raw, await met.ask_inline(READER, "b"), "B", cache_time=0)
    assert titles(await met.ask_inline(READER, "b")) is None
    clock.advance(299)
    assert titles(await met.ask_inline(READER, "a")) == ["A"]
    clock.advance(1)
    assert titles(await met.ask_inline(READER, "a")) is None


async def test_an_answer_goes_on(raw: Raw, met: LocalTelegram) -> None:
    first = await met.ask_inline(READER, "新药")
    await answer(raw, first, "A", next_offset="1")
    assert first.answer is not None
    await met.ask_inline(READER, "新药", offset=first.answer["next_offset"])
    asked = met.world.updates.pending[-1]["inline_query"]
    assert (asked["query"], asked["offset"]) == ("新药", "1")


async def test_a_button_above_needs_a_text(raw: Raw, met: LocalTelegram) -> None:
    query = await met.ask_inline(READER, "x")
    refusal = await raw.refused(
        "answerInlineQuery", inline_query_id=query.id, results=[], button={"start_parameter": "a"}
    )
    assert refusal == "Bad Request: can't parse inline query results button: Can't find field \"text\""


async def test_how_a_link_is_previewed_is_kept(raw: Raw, met: LocalTelegram) -> None:
    query = await met.ask_inline(READER, "x")
    content = {"message_text": "https://example.com", "link_preview_options": {"is_disabled": True}}
    result = article("A", input_message_content=content)
    await raw.result("answerInlineQuery", inline_query_id=query.id, results=[result])
    chosen = await met.choose(query, "1")
    assert chosen.link_preview_options is not None
    assert chosen.link_preview_options.is_disabled


async def test_what_was_chosen_is_told_to_who_asks_for_it(raw: Raw, met: LocalTelegram) -> None:
    query = await met.ask_inline(READER, "新药")
    await answer(raw, query, "A")
    await met.choose(query, "1")
    assert not any("chosen_inline_result" in update for update in met.world.updates.pending)
    await raw.result("getUpdates", allowed_updates=["chosen_inline_result"], timeout=0)
    await met.choose(query, "1")
    update = Update.de_json(dict(met.world.updates.pending[-1]), None)
    chosen = update.chosen_inline_result
    assert chosen is not None
    assert (chosen.result_id, chosen.query, chosen.from_user.id) == ("1", "新药", READER)
    assert chosen.inline_message_id is None


async def test_a_chosen_message_with_buttons_can_be_edited_by_its_id(raw: Raw, met: LocalTelegram) -> None:
    await raw.result("getUpdates", allowed_updates=["inline_query", "chosen_inline_result"], timeout=0)
    query = await met.ask_inline(READER, "x")
    markup = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
    result = article("A", reply_markup=markup)
    await raw.result("answerInlineQuery", inline_query_id=query.id, results=[result])
    await met.choose(query, "1")
    inline = met.world.updates.pending[-1]["chosen_inline_result"]["inline_message_id"]
    assert await raw.result("editMessageText", inline_message_id=inline, text="edited") is True
    assert met.messages(READER)[-1].text == "edited"
