"""Quiet hours as readers write them, as buttons carry them, and as a page to choose from."""

import pytest

from bot.locale.catalogue import Catalogues
from bot.rendering.message import Button
from bot.rendering.quiet_hours import (
    hours_text,
    quiet_choice,
    quiet_typed,
    read_quiet,
    render_quiet_hours,
    render_unknown_quiet,
)
from bot.schedule import Quiet

WORDS = Catalogues.load().words
BACK = Button("back", "back")


@pytest.mark.parametrize(
    "written",
    ["22:30-7:05", "22:30 – 07:05", "22：30至7：05", "22:30 到 07:05", "22.30 to 7.05", " 22:30~7:05 "],
)
def test_hours_are_read_as_people_write_them(written: str) -> None:
    assert read_quiet(written) == {"quiet": Quiet(1350, 425)}


@pytest.mark.parametrize("written", ["off", "Off", "none", "关闭", "關閉", "无"])
def test_none_can_be_written(written: str) -> None:
    assert read_quiet(written) == {"quiet": None}


@pytest.mark.parametrize(
    "written", ["", "22", "22-7", "22:00", "24:00-7:00", "22:00-7:60", "7:00-7:00", "1:00-2:00-3:00", "-"]
)
def test_what_is_no_pair_of_times_is_not_read(written: str) -> None:
    assert read_quiet(written) is None


@pytest.mark.parametrize("arguments", ["quiet 22:00-7:00", " 免打扰  22:00-7:00 ", "勿擾 22:00-7:00"])
def test_the_word_before_them(arguments: str) -> None:
    assert quiet_typed(arguments) == "22:00-7:00"


@pytest.mark.parametrize("arguments", ["", "zone Tokyo", "quietly 22:00"])
def test_another_word_before_them(arguments: str) -> None:
    assert quiet_typed(arguments) is None


@pytest.mark.parametrize("data", ["", "1440-7", "7-7", "-", "on", "1-2-3", "１-2", "99999-1"])
def test_what_no_button_carries_is_not_chosen(data: str) -> None:
    assert quiet_choice(data) is None


@pytest.mark.parametrize("locale", ["en", "zh", "zh_Hant"])
@pytest.mark.parametrize("chosen", [None, Quiet(1320, 420), Quiet(0, 480), Quiet(1, 2)])
def test_every_button_chooses_what_it_says(locale: str, chosen: Quiet | None) -> None:
    message = render_quiet_hours(chosen, "set:quiet:", (BACK,), WORDS[locale])
    *hours, never, back = (button for row in message.keyboard for button in row)
    assert back == BACK
    assert quiet_choice((never.data or "").removeprefix("set:quiet:")) == {"quiet": None}
    assert never.label.startswith("✓ ") == (chosen is None)
    for button in hours:
        found = quiet_choice((button.data or "").removeprefix("set:quiet:"))
        assert found is not None
        quiet = found["quiet"]
        assert quiet is not None
        assert button.label.removeprefix("✓ ") == hours_text(quiet)
        assert button.label.startswith("✓ ") == (quiet == chosen)
    assert "/settings quiet " in message.html


def test_what_cannot_be_read_is_repeated_in_short() -> None:
    message = render_unknown_quiet("<b>" + "x" * 3000, WORDS["en"])
    assert len(message.html) < 300
    assert "&lt;b&gt;" in message.html
