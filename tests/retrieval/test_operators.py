"""Operators: what is read, what is left to ask, and that ordinary questions lose nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from retrieval.operators import Problem, Reading, read_operators
from retrieval.scope import Scope
from tests.retrieval.texts import any_text

TODAY = date(2025, 12, 16)
TABLE = Path(__file__).parents[1] / "data" / "operators.tsv"


def _rows() -> list[tuple[str, str, str, str]]:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return [(text, left, scope, problems) for text, left, scope, problems in rows]


def _written(scope: Scope) -> str:
    parts = [f"source={source}" for source in scope.sources]
    parts += [f"{name}={day}" for name, day in (("since", scope.since), ("until", scope.until)) if day]
    parts += [f"language={scope.language}"] if scope.language else []
    parts += [f"phrase={phrase}" for phrase in scope.phrases]
    return "|".join([*parts, *(f"excluded={word}" for word in scope.excluded)])


@pytest.mark.parametrize(("text", "left", "scope", "problems"), _rows(), ids=lambda value: value[:40])
def test_reads_what_the_table_says(text: str, left: str, scope: str, problems: str) -> None:
    reading = read_operators(text, TODAY)
    written = "|".join(f"{each.operator}={each.value}" for each in reading.problems)
    assert (reading.text, _written(reading.scope), written) == (left, scope, problems)


def test_the_table_has_both_kinds_of_rows() -> None:
    rows = _rows()
    plain = [row for row in rows if row[0] == row[1]]
    assert len(rows) - len(plain) >= 60
    assert len(plain) >= 20


def test_a_pasted_text_has_no_operators() -> None:
    text = "来源：新华社 " + "重庆国际生物城的药企签下首个海外授权。" * 20
    assert read_operators(text, TODAY) == Reading(text, Scope())
    assert read_operators(text[:60], TODAY).scope == Scope(sources=("新华社",))


def test_lines_that_begin_with_a_hyphen_are_a_list() -> None:
    text = "疫苗\n-新冠\n-流感"
    assert read_operators(text, TODAY) == Reading(text, Scope())


def test_the_day_of_asking_is_what_dates_are_reckoned_from() -> None:
    assert read_operators("双抗 since:昨天", date(2024, 3, 1)).scope == Scope(since=date(2024, 2, 29))


def test_a_problem_keeps_what_was_written() -> None:
    reading = read_operators("疫苗 Since:ＦＯＯ", TODAY)
    assert reading.problems == (Problem("Since", "ＦＯＯ"),)
    assert reading.text == "疫苗"


@given(any_text)
def test_any_text_is_read(text: str) -> None:
    reading = read_operators(text, TODAY)
    if not reading.scope and not reading.problems:
        assert reading.text == text.strip()
    # Reading what is left again finds no more of the short forms.
    assert not read_operators(reading.text, TODAY).problems or reading.problems
