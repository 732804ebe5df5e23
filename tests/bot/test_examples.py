"""Questions made from titles: what they look like. That they are answered is tested end to end."""

import pytest

from bot.examples import _candidates
from tests.builders import build_document


def questions(title: str | None) -> list[tuple[str, str | None]]:
    """The questions a title gives, each with the figure that its answer must hold."""
    return [(c.example.question, c.figure) for c in _candidates(build_document("a", title=title))]


@pytest.mark.parametrize(
    ("title", "question", "figure"),
    [
        ("云汐生物谷去年四季度融资18.6亿元", "云汐生物谷去年四季度融资多少亿元？", "18.6"),
        ("纸鹤生物PC-301海外授权总额最高9.18亿美元", "纸鹤生物PC-301海外授权总额最高多少亿美元？", "9.18"),
        (
            "更正：云汐生物谷2025年一季度融资额应为20.7亿元",
            "云汐生物谷2025年一季度融资额应为多少亿元？",
            "20.7",
        ),
        ("云汐设立30亿元生物医药产业基金", "云汐设立多少亿元生物医药产业基金？", "30"),
        ("纸鹤生物递交招股书 拟募资12亿元", "纸鹤生物递交招股书，拟募资多少亿元？", "12"),
        ("在研新药超过100个", "在研新药多少个？", "100"),
        ("新药三期失败 股价跌43%", "新药三期失败，股价跌百分之多少？", "43"),
        ("Papercrane licenses PC-301 for $918 million", "Papercrane licenses PC-301 for how much?", "918"),
        ("Fund grows to 4.5 billion yuan", "Fund grows to how much?", "4.5"),
    ],
)
def test_a_figure_in_a_title_is_asked_for(title: str, question: str, figure: str) -> None:
    assert questions(title)[0] == (question, figure)


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("羽笔制药完成对盐沼生物的收购", "羽笔制药完成对盐沼生物的收购，具体情况如何？"),
        ("东屿支持办法今起施行 首日受理七件", "东屿支持办法今起施行，具体情况如何？"),
        ("2025年10月1日起施行", "2025年10月1日起施行，具体情况如何？"),
        ("GR1803获批临床", "GR1803获批临床，具体情况如何？"),
        ("怎样读懂一笔对外授权：首付款和分成", "怎样读懂一笔对外授权？"),
        ("ZY-09 fails in phase III", "ZY-09 fails in phase III: what happened?"),
        ("Why a cell therapy costs more than a flat", "Why a cell therapy costs more than a flat?"),
        ("Fund of $4 million closes early", "Fund of $4 million closes early: what happened?"),
    ],
)
def test_any_other_title_is_asked_about(title: str, question: str) -> None:
    assert questions(title)[-1] == (question, None)


@pytest.mark.parametrize("title", [None, "", " ", "长" * 60])
def test_no_title_or_one_too_long_for_a_button_gives_none(title: str | None) -> None:
    assert questions(title) == []


def test_a_key_is_short_and_always_the_same() -> None:
    keys = [c.example.key for c in _candidates(build_document("https://news.example/" + "a" * 300))]
    assert keys == [
        c.example.key for c in _candidates(build_document("https://news.example/" + "a" * 300, source="另"))
    ]
    assert all(len(f"example:{key}".encode()) <= 64 for key in keys)
    assert len(set(keys)) == len(keys) > 0
