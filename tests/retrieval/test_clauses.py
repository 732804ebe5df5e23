from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.clauses import MOST, clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("药。", [["药。"]]),
        (
            "重庆国际生物城的企业把候选药物授权给海外公司，首付款与里程碑付款合计超过十亿美元。",
            [["重庆国际生物城的企业把候选药物授权给海外公司，", "首付款与里程碑付款合计超过十亿美元。"]],
        ),
        # What is too short goes with the next, or at the end with the one before.
        ("其中，国产创新药共有四十二个；昨日。", [["其中，国产创新药共有四十二个； 昨日。"]]),
        # A comma between thousands and a colon in a time part nothing.
        (
            "在研的创新药一共达到了1,500个之多，发布时间是当天的8:30分整。",
            [["在研的创新药一共达到了1,500个之多，", "发布时间是当天的8:30分整。"]],
        ),
        (
            "The company licensed its candidate overseas, and the upfront payment was large. It grew.",
            [
                ["The company licensed its candidate overseas,", "and the upfront payment was large."],
                ["It grew."],
            ],
        ),
    ],
)
def test_sentences_are_cut_into_clauses(text: str, expected: list[list[str]]) -> None:
    assert clauses(text) == expected


def test_a_long_list_has_fewer_and_longer_clauses() -> None:
    found = clauses("一家企业的一种药物获批，" * 200 + "完。")
    assert len(found) == 1
    assert MOST / 4 < len(found[0]) <= MOST
    found = clauses("一家企业的药获批。\n" * 200)
    assert MOST / 4 < len(found) <= MOST


@given(st.text(alphabet="药企，。；：, .a1\n——", max_size=400))
def test_no_character_is_lost_and_none_is_empty(text: str) -> None:
    found = clauses(text)
    assert all(part.strip() for sentence in found for part in sentence)
    assert "".join("".join(part.split()) for sentence in found for part in sentence) == "".join(text.split())
    assert sum(map(len, found)) <= MOST
