"""The dates of questions: the table of expressions, their terms, filters and relations to time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.dates import DateRange, Precision, date_terms, question_dates
from retrieval.normalizer import Normalizer
from tests.retrieval.texts import any_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
ASKED = datetime(2025, 12, 16, 12, tzinfo=SHANGHAI)  # a Tuesday
TABLE = Path(__file__).parents[1] / "data" / "date_expressions.tsv"
NORMALIZER = Normalizer()


def _rows() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def test_the_table_has_both_languages() -> None:
    chinese = sum(not row[0].isascii() for row in _rows())
    assert chinese >= 40
    assert len(_rows()) - chinese >= 24


@pytest.mark.parametrize(("question", "asked", "first", "last"), _rows())
def test_a_date_in_a_question(question: str, asked: str, first: str, last: str) -> None:
    noon = datetime.fromisoformat(f"{asked}T12:00").replace(tzinfo=SHANGHAI)
    dates = question_dates(NORMALIZER.normalise(question), noon)
    assert dates.expressions
    assert dates.expressions[0].range == DateRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("今年1-11月融资多少", "今年1-11月"),
        ("请问去年12月16日谁签约", "去年12月16日"),
        ("2023年到2025年增长多少", "2023年到2025年"),
        ("五年前的5月", "五年前的5月"),
        ("from 2021 to 2024, how many?", "2021 to 2024"),
        ("what happened last week?", "last week"),
    ],
)
def test_an_expression_tells_where_it_stands(question: str, written: str) -> None:
    (found,) = question_dates(question, ASKED).expressions
    assert question[found.start : found.end] == written


def test_the_same_period_of_last_year_is_that_of_the_range_before_it() -> None:
    dates = question_dates("今年1-11月比去年同期增长多少", ASKED)
    assert [found.named.term for found in dates.expressions] == ["2025-01~2025-11", "2024-01~2024-11"]


def test_the_day_of_asking_is_the_readers() -> None:
    late = datetime(2025, 12, 16, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert question_dates("昨天", late).expressions[0].range.last == date(2025, 12, 15)
    assert question_dates("昨天", late.astimezone(SHANGHAI)).expressions[0].range.last == date(2025, 12, 16)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("2025年四季度收入", "2025年10-12月收入"),
        ("2025年四季度收入", "revenue in the fourth quarter of 2025"),
        ("q4 2025 revenue", "2025年第四季度"),
        ("h1 2025", "2025年上半年"),
        ("十四五期间", "from 2021 to 2025"),
        ("the 14th five-year plan", "2021—2025年"),
        ("国庆期间", "10月1日至7日"),
        ("前三季度", "今年1至9月"),
        ("the first nine months of 2025", "前三季度"),
    ],
)
def test_a_range_is_the_same_term_however_it_is_written(question: str, passage: str) -> None:
    named = question_dates(question, ASKED).expressions[0].named
    assert "~" in named.term
    assert named.term in date_terms(passage, ASKED.date())
    assert question_dates(question, ASKED).terms[named.term] == 1.0


def test_a_week_is_one_concept_with_its_days_as_alternatives() -> None:
    groups = question_dates("上周", ASKED).groups
    assert [group[0][0] for group in groups] == ["2025", "2025-12", "2025-12-08~2025-12-14"]
    days = dict(groups[-1])
    assert len(days) == 8
    assert days["2025-12-11"] < days["2025-12-08~2025-12-14"] == 1.0


def test_a_day_is_sought_by_year_month_and_day() -> None:
    groups = question_dates("2025年12月16日", ASKED).groups
    assert [[term for term, _ in group] for group in groups] == [
        ["2025"],
        ["2025-12"],
        ["2025-12-16", "--12-16"],
    ]


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("上周有什么关于双抗的新闻?", 7),
        ("近三天的消息", 3),
        ("近三天有哪些关于出海的消息", 3),
        ("昨天发生了什么?", 1),
        ("本月有哪些新进展?", 31),
        ("今年以来有什么关于信达的报道", 350),
        ("what happened with beigene last week?", 7),
        ("any news about pd-1 in the past three days?", 3),
        ("latest developments last month", 30),
        ("今年1-11月融资多少", None),
        ("上周股价涨了多少", None),
        ("2023年5月8日百济神州宣布了什么消息?", None),
        ("2022年4月腾讯发布了哪些新闻公告", None),
        ("十四五期间有什么新闻", None),
        ("下周有什么新闻", None),
        ("2025年11月有什么关于双抗的新闻", 30),
        ("武汉在2020年4月8日发生了什么重大事件?", None),
        ("有什么关于双抗的新闻", None),
        ("上周和去年同期有什么新闻", None),
        ("how much was raised last week?", None),
    ],
)
def test_only_the_news_of_a_time_are_filtered_by_it(question: str, days: int | None) -> None:
    published = question_dates(question, ASKED).published
    assert (published and published.days) == days


@pytest.mark.parametrize(
    ("question", "relation"),
    [
        ("最新的进展是什么", "latest"),
        ("最近一次融资是多少", "latest"),
        ("目前有多少家", "latest"),
        ("what is the latest on gr1803", "latest"),
        ("most recent approval", "latest"),
        ("谁首次获批", "earliest"),
        ("最早的一家是谁", "earliest"),
        ("who was the first to license it", "earliest"),
        ("a和b哪个更早", "order"),
        ("a和b哪个先发生", "order"),
        ("以下事件中,哪一个最早发生", "order"),
        ("两件事的先后顺序是什么", "order"),
        ("a和b是在同一年发生的吗", "order"),
        ("which came first, a or b?", "order"),
        ("which happened earlier?", "order"),
        ("估值怎么变的", "change"),
        ("价格有什么变化", "change"),
        ("同比增长多少", "change"),
        ("how did the price change", "change"),
        ("how has revenue grown", "change"),
        ("谁获批了", None),
        ("最近半年谁获批了", None),
        ("最近两年的收入", None),
        ("the first half of 2025", None),
        ("who is the chairman", None),
    ],
)
def test_a_questions_relation_to_time(question: str, relation: str | None) -> None:
    assert question_dates(question, ASKED).relation == relation


@pytest.mark.parametrize(
    "question",
    [
        "目前年产能多少",
        "年轻人喜欢什么",
        "三年内能上市吗",
        "谁进了前三名",
        "近年来的趋势",
        "how may i march",
        "两个季度",
    ],
)
def test_what_only_looks_like_a_date(question: str) -> None:
    assert question_dates(question, ASKED).expressions == ()


PIECES = st.sampled_from(
    """
    上周 近三 半年 前 后 以来 至 - 12 2025 年 月 日 16 四季度 春节 十四五 去年 同期 的 五 世纪 90 年代
    农历 初五 除夕 last ,week since 2020 to may the first half of quarter between and q4 year-end early
    ago two 02 29 30
    """.split()
)


@given(
    question=any_text
    | st.lists(PIECES, max_size=12).map("".join)
    | st.lists(PIECES, max_size=12).map(" ".join),
    day=st.dates(),
)
@example(question="昨天,上个月,本周,明年,last year,近9年,2月29日,十年前,next year", day=date.min)
@example(question="昨天,上个月,本周,明年,last year,近9年,2月29日,十年后,明年", day=date.max)
@example(question="上周,前天,除夕,去年的今天", day=date(2024, 2, 29))
def test_any_question_on_any_day_has_orderly_dates(question: str, day: date) -> None:
    asked = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    dates = question_dates(question, asked)
    assert dates == question_dates(question, asked)
    end = 0
    for found in dates.expressions:
        assert found.range.first <= found.range.last
        assert end <= found.start < found.end <= len(question)
        end = found.end
    assert all(0 < weight <= 1 for group in dates.groups for _, weight in group)


@given(day=st.dates(date(1010, 1, 1), date(2989, 12, 31)), count=st.integers(1, 99))
def test_counting_back_from_any_day(day: date, count: int) -> None:
    asked = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)

    def of(question: str) -> DateRange:
        return question_dates(question, asked).expressions[0].range

    assert of(f"{count}天前") == of(f"{count} days ago") == DateRange(*[day - timedelta(count)] * 2)
    assert of(f"近{count}天") == DateRange(day - timedelta(count - 1), day)
    assert of(f"{count}个月前").precision is Precision.MONTH
    assert of(f"近{count}个月").last == day
