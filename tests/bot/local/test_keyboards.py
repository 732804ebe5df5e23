"""Reply markup: what is kept of it and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.local.keyboards import checked_markup
from bot.local.links import UnfitLink, link
from bot.local.refusals import Refusal

if TYPE_CHECKING:
    from bot.local import LocalTelegram
    from tests.bot.local.conftest import Raw

READER = 1001


def inline(*buttons: dict[str, object]) -> dict[str, object]:
    return {"inline_keyboard": [list(buttons)]}


def button(**fields: object) -> dict[str, object]:
    return {"text": "t", **fields}


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (inline(button(callback_data="")), "BUTTON_DATA_INVALID"),
        (inline(button(callback_data="x" * 65)), "BUTTON_DATA_INVALID"),
        (inline(button(callback_data="字" * 22)), "BUTTON_DATA_INVALID"),
        (inline(button(copy_text={"text": ""})), "BUTTON_COPY_TEXT_INVALID"),
        (inline(button(copy_text={"text": "x" * 257})), "BUTTON_COPY_TEXT_INVALID"),
        (inline(button(copy_text={"text": "😀" * 129})), "BUTTON_COPY_TEXT_INVALID"),
        (inline(button(copy_text="x")), "BUTTON_COPY_TEXT_INVALID"),
        (
            inline(button(url="javascript:alert(1)")),
            "inline keyboard button URL 'javascript:alert(1)' is invalid: Unsupported URL protocol",
        ),
        (
            inline(button(url="localhost")),
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        (inline(button(url="")), "inline keyboard button URL '' is invalid: URL host is empty"),
        (
            inline(button(url="http://a.cn:x/")),
            "inline keyboard button URL 'http://a.cn:x/' is invalid: Wrong port number specified in the URL",
        ),
        (
            inline(button()),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (inline({"callback_data": "x"}), "can't parse inline keyboard button: Can't find field \"text\""),
        (inline(button(pay=True)), "pay buttons are unsupported by the local server"),
        (
            {"inline_keyboard": [["x"]]},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        ({"inline_keyboard": ["x"]}, "can't parse inline keyboard: Row must be an Array"),
        ({"inline_keyboard": "x"}, "can't parse inline keyboard: Field must be an Array"),
        ({"inline_keyboard": [[button(callback_data="x")]] * 101}, "reply markup is too long"),
        (inline(*[button(callback_data="x")] * 9), "reply markup is too long"),
        ({"keyboard": [[{"text": ""}]]}, "can't parse keyboard button: Can't find field \"text\""),
        (
            {"keyboard": [[button(request_contact=True)]]},
            "request_contact buttons are unsupported by the local server",
        ),
    ],
    ids=str,
)
def test_refused_keyboards(markup: dict[str, object], description: str) -> None:
    with pytest.raises(Refusal) as caught:
        checked_markup(markup)
    assert caught.value.description == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (button(callback_data="字" * 21), button(callback_data="字" * 21)),
        (button(url="EXAMPLE.com"), button(url="http://example.com/")),
        (button(url="tg://user?id=1"), button(url="tg://user?id=1")),
        (button(url="https://example.com/a", callback_data="x"), button(url="https://example.com/a")),
        (button(copy_text={"text": "x", "more": 1}), button(copy_text={"text": "x"})),
        (button(switch_inline_query_current_chat=""), button(switch_inline_query_current_chat="")),
        (button(callback_data="x", unknown=1), button(callback_data="x")),
    ],
    ids=str,
)
def test_what_is_kept_of_a_button(given: dict[str, object], kept: dict[str, object]) -> None:
    assert checked_markup(inline(given)) == inline(kept)


def test_empty_rows_go_and_an_empty_keyboard_is_none() -> None:
    assert checked_markup({"inline_keyboard": [[], [button(callback_data="x")]]}) == inline(
        button(callback_data="x")
    )
    assert checked_markup({"inline_keyboard": [[]]}) is None
    assert checked_markup({}) is None


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("example.com", "http://example.com/"),
        ("https://Example.COM:8443/Path?q=中文#x", "https://example.com:8443/Path?q=中文#x"),
        ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x"),
        ("http://[::1]/", "http://[::1]/"),
        ("example.com:8080/x", "http://example.com:8080/x"),
        ("https://例子.测试/", "https://例子.测试/"),
    ],
)
def test_how_links_are_written(address: str, written: str) -> None:
    assert link(address) == written


@pytest.mark.parametrize(
    "address",
    [
        "http://a b.example",
        'http://a.example/"x',
        "http://-",
        "ftp://a.example",
        "mailto:a@b.example",
        "http://a..b",
    ],
)
def test_unfit_links(address: str) -> None:
    with pytest.raises(UnfitLink):
        link(address)


@pytest.mark.usefixtures("met")
async def test_only_inline_keyboards_belong_to_a_message(raw: Raw, server: LocalTelegram) -> None:
    chat = server.world.chats[READER]
    keyboard = {"keyboard": [["A", {"text": "B"}]], "resize_keyboard": True, "input_field_placeholder": "p"}
    sent = await raw.result("sendMessage", chat_id=READER, text="x", reply_markup=keyboard)
    assert "reply_markup" not in sent
    assert chat.keyboard == {
        "keyboard": [[{"text": "A"}, {"text": "B"}]],
        "resize_keyboard": True,
        "input_field_placeholder": "p",
    }
    await raw.result("sendMessage", chat_id=READER, text="x", reply_markup={"force_reply": True})
    assert chat.keyboard == {"force_reply": True, "input_field_placeholder": ""}
    await raw.result("sendMessage", chat_id=READER, text="x", reply_markup={"remove_keyboard": True})
    assert chat.keyboard is None
    sent = await raw.result(
        "sendMessage", chat_id=READER, text="x", reply_markup=inline(button(callback_data="x"))
    )
    assert sent["reply_markup"] == inline(button(callback_data="x"))
