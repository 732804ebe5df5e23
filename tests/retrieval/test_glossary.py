"""The glossary: the corpus's own terms, what is wrong with a line, and changes while it is in use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import corpus
from retrieval.concepts import Variant
from retrieval.glossary import Glossary

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

SHIPPED = Path(corpus.__file__).parent / "glossary.tsv"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "glossary.tsv"


def test_an_entry_translates_in_both_directions(path: Path, analyzer: Analyzer) -> None:
    path.write_text("双抗\tbispecific antibody\n", encoding="utf-8")

    entries = Glossary(path, analyzer).entries()

    assert entries.problems == ()
    assert entries.translations(list("双抗出海"), chinese=True) == (
        ("双", "抗"),
        (Variant(("bispecif", "antibodi"), 1.0),),
    )
    found = entries.translations(["bispecif", "antibodi", "licens"], chinese=False)
    assert found == (("bispecif", "antibodi"), (Variant(("双", "抗"), 1.0),))


def test_synonyms_in_either_language_count_a_little_less(path: Path, analyzer: Analyzer) -> None:
    path.write_text("双抗\tbispecific antibody\tBsAb\t双特异性抗体\n", encoding="utf-8")

    entries = Glossary(path, analyzer).entries()

    for term in ("双抗", "双特异性抗体"):
        found = entries.translations(list(term), chinese=True)
        assert found is not None
        assert found[1] == (Variant(("bispecif", "antibodi"), 1.0), Variant(("bsab",), 0.8))
    found = entries.translations(["bsab"], chinese=False)
    assert found is not None
    assert [variant.weight for variant in found[1]] == [1.0, 0.8]


def test_the_longest_entry_wins(path: Path, analyzer: Analyzer) -> None:
    path.write_text("付款\tpayment\n首付款\tupfront payment\n首付\tdown payment\n", encoding="utf-8")

    found = Glossary(path, analyzer).entries().translations(list("首付款项"), chinese=True)

    assert found is not None
    assert found[0] == ("首", "付", "款")


def test_terms_are_brought_into_normal_form(path: Path, analyzer: Analyzer) -> None:
    path.write_text("創新藥\tＩnnovative Drugs\n", encoding="utf-8")

    entries = Glossary(path, analyzer).entries()

    assert entries.chinese == {("创", "新", "药"): (Variant(("innov", "drug"), 1.0),)}


def test_a_bad_line_is_told_by_its_number_and_the_rest_is_used(path: Path, analyzer: Analyzer) -> None:
    lines = ["# terms", "", "双抗 bispecific", "出海\t授权", "royalty\tmilestone", "管线\tpipeline", "融资\t"]
    path.write_text("\n".join(lines), encoding="utf-8")

    entries = Glossary(path, analyzer).entries()

    assert list(entries.chinese) == [("管", "线")]
    assert entries.problems == tuple(
        f"glossary.tsv, line {number}: {reason}; the line is left out"
        for number, reason in (
            (3, "there must be a tab between the Chinese and the English term"),
            (4, "no column has an English term"),
            (5, "no column has Chinese characters"),
            (7, "no column has an English term"),
        )
    )


def test_a_file_from_a_spreadsheet_with_a_byte_order_mark_can_be_read(path: Path, analyzer: Analyzer) -> None:
    path.write_bytes("# terms\r\n双抗\tbispecific\r\n管线\tpipeline\r\n".encode("utf-8-sig"))

    entries = Glossary(path, analyzer).entries()

    assert len(entries.chinese) == 2
    assert entries.problems == ()


def test_a_file_in_another_encoding_is_told(path: Path, analyzer: Analyzer) -> None:
    path.write_bytes("双抗\tbispecific\n".encode("gb18030"))

    entries = Glossary(path, analyzer).entries()

    assert entries.chinese == {}
    assert entries.problems == ("glossary.tsv is not UTF-8; none of it is used",)


def test_a_folder_in_its_place_is_told(path: Path, analyzer: Analyzer) -> None:
    path.mkdir()

    [problem] = Glossary(path, analyzer).entries().problems

    assert problem.startswith("glossary.tsv cannot be read: ")


def test_a_missing_file_is_an_empty_glossary(path: Path, analyzer: Analyzer) -> None:
    entries = Glossary(path, analyzer).entries()

    assert entries.problems == ()
    assert entries.translations(["bank"], chinese=False) is None


def test_a_change_takes_effect_with_the_next_look(path: Path, analyzer: Analyzer) -> None:
    path.write_text("双抗\tbispecific\n", encoding="utf-8")
    glossary = Glossary(path, analyzer)
    first = glossary.entries()
    assert glossary.entries() is first

    path.write_text("管线\tpipeline\n", encoding="utf-8")
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
    assert list(glossary.entries().chinese) == [("管", "线")]

    path.unlink()
    assert glossary.entries().chinese == {}


def test_the_glossary_that_ships_has_no_bad_line_and_the_jargon_of_the_trade(analyzer: Analyzer) -> None:
    entries = Glossary(SHIPPED, analyzer).entries()

    assert entries.problems == ()
    assert len(entries.chinese) >= 60
    for term in "双抗 出海 首付款 里程碑付款 创新药 临床试验 授权 融资 上市".split():
        assert tuple(term) in entries.chinese
