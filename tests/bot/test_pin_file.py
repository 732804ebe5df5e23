"""The file of pinned questions: written whole, edited by people, and read in whatever state it is."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CannotKeep
from bot.inquiry import Inquiry
from bot.keeping.pins import Pin, Pins, pin_id
from retrieval.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

ZONE = ZoneInfo("Asia/Shanghai")
ASKED = datetime(2025, 3, 5, 23, 30, tzinfo=UTC)


def pin(question: str = "首付款是多少", **more: object) -> Pin:
    asked = ASKED.astimezone(ZONE)
    return Pin(Inquiry(question, asked, **more), "deal.md", "deal.md", "海外授权", "首付款6000万美元")  # type: ignore[arg-type]


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    return Pins(tmp_path / ".pins.jsonl", ZONE)


async def test_a_pin_comes_back_as_it_was(pins: Pins, tmp_path: Path) -> None:
    scope = Scope(sources=("云汐日报",), since=date(2025, 1, 1), document_id="x")
    kept = (pin(), pin("呢", context="首付款是多少", scope=scope))
    for each in kept:
        assert await pins.add(each)
    assert [each.id for each in (await pins.all()).pins] == [each.id for each in kept]
    plain, confined = (await pins.all()).pins
    assert confined.inquiry == kept[1].inquiry
    assert plain.inquiry.asked == datetime(2025, 3, 6, 12, tzinfo=ZONE), "the day of the reader, at noon"
    assert (plain.question, confined.question) == ("首付款是多少", "首付款是多少 → 呢")
    assert (plain.expected, plain.document_id, plain.answer) == ("海外授权", "deal.md", "首付款6000万美元")
    lines = (tmp_path / ".pins.jsonl").read_text(encoding="utf-8").splitlines()
    assert "inquiry" not in json.loads(lines[0])


async def test_a_question_is_pinned_once_whenever_it_is_asked(pins: Pins) -> None:
    await pins.add(pin())
    await pins.add(pin("另一个"))
    later = Pin(Inquiry("首付款是多少", datetime.now(ZONE), excerpts=5), "other.md", "other.md", None, "")
    assert pin_id(later.inquiry) == pin().id
    await pins.add(later)
    assert [each.document_id for each in (await pins.all()).pins] == ["deal.md", "other.md"]
    assert (await pins.remove(later.id)) is not None
    assert await pins.remove(later.id) is None


async def test_many_at_once_lose_nothing(pins: Pins) -> None:
    await asyncio.gather(*(pins.add(pin(f"第{number}问")) for number in range(20)))
    assert len((await pins.all()).pins) == 20


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        "null",
        "1",
        '{"question": 1, "document": "d", "origin": "o", "asked": "2025-01-01"}',
        '{"question": "q", "document": "d", "origin": "o", "asked": "never"}',
        '{"question": "q", "document": "", "origin": "o", "asked": "2025-01-01"}',
        '{"question": "q", "document": "d", "origin": "o", "asked": "2025-01-01", "inquiry": {"v": 9}}',
        '{"question": "q", "document": "d", "origin": "o", "asked": "2025-01-01", "answer": 3}',
        "[" * 100_000,
    ],
)
async def test_what_is_no_pin_is_counted_and_kept(pins: Pins, tmp_path: Path, line: str) -> None:
    (tmp_path / ".pins.jsonl").write_text(line + "\n", encoding="utf-8")
    assert (await pins.all()).unreadable == 1
    await pins.add(pin())
    await pins.remove(pin().id)
    assert (tmp_path / ".pins.jsonl").read_text(encoding="utf-8") == line + "\n"


async def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pins = Pins(tmp_path / "file" / ".pins.jsonl", ZONE)
    with pytest.raises(CannotKeep):
        await pins.add(pin())
    assert names_in(tmp_path) == ["file"]


@given(st.text(min_size=1), st.text(min_size=1), st.text())
def test_any_text_comes_back(question: str, document: str, answer: str) -> None:
    kept = Pin(Inquiry(question, datetime(2025, 1, 1, 12, tzinfo=ZONE)), document, document, None, answer)
    line = kept.to_json()
    assert "\n" not in line
    assert Pin.from_json(line, ZONE) == kept
