"""How a question is followed, in words and as buttons."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.locale.catalogue import Catalogues
from bot.rendering.dates import View
from bot.rendering.plans import (
    breadth_row,
    clock,
    clock_typed,
    render_hours,
    render_when,
    schedule_text,
    sound_button,
    zone_text,
)
from bot.rendering.subscription_data import Act, Plan, data, parse
from bot.schedule import Cadence, Schedule
from retrieval.breadth import Breadth

WORDS = Catalogues.load().words
ENGLISH = WORDS["en"]
VIEW = View(datetime(2026, 3, 1, 12, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
KEY = "Zk3vQ9xT0b"


def carry(plan: Plan) -> str:
    """What a button that leads to a plan carries."""
    return data(Act.CHANGE, KEY, plan)


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (Schedule(Cadence.AT_ONCE), "at once"),
        (Schedule(Cadence.HOURLY), "hourly"),
        (Schedule(Cadence.DAILY, 510), "daily at 08:30"),
        (Schedule(Cadence.WEEKLY, 0, 6), "every Sunday at 00:00"),
    ],
)
def test_a_schedule_in_words(schedule: Schedule, said: str) -> None:
    assert schedule_text(schedule, ENGLISH) == said


def test_days_are_named_in_the_readers_language() -> None:
    assert "星期一" in schedule_text(Schedule(Cadence.WEEKLY, 540, 0), WORDS["zh"])
    assert "星期一" in schedule_text(Schedule(Cadence.WEEKLY, 540, 0), WORDS["zh_Hant"])


@pytest.mark.parametrize(
    ("typed", "minute"), [("08:30", 510), ("8:30", 510), (" 20：05 ", 1205), ("23.59", 1439), ("0:00", 0)]
)
def test_a_time_of_day_that_is_typed(typed: str, minute: int) -> None:
    assert clock_typed(typed) == minute
    assert clock_typed(clock(minute)) == minute


@pytest.mark.parametrize("typed", ["", "24:00", "8:60", "8", "8:5", "at 8:30", "８:30", "-1:00", "123:00"])
def test_what_is_no_time_of_day(typed: str) -> None:
    assert clock_typed(typed) is None


def test_the_zone_that_times_are_in() -> None:
    assert zone_text(ENGLISH, VIEW) == "Beijing (UTC+8)"
    assert zone_text(ENGLISH, View(VIEW.now, ZoneInfo("Etc/UTC"))) == "UTC"


def test_what_is_chosen_is_ticked_and_every_button_leads_to_what_it_says() -> None:
    strict, broad = breadth_row(Plan(), carry, ENGLISH)
    assert (strict.label, broad.label) == ("🎯 strict", "✓ 🌐 broad")
    pressed = parse(strict.data or "")
    assert pressed is not None
    assert pressed.plan == Plan(Breadth.STRICT)
    loud = sound_button(Plan(), carry, ENGLISH)
    quiet = sound_button(Plan(silent=True), carry, ENGLISH)
    assert (loud.label, loud.data) == ("🔊 with sound", carry(Plan(silent=True)))
    assert (quiet.label, quiet.data) == ("🔕 silently", carry(Plan()))


@pytest.mark.parametrize("locale", ["en", "zh", "zh_Hant"])
def test_only_a_week_has_days_and_only_days_have_hours(locale: str) -> None:
    seen = {}
    for cadence in Cadence:
        plan = Plan(cadence=cadence, minute=510, weekday=2)
        message = render_when(plan, carry, "hours", "back", WORDS[locale], VIEW)
        assert message.keyboard[-1][0].data == "back"
        seen[cadence] = [button for row in message.keyboard for button in row]
        assert sum(button.label.startswith("✓ ") for button in seen[cadence]) == (
            2 if cadence is Cadence.WEEKLY else 1
        )
        assert all(len(button.label) < 20 for button in seen[cadence])
    assert {cadence: len(buttons) for cadence, buttons in seen.items()} == {
        Cadence.AT_ONCE: 5,
        Cadence.HOURLY: 5,
        Cadence.DAILY: 6,
        Cadence.WEEKLY: 13,
    }
    assert [button.data for button in seen[Cadence.DAILY]].count("hours") == 1
    assert [button.data for button in seen[Cadence.HOURLY]].count("hours") == 0


def test_every_hour_of_the_day_can_be_chosen() -> None:
    message = render_hours(Plan(minute=1200), carry, "back", ENGLISH, VIEW)
    buttons = [button for row in message.keyboard[:-1] for button in row]
    plans = [pressed.plan for button in buttons if (pressed := parse(button.data or "")) is not None]
    assert [plan.minute for plan in plans if plan is not None] == [60 * hour for hour in range(24)]
    assert [button.label for button in buttons if button.label.startswith("✓")] == ["✓ 20"]
    assert "Beijing" in message.html
    assert "08:30" in message.html
