"""Names of sources: in both languages, and what looks like one."""

from __future__ import annotations

import pytest

from retrieval.source_names import is_latin_name, looks_like_source, names_of


def test_a_source_has_its_names_in_both_languages_its_own_first() -> None:
    assert names_of("xinhua news agency")[0] == "xinhua news agency"
    assert {"新华社", "xinhua"} <= set(names_of("xinhua news agency"))
    assert "reuters" in names_of("路透社")
    assert names_of("样刊日报") == ("样刊日报",)


@pytest.mark.parametrize(
    "text", ["新华社", "重庆日报", "bbc", "央视", "中国新闻网", "某某电视台", "虚构财经"]
)
def test_looks_like_a_source(text: str) -> None:
    assert looks_like_source(text)


@pytest.mark.parametrize(
    "text", ["双抗", "旅行社", "天气预报", "互联网", "电影", "", "年报", "清华大学出版社"]
)
def test_looks_like_none(text: str) -> None:
    assert not looks_like_source(text)


def test_english_names_are_few_words_with_capitals() -> None:
    for name in ("Xinhua", "Chongqing Daily", "reuters", "Science and Technology Daily"):
        assert is_latin_name(name)
    for text in ("seeds", "the people who live there", "Chongqing last year"):
        assert not is_latin_name(text)
