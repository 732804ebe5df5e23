"""Quiet hours and corrections are chosen by buttons or written; in a group by its administrators."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.inquiry import Inquiry
from bot.outbox import Outbox, outbox
from bot.reply import Where
from bot.schedule import Cadence, Schedule
from tests.bot.reader_builders import build_notice
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import forge, newest, press, told
from tests.e2e.subscribers import chosen, store_of


async def test_quiet_hours_are_chosen_by_a_button_and_ended_by_another(bot: Stage) -> None:
    page = await bot.ask(bot.alice, "/settings")
    assert "🌙 Quiet hours: none" in text_of(page)
    hours = await press(bot, bot.alice, page, "🌙")
    assert chosen(hours) == ["no quiet hours"]
    home = await press(bot, bot.alice, hours, "23:00–07:00")
    assert "🌙 Quiet hours: 23:00–07:00" in text_of(home)
    assert chosen(await press(bot, bot.alice, home, "🌙")) == ["23:00–07:00"]
    back = await press(bot, bot.alice, newest(bot, page), "◀ All settings")
    again = await press(bot, bot.alice, await press(bot, bot.alice, back, "🌙"), "no quiet hours")
    assert "🌙 Quiet hours: none" in text_of(again)


@pytest.mark.parametrize("written", ["quiet 21:30-6:45", "免打扰 21：30 至 06:45"])
async def test_quiet_hours_are_written(bot: Stage, written: str) -> None:
    page = await bot.ask(bot.alice, f"/settings {written}")
    assert "🌙 Quiet hours: 21:30–06:45" in text_of(page)
    assert "🌙 Quiet hours: none" in text_of(await bot.ask(bot.alice, "/settings quiet off"))


async def test_quiet_hours_that_cannot_be_read_change_nothing(bot: Stage) -> None:
    await bot.ask(bot.alice, "/settings quiet 21:30-6:45")
    refused = await bot.ask(bot.alice, "/settings quiet at night")
    assert text_of(refused).startswith("I cannot read “at night” as quiet hours.")
    assert "21:30–06:45" in text_of(await bot.ask(bot.alice, "/settings"))


async def test_corrections_are_switched_off_and_on(bot: Stage) -> None:
    page = await bot.ask(bot.alice, "/settings")
    assert "📝 Tell of corrections: yes" in text_of(page)
    without = await press(bot, bot.alice, page, "📝 no corrections")
    assert "📝 Tell of corrections: no" in text_of(without)
    again = await press(bot, bot.alice, without, "📝 corrections")
    assert "📝 Tell of corrections: yes" in text_of(again)


@pytest.mark.parametrize(
    "data", ["set:quiet:7-7", "set:quiet:1440-1", "set:quiet:on", "set:corrections:maybe", "set:corrections:"]
)
async def test_a_forged_choice_changes_nothing(bot: Stage, data: str) -> None:
    page = await bot.ask(bot.alice, "/settings")
    if data.endswith(":"):
        data = f"{data}{data}"
    assert (await forge(bot, bot.alice, page, data))["text"] == "This button no longer works."
    assert "🌙 Quiet hours: none" in text_of(await bot.ask(bot.alice, "/settings"))


async def test_in_a_group_only_administrators_choose(bot: Stage) -> None:
    owner = bot.telegram.people.administrator
    refused = await bot.ask(bot.alice, "/settings quiet 21:30-6:45", bot.group)
    assert "21:30" not in text_of(refused)
    page = await bot.ask(owner, "/settings quiet 20:00-6:45", bot.group)
    assert "20:00–06:45" in text_of(page)
    for label in (each for each in labels(page) if each[0] in "🌙📝"):
        assert (await told(bot, bot.alice, page, label))["show_alert"]
    assert "20:00–06:45" in text_of(await bot.ask(owner, "/settings", bot.group))


async def test_what_waits_is_told_when_it_is_due_in_the_new_zone_and_outside_the_new_hours(
    stage: Stage,
) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    stage.telegram.world.clock = lambda: noon
    async with stage.running():
        await stage.ask(stage.alice, "/settings zone UTC")
        inquiry = Inquiry("BW1803", noon)
        where = Where(stage.alice.id, None, stage.alice.id)
        daily = await store_of(stage).add(where, inquiry, schedule=Schedule(Cadence.DAILY, 540))
        bot_id = int(stage.telegram.token.partition(":")[0])
        notice = build_notice(daily, noon + timedelta(days=30))
        await Outbox(stage.database, bot_id, lambda: noon).add([notice])
        # The clock of these tests stands still, but the bot's own does not: what is due, is of today.
        await stage.ask(stage.alice, "/settings zone Tokyo")
        tokyo = await due(stage)
        await stage.ask(stage.alice, "/settings quiet 8:00-10:30")
        quiet = await due(stage)
    assert (tokyo.hour, tokyo.minute) == (0, 0)  # nine in Tokyo
    assert (quiet.hour, quiet.minute) == (1, 30)


async def due(stage: Stage) -> datetime:
    """When what waits is told."""
    async with stage.database.connection() as connection:
        found = (await connection.execute(select(outbox.c.due))).scalar_one()
    assert isinstance(found, datetime)
    return found
