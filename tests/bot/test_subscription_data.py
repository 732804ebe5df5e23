"""What the buttons about subscriptions carry comes back as it was, and nothing else is read."""

from itertools import product

import pytest

from bot.rendering.subscription_data import NINE, Act, Plan, Pressed, data, parse
from bot.schedule import Cadence, Schedule
from retrieval.breadth import Breadth

KEY = "Zk3vQ9xT0b"
PLANS = [
    Plan(breadth, cadence, minute, weekday, silent)
    for breadth, cadence, minute, weekday, silent in product(
        Breadth, Cadence, (0, 510, 1439), (0, 6), (False, True)
    )
]


@pytest.mark.parametrize("act", list(Act))
def test_every_plan_comes_back_as_it_was_and_fits_a_button(act: Act) -> None:
    for plan in PLANS:
        written = data(act, KEY, plan)
        assert len(written.encode()) <= 64
        assert parse(written) == Pressed(act, KEY, plan)


def test_acts_differ_in_their_letters() -> None:
    assert len({act.value for act in Act}) == len(Act)


@pytest.mark.parametrize(
    "written",
    [
        "sub:",
        "sub:p",
        "sub:p:",
        "sub:p:a-b",
        "sub:p:Zk3vQ9xT0bZk3vQ9xT0b",
        "sub:i:Zk3vQ9xT0b",
        "sub:d:Zk3vQ9xT0b",
        "sub:d:Zk3vQ9xT0b:bd14400",
        "sub:d:Zk3vQ9xT0b:bd144000",
        "sub:d:Zk3vQ9xT0b:xd054000",
        "sub:d:Zk3vQ9xT0b:bd054070",
        "sub:d:Zk3vQ9xT0b:bd054002",
        "sub:p:Zk3vQ9xT0b:",
        "sub:p:Zk3vQ9xT0b:bd0540００",
        "set:p:Zk3vQ9xT0b",
    ],
)
def test_what_no_button_carries_is_not_read(written: str) -> None:
    assert parse(written) is None


def test_a_button_that_could_not_be_read_is_not_made() -> None:
    with pytest.raises(ValueError, match="no button"):
        data(Act.SHOW, "with spaces")
    with pytest.raises(ValueError, match="no button"):
        data(Act.SAVE, KEY)


def test_a_plan_keeps_the_time_that_its_cadence_has_no_use_for() -> None:
    plan = Plan(cadence=Cadence.WEEKLY, minute=510, weekday=4)
    assert plan.schedule == Schedule(Cadence.WEEKLY, 510, 4)
    assert plan.having(cadence=Cadence.DAILY).schedule == Schedule(Cadence.DAILY, 510)
    hourly = plan.having(cadence=Cadence.HOURLY)
    assert hourly.schedule == Schedule(Cadence.HOURLY)
    assert hourly.having(cadence=Cadence.WEEKLY).schedule == plan.schedule


def test_a_plan_is_made_of_what_a_subscription_has() -> None:
    assert Plan.of(Breadth.STRICT, Schedule(Cadence.AT_ONCE), silent=True) == Plan(
        Breadth.STRICT, Cadence.AT_ONCE, NINE, 0, silent=True
    )
    midnight = Plan.of(Breadth.BROAD, Schedule(Cadence.WEEKLY, 0, 6), silent=False)
    assert (midnight.minute, midnight.weekday) == (0, 6)
