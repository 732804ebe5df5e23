"""Concepts counted by what they are called in the other language: Pirkola's structured query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.answer import Verdict
from retrieval.answerer import Aids, Answerer
from retrieval.concepts import Concept, Variant
from retrieval.crosslingual import WeighedConcept, concept_signals, weigh
from retrieval.glossary import Glossary
from retrieval.lexicon import Lexicon
from retrieval.question import Interpreter
from retrieval.ranking import BACKGROUND, Ranker, idf
from retrieval.signals import K1, B
from retrieval.terms import Forms
from retrieval.translation import Translator
from retrieval.weights import Direction
from tests.builders import build_document
from tests.retrieval.indexed import WEIGHTS, ask, index_of
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Snapshot

DOCUMENTS = [
    build_document("a", title=None, language="en", passages=["The license was sold."]),
    build_document("b", title=None, language="en", passages=["A licensing permit, a second permit."]),
    build_document("c", title=None, language="en", passages=["Innovative drugs and an old drug."]),
    build_document("d", title=None, language="en", passages=["Innovative drugs that are new."]),
]


@pytest.fixture(scope="module")
def snapshot(analyzer: Analyzer) -> Snapshot:
    return index_of(analyzer, DOCUMENTS).snapshot()


def concept(*variants: tuple[str, float], weight: float = 1.0) -> Concept:
    return Concept("概念", tuple(Variant(tuple(text.split()), share) for text, share in variants), weight)


def rarity(frequency: int) -> float:
    return 100.0 - frequency


def test_a_concept_is_as_rare_as_all_its_variants_together(snapshot: Snapshot) -> None:
    (weighed,) = weigh([concept(("licens", 1.0), ("permit", 0.6))], snapshot, rarity)
    assert snapshot.document_frequencies(["c|licens|", "c|permit|"]) == {"c|licens|": 2, "c|permit|": 1}
    assert weighed.value == rarity(round(2 + 0.6 * 1))
    assert weighed.bodies == (("|licens|", 1.0), ("|permit|", 0.6))
    assert weighed.searched == pytest.approx({"c|licens|": weighed.value, "c|permit|": 0.6 * weighed.value})


def test_the_weight_of_a_concept_is_in_its_value(snapshot: Snapshot) -> None:
    whole, half = weigh(
        [concept(("licens", 1.0)), concept(("licens", 1.0), weight=0.5)], snapshot, lambda n: idf(n, 100)
    )
    assert half.value == pytest.approx(whole.value / 2)
    assert half.searched["c|licens|"] == pytest.approx(whole.searched["c|licens|"] / 2)
    assert half.bodies == whole.bodies


def test_a_variant_of_several_units_is_found_by_its_rarest_bigram(snapshot: Snapshot) -> None:
    (weighed,) = weigh([concept(("innov drug and", 1.0))], snapshot, rarity)
    assert snapshot.document_frequencies(["b|innov||drug|", "b|drug||and|"]) == {
        "b|innov||drug|": 2,
        "b|drug||and|": 1,
    }
    assert list(weighed.searched) == ["b|drug||and|"]
    assert weighed.bodies == (("|innov||drug||and|", 1.0),)
    assert weighed.value == rarity(1)


def test_chinese_variants_are_characters_that_stand_together(analyzer: Analyzer) -> None:
    chinese = index_of(analyzer, [build_document(passages=["创新药授权。"], title=None)]).snapshot()
    (weighed,) = weigh(
        [Concept("drug", (Variant(("新", "药"), 1.0), Variant(("药",), 0.5)))], chinese, rarity
    )
    assert weighed.bodies == (("新药", 1.0), ("药", 0.5))
    assert weighed.searched.keys() == {"b新药", "c药"}


def test_a_variant_that_the_corpus_lacks_is_left_out(snapshot: Snapshot) -> None:
    # Both words are there, but never one behind the other.
    (weighed,) = weigh([concept(("licens", 1.0), ("franchis", 0.9), ("drug licens", 0.8))], snapshot, rarity)
    assert weighed.bodies == (("|licens|", 1.0),)
    assert weighed.value == rarity(2)


def test_a_concept_that_the_corpus_lacks_is_worth_most_and_finds_nothing(snapshot: Snapshot) -> None:
    known, unknown = weigh(
        [concept(("licens", 1.0)), concept(("archaeolog", 1.0))], snapshot, lambda n: idf(n, 4 + BACKGROUND)
    )
    assert unknown.value > known.value
    assert (unknown.bodies, unknown.searched) == ((), {})


def test_the_union_is_at_most_the_corpus(snapshot: Snapshot) -> None:
    (weighed,) = weigh([concept(("drug", 1.0), ("licens", 1.0), ("innov", 1.0))], snapshot, rarity)
    assert weighed.value == rarity(4)


def forms(units: str, length: int) -> Forms:
    return Forms(units, "", "", "", length)


def weighed(value: float, *bodies: tuple[str, float]) -> WeighedConcept:
    return WeighedConcept(concept(("x", 1.0)), value, bodies, {})


def saturated(count: float, length: int, mean: float) -> float:
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean))


LICENSE = weighed(2.0, ("|licens|", 1.0), ("|permit|", 0.5))
DRUG = weighed(3.0, ("|drug|", 1.0), ("|innov||drug|", 0.8))
SUM = weighed(5.0, ("|sum|", 0.4))


def test_the_occurrences_of_all_variants_add_each_by_its_weight() -> None:
    passages = [
        forms("|licens| \n|licens||permit| \n|permit| ", 8),
        forms(" \n|permit| ", 4),
        forms(" \n|other| ", 4),
    ]
    signals = concept_signals([LICENSE], passages, 5.0)
    assert signals["concept"] == pytest.approx(
        [2.0 * saturated(1 + 1 + 0.5 + 0.5, 8, 5.0), 2.0 * saturated(0.5, 4, 5.0), 0.0]
    )


def test_concepts_add() -> None:
    passage = forms(" \n|licens||drug| ", 5)
    signals = concept_signals([LICENSE, DRUG, SUM], [passage], 5.0)
    assert signals["concept"] == pytest.approx([2.0 * saturated(1, 5, 5.0) + 3.0 * saturated(1, 5, 5.0)])


def test_the_best_sentence_and_the_title_have_the_worth_of_their_concepts_each_once() -> None:
    passage = forms("|permit||permit| \n|licens||licens||permit| \n|drug||sum||sum| \n|sum| ", 9)
    signals = concept_signals([LICENSE, DRUG, SUM], [passage, forms("|drug| ", 1)], 5.0)
    assert signals["title"] == pytest.approx([0.5 * 2.0, 3.0])
    assert signals["sentence"] == pytest.approx([3.0 + 0.4 * 5.0, 0.0])


def test_neighbouring_concepts_in_one_sentence_are_worth_the_lesser_of_both() -> None:
    together = forms(" \n|licens||drug| \n|drug||sum| ", 4)
    apart = forms(" \n|licens| \n|drug| \n|sum| ", 3)
    not_neighbours = forms(" \n|licens||sum| ", 2)
    only_in_title = forms("|licens||drug| \n|licens| ", 3)
    signals = concept_signals([LICENSE, DRUG, SUM], [together, apart, not_neighbours, only_in_title], 5.0)
    assert signals["concept_pair"] == pytest.approx([2.0 + 0.4 * 5.0, 0.0, 0.0, 0.0])


def test_without_concepts_and_without_candidates_there_is_nothing() -> None:
    for signals in (concept_signals([], [forms(" \n|a| ", 1)], 5.0), concept_signals([LICENSE], [], 5.0)):
        assert signals.keys() == {"concept", "concept_pair", "sentence", "title"}
        assert all(float(values.sum()) == 0 for values in signals.values())


def test_a_concept_unknown_to_the_corpus_adds_to_the_highest_only(
    analyzer: Analyzer, snapshot: Snapshot, tmp_path: Path
) -> None:
    translator = translator_of(analyzer, tmp_path, "授权\tlicense", "考古\tarchaeology")
    interpreter, ranker = Interpreter(analyzer, translator), Ranker(WEIGHTS)
    one, both = (ranker.rank(interpreter.read(ask(text)), snapshot) for text in ("授权", "授权，考古"))
    assert [each.score for each in both.ranked] == [each.score for each in one.ranked] != []
    lacking = idf(0, len(DOCUMENTS) + BACKGROUND)
    for name in ("concept", "sentence"):
        more = both.highest[Direction.OTHER][name] - one.highest[Direction.OTHER][name]
        assert more == pytest.approx(lacking)
    assert both.confidence < one.confidence


@pytest.fixture(scope="module")
def translator(analyzer: Analyzer, prepared: Path) -> Iterator[Translator]:
    """The lexicon that ships, without a glossary."""
    lexicon = Lexicon.open(prepared / "lexicon")
    yield Translator(analyzer, lexicon, Glossary(prepared / "no glossary", analyzer))
    lexicon.close()


TWO = [
    build_document(
        "english",
        title="Harbour city counts its drugs",
        language="en",
        passages=[
            "The city has over 100 innovative drugs under research.",
            "The park has a restaurant and a swimming pool.",
        ],
    ),
    build_document(
        "chinese",
        title="园区公布融资",
        passages=["产业基金首期募集资金，由多家银行出资。", "园区的餐厅昨天开业。"],
    ),
]


@pytest.mark.parametrize("url", ["memory:", "tantivy:index"])
@pytest.mark.parametrize(
    ("question", "found", "excerpt"),
    [
        ("这座城市有多少在研的创新药？", "english", "innovative drugs under research"),
        ("Which banks put money into the industry fund?", "chinese", "产业基金"),
    ],
)
def test_with_the_lexicon_that_ships_a_passage_in_the_other_language_is_found(
    analyzer: Analyzer, translator: Translator, url: str, question: str, found: str, excerpt: str
) -> None:
    index = index_of(analyzer, TWO, url)
    answerer = Answerer(index, analyzer, Aids(translator), weights=WEIGHTS)
    first = answerer.rank(ask(question)).ranked[0]
    assert first.candidate.record().citation.document_id == found
    assert first.direction is Direction.OTHER
    answer = answerer.answer(ask(question))
    assert answer.verdict is not Verdict.NOTHING
    assert excerpt in answer.excerpts[0].text
    # Without it there is nothing to go by.
    plain = Answerer(index, analyzer, weights=WEIGHTS).rank(ask(question))
    assert found not in {each.candidate.record().citation.document_id for each in plain.ranked}
