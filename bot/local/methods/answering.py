"""Methods that answer a query: a pressed button, an inline question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.local.inline_cache import USUAL_LIFETIME
from bot.local.keyboards import checked_markup, inline_only
from bot.local.methods.sending import preview
from bot.local.refusals import refuse
from bot.local.texts import as_fields, content_text
from bot.local.wire import JsonObject, Parameters, text_of

if TYPE_CHECKING:
    from bot.local.world import World

MAX_ANSWER: Final = 200
MAX_RESULTS: Final = 50
_ID_BYTES: Final = 64
_OFFSET_BYTES: Final = 64
_START: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def answer_callback_query(world: World, parameters: Parameters) -> bool:
    """`answerCallbackQuery`."""
    text = parameters.text("text")
    if len(text) > MAX_ANSWER:
        refuse("MESSAGE_TOO_LONG")
    if parameters.has("url"):
        refuse("URL_INVALID")
    answer: JsonObject = {"text": text, "show_alert": parameters.boolean("show_alert")}
    query = world.callbacks.answer(parameters.text("callback_query_id"), answer)
    world.changes.tell(
        "answered", query_id=query.id, chat_id=query.chat_id, person_id=query.person.id, **answer
    )
    return True


def answer_inline_query(world: World, parameters: Parameters) -> bool:
    """`answerInlineQuery`: articles only, the one kind the page can show."""
    query_id = parameters.text("inline_query_id")
    world.inlines.check(query_id)
    listed = parameters.json_list("results")
    if listed is None:
        refuse("results are empty")
    if len(listed) > MAX_RESULTS:
        refuse("RESULTS_TOO_MUCH")
    results = [_result(item) for item in listed]
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        refuse("RESULT_ID_DUPLICATE")
    if len(parameters.text("next_offset").encode()) > _OFFSET_BYTES:
        refuse("NEXT_OFFSET_INVALID")
    answer: JsonObject = {
        "results": results,
        "next_offset": parameters.text("next_offset"),
        "is_personal": parameters.boolean("is_personal"),
        "button": _button(parameters),
    }
    query = world.inlines.answer(query_id, answer)
    world.inline_cache.keep(query, answer, parameters.integer("cache_time", USUAL_LIFETIME))
    world.changes.tell("results", query_id=query.id, person_id=query.person.id, **answer)
    return True


def _button(parameters: Parameters) -> JsonObject | None:
    button = parameters.json_object("button")
    if not button:
        return None
    if not text_of(button, "text"):
        refuse("can't parse inline query results button: Can't find field \"text\"")
    start = text_of(button, "start_parameter")
    if not _START.fullmatch(start):
        refuse("START_PARAM_INVALID")
    return {"text": text_of(button, "text"), "start_parameter": start}


def _result(item: object) -> JsonObject:
    if not isinstance(item, dict):
        refuse("can't parse inline query result: expected an Object")
    if item.get("type") != "article":
        refuse(f"{item.get('type')} inline results are unsupported by the local server")
    result_id = text_of(item, "id")
    if not 1 <= len(result_id.encode()) <= _ID_BYTES:
        refuse("RESULT_ID_INVALID")
    title = text_of(item, "title")
    if not title:
        refuse("can't parse inline query result: Can't find field \"title\"")
    content = item.get("input_message_content")
    if not isinstance(content, dict):
        refuse("can't parse inline query result: Can't find field \"input_message_content\"")
    markup = item.get("reply_markup")
    checked = inline_only(checked_markup(markup)) if isinstance(markup, dict) else None
    return {
        "id": result_id,
        "title": title,
        "description": text_of(item, "description"),
        "message": as_fields(content_text(content))
        | preview(Parameters(content))
        | ({"reply_markup": checked} if checked else {}),
    }
