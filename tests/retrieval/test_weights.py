"""The weights that ship: complete, not negative, and about signals and features that there are."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from retrieval.encoder import UniversalEncoder
from retrieval.merging import COMMON_FEATURES, COMPARED_FEATURES, choice_features
from retrieval.passage_vectors import Closeness
from retrieval.question import Interpreter
from retrieval.ranking import Ranker
from retrieval.signals import KINDS
from retrieval.terms import Kind
from retrieval.weights import TERM_WEIGHTS, Direction, fitted, read_weights
from tests.builders import build_document
from tests.retrieval.indexed import ask, index_of
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.analyzer import Analyzer

DOCUMENTS = (
    build_document("zh", title="授权", passages=["授权公告。"]),
    build_document("en", title="Deal", language="en", passages=["The license."]),
)
# The second question names a date, so it is compound and its meaning is one signal of its own.
QUESTIONS = ("授权", "2025年12月授权")


class Near:
    """Takes every text for near."""

    fingerprint = fitted().encoder

    def compare(self, question: str, texts: Sequence[str]) -> list[Closeness | None]:  # noqa: ARG002 - any
        return [Closeness(0.5, 0.5, 0.5) for _ in texts]

    def sentences(self, question: str, text: str) -> None:
        """Nothing of sentences."""


@pytest.fixture(scope="module")
def told(
    analyzer: Analyzer, tmp_path_factory: pytest.TempPathFactory
) -> dict[Direction, tuple[set[str], set[str]]]:
    """The names of the signals and of the features that the ranking has in each direction."""
    translator = translator_of(analyzer, tmp_path_factory.mktemp("terms"), "授权\tlicense")
    snapshot = index_of(analyzer, DOCUMENTS).snapshot()
    found: dict[Direction, tuple[set[str], set[str]]] = {each: (set(), set()) for each in Direction}
    for text in QUESTIONS:
        ranking = Ranker(fitted(), Near()).rank(Interpreter(analyzer, translator).read(ask(text)), snapshot)
        for each in ranking.ranked:
            signals, named = found[each.direction]
            signals.update(each.signals)
            named.update(each.features)
    return found


# The cosine is a feature of the confidence. Characters and bigrams that two languages share are
# those of their words, which count.
NOT_WEIGHED = {
    Direction.SAME: {"cosine", "language"},
    Direction.OTHER: {"cosine", "language", "character", "bigram"},
}


@pytest.mark.parametrize("direction", Direction)
def test_every_signal_has_a_weight_and_every_weight_a_signal(
    told: dict[Direction, tuple[set[str], set[str]]], direction: Direction
) -> None:
    signals, _ = told[direction]
    assert fitted().signals[direction].keys() == signals - NOT_WEIGHED[direction]


@pytest.mark.parametrize("direction", Direction)
def test_the_confidence_is_about_features_that_there_are(
    told: dict[Direction, tuple[set[str], set[str]]], direction: Direction
) -> None:
    _, named = told[direction]
    models = fitted().confidence[direction]
    assert {"cosine"} < models.with_vectors.features.keys() <= named | {"margin", "lead"}
    bare = {each for each in named if "cosine" not in each}
    assert set() < models.without_vectors.features.keys() <= bare | {"margin", "lead"}


def test_the_choice_is_about_features_that_there_are() -> None:
    every = dict.fromkeys((*COMPARED_FEATURES, *COMMON_FEATURES), 0.5)
    named = choice_features(every, every).keys()
    models = fitted().choice
    assert {"nearer"} < models.with_vectors.features.keys() <= named
    assert (
        set()
        < models.without_vectors.features.keys()
        <= {each for each in named if "cosine" not in each} - {"nearer"}
    )


@pytest.mark.parametrize("direction", Direction)
def test_no_signal_speaks_against_a_passage(direction: Direction) -> None:
    weights = fitted().signals[direction]
    assert all(0 <= weight < math.inf for weight in weights.values())
    assert any(weights.values())


def test_the_cosines_are_those_of_the_encoder_that_ships() -> None:
    assert fitted().encoder == UniversalEncoder().fingerprint


def test_the_thresholds_are_probabilities_in_order() -> None:
    assert 0 < fitted().related < fitted().answered < 1


def test_terms_of_every_kind_that_is_searched_weigh_something() -> None:
    assert TERM_WEIGHTS.keys() == set(Kind) - {Kind.LANGUAGE}
    assert all(weight > 0 for weight in TERM_WEIGHTS.values())
    assert set(KINDS.values()) == set(Kind)


def test_what_the_fit_writes_is_what_is_read() -> None:
    record = json.loads((files("retrieval") / "data" / "weights.json").read_text("utf-8"))
    weights = read_weights(record)
    assert weights == fitted()
    for direction in Direction:
        assert weights.signals[direction] == record[direction]["signals"]
        for name in ("with_vectors", "without_vectors"):
            model = getattr(weights.confidence[direction], name)
            written = record[direction]["confidence"][name]
            assert (model.intercept, model.features, model.usual) == tuple(written.values())
    assert weights.choice.with_vectors.features == record["choice"]["with_vectors"]["features"]


@pytest.mark.parametrize("missing", ["same", "other", "choice", "encoder", "related", "answered"])
def test_a_record_that_lacks_something_is_not_read(missing: str) -> None:
    record = json.loads((files("retrieval") / "data" / "weights.json").read_text("utf-8"))
    del record[missing]
    with pytest.raises(KeyError):
        read_weights(record)
