"""Translation: questions cut into terms, and what each may be called in the other language."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING

import pytest

from retrieval.concepts import Concept, Variant
from retrieval.glossary import Glossary
from retrieval.lexicon import Lexicon
from retrieval.translation import MOST_VARIANTS, Translator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.analyzer import Analyzer

DATA = """\
[chinese]
上	;,700,on;市,550,list,go public:60
上海	;,580,shanghai
公司	;,620,compani
医药	;,480,medicin,pharmaceut:55
市	;,600,citi
开发	;,560,develop;商,400,develop:50
武器	;,480,weapon,arm:80;制造商,0,arm manufactur
海	;,580,sea
制造	;,540,manufactur;商,520,manufactur
第	;,600,no
[english]
arm	;,手臂;manufactur,武器制造商
compani	;,公司,企业:50
manufactur	;,制造
on	;,上
r	;,半径;d,研发
the	;,这
win	;,赢得,的:50
won	;,赢得
[background]
"""
GLOSSARY = "双抗\tbispecific antibody\tbispecific\n上市\tIPO\n"


@pytest.fixture
def translator(tmp_path: Path, analyzer: Analyzer) -> Iterator[Translator]:
    (tmp_path / "packed").write_bytes(lzma.compress(DATA.encode()))
    (tmp_path / "glossary.tsv").write_text(GLOSSARY, encoding="utf-8")
    lexicon = Lexicon.open(tmp_path / "data", tmp_path / "packed")
    yield Translator(analyzer, lexicon, Glossary(tmp_path / "glossary.tsv", analyzer))
    lexicon.close()


def _texts(concepts: tuple[Concept, ...]) -> list[str]:
    return [concept.text for concept in concepts]


def _called(concepts: tuple[Concept, ...], text: str) -> dict[str, float]:
    [concept] = [concept for concept in concepts if concept.text == text]
    return {" ".join(variant.units): variant.weight for variant in concept.variants}


def test_a_chinese_term_is_one_concept_with_all_its_translations(translator: Translator) -> None:
    assert translator.concepts("医药公司", "zh") == (
        Concept("医药", (Variant(("medicin",), 1.0), Variant(("pharmaceut",), 0.55))),
        Concept("公司", (Variant(("compani",), 1.0),)),
    )


def test_the_likeliest_cut_is_taken(translator: Translator) -> None:
    # 上市 and 上海 both begin with 上; 海 and 市 are words too.
    assert _texts(translator.concepts("上海市公司", "zh")) == ["上海", "市", "公司"]


def test_a_rare_compound_is_preferred_to_its_frequent_parts(translator: Translator) -> None:
    # The parts are words that are found more often beside each other than the compound is.
    assert _texts(translator.concepts("武器制造商", "zh"))[0] == "武器制造商"


def test_question_words_are_left_out(translator: Translator) -> None:
    assert _texts(translator.concepts("哪家公司是什么?", "zh")) == ["公司"]
    assert _texts(translator.concepts("what is the company?", "en")) == ["company"]


def test_a_compound_counts_with_its_parts_which_count_less(translator: Translator) -> None:
    concepts = translator.concepts("武器制造商", "zh")

    assert concepts[0].text == "武器制造商"
    assert {concept.text: concept.weight for concept in concepts[1:]} == {
        "武器": 0.5,
        "制造": 0.5,
        "制造商": 0.5,
    }


def test_characters_and_empty_words_count_less(translator: Translator) -> None:
    weights = {concept.text: concept.weight for concept in translator.concepts("第海", "zh")}

    assert weights["海"] == pytest.approx(0.6)
    assert weights["第"] == pytest.approx(0.3)


def test_the_glossary_wins_over_the_lexicon(translator: Translator) -> None:
    assert _called(translator.concepts("公司上市", "zh"), "上市") == {"ipo": 1.0}
    assert _called(translator.concepts("双抗", "zh"), "双抗") == {"bispecif antibodi": 1.0, "bispecif": 0.8}


def test_numbers_and_latin_names_stand_for_themselves(translator: Translator) -> None:
    concepts = translator.concepts("第49届pd-1公司", "zh")

    assert _called(concepts, "49") == {"49": 1.0}
    assert _called(concepts, "pd") == {"pd": 1.0}
    assert _called(concepts, "1") == {"1": 1.0}


def test_a_name_that_no_dictionary_has_is_written_by_its_sound(translator: Translator) -> None:
    assert _called(translator.concepts("恒瑞公司", "zh"), "恒瑞") == {"hengrui": 1.0, "heng rui": 1.0}
    assert "zhang wei" in _called(translator.concepts("谁是张伟?", "zh"), "张伟")


def test_dots_inside_a_foreign_name_part_nothing(translator: Translator) -> None:
    assert _texts(translator.concepts("制·造", "zh")) == ["制造"]
    assert _texts(translator.concepts("制,造", "zh")) == []


def test_an_english_term_may_be_written_as_it_is_or_translated(translator: Translator) -> None:
    [concept] = translator.concepts("companies", "en")

    assert concept.variants == (
        Variant(("compani",), 1.0),
        Variant(("公", "司"), 1.0),
        Variant(("企", "业"), 0.5),
    )


def test_an_english_phrase_counts_with_its_words_which_count_less(translator: Translator) -> None:
    concepts = translator.concepts("which arms manufacturer won?", "en")

    assert [(concept.text, concept.weight) for concept in concepts] == [
        ("arms manufacturer", 1.0),
        ("arms", 0.4),
        ("manufacturer", 0.4),
        ("won", 1.0),
    ]
    assert "武 器 制 造 商" in _called(concepts, "arms manufacturer")


def test_words_inside_a_translation_count_a_little(translator: Translator) -> None:
    called = _called(translator.concepts("arms manufacturer", "en"), "arms manufacturer")

    assert called["制 造 商"] == pytest.approx(0.3)
    assert called["武 器"] == pytest.approx(0.3)


def test_phrases_do_not_reach_across_punctuation(translator: Translator) -> None:
    assert _texts(translator.concepts("arms, manufacturer", "en")) == ["arms", "manufacturer"]
    assert _called(translator.concepts("r&d", "en"), "r d") == {"r d": 1.0, "研 发": 1.0}


def test_what_an_apostrophe_cuts_off_is_no_word(translator: Translator) -> None:
    assert _texts(translator.concepts("the company's", "en")) == ["company"]


def test_a_translation_that_is_an_empty_word_is_left_out(translator: Translator) -> None:
    assert _called(translator.concepts("win", "en"), "win") == {"win": 1.0, "赢 得": 1.0}


def test_a_term_that_is_asked_twice_is_one_concept(translator: Translator) -> None:
    concepts = translator.concepts("武器制造商和武器", "zh")

    assert [concept.weight for concept in concepts if concept.text == "武器"] == [1.0]


def test_a_question_of_nothing_has_no_concepts(translator: Translator) -> None:
    assert translator.concepts("", "zh") == ()
    assert translator.concepts("?!", "en") == ()
    assert translator.concepts("是什么", "zh") == ()


def test_the_lexicon_that_ships_gives_no_concept_too_many_variants(
    prepared: Path, analyzer: Analyzer
) -> None:
    lexicon = Lexicon.open(prepared / "lexicon")
    translator = Translator(analyzer, lexicon, Glossary(prepared / "no glossary", analyzer))

    chinese = translator.concepts("谁带领黑豹队在第50届超级碗上打出了最多的擒杀", "zh")
    english = translator.concepts("who led the panthers in taking sacks at super bowl 50", "en")

    for concept in chinese + english:
        assert 0 < len(concept.variants) <= MOST_VARIANTS
        assert max(variant.weight for variant in concept.variants) == 1
    assert "super bowl" in _called(chinese, "超级碗")
    assert "超 级 碗" in _called(english, "super bowl")
    lexicon.close()
