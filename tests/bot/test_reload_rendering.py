"""Dry runs and outcomes as messages: whatever is in them they fit, and their buttons mean what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.keeping.reloading import LostPin
from bot.local.markup import parse_html
from bot.locale.catalogue import LOCALES, Catalogues
from bot.rendering.dates import View
from bot.rendering.fragments import utf16_units
from bot.rendering.reload import (
    Act,
    Pressed,
    digest_of,
    lost_pins,
    parse,
    render_loaded,
    render_overtaken,
    render_plan,
    render_undo_plan,
    render_undone,
)
from corpus.load_report import LoadReport, Rejection, UndoReport
from tests.builders import ZONE

if TYPE_CHECKING:
    from bot.rendering.message import Message

CATALOGUES = Catalogues.load()
WORDS = CATALOGUES.speaking("en")
VIEW = View(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), ZONE)
LONG = tuple(f"{number}/<i>&\u202e{'长𝄞' * 400}" for number in range(3000))
REPORT = LoadReport(7, ("a.md",), (), (), 3, (), 4, 5, 0.1)
HUGE = replace(
    REPORT,
    added=LONG,
    changed=LONG,
    removed=LONG,
    rejected=tuple(Rejection(name, name) for name in LONG),
    withheld=LONG,
    notified=123_456,
)
LOST = tuple(LostPin(name, name) for name in LONG)
UNDO = UndoReport(6, 7, VIEW.now, ("a.md",), (), (), 1, 0, 0, ("标题",), 4, 5, 0.1)
HUGE_UNDO = replace(UNDO, withdrawn=LONG, reverted=LONG, restored=LONG, documents_withdrawn=9999, titles=LONG)


def text_of(message: Message) -> str:
    return parse_html(message.html).text


def buttons(message: Message) -> dict[str, Pressed | None]:
    return {button.label: parse(button.data or "") for row in message.keyboard for button in row}


@pytest.mark.parametrize("locale", LOCALES)
def test_whatever_changes_the_message_fits(locale: str) -> None:
    words = CATALOGUES.words[locale]
    for message in (
        render_plan(HUGE, LOST, words),
        render_loaded(HUGE, LOST, words, expected="00000000"),
        render_undo_plan(HUGE_UNDO, words, VIEW),
        render_overtaken(HUGE_UNDO, words, VIEW),
        render_undone(HUGE_UNDO, words),
    ):
        parsed = parse_html(message.html)
        assert utf16_units(parsed.text) <= 4096
        assert "<i>" in parsed.text
        assert "\u202e" not in parsed.text
    assert utf16_units(lost_pins(LOST, words)) <= 4096


def test_lost_pins_are_said_before_and_after() -> None:
    lost = (LostPin("大桥多长", "江东大桥通车"),)
    before, after = render_plan(REPORT, lost, WORDS), render_loaded(REPORT, lost, WORDS)
    assert "⚠ These pinned questions would lose their document:\n  大桥多长 → 江东大桥通车" in text_of(before)
    assert "⚠ These pinned questions have lost their document:\n  大桥多长 → 江东大桥通车" in text_of(after)
    assert "pinned" not in text_of(render_plan(REPORT, (), WORDS))


def test_the_button_loads_what_the_dry_run_was_of() -> None:
    assert buttons(render_plan(REPORT, (), WORDS)) == {
        "Load": Pressed(Act.LOAD, key=digest_of(REPORT)),
        "Cancel": Pressed(Act.CANCEL),
    }
    held = replace(REPORT, withheld=("b.md",))
    shown = buttons(render_plan(held, (), WORDS, include_undone=True))
    assert shown["Load"] == Pressed(Act.LOAD, include_undone=True, key=digest_of(held))
    assert shown["Take what is held back, too"] == Pressed(Act.PLAN, include_undone=True)


def test_the_digest_tells_other_changes() -> None:
    others = (
        replace(REPORT, added=(), changed=("a.md",)),
        replace(REPORT, added=("a.md", "b.md")),
        replace(REPORT, added=()),
    )
    assert len({digest_of(each) for each in (REPORT, *others)}) == 4
    assert digest_of(replace(REPORT, seconds=9.0, generation=8, notified=3)) == digest_of(REPORT)


def test_that_the_folder_changed_meanwhile_is_said_only_if_it_did() -> None:
    said = "The folder has changed since the dry run"
    assert said not in text_of(render_loaded(REPORT, (), WORDS, expected=digest_of(REPORT)))
    assert said not in text_of(render_loaded(REPORT, (), WORDS))
    assert said in text_of(render_loaded(REPORT, (), WORDS, expected="00000000"))


def test_undoing_a_load_of_unknown_time() -> None:
    assert text_of(render_undo_plan(replace(UNDO, loaded=None), WORDS, VIEW)).startswith(
        "Undoing the last load would mean this:\n\n1 file not served any more:\n  a.md"
    )
    assert buttons(render_undo_plan(UNDO, WORDS, VIEW))["Undo it"] == Pressed(Act.UNDO, key="7")


@pytest.mark.parametrize(
    "data",
    ["", "rel:", "rel:load", "rel:load:0", "rel:undo", "rel:undo:0:abcdef01x", "rel:nothing", "xrel:see"],
)
def test_other_data_means_nothing(data: str) -> None:
    assert parse(data) is None
