"""Terms: what is a unit, what is a term, and how often a form has one."""

from __future__ import annotations

import pytest
from hypothesis import given

from retrieval.terms import Counter, Forms, Kind, is_cjk, pair_terms, unit_matches, unit_terms, written
from tests.retrieval.texts import any_text


def units(normal: str) -> list[str]:
    return [unit for unit, _, _ in unit_matches(normal)]


@pytest.mark.parametrize(
    ("normal", "expected"),
    [
        ("重庆", ["重", "庆"]),
        ("gr1803授权", ["gr1803", "授", "权"]),
        ("pd-1", ["pd", "1"]),
        ("cldn18.2和cd3", ["cldn18.2", "和", "cd3"]),
        ("3.5%", ["3.5"]),
        ("10.2 billion", ["10.2", "billion"]),
        ("1,500", ["1,500"]),
        ("1,234,567.89", ["1,234,567.89"]),
        ("分别为10,20和30", ["分", "别", "为", "10", "20", "和", "30"]),
        ("1200,500人", ["1200", "500", "人"]),
        ("12,3456", ["12", "3456"]),
        ("2025.12.16", ["2025.12.16"]),
        ("end.", ["end"]),
        ("u.s. fda", ["u", "s", "fda"]),
        ("a_b", ["a", "b"]),
        ("㐀𠀀豈", ["㐀", "𠀀", "豈"]),
        ("한국어 뉴스", ["한국어", "뉴스"]),
        ("カタカナ", ["カタカナ"]),
        ("ﬁnance", ["ﬁnance"]),
        ("。，—…😀|\0\x1f", []),
        ("", []),
    ],
)
def test_units(normal: str, expected: list[str]) -> None:
    assert units(normal) == expected


@given(any_text)
def test_units_stand_where_they_say_in_order(normal: str) -> None:
    last = 0
    for unit, start, end in unit_matches(normal):
        assert last <= start < end
        assert normal[start:end] == unit
        last = end


@given(any_text)
def test_everything_between_units_is_neither_letter_nor_number(normal: str) -> None:
    last = 0
    for _, start, end in [*unit_matches(normal), ("", len(normal), len(normal))]:
        assert not any(character.isalnum() for character in normal[last:start])
        last = end


@given(any_text)
def test_a_unit_is_a_single_chinese_character_or_has_none(normal: str) -> None:
    for unit in units(normal):
        assert len(unit) == 1 or not any(is_cjk(character) for character in unit)


@pytest.mark.parametrize("unit", ["重", "㐀", "䶿", "鿿", "豈", "𠀀", "𲎯"])
def test_chinese_characters(unit: str) -> None:
    assert is_cjk(unit)
    assert written(unit) == unit


@pytest.mark.parametrize("unit", ["a", "1", "é", "한국", "カタカナ", "ﬁnance", "ﷺ", "〇"])
def test_all_other_scripts_are_written_between_bars(unit: str) -> None:
    assert not is_cjk(unit)
    assert written(unit) == f"|{unit}|"


def test_unit_terms_are_characters_and_neighbours() -> None:
    assert unit_terms(["重", "庆", "gr1803"]) == ["c重", "c庆", "c|gr1803|", "b重庆", "b庆|gr1803|"]
    assert unit_terms([]) == []
    assert unit_terms(["a"]) == ["c|a|"]


def test_pair_terms_are_neighbouring_words() -> None:
    assert pair_terms(["重庆", "国际", "city"]) == ["p重庆|国际", "p国际|city"]
    assert pair_terms(["重庆"]) == []


FORMS = Forms(
    units="重庆重庆|gr1803||a||ab| 庆 ",
    words="|重庆||重庆||gr1803||a||ab| |庆| |国际| |重庆| ",
    dates="|2025||2025-12|",
    quantities="|CNY:102||%:3.5|",
    length=8,
)


@pytest.mark.parametrize(
    ("term", "count"),
    [
        ("w重庆", 3),  # a part is a word too
        ("w国际", 1),
        ("w庆", 1),
        ("wgr1803", 1),
        ("wgr", 0),
        ("wa", 1),
        ("c重", 2),
        ("c庆", 3),
        ("c|a|", 1),
        ("c|b|", 0),
        ("b重庆", 2),
        ("b庆重", 1),
        ("b庆|gr1803|", 1),
        ("b|gr1803||a|", 1),
        ("b|ab|庆", 0),  # a break is between them
        ("p重庆|重庆", 1),
        ("p重庆|gr1803", 1),
        ("pab|庆", 0),
        ("p国际|重庆", 0),  # shorter words inside long ones are nobody's neighbours
        ("d2025", 1),
        ("d2025-12", 1),
        ("d2025-1", 0),
        ("d--12-16", 0),
        ("qCNY:102", 1),
        ("qCNY:10", 0),
        ("q%:3.5", 1),
        ("lzh", 0),  # the language is asked of the index, not counted
    ],
)
def test_counts(term: str, count: int) -> None:
    assert Counter([term]).count(FORMS) == ({term: count} if count else {})


def test_terms_are_counted_together_as_each_alone() -> None:
    terms = ["w重庆", "wgr", "c庆", "b重庆", "p重庆|gr1803", "d2025", "d2024"]
    assert Counter(terms).count(FORMS) == {"w重庆": 3, "c庆": 3, "b重庆": 2, "p重庆|gr1803": 1, "d2025": 1}
    assert Counter([]).count(FORMS) == {}


SENTENCES = Forms(
    units="重庆 \n重庆|city| |a|庆\n国际 重庆",
    words="|重庆| \n|重庆||city| |a||庆| |生物| \n|国际| |重庆|",
    dates="|2025|",
    quantities="|CNY:102|",
    length=11,
)


def test_the_terms_of_each_sentence_the_titles_first() -> None:
    terms = ["w重庆", "w生物", "w国际", "p重庆|city", "c庆", "b重庆", "b庆|city|", "b庆国"]
    assert Counter(terms).sentences(SENTENCES, terms) == [
        ["w重庆", "c庆", "b重庆"],
        ["w重庆", "w生物", "p重庆|city", "c庆", "b重庆", "b庆|city|"],
        ["w重庆", "w国际", "c庆", "b重庆"],
    ]


def test_only_the_terms_asked_for_are_looked_for_in_sentences_and_no_dates_nor_quantities() -> None:
    terms = ["w重庆", "w国际", "d2025", "qCNY:102"]
    assert Counter(terms).sentences(SENTENCES, ["w国际", "d2025", "qCNY:102", "w没有"]) == [
        [],
        [],
        ["w国际"],
    ]


def test_a_sentences_end_breaks_adjacency() -> None:
    terms = ["b庆重", "b庆国", "p庆|国际", "p重庆|重庆"]
    assert Counter(terms).count(SENTENCES) == {}


@pytest.mark.parametrize(
    ("units", "length", "language"),
    [
        ("重庆|city|", 3, "zh"),
        ("重|a||b|", 3, "en"),
        ("重|a|", 2, "zh"),
        ("重庆|a||b||3||4.5||1500|", 7, "zh"),  # numbers are of no language
        ("|3||4.5|", 2, "en"),
        ("|a| \n|b|", 2, "en"),
        (" \n重庆 ", 2, "zh"),
        ("", 0, "en"),
    ],
)
def test_the_language(units: str, length: int, language: str) -> None:
    assert Forms(units, "", "", "", length).language == language


def test_every_kind_has_a_letter_of_its_own() -> None:
    assert sorted(Kind) == ["b", "c", "d", "l", "p", "q", "w"]
