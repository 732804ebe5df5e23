"""The data of buttons comes back as it was given, fits, and is told from any other data."""

import pytest

from bot.rendering.button_data import Act, Pressed, data, parse
from bot.rendering.message import Button

KEY = "Zk3vQ9xT0b"


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("places", [(), (0,), (3, 12), (19, 18, 999_999)])
def test_what_is_given_comes_back_and_fits(act: Act, places: tuple[int, ...]) -> None:
    written = data(act, KEY, *places)
    assert parse(written) == Pressed(act, KEY, places)
    assert len(written.encode()) <= 64


@pytest.mark.parametrize(
    "other",
    [
        "",
        "latest:10",
        "example:0123456789abcdef0",
        "z:Zk3vQ9xT0b",
        "m",
        "m:",
        "m:bad key",
        "m:Zk3vQ9xT0b:",
        "m:Zk3vQ9xT0b:-1",
        "m:Zk3vQ9xT0b:１",
        "m:Zk3vQ9xT0b:1\n",
        "m:Zk3vQ9xT0b:1:2:3:4:5",
        "m:Zk3vQ9xT0b:1234567",
    ],
)
def test_other_data_is_left_alone(other: str) -> None:
    assert parse(other) is None


@pytest.mark.parametrize(("key", "place"), [("bad key", 1), (KEY, -1), (KEY, 1_000_000), ("k" * 25, 0)])
def test_data_that_could_not_be_read_is_never_written(key: str, place: int) -> None:
    with pytest.raises(ValueError, match="no button can carry"):
        data(Act.MORE, key, place)


def test_a_place_that_is_not_there_is_the_one_given() -> None:
    pressed = Pressed(Act.AROUND, KEY, (4,))
    assert (pressed.place(0), pressed.place(1), pressed.place(2, 7)) == (4, 0, 7)


def test_a_button_does_exactly_one_thing() -> None:
    assert Button("more", "m:k:3") == Button("more", data="m:k:3")
    with pytest.raises(ValueError, match="exactly one thing"):
        Button("nothing")
    with pytest.raises(ValueError, match="exactly one thing"):
        Button("two", "m:k:3", url="https://news.example")
