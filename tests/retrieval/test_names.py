"""Names by their sound: how English writes Chinese names."""

from __future__ import annotations

import pytest

from retrieval.names import name_variants


def _written(characters: str) -> list[str]:
    return [" ".join(variant.units) for variant in name_variants(characters)]


def test_a_person_is_written_in_either_order() -> None:
    assert _written("张伟") == ["zhang wei", "wei zhang", "zhangwei"]
    assert _written("张伟明") == ["zhang weiming", "weiming zhang", "zhangweiming", "zhang wei ming"]


def test_a_company_is_written_as_one_word_or_by_syllables() -> None:
    assert _written("恒瑞") == ["hengrui", "heng rui"]


@pytest.mark.parametrize("characters", ["", "伟", "一二三四五", "ab", "张a"])
def test_what_cannot_be_a_name_has_no_variants(characters: str) -> None:
    assert name_variants(characters) == ()
