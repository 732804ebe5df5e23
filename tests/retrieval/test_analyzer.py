"""The analyzer: words, runs and forms of any text, and where the dictionary's cache lives."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given

from retrieval.analyzer import Analyzer, distinct_terms
from retrieval.quantities import quantity_terms
from retrieval.terms import BAR, BREAK, Counter, Kind, is_cjk, unit_matches
from tests.builders import build_document, build_passage
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from retrieval.terms import Forms

ROOT = Path(__file__).resolve().parents[2]


def words(analyzer: Analyzer, text: str) -> list[list[str]]:
    """The forms of the words of each run."""
    return [[word.form for word in run] for run in analyzer.runs(analyzer.normalise(text))]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("重庆国际生物城的授权金额", [["重庆", "国际", "生物", "城", "的", "授权", "金额"]]),
        ("重慶國際", [["重庆", "国际"]]),
        ("重庆。国际", [["重庆"], ["国际"]]),
        ("重庆 国际", [["重庆", "国际"]]),
        ("重庆\n国际", [["重庆"], ["国际"]]),
        ("PD-1抗体", [["pd", "1", "抗体"]]),
        ("PD‑1", [["pd", "1"]]),
        ("licensed licences", [["licens", "licenc"]]),
        ("1,500万美元", [["1500", "万美元"]]),
        ("10.2 billion yuan", [["10.2", "billion", "yuan"]]),
        ("Drugs, and more.", [["drug"], ["and", "more"]]),
        ("约翰·史密斯", [["约翰", "史密斯"]]),
        ("", []),
        ("？！——……😀", []),
    ],
)
def test_runs(analyzer: Analyzer, text: str, runs: list[list[str]]) -> None:
    assert words(analyzer, text) == runs


def test_the_space_between_chinese_words_is_no_word_of_theirs(analyzer: Analyzer) -> None:
    # Without the space jieba would cut 研究生 | 命.
    assert words(analyzer, "研究 生命") == [["研究", "生命"]]


@given(text=any_text)
@example(text="abcカ가 カ")
@example(text="한국abc")
@example(text="㐀重𠀀A庆")
def test_nothing_is_lost_and_nothing_invented(analyzer: Analyzer, text: str) -> None:
    normal = analyzer.normalise(text)
    cut = [word.raw for run in analyzer.runs(normal) for word in run]
    units = [unit for unit, _, _ in unit_matches(normal)]
    assert "".join(cut) == "".join(units)
    # A word is one unit, or the Chinese characters that jieba joined.
    position = 0
    for raw in cut:
        size = len(raw) if is_cjk(raw) else 1
        assert "".join(units[position : position + size]) == raw
        position += size


@given(text=any_text)
def test_runs_are_what_punctuation_parts(analyzer: Analyzer, text: str) -> None:
    normal = analyzer.normalise(text)
    expected, last_end = [], 0
    for unit, start, end in unit_matches(normal):
        if not expected or normal[last_end:start].strip(" -‐‑·"):
            expected.append("")
        expected[-1] += unit
        last_end = end
    assert ["".join(word.raw for word in run) for run in analyzer.runs(normal)] == expected


@given(text=any_text)
def test_words_consist_of_their_units(analyzer: Analyzer, text: str) -> None:
    for run in analyzer.runs(analyzer.normalise(text)):
        for word in run:
            assert "".join(word.units) == word.form
            assert not {BAR, BREAK, "\x1f", "\0", "\n"} & set(word.form)


@pytest.mark.parametrize(
    ("unit", "stem"),
    [
        ("licensed", "licens"),
        ("licensing", "licens"),
        ("drugs", "drug"),
        ("1,500", "1500"),
        ("10.2", "10.2"),
        ("gr1803", "gr1803"),
        ("a", "a"),
        ("s", "s"),
    ],
)
def test_stems(analyzer: Analyzer, unit: str, stem: str) -> None:
    assert analyzer.stem(unit) == stem


def test_parts_are_the_dictionary_words_inside_a_word(analyzer: Analyzer) -> None:
    assert list(analyzer.parts("中华人民共和国")) == [
        "中华", "华人", "人民", "共和", "共和国",
    ]  # fmt: skip
    assert list(analyzer.parts("重庆")) == []
    assert list(analyzer.parts("城")) == []
    assert list(analyzer.parts("licensed")) == []


def test_forms(analyzer: Analyzer) -> None:
    forms = analyzer.forms(
        "授权金额，licensed 1,500。中华！",
        title="重庆国际",
        dates=frozenset({"2025-12", "2025"}),
        quantities=frozenset({"CNY:102", "%:3.5"}),
    )
    assert forms.units == "重庆国际 \n授权金额 |licens||1500| \n中华 "
    assert forms.words == "|重庆||国际| \n|授权||金额| |licens||1500| \n|中华| "
    assert forms.dates == "|2025||2025-12|"
    assert forms.quantities == "|%:3.5||CNY:102|"
    assert forms.length == 12


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("甲。乙！丙？丁；戊\n己", ["", "甲 ", "乙 ", "丙 ", "丁 ", "戊 ", "己 "]),
        ("Drugs rose. Version 3.5 fell.", ["", "|drug||rose| ", "|version||3.5||fell| "]),
        ("甲，乙、丙", ["", "甲 乙 丙 "]),
        ("甲。\n\n。乙", ["", "甲 ", "", "乙 "]),
        ("", [""]),
    ],
)
def test_every_sentence_has_a_line_and_an_absent_title_an_empty_one(
    analyzer: Analyzer, text: str, lines: list[str]
) -> None:
    assert analyzer.forms(text).units.split("\n") == lines


def test_shorter_words_stay_in_the_line_of_their_sentence(analyzer: Analyzer) -> None:
    forms = analyzer.forms("重庆。中华人民共和国。")
    terms = ["w重庆", "w人民"]
    assert Counter(terms).sentences(forms, terms) == [[], ["w重庆"], ["w人民"]]


@given(text=any_text, title=any_text)
def test_units_and_words_have_the_same_sentences(analyzer: Analyzer, text: str, title: str) -> None:
    forms = analyzer.forms(text, title=title)
    terms = distinct_terms(forms)
    sentences = Counter(terms).sentences(forms, terms)
    assert len(sentences) == forms.units.count("\n") + 1
    assert set().union(*sentences) == {term for term in terms if term[0] not in "dql"}


def test_passage_forms_have_the_quantities_of_the_text(analyzer: Analyzer) -> None:
    passage = build_passage("授权金额102亿元，占比3.5%。")
    forms = analyzer.passage_forms(build_document(title="募资30亿元", passages=[passage]), passage)
    quantities = {term for term in distinct_terms(forms) if term[0] == Kind.QUANTITY}
    assert quantities == {Kind.QUANTITY + term for term in quantity_terms("授权金额102亿元，占比3.5%。")}
    assert len(quantities) >= 2


@pytest.mark.parametrize(("text", "language"), [("重庆授权", "lzh"), ("licensed drugs", "len")])
def test_the_language_is_a_term(analyzer: Analyzer, text: str, language: str) -> None:
    assert {term for term in distinct_terms(analyzer.forms(text)) if term[0] == Kind.LANGUAGE} == {language}


def test_a_title_is_no_neighbour_of_its_text(analyzer: Analyzer) -> None:
    forms = analyzer.forms("授权", title="重庆")
    joined = Counter(["b庆授", "p重庆|授权"])
    assert joined.count(forms) == {}
    assert joined.count(analyzer.forms("重庆授权")) == {"b庆授": 1, "p重庆|授权": 1}


def test_shorter_words_inside_a_long_one_are_nobodys_neighbours(analyzer: Analyzer) -> None:
    terms = distinct_terms(analyzer.forms("中华人民共和国"))
    assert {"w中华人民共和国", "w人民", "w共和国"} <= terms
    assert not {term for term in terms if term[0] == Kind.PAIR}


def test_a_text_of_no_units_has_empty_forms(analyzer: Analyzer) -> None:
    forms = analyzer.forms("……！😀")
    assert (forms.length, counted(forms)) == (0, set())


def test_passage_forms_have_the_title_and_the_dates(analyzer: Analyzer) -> None:
    passage = build_passage("昨日公布，去年授权三项，另见2023年5月。")
    document = build_document(title="重庆创新药", published="2025-12-16 09:30", passages=[passage])
    forms = analyzer.passage_forms(document, passage)
    dates = {term[1:] for term in distinct_terms(forms) if term[0] == Kind.DATE}
    assert Counter(["w重庆"]).count(forms) == {"w重庆": 1}
    assert {"2025-12-16", "2025-12-15", "2024", "2023-05"} <= dates


def test_nothing_is_dated_in_a_passage_without_a_date(analyzer: Analyzer) -> None:
    passage = build_passage("昨日公布，去年授权三项。")
    document = build_document(title=None, published=None, passages=[passage])
    assert analyzer.passage_forms(document, passage).dates == ""


def counted(forms: Forms) -> set[str]:
    """All terms but the language, which is not counted."""
    return {term for term in distinct_terms(forms) if term[0] != Kind.LANGUAGE}


@given(text=any_text, title=any_text)
@example(text="哈哈哈 1-1-1 aa aa aa", title="|a| b")
def test_every_distinct_term_is_counted(analyzer: Analyzer, text: str, title: str) -> None:
    forms = analyzer.forms(
        text, title=title, dates=frozenset({"2025", "--12-16"}), quantities=frozenset({"CNY:102", "%:3.5"})
    )
    terms = counted(forms)
    assert Counter(terms).count(forms).keys() == terms


@given(text=any_text, other=any_text)
@example(text="abcカ가", other="가 カ")
@example(text="ab", other="a b")
@example(text="重庆。国际", other="重庆国际")
def test_what_is_no_distinct_term_is_not_counted(analyzer: Analyzer, text: str, other: str) -> None:
    forms = analyzer.forms(text)
    foreign = counted(analyzer.forms(other)) - distinct_terms(forms)
    assert Counter(foreign).count(forms) == {}


@given(text=any_text)
def test_length_is_the_number_of_units(analyzer: Analyzer, text: str) -> None:
    forms = analyzer.forms(text)
    assert forms.length == len(unit_matches(analyzer.normalise(text)))


def test_is_the_same_from_many_threads(analyzer: Analyzer) -> None:
    texts = [
        f"重慶國際生物城{number}期 licensed drugs{number}，{chr(0x4E00 + number)}研究"
        for number in range(100)
    ]
    alone = [analyzer.forms(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(analyzer.forms, texts * 5)) == alone * 5


def test_the_cache_is_in_its_folder(analyzer: Analyzer) -> None:
    assert [path.name for path in analyzer.cache_folder.iterdir()] == ["jieba.cache"]


def test_a_damaged_cache_is_made_anew_in_its_folder(
    analyzer: Analyzer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world_writable, folder = tmp_path / "tmp", tmp_path / "data"
    world_writable.mkdir()
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(world_writable))
    whole = (analyzer.cache_folder / "jieba.cache").read_bytes()
    cache = folder / "jieba.cache"
    cache.write_bytes(whole[: len(whole) // 2])
    newer_than_the_dictionary = (analyzer.cache_folder / "jieba.cache").stat().st_mtime + 1000
    os.utime(cache, (newer_than_the_dictionary, newer_than_the_dictionary))
    assert words(Analyzer(folder), "重庆国际") == [["重庆", "国际"]]
    assert cache.read_bytes() == whole
    assert list(world_writable.iterdir()) == []


def test_loading_says_nothing(analyzer: Analyzer) -> None:
    program = (
        "import sys, pathlib; from retrieval.analyzer import Analyzer; Analyzer(pathlib.Path(sys.argv[1]))"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-W", "error", "-c", program, str(analyzer.cache_folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("", "")


def test_the_fingerprint_is_fit_for_a_folder(analyzer: Analyzer) -> None:
    assert analyzer.fingerprint.replace("-", "").isalnum()


@pytest.mark.parametrize(("one", "other"), [("Ⅲ期", "III期"), ("ﬁnancing", "financing")])
def test_compatibility_forms_are_the_same_word(analyzer: Analyzer, one: str, other: str) -> None:
    forms = [
        [[word.form for word in run] for run in analyzer.runs(analyzer.normalise(text))]
        for text in (one, other)
    ]
    assert forms[0] == forms[1]
