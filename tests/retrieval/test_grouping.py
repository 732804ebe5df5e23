"""Copies are known again through edits; what says another thing stays apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Precision, Published
from retrieval.answer import Citation
from retrieval.grouping import Group, earliest_first, groups, same_text
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

REPORT = (
    "云汐生物谷管理处公布，2025年第一季度园区企业完成融资13笔，总额21.3亿元。"
    "融资额比上一季度增长约15%。"
    "在研新药数量没有变化，截至3月底仍为66个。"
    "管理处副主任方照野表示，二季度的数据会先与银行核对。"
)
TITLE = "云汐生物谷一季度融资21.3亿元"


def copies(analyzer: Analyzer, one: str, other: str, *titles: str) -> bool:
    first, second = titles or (TITLE, TITLE)
    return same_text(analyzer.forms(one, title=first), analyzer.forms(other, title=second))


@pytest.mark.parametrize(
    "other",
    [
        REPORT,
        REPORT.replace("，", ",").replace("。", ". "),
        "據新华社北京4月10日电 " + REPORT,
        "本报讯 " + REPORT,
        REPORT.replace("融资额比上一季度增长约15%。", ""),
        REPORT.replace("表示", "说"),
        REPORT.replace("管理处", "管理處").replace("融资", "融資"),
        REPORT + "园区还将建设新的实验楼，占地三公顷。",
        REPORT.replace("没有变化", "没有什么变化"),
    ],
)
def test_copies(analyzer: Analyzer, other: str) -> None:
    assert copies(analyzer, REPORT, other, TITLE, "园区融资公布")
    assert copies(analyzer, other, REPORT, "园区融资公布", TITLE)


@pytest.mark.parametrize(
    "other",
    [
        REPORT.replace("21.3", "20.7").replace("13笔", "12笔"),
        REPORT.replace("第一季度", "第二季度").replace("21.3", "24.8"),
        REPORT.replace("没有变化", "有变化"),
        REPORT.replace("融资额比上一季度增长约15%。", "另有7家企业迁出。"),
        "园区昨日开放参观，市民排队入园，各展馆人流如织，一直到傍晚才散去。",
        "云汐生物谷",
        "",
    ],
)
def test_no_copies(analyzer: Analyzer, other: str) -> None:
    assert not copies(analyzer, REPORT, other)
    assert not copies(analyzer, other, REPORT)


def test_another_company_in_the_same_template_is_no_copy(analyzer: Analyzer) -> None:
    template = (
        "{0}今日公告，董事会通过回购股份的议案。{0}称，资金来自自有资金。实施期限不变。具体情况请见公告全文。"
    )
    one, other = template.format("海州药业"), template.format("云岭医疗")
    assert not copies(analyzer, one, other, "海州药业公告", "云岭医疗公告")


SENTENCES = (
    "海州药业今日公告，董事会通过回购股份的议案",
    "资金全部来自公司的自有资金和银行贷款",
    "回购的股份将用于员工持股计划和股权激励",
    "公司的经营情况保持稳定，各项业务进展顺利",
    "具体情况请各位投资者查阅公司的公告全文",
)


def joined(*sentences: str) -> str:
    return "".join(f"{sentence}。" for sentence in sentences)


def test_a_denial_is_no_copy(analyzer: Analyzer) -> None:
    denied = [SENTENCES[0].replace("通过", "未通过"), *SENTENCES[1:]]
    assert not copies(analyzer, joined(*SENTENCES), joined(*denied))
    assert not copies(analyzer, joined(*SENTENCES), joined(*denied[:-1]))


def test_a_word_exchanged_in_one_sentence_of_many_is_a_small_edit(analyzer: Analyzer) -> None:
    edited = [*SENTENCES[:3], SENTENCES[3].replace("稳定", "平稳"), SENTENCES[4]]
    assert copies(analyzer, joined(*SENTENCES), joined(*edited))


def test_words_exchanged_in_most_sentences_make_another_text(analyzer: Analyzer) -> None:
    edited = [sentence.replace("公司", "集团").replace("股份", "债券") for sentence in SENTENCES]
    assert not copies(analyzer, joined(*SENTENCES), joined(*edited))


def test_the_subject_of_the_title_exchanged_makes_another_text(analyzer: Analyzer) -> None:
    edited = [SENTENCES[0].replace("海州", "云岭"), *SENTENCES[1:]]
    one, other = joined(*SENTENCES), joined(*edited)
    assert not copies(analyzer, one, other, "海州药业回购股份", "云岭药业回购股份")


def test_texts_that_share_some_sentences_are_no_copies(analyzer: Analyzer) -> None:
    own = ("市民周末在江边散步赏花", "商店照常营业到晚上", "公共汽车准点到达终点站")
    assert not copies(analyzer, joined(*SENTENCES), joined(*SENTENCES[:2], *own))


def test_the_byline_is_no_part_of_the_report(analyzer: Analyzer) -> None:
    one, other = f"据新华社海州4月10日电 {SENTENCES[0]}。", f"海州日报4月12日讯 {SENTENCES[0]}。"
    assert copies(analyzer, one, other)


def test_copies_in_english(analyzer: Analyzer) -> None:
    one = "Haizhou Pharma licensed its drug to Saltmarsh on Monday. The fee is $20 million. Shares rose."
    assert copies(analyzer, one, one.replace("on Monday", "on Monday morning"))
    assert not copies(analyzer, one, one.replace("$20 million", "$25 million"))
    assert not copies(analyzer, one, one.replace("Shares rose", "Shares did not rise"))


def test_groups_keep_the_order_of_the_ranking(analyzer: Analyzer) -> None:
    texts = [REPORT, REPORT.replace("21.3", "20.7"), "本报讯 " + REPORT, "园区开放参观，市民排队入园。"]
    forms = [analyzer.forms(text, title=TITLE) for text in texts]
    assert groups(forms) == [Group(0, (2,)), Group(1, ()), Group(3, ())]
    assert groups(forms)[0].members == (0, 2)
    assert groups([]) == []


@settings(max_examples=50)
@given(st.lists(any_text, max_size=6))
def test_every_passage_is_in_one_group(analyzer: Analyzer, texts: list[str]) -> None:
    found = groups([analyzer.forms(text) for text in texts])
    assert sorted(place for group in found for place in group.members) == list(range(len(texts)))
    assert [group.first for group in found] == sorted(group.first for group in found)
    assert all(list(group.members) == sorted(group.members) for group in found)


def test_sources_come_earliest_first() -> None:
    def citation(name: str, day: int | None) -> Citation:
        published = Published(datetime(2025, 4, day, tzinfo=UTC), Precision.DAY) if day else None
        return Citation(name, None, name, published, None, "zh")

    given_ = [citation("none", None), citation("late", 12), citation("early", 10)]
    assert [each.document_id for each in earliest_first(given_)] == ["early", "late", "none"]
