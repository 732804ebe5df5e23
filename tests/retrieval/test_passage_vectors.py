from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.clauses import clauses
from retrieval.passage_vectors import LONGEST, Closeness, PassageVectors, closeness, key_of, vectors_of
from retrieval.quantizer import Quantizer
from tests.retrieval.ngram_encoder import NgramEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = (
    "重庆国际生物城的企业把候选药物授权给海外公司，首付款与里程碑付款合计超过十亿美元。股价随后上涨。",
    "足球比赛以平局结束。",
    "The company licensed its candidate overseas, and the upfront payment was large: 40 million dollars.",
)
QUESTION = "首付款与里程碑付款一共是多少？"


def compare(encoder: NgramEncoder, question: str, texts: Sequence[str]) -> list[Closeness]:
    quantizer = Quantizer(encoder.dimension)
    rotated = quantizer.rotate(encoder.encode([question]))[0]
    return closeness(rotated, quantizer, vectors_of(encoder, quantizer, texts))


def by_definition(encoder: NgramEncoder, question: str, text: str) -> Closeness:
    """Closeness without packing, batches or shortcuts."""
    (asked,) = encoder.encode([question])
    sentences = [encoder.encode(parts) for parts in clauses(text)]
    means = [vectors.mean(axis=0) for vectors in sentences]
    return Closeness(
        max(float(vector @ asked) for vector in chain(*sentences)),
        max(float(mean @ asked / np.linalg.norm(mean)) for mean in means),
        float(encoder.encode([text])[0] @ asked),
    )


def test_closeness_is_of_the_best_clause_the_best_sentence_and_the_whole() -> None:
    encoder = NgramEncoder(512)
    many = [*TEXTS, *(f"{TEXTS[0]}第{number}次。" for number in range(50))]
    for found, text in zip(compare(encoder, QUESTION, many), many, strict=True):
        expected = by_definition(encoder, QUESTION, text)
        assert found.clause == pytest.approx(expected.clause, abs=0.08)
        assert found.sentence == pytest.approx(expected.sentence, abs=0.08)
        assert found.passage == pytest.approx(expected.passage, abs=0.08)


def test_what_is_asked_for_is_closest() -> None:
    deal, match, _ = compare(NgramEncoder(), QUESTION, TEXTS)
    assert deal.clause > deal.sentence > deal.passage > 0.1
    assert deal.clause > match.clause + 0.3
    assert deal.mean == pytest.approx((deal.clause + deal.sentence + deal.passage) / 3)


def test_a_passage_is_the_same_in_any_company() -> None:
    encoder, quantizer = NgramEncoder(), Quantizer(256)
    together = vectors_of(encoder, quantizer, TEXTS)
    assert together == [vectors_of(encoder, quantizer, [text])[0] for text in TEXTS]
    assert [list(each.shape) for each in together] == [[2, 1], [1], [2]]
    assert all(each.fits(quantizer) for each in together)


def test_vectors_that_are_not_as_many_as_the_shape_says_do_not_fit() -> None:
    quantizer = Quantizer(256)
    (vectors,) = vectors_of(NgramEncoder(), quantizer, [TEXTS[0]])
    assert not PassageVectors(vectors.shape, vectors.packed[:-1]).fits(quantizer)
    assert not PassageVectors(vectors.shape + b"\1", vectors.packed).fits(quantizer)
    assert not PassageVectors(b"", vectors.packed).fits(quantizer)
    assert not vectors.fits(Quantizer(512))


def test_nothing_is_close_to_nothing() -> None:
    assert compare(NgramEncoder(), QUESTION, []) == []
    (blank,) = compare(NgramEncoder(), QUESTION, [" "])
    assert abs(blank.clause) < 0.3


def test_a_very_long_text_is_encoded_as_far_as_it_makes_sense() -> None:
    encoder = NgramEncoder()
    vectors_of(encoder, Quantizer(256), ["药" * 10_000])
    assert max(map(len, encoder.encoded)) == LONGEST


def test_keys_tell_texts_apart_and_take_any() -> None:
    texts = [*TEXTS, "", " ", "\ud800", TEXTS[0] + " "]
    assert len({key_of(text) for text in texts}) == len(texts)
    assert key_of("重庆").hex() == "83e708161fc76b9565b418721a003563"
