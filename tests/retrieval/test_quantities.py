"""Quantities: one amount however it is written, and nothing that only looks like one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import cn2an
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.normalizer import Normalizer
from retrieval.quantities import (
    Quantity,
    asked_terms,
    asked_units,
    matching,
    quantities,
    quantity_spans,
    quantity_terms,
)
from tests.retrieval.texts import any_text

NORMALIZER = Normalizer()
TABLE = Path(__file__).parents[1] / "data" / "quantities.tsv"
PAIRS = [tuple(line.split("\t")) for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]


def read(text: str) -> list[Quantity]:
    return quantities(NORMALIZER.normalise(text))


def written(text: str) -> list[str]:
    normal = NORMALIZER.normalise(text)
    return [normal[each.start : each.end] for each in quantities(normal)]


@pytest.mark.parametrize(("one", "other", "verdict"), PAIRS)
def test_pairs(one: str, other: str, verdict: str) -> None:
    expected = verdict == "same"
    for question, passage in ((one, other), (other, one)):
        assert any(matching(q, p) for q in read(question) for p in read(passage)) is expected


def test_the_table_has_pairs_of_both_verdicts() -> None:
    assert {verdict for _, _, verdict in PAIRS} == {"same", "different"}


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("授权金额高达7.12亿美元,涉及42个项目。", ["7.12亿美元", "42个"]),
        ("a deal of US$712 million, with 42 in trials", ["us$712 million", "42"]),
        ("有100余家企业,其中超过三成盈利", ["100余家", "超过三成"]),
        ("the price fell by about 61%, to $18.90 a share", ["about 61%", "$18.90"]),
        ("净销售额的9%至14%", ["9%至14%"]),
        ("人民币约102亿元", ["人民币约102亿元"]),
        ("通过3项法案,过百家企业,网上10个,上千人", ["3项", "过百家", "10个", "上千人"]),
        ("为期3天,每小时30公里,一周3次", ["3天", "30公里", "一周", "3次"]),
        ("裁员三年半,罚48万余元", ["三年半", "48万余元"]),
    ],
)
def test_expressions_are_found_whole(text: str, expressions: list[str]) -> None:
    assert written(text) == expressions


@pytest.mark.parametrize(
    "text",
    [
        "2025年12月16日 08:35",
        "2025-12-16, 2025/12/16, December 16, 2025",
        "1-11月,12月至次年1月,2024-2025,2024-25赛季,24年底,90年代",
        "GR1803 PD-1 CAR-T PC-301 3.5-turbo GPT-4 iPhone 17 5G v1.2.3",
        "Group 1, phase 3, Figure 2, [1], (2), 16th",
        "第三季度,第3轮,三期临床,十四五,二十大,双十一,星期三,周五",
        "电话023-68888888,13812345678,138-1234-5678,代码600519",
        "上半年,百度,三星,十分,一个,一些,统一,四川,万科,一成不变",
        "三点开会,8点35分",
        "one of the reasons",
        "同一年,哪一天,三年前,10天后,半年以来,five years ago,在19年",
    ],
)
def test_what_only_looks_like_a_quantity(text: str) -> None:
    assert written(text) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("102亿元", "CNY:10200000000 :10200000000"),
        ("10.20 billion yuan", "CNY:10200000000 :10200000000"),
        ("三成", "%:30"),
        ("42个", ":42"),
        ("三个事件,4项", ":4"),
        ("$18.90", "USD:18.9"),
        ("超过100家", ":100"),
        ("10亿至20亿元", "CNY:1000000000 CNY:2000000000 :1000000000 :2000000000"),
        ("10-20 billion", ":10000000000 :20000000000"),
        ("2000000%", "%:2000000"),
        ("翻一番", "x:2"),
        ("三分之一", "%:33.333333"),
        ("数十家", ""),
        ("无", ""),
    ],
)
def test_terms(text: str, terms: str) -> None:
    assert quantity_terms(NORMALIZER.normalise(text)) == set(terms.split())


def test_a_question_is_searched_by_its_own_unit_only() -> None:
    assert asked_terms("102亿元") == {"CNY:10200000000"}
    assert asked_terms("102亿") == {":10200000000"} <= quantity_terms("102亿元")
    assert not asked_terms("102亿元") & quantity_terms("102亿美元")


@pytest.mark.parametrize(
    ("question", "passage", "answers"),
    [
        ("融资多少元?", "18.6亿元,共42个项目,增长三成", ["18.6亿元"]),
        ("有多少家企业?", "18.6亿元,共42家,增长三成", ["42家"]),
        ("下降百分之几?", "18.6亿元,共42家,增长三成", ["三成"]),
        ("用了多少天?", "共42家,30天,3年", ["30天", "3年"]),
        ("what percentage of sales?", "$60 million and between 9% and 14%", ["9% and 14%"]),
        ("how many patients?", "1,124 people, not 34%", ["1,124 people"]),
        ("how much is it worth?", "42 drugs for $5", ["42 drugs", "$5"]),
    ],
)
def test_the_amounts_that_can_answer(question: str, passage: str, answers: list[str]) -> None:
    units = asked_units(question)
    assert units is not None
    assert [passage[start:end] for start, end in quantity_spans(passage, units)] == answers


@pytest.mark.parametrize("question", ["谁是创始人?", "什么时候上市?", "why did it fail?"])
def test_other_questions_ask_for_no_amount(question: str) -> None:
    assert asked_units(question) is None


@given(any_text)
@example("一一一一点点分之百分之")
@example("9" * 5000)
@example("1,2-3至4~5亿到6万 and 7")
@example("几千万亿亿亿亿亿亿亿亿亿亿元")
@example("us$")
def test_any_text_gives_quantities_in_order(text: str) -> None:
    normal = NORMALIZER.normalise(text)
    end = 0
    for each in quantities(normal):
        assert end <= each.start < each.end <= len(normal)
        assert each.low <= each.high
        assert all(number.is_finite() for number in each.named)
        end = each.end
    for term in quantity_terms(normal) | asked_terms(normal):
        assert "|" not in term
        assert not any(character.isspace() for character in term)


SCALES = {"": 0, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "百亿": 10, "千亿": 11, "万亿": 12}


@given(
    n=st.integers(1, 9_999),
    scale=st.sampled_from(list(SCALES)),
    counter=st.sampled_from("元 美元 个 吨".split()),
)
def test_a_scale_is_its_noughts(n: int, scale: str, counter: str) -> None:
    scaled, plain = read(f"共{n}{scale}{counter}。"), read(f"共{n * 10 ** SCALES[scale]:,}{counter}。")
    assert [(each.low, each.high, each.unit) for each in scaled] == [
        (each.low, each.high, each.unit) for each in plain
    ]


@given(
    n=st.decimals("0.01", "999.99", places=2),
    scale=st.sampled_from([("百万", "million", 6), ("十亿", "billion", 9), ("万亿", "trillion", 12)]),
)
def test_chinese_and_english_scales_agree(n: Decimal, scale: tuple[str, str, int]) -> None:
    chinese, english, power = scale
    [quantity] = read(f"{n}{chinese}元")
    assert quantity.low == n * 10**power
    assert matching(read(f"{n} {english} yuan")[0], quantity)


@given(st.integers(2, 10**13 - 1))
def test_chinese_numerals_agree_with_cn2an(n: int) -> None:
    [quantity] = read(f"共{cn2an.an2cn(n)}元整")
    assert quantity.low == quantity.high == n


TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
UNITS = "one two three four five six seven eight nine".split()


@given(st.integers(2, 9), st.integers(1, 9), st.integers(1, 9), st.sampled_from(["-", " "]))
def test_english_numerals(tens: int, units: int, hundreds: int, joined: str) -> None:
    words = f"{UNITS[hundreds - 1]} hundred and {TENS[tens - 2]}{joined}{UNITS[units - 1]}"
    assert [each.low for each in read(f"with {words} companies")] == [100 * hundreds + 10 * tens + units]


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_what_a_range_includes_matches(one: int, other: int) -> None:
    low, high = sorted((one, other))
    [inside] = read(f"{low}美元")
    if low < high:
        [span] = read(f"{low}美元至{high}美元")
        assert matching(inside, span)
        assert matching(span, inside)
    assert matching(read(f"至少{low}美元")[0], read(f"{high}美元")[0])
    assert matching(read(f"不超过{high}美元")[0], inside)
    assert not matching(read(f"超过{high}美元")[0], read(f"{low - Decimal('0.5')}美元")[0])
