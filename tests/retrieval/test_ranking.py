"""The final order: a weighted sum of signals, two directions merged, the same every time."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passage_vectors import Closeness
from retrieval.question import Interpreter
from retrieval.ranking import BACKGROUND, COMPARED, LOOKED_INTO, Ranker, Ranking, Semantics, idf
from retrieval.weights import TERM_WEIGHTS, Direction, Logistic, Models
from tests.builders import build_document
from tests.retrieval.indexed import WEIGHTS, always, ask, index_of
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corpus.model import Document
    from retrieval.analyzer import Analyzer
    from retrieval.translation import Translator


@pytest.mark.parametrize(
    ("frequency", "passages", "expected"),
    [(0, 0, math.log(2)), (0, 1, math.log(4)), (1, 1, math.log(4 / 3)), (3, 10, math.log(1 + 7.5 / 3.5))],
)
def test_idf(frequency: int, passages: int, expected: float) -> None:
    assert idf(frequency, passages) == pytest.approx(expected)


@given(passages=st.integers(0, 10**7), frequency=st.integers(0, 10**7))
def test_idf_is_positive_and_falls_as_a_term_gets_common(passages: int, frequency: int) -> None:
    assert idf(frequency, passages) > idf(frequency + 1, passages) > 0


DOCUMENTS = (
    build_document(
        "a", title="授权", passages=["重庆国际生物城的GR1803授权金额超过10亿美元。", "园区新建实验中心。"]
    ),
    build_document("b", title="融资", passages=["云汐生物谷一季度融资总额20.7亿元，授权两项。"]),
    build_document("c", title="指数", published="2024-05-01", passages=["医药指数收报3120点。"]),
)


def ranking_of(
    analyzer: Analyzer,
    documents: Sequence[Document],
    text: str,
    limit: int = 100,
    *,
    translator: Translator | None = None,
    semantics: Semantics | None = None,
) -> Ranking:
    query = Interpreter(analyzer, translator).read(ask(text))
    return Ranker(WEIGHTS, semantics).rank(query, index_of(analyzer, documents).snapshot(), limit)


def ids(ranking: Ranking) -> list[str]:
    return [each.candidate.passage_id for each in ranking.ranked]


def test_the_passage_that_says_it_is_first(analyzer: Analyzer) -> None:
    assert ids(ranking_of(analyzer, DOCUMENTS, "GR1803的授权金额是多少"))[0] == DOCUMENTS[0].passages[0].id
    assert ids(ranking_of(analyzer, DOCUMENTS, "2024年5月1日的消息"))[0] == DOCUMENTS[2].passages[0].id


def test_only_passages_that_share_something_are_ranked(analyzer: Analyzer) -> None:
    assert ids(ranking_of(analyzer, DOCUMENTS, "指数")) == [DOCUMENTS[2].passages[0].id]
    assert ids(ranking_of(analyzer, DOCUMENTS, "qwerty")) == []


def test_scores_fall(analyzer: Analyzer) -> None:
    scores = [each.score for each in ranking_of(analyzer, DOCUMENTS, "授权金额融资总额").ranked]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_at_most_the_limit_is_ranked(analyzer: Analyzer) -> None:
    documents = [build_document(f"d{number}", passages=[f"授权第{number}项。"]) for number in range(12)]
    assert len(ids(ranking_of(analyzer, documents, "授权"))) == 12
    assert len(ids(ranking_of(analyzer, documents, "授权", limit=5))) == 5


def test_equals_stand_in_the_order_of_their_ids_whatever_order_they_came_in(analyzer: Analyzer) -> None:
    twins = [build_document(name, passages=["授权金额超过10亿美元。"]) for name in ("z", "a", "m")]
    for order in permutations(twins):
        found = ranking_of(analyzer, order, "授权金额")
        assert ids(found) == sorted(document.passages[0].id for document in twins)
        assert len({each.score for each in found.ranked}) == 1


def test_a_score_is_the_weighted_sum_of_its_signals(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, DOCUMENTS, "2025年12月GR1803授权金额超过10亿美元")
    weights = WEIGHTS.signals[Direction.SAME]
    for each in found.ranked:
        assert each.score == pytest.approx(
            sum(weights.get(name, 0.0) * value for name, value in each.signals.items())
        )
    first = found.ranked[0].signals
    assert all(first[name] > 0 for name in ("word", "character", "bigram", "pair", "date", "quantity"))
    assert first["sentence"] > first["title"] > 0


def test_confidence_rises_with_what_a_passage_has_of_the_question(analyzer: Analyzer) -> None:
    told, partly, unknown = (
        ranking_of(analyzer, DOCUMENTS, text).confidence
        for text in ("重庆国际生物城的GR1803授权金额超过10亿美元", "重庆国际生物城的水下考古", "水下考古")
    )
    assert 1 >= told > partly > unknown == 0


def test_words_the_corpus_lacks_are_in_the_highest_at_the_highest_idf(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, DOCUMENTS, "指数 xyz")
    once, never = idf(1, 4 + BACKGROUND), idf(0, 4 + BACKGROUND)
    assert found.values == {term: pytest.approx(once) for term in ("w指数", "c指", "c数", "b指数")}
    highest = found.highest[Direction.SAME]
    assert highest["word"] == pytest.approx(once + never)
    assert highest["character"] == pytest.approx(2 * once + never)
    assert highest["bigram"] == pytest.approx(once + never)  # 指数 and 数xyz
    assert highest["pair"] == pytest.approx(never)
    assert (highest["date"], highest["quantity"]) == (0, 0)
    assert highest["sentence"] == pytest.approx(
        sum(highest[kind.name.lower()] * weight for kind, weight in TERM_WEIGHTS.items())
    )


def test_of_alternatives_only_the_best_is_in_the_highest(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, DOCUMENTS, "2025年12月16日授权")
    assert "d--12-16" in found.values
    # The year, the month and the day, each in the three passages of that day; no day of any year.
    assert found.highest[Direction.SAME]["date"] == pytest.approx(3 * idf(3, 4 + BACKGROUND))


def test_in_a_tiny_corpus_a_word_that_all_passages_have_still_counts(analyzer: Analyzer) -> None:
    documents = [build_document(name, passages=[f"授权金额{name}。"]) for name in ("a", "b")]
    assert ranking_of(analyzer, documents, "授权金额").confidence > WEIGHTS.answered
    assert ranking_of(analyzer, documents, "授权金额和里程碑").confidence > WEIGHTS.related


def test_nothing_is_found_in_nothing(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, [], "授权")
    assert (found.ranked, found.confidence) == ((), 0.0)
    assert ranking_of(analyzer, DOCUMENTS, "？").confidence == 0.0


def test_news_of_a_time_is_only_what_was_published_then(analyzer: Analyzer) -> None:
    documents = [
        build_document(name, published=day, passages=["2025年11月授权。"])
        for name, day in (
            ("then", "2025-11-30"),
            ("next", "2025-12-01"),
            ("late", "2025-12-02"),
            ("no", None),
        )
    ]
    news = ranking_of(analyzer, documents, "2025年11月有什么授权的新闻")
    assert {each.candidate.record().citation.document_id for each in news.ranked} == {"then", "next"}
    assert len(ranking_of(analyzer, documents, "2025年11月的授权").ranked) == 4


def test_where_nothing_was_published_then_other_times_are_looked_at_and_that_is_told(
    analyzer: Analyzer,
) -> None:
    old = [build_document("old", published="2025-06-01", passages=["药企授权公告。"])]
    found = ranking_of(analyzer, old, "上周药企授权有什么新闻")
    assert (ids(found), found.relaxed) == ([old[0].passages[0].id], True)
    fresh = [*old, build_document("new", published="2025-12-10", passages=["药企授权公告。"])]
    found = ranking_of(analyzer, fresh, "上周药企授权有什么新闻")
    assert (ids(found), found.relaxed) == ([fresh[1].passages[0].id], False)


MANY = [
    build_document(f"d{number:02}", title=None, published=None, passages=[f"授权公告{'之一' * number}。"])
    for number in range(LOOKED_INTO + 6)
]


class Told:
    """Says what it was told of each text, and remembers what it was asked."""

    fingerprint = "tests"

    def __init__(self, told: Mapping[str, float | None]) -> None:
        self._told = told
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def compare(self, question: str, texts: Sequence[str]) -> list[Closeness | None]:
        self.asked.append((question, tuple(texts)))
        found = (self._told.get(text) for text in texts)
        return [None if value is None else Closeness(value, value / 2, value / 4) for value in found]

    def sentences(self, question: str, text: str) -> None:
        """Nothing of sentences."""


def test_only_the_best_are_looked_into_and_what_is_not_stays_behind(analyzer: Analyzer) -> None:
    plain = ranking_of(analyzer, MANY, "授权公告")
    assert ids(plain) == [document.passages[0].id for document in MANY]  # the shortest first
    # What comes last in words is closest in meaning; only those looked into can tell.
    closest = {document.passages[0].text: number / 100 for number, document in enumerate(MANY)}
    semantics = Told(closest)
    found = ranking_of(analyzer, MANY, "授权公告", semantics=semantics)
    ((question, texts),) = semantics.asked
    assert question == "授权公告"
    compared = COMPARED[Direction.SAME]
    assert list(texts) == [document.passages[0].text for document in MANY[:compared]]
    assert ids(found)[0] == MANY[compared - 1].passages[0].id
    assert ids(found)[LOOKED_INTO:] == [document.passages[0].id for document in MANY[LOOKED_INTO:]]
    scores = [each.score for each in found.ranked]
    assert scores == sorted(scores, reverse=True)
    assert all("cosine" in each.signals for each in found.ranked[:LOOKED_INTO])
    for each in found.ranked[LOOKED_INTO:]:
        assert each.confidence == 0
        assert not {"sentence", "title", "cosine"} & each.signals.keys()


def test_meaning_is_a_z_score_and_its_mean_cosine_as_it_is(analyzer: Analyzer) -> None:
    documents = [build_document(name, title=None, passages=[f"授权公告{name}。"]) for name in "abc"]
    told = dict(zip((f"授权公告{name}。" for name in "abc"), (0.1, 0.3, 0.8), strict=True))
    found = ranking_of(analyzer, documents, "授权公告", semantics=Told(told))
    signals = {each.candidate.record().citation.document_id: each.signals for each in found.ranked}
    assert [signals[name]["cosine"] for name in "abc"] == pytest.approx(
        [value * (1 + 1 / 2 + 1 / 4) / 3 for value in (0.1, 0.3, 0.8)]
    )
    for level in ("meaning_clause", "meaning_sentence", "meaning_passage"):
        values = [signals[name][level] for name in "abc"]
        assert sum(values) == pytest.approx(0)
        assert sum(value**2 for value in values) == pytest.approx(3)
        assert values == sorted(values)


def test_the_meaning_of_a_compound_question_is_one_signal(analyzer: Analyzer) -> None:
    documents = [build_document(name, title=None, passages=[f"授权公告{name}。"]) for name in "abc"]
    told = dict(zip((f"授权公告{name}。" for name in "abc"), (0.1, 0.3, 0.8), strict=True))
    found = ranking_of(analyzer, documents, "2025年12月16日的授权公告", semantics=Told(told))
    assert found.query.compound
    for each in found.ranked:
        assert {name for name in each.signals if name.startswith("meaning")} == {"meaning_compound"}
    values = [each.signals["meaning_compound"] for each in found.ranked]
    assert sum(values) == pytest.approx(0)
    assert sum(value**2 for value in values) == pytest.approx(3)


def test_a_passage_without_vectors_counts_as_average(analyzer: Analyzer) -> None:
    documents = [build_document(name, title=None, passages=[f"授权公告{name}。"]) for name in "abc"]
    told = {"授权公告a。": 0.2, "授权公告b。": None, "授权公告c。": 0.6}
    found = ranking_of(analyzer, documents, "授权公告", semantics=Told(told))
    signals = {each.candidate.record().citation.document_id: each.signals for each in found.ranked}
    assert signals["b"]["cosine"] == pytest.approx((signals["a"]["cosine"] + signals["c"]["cosine"]) / 2)
    assert signals["b"]["meaning_clause"] == pytest.approx(0)
    assert [each.candidate.record().citation.document_id for each in found.ranked] == ["c", "b", "a"]


def test_without_any_vectors_there_is_no_signal_of_meaning(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, DOCUMENTS, "授权金额", semantics=Told({}))
    plain = ranking_of(analyzer, DOCUMENTS, "授权金额")
    assert [each.signals for each in found.ranked] == [each.signals for each in plain.ranked]
    assert not any(name == "cosine" or name.startswith("meaning") for name in found.ranked[0].signals)


BOTH = (
    build_document("zh", title="授权", passages=["GR1803授权金额超过10亿美元。", "园区新建实验中心。"]),
    build_document("en", title="Deal", language="en", passages=["The GR1803 license fee is $1 billion."]),
    build_document("off", title="Index", language="en", passages=["A license for the index was renewed."]),
)


@pytest.fixture
def translator(analyzer: Analyzer, tmp_path: Path) -> Translator:
    return translator_of(analyzer, tmp_path, "授权\tlicense", "金额\tfee\tsum")


def test_passages_in_the_other_language_are_found_by_the_concepts(
    analyzer: Analyzer, translator: Translator
) -> None:
    found = ranking_of(analyzer, BOTH[1:], "授权的金额是多少", translator=translator)
    assert [each.candidate.record().citation.document_id for each in found.ranked] == ["en", "off"]
    assert {each.direction for each in found.ranked} == {Direction.OTHER}
    assert found.ranked[0].signals["concept"] > found.ranked[1].signals["concept"] > 0
    assert found.highest[Direction.OTHER]["concept"] == pytest.approx(
        sum(concept.value for concept in found.concepts)
    )
    assert ranking_of(analyzer, BOTH[1:], "授权的金额是多少").ranked == ()


def test_the_two_directions_are_merged(analyzer: Analyzer, translator: Translator) -> None:
    found = ranking_of(analyzer, BOTH, "GR1803授权金额是多少", translator=translator)
    directions = {each.candidate.record().citation.document_id: each.direction for each in found.ranked}
    assert directions == {"zh": Direction.SAME, "en": Direction.OTHER, "off": Direction.OTHER}
    assert found.confidence == found.ranked[0].confidence
    # Neither direction's scores are in order across the two, nor need they be.
    for direction in Direction:
        scores = [each.score for each in found.ranked if each.direction is direction]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("chosen", Direction)
def test_the_direction_that_is_chosen_comes_first_whatever_the_scores(
    analyzer: Analyzer, translator: Translator, chosen: Direction
) -> None:
    query = Interpreter(analyzer, translator).read(ask("GR1803授权金额是多少"))
    choice = always(Logistic(5.0 if chosen is Direction.OTHER else -5.0, {}))
    found = Ranker(replace(WEIGHTS, choice=choice)).rank(query, index_of(analyzer, BOTH).snapshot())
    assert found.ranked[0].direction is chosen
    assert {each.direction for each in found.ranked} == set(Direction)


def test_a_passage_does_not_rise_above_one_of_its_own_language_that_scores_more(
    analyzer: Analyzer, translator: Translator
) -> None:
    # A model that takes the worse passage for the surer one must not change the order within a direction.
    models = {
        Direction.SAME: always(Logistic(0.0, {})),
        Direction.OTHER: always(Logistic(2.0, {"concept": -8.0})),
    }
    query = Interpreter(analyzer, translator).read(ask("GR1803授权金额是多少"))
    found = Ranker(replace(WEIGHTS, confidence=models)).rank(query, index_of(analyzer, BOTH).snapshot())
    others = [each for each in found.ranked if each.direction is Direction.OTHER]
    assert others[0].confidence < others[1].confidence
    assert others[0].score > others[1].score
    assert found.ranked[0].direction is Direction.SAME


def test_how_far_a_passage_is_ahead_makes_it_surer(analyzer: Analyzer) -> None:
    models = dict.fromkeys(Direction, always(Logistic(0.0, {"margin": 4.0})))
    ranker = Ranker(replace(WEIGHTS, confidence=models))
    query = Interpreter(analyzer).read(ask("GR1803授权金额"))
    twin = build_document("twin", title="授权", passages=[DOCUMENTS[0].passages[0].text])
    ahead, equal = (
        ranker.rank(query, index_of(analyzer, documents).snapshot())
        for documents in (DOCUMENTS, (*DOCUMENTS, twin))
    )
    assert ahead.confidence > equal.confidence == pytest.approx(0.5)
    assert all(each.confidence <= 0.5 for each in ahead.ranked[1:])


def test_of_a_question_in_parts_a_passage_is_expected_to_answer_one(analyzer: Analyzer) -> None:
    query = Interpreter(analyzer).read(ask("GR1803授权和云汐生物谷融资哪个更早？"))
    assert query.parts == 2
    snapshot = index_of(analyzer, DOCUMENTS).snapshot()
    whole, one = (
        Ranker(WEIGHTS).rank(each, snapshot).highest[Direction.SAME]
        for each in (replace(query, parts=1), query)
    )
    assert one == {name: pytest.approx(value / 2) for name, value in whole.items()}


def test_a_passage_that_both_searches_find_is_there_once(analyzer: Analyzer, translator: Translator) -> None:
    found = ranking_of(analyzer, BOTH, "GR1803授权金额", translator=translator)
    assert len(ids(found)) == len(set(ids(found)))


def test_at_most_the_limit_is_ranked_in_each_language(analyzer: Analyzer, translator: Translator) -> None:
    documents = [build_document(f"z{n}", passages=[f"授权第{n}项。"]) for n in range(8)]
    documents += [
        build_document(f"e{n}", title=None, language="en", passages=[f"License no. {n}."]) for n in range(8)
    ]
    found = ranking_of(analyzer, documents, "授权", limit=5, translator=translator)
    assert [sum(each.direction is direction for each in found.ranked) for direction in Direction] == [5, 5]


def test_a_pasted_page_finds_its_passage(analyzer: Analyzer) -> None:
    page = "".join(f"{chr(0x4E00 + 7 * number)}{chr(0x5E00 + 11 * number)}号，" for number in range(1000))
    documents = [*DOCUMENTS, build_document("page", passages=[page])]
    found = ranking_of(analyzer, documents, f"GR1803授权金额{page}")
    assert len(found.query.weights) > 2000
    assert len(found.values) <= 256
    assert ids(found)[0] == documents[-1].passages[0].id


def test_a_pasted_page_of_unknown_words_finds_what_it_names(analyzer: Analyzer) -> None:
    page = "".join(f"{chr(0x4E00 + 7 * number)}{chr(0x5E00 + 11 * number)}号，" for number in range(1000))
    found = ranking_of(analyzer, DOCUMENTS, f"{page}GR1803授权金额")
    assert ids(found)[0] == DOCUMENTS[0].passages[0].id


@pytest.mark.parametrize("encoder", ["tests", "another"])
def test_cosines_make_a_passage_surer_only_if_the_models_know_their_encoder(
    analyzer: Analyzer, encoder: str
) -> None:
    models = Models(Logistic(0.0, {"cosine": 4.0}), Logistic(0.0, {}))
    weights = replace(WEIGHTS, confidence=dict.fromkeys(Direction, models), encoder=encoder)
    query = Interpreter(analyzer).read(ask("授权公告"))
    told = Told(dict.fromkeys((document.passages[0].text for document in MANY), 0.5))
    found = Ranker(weights, told).rank(query, index_of(analyzer, MANY).snapshot())
    assert (found.confidence > 0.5) is (encoder == told.fingerprint)
    assert "cosine" in found.ranked[0].signals


def test_how_many_passages_each_language_has_is_told(analyzer: Analyzer, translator: Translator) -> None:
    documents = [*BOTH, build_document("zh2", title="授权", passages=["授权公告。"])]
    chinese, english = (
        1 + sum(len(document.passages) for document in documents if document.language == language)
        for language in ("zh", "en")
    )
    assert chinese != english
    for text, expected in (("GR1803授权", english / chinese), ("The license fee", chinese / english)):
        found = ranking_of(analyzer, documents, text, translator=translator)
        assert found.setting.balance == pytest.approx(math.log10(expected))
        assert {each.features["balance"] for each in found.ranked if each.features} == {found.setting.balance}
