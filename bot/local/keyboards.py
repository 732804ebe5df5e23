"""Reply markup: inline keyboards, reply keyboards and their like, checked as Telegram checks them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bot.local.entities import utf16_length
from bot.local.links import UnfitLink, link
from bot.local.refusals import refuse
from bot.local.wire import JsonObject, Parameters, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_CALLBACK_BYTES: Final = 64
MAX_COPY_LENGTH: Final = 256
MAX_BUTTONS: Final = 100
MAX_ROW: Final = 8
MAX_SWITCH_LENGTH: Final = 256

_ELSEWHERE: Final = ("web_app", "login_url", "callback_game", "pay", "switch_inline_query_chosen_chat")
_REQUESTS: Final = ("request_contact", "request_location", "request_poll", "request_users", "request_chat")


def reply_markup(parameters: Parameters) -> JsonObject | None:
    """The call's `reply_markup` with only what Telegram keeps of it; None when there is none.

    Raises:
        Refusal: as Telegram would refuse it.
    """
    return checked_markup(parameters.json_object("reply_markup"))


def checked_markup(markup: JsonObject) -> JsonObject | None:
    """A reply markup with only what Telegram keeps of it; None when it is empty."""
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard", _inline_button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "reply keyboard", _reply_button)
        options = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
        kept: JsonObject = {name: bool(markup[name]) for name in options if name in markup}
        if placeholder := _placeholder(markup):
            kept["input_field_placeholder"] = placeholder
        return kept | {"keyboard": rows} if rows else None
    if markup.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if markup.get("force_reply"):
        return {"force_reply": True, "input_field_placeholder": _placeholder(markup)}
    return None


def inline_only(markup: JsonObject | None) -> JsonObject | None:
    """The markup, if it is an inline keyboard, or nothing: only those belong to a message.

    Raises:
        Refusal: it is another kind, where a message is edited.
    """
    if markup is not None and "inline_keyboard" not in markup:
        refuse("inline keyboard expected")
    return markup


def _placeholder(markup: JsonObject) -> str:
    return text_of(markup, "input_field_placeholder")[:64]


def _rows(value: object, kind: str, check: Any) -> list[list[JsonObject]]:  # noqa: ANN401 - one of the two checks below
    if not isinstance(value, list):
        refuse(f"can't parse {kind}: Field must be an Array")
    rows = []
    for row in value:
        if not isinstance(row, list):
            refuse(f"can't parse {kind}: Row must be an Array")
        if len(row) > MAX_ROW:
            refuse("reply markup is too long")
        if row:
            rows.append([check(button) for button in row])
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        refuse("reply markup is too long")
    return rows


def _inline_button(button: object) -> JsonObject:
    if not isinstance(button, dict):
        refuse("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = text_of(button, "text")
    if not text:
        refuse("can't parse inline keyboard button: Can't find field \"text\"")
    return {"text": text} | _action(button)


def _action(button: JsonObject) -> JsonObject:
    """The one thing the button does: the first of those Telegram looks for."""
    for name, check in _ACTIONS.items():
        if name in button:
            return {name: check(button[name])}
    for name in _ELSEWHERE:
        if button.get(name):
            refuse(f"{name} buttons are unsupported by the local server")
    return refuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _url(value: object) -> str:
    address = str(value)
    try:
        return link(address)
    except UnfitLink as error:
        return refuse(f"inline keyboard button URL '{address}' is invalid: {error}")


def _callback_data(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= MAX_CALLBACK_BYTES:
        refuse("BUTTON_DATA_INVALID")
    return value


def _copied(value: object) -> JsonObject:
    text = text_of(value, "text") if isinstance(value, dict) else ""
    if not 1 <= utf16_length(text) <= MAX_COPY_LENGTH:
        refuse("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _switched(value: object) -> str:
    return str(value)[:MAX_SWITCH_LENGTH]


_ACTIONS: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "url": _url,
        "callback_data": _callback_data,
        "copy_text": _copied,
        "switch_inline_query": _switched,
        "switch_inline_query_current_chat": _switched,
    }
)


def _reply_button(button: object) -> JsonObject:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        refuse("can't parse keyboard button: KeyboardButton must be an Object")
    text = text_of(button, "text")
    if not text:
        refuse("can't parse keyboard button: Can't find field \"text\"")
    for name in (*_REQUESTS, "web_app"):
        if button.get(name):
            refuse(f"{name} buttons are unsupported by the local server")
    return {"text": text}
