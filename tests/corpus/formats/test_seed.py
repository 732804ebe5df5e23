from __future__ import annotations

from pathlib import Path

import pytest

from corpus.reading import ReadOptions, read_documents
from tests.corpus.newsroom import read_one, texts_of

NEWS = Path(__file__).parents[3] / "corpus" / "news"

SEED = """Workflow
创新药产业生态圈
icon
Search documents
生物城建设驶入“快车道”
Xin Hua Cai Jing· 2025-12-16 08:35
Group 1 - Over 100 drugs [1] - PD-1 - based drugs grow [1] Group 2 - It earned $712m [2] - Two [2][3]"""


def test_the_shape_is_read_to_its_last_part() -> None:
    document = read_one("seed.txt", SEED)
    assert document.title == "生物城建设驶入“快车道”"
    assert document.source == "Xin Hua Cai Jing"
    assert document.published is not None
    assert document.published.at.isoformat() == "2025-12-16T08:35:00+08:00"
    assert document.topics == ("创新药产业生态圈",)
    assert [(passage.section, passage.marks, passage.text) for passage in document.passages] == [
        ("Group 1", ("[1]",), "Over 100 drugs"),
        ("Group 1", ("[1]",), "PD-1 - based drugs grow"),
        ("Group 2", ("[2]",), "It earned $712m"),
        ("Group 2", ("[2]", "[3]"), "Two"),
    ]


def test_the_seed_as_it_came() -> None:
    (origin,) = NEWS.glob("*chongqing-biocity.txt")
    (document,) = read_documents(NEWS, origin.name, ReadOptions())
    assert document.title == "重庆国际生物城创新药产业生态圈建设驶入“快车道”"
    assert (document.source, str(document.published)) == ("Xin Hua Cai Jing", "2025-12-16 08:35")
    assert [passage.section for passage in document.passages] == ["Group 1"] * 3 + ["Group 2"] * 3 + [
        "Group 3"
    ] * 3
    assert all(passage.text in origin.read_text("utf-8") for passage in document.passages)
    assert document.passages[3].text.endswith("the city's biopharmaceutical exports")
    shown = repr(document)
    assert not any(word in shown for word in ("Workflow", "icon", "Search documents"))


def test_navigation_may_be_missing() -> None:
    head, _, rest = SEED.partition("生物城")
    assert head
    document = read_one("seed.txt", "生物城" + rest)
    assert (document.title, document.topics) == ("生物城建设驶入“快车道”", ())
    assert len(document.passages) == 4


def test_there_may_be_several_topics() -> None:
    document = read_one("seed.txt", SEED.replace("icon\n", "icon\n医药\n资本市场\n"))
    assert document.topics == ("创新药产业生态圈", "医药", "资本市场")


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\r\n", "  "])
def test_groups_may_stand_on_lines_of_their_own(separator: str) -> None:
    document = read_one("seed.txt", SEED.replace(" Group 2", f"{separator}Group 2"))
    assert [passage.section for passage in document.passages] == ["Group 1"] * 2 + ["Group 2"] * 2


def test_points_may_stand_on_lines_of_their_own() -> None:
    document = read_one(
        "seed.txt",
        SEED.replace(" - ", "\n- ").replace("Group 1\n- ", "Group 1 - ").replace("Group 2\n- ", "Group 2 - "),
    )
    assert len(document.passages) == 4


def test_a_last_point_without_a_mark_is_kept() -> None:
    document = read_one("seed.txt", SEED + " - And one more without a mark")
    assert document.passages[-1].text == "And one more without a mark"
    assert document.passages[-1].marks == ()


def test_a_mark_inside_a_point_stays_in_it() -> None:
    document = read_one("seed.txt", SEED.replace("Over 100", "Over [4] 100"))
    assert document.passages[0].text == "Over [4] 100 drugs"


@pytest.mark.parametrize("marks", ["[1, 2]", "[1-3]", "[1，2]"])
def test_marks_may_name_several_sources(marks: str) -> None:
    document = read_one("seed.txt", SEED.replace("drugs [1]", f"drugs {marks}", 1))
    assert document.passages[0].marks == (marks,)


def test_date_or_source_may_be_missing() -> None:
    document = read_one("seed.txt", SEED.replace("Xin Hua Cai Jing· 2025-12-16 08:35\n", ""))
    assert (document.source, document.published) == (None, None)
    assert document.title == "生物城建设驶入“快车道”"


def test_prose_that_speaks_of_groups_is_not_the_seeds_shape() -> None:
    document = read_one("a.txt", "试验设计\n\n试验分为两组。Group 1 - placebo, Group 2 - drug [1].\n")
    assert texts_of(document) == ["试验分为两组。Group 1 - placebo, Group 2 - drug [1]."]


def test_nothing_between_the_points_is_lost() -> None:
    document = read_one("seed.txt", SEED)
    groups = SEED[SEED.index("Group 1") :]
    for passage in document.passages:
        assert groups.count(passage.text) == 1
        groups = groups.replace(passage.text, "")
    assert (
        groups.replace("Group 1", "").replace("Group 2", "").replace("[1]", "").replace("[2]", "").strip(" -")
        == "[3]"
    )
