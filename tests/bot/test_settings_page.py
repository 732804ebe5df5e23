"""The buttons of the settings: what they carry is read back, and nothing else is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chats import Askers, ChatSettings
from bot.locale.catalogue import Catalogues
from bot.rendering.dates import View
from bot.rendering.message import Message
from bot.rendering.settings_page import (
    Pressed,
    Screen,
    SettingsPage,
    parse,
    render_languages,
    render_settings,
    render_zones,
    zone_typed,
)
from retrieval.answer import Order
from tests.builders import ZONE

WORDS = Catalogues.load().words["en"]
VIEW = View(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), ZONE)
GROUP = SettingsPage(ChatSettings(), ZONE, 3, is_group=True)


def labels(message: Message) -> list[str]:
    return [button.label for row in message.keyboard for button in row]


def chosen(message: Message) -> set[str]:
    return {label.removeprefix("✓ ") for label in labels(message) if label.startswith("✓")}


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        ("set:home", Pressed(Screen.HOME, {})),
        ("set:lang", Pressed(Screen.LANGUAGE, {})),
        ("set:zone", Pressed(Screen.ZONE, {})),
        ("set:lang:zh_Hant", Pressed(Screen.HOME, {"language": "zh_Hant"})),
        ("set:lang:auto", Pressed(Screen.HOME, {"language": None})),
        ("set:zone:Asia/Shanghai", Pressed(Screen.HOME, {"zone": "Asia/Shanghai"})),
        ("set:zone:Asia/Kolkata", Pressed(Screen.HOME, {"zone": "Asia/Kolkata"})),
        ("set:zone:auto", Pressed(Screen.HOME, {"zone": None})),
        ("set:excerpts:5", Pressed(Screen.HOME, {"excerpts": 5})),
        ("set:order:newest", Pressed(Screen.HOME, {"order": Order.NEWEST})),
        ("set:askers:admins", Pressed(Screen.HOME, {"askers": Askers.ADMINS})),
    ],
)
def test_data_is_read(data: str, pressed: Pressed) -> None:
    assert parse(data) == pressed


@pytest.mark.parametrize(
    "data",
    [
        *("", "set:", "set:x", "set:order", "lang:zh", "set:lang:de", "set:lang:zh:en", "set:zone:Atlantis"),
        *(
            "set:zone:../../etc/passwd",
            "set:excerpts:0",
            "set:excerpts:6",
            "set:excerpts:²",
            "set:excerpts:x",
        ),
        *("set:order:oldest", "set:askers:nobody", "SET:home", "set:home:1"),
    ],
)
def test_data_that_no_button_carries_is_none(data: str) -> None:
    assert parse(data) is None


def test_every_button_leads_somewhere() -> None:
    pages = (
        render_settings(GROUP, WORDS, VIEW),
        render_languages(GROUP, WORDS),
        render_zones(GROUP, WORDS, VIEW),
    )
    carried = [button.data for page in pages for row in page.keyboard for button in row]
    assert len(carried) == len(set(carried) - {"set:home"}) + 2
    assert all(data is not None and parse(data) is not None for data in carried)


def test_what_is_chosen_is_marked() -> None:
    settings = ChatSettings("zh", "Asia/Tokyo", 1, Order.NEWEST, Askers.ADMINS)
    page = SettingsPage(settings, ZoneInfo("Asia/Tokyo"), 1, is_group=True)
    assert chosen(render_settings(page, WORDS, VIEW)) == {"1", "🕒 newest first", "only administrators"}
    assert chosen(render_languages(page, WORDS)) == {"简体中文"}
    assert chosen(render_zones(page, WORDS, VIEW)) == {"Tokyo (UTC+9)"}


def test_what_is_not_chosen_is_automatic() -> None:
    assert chosen(render_languages(GROUP, WORDS)) == {"automatic, as in the Telegram of whoever asks"}
    assert chosen(render_zones(GROUP, WORDS, VIEW)) == {"automatic"}


def test_who_may_ask_matters_only_in_groups() -> None:
    private = render_settings(SettingsPage(ChatSettings(), ZONE, 3), WORDS, VIEW)
    assert "Who may ask" not in private.html
    assert "only administrators" not in labels(private)


def test_a_reader_of_a_group_sees_its_settings_and_cannot_change_them() -> None:
    page = render_settings(
        SettingsPage(ChatSettings(), ZONE, 3, is_group=True, may_change=False), WORDS, VIEW
    )
    assert not page.keyboard
    assert "Excerpts in an answer: 3" in page.html


def test_a_language_that_there_is_no_more_is_shown_as_it_was_chosen() -> None:
    assert "Language: xx" in render_settings(SettingsPage(ChatSettings("xx"), ZONE, 3), WORDS, VIEW).html


@pytest.mark.parametrize(
    ("arguments", "zone"),
    [
        ("zone Asia/Tokyo", "Asia/Tokyo"),
        ("  Zone  new york ", "new york"),
        ("时区 北京", "北京"),
        ("時區 臺北", "臺北"),
        ("zone", ""),
        ("", None),
        ("language en", None),
        ("zones Asia/Tokyo", None),
    ],
)
def test_a_zone_is_typed_after_its_word(arguments: str, zone: str | None) -> None:
    assert zone_typed(arguments) == zone
