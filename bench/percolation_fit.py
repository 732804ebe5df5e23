"""Fits what makes a new passage match a subscription, and writes it into the package.

    python -m bench.percolation_fit --data FOLDER --work FOLDER [--write]

The folders are those of `bench/fit.py`. A passage that answers a question is what a subscription to
it is for; the nearest other passages, and the nearest of all to questions that a corpus does not
answer, are not. A few rare words of a question stand for a subscription of keywords: a passage that
has all of them is what it is for. What is printed was measured on questions not fitted on.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

import retrieval
from bench.fit import Bench
from retrieval.corpus_statistics import CorpusStatistics
from retrieval.demand import FEATURES, demand_of
from retrieval.passage_lines import PassageLines
from retrieval.profile import Profiler
from retrieval.terms import Counter, Kind, is_cjk
from retrieval.translation import Translator
from retrieval.weights import Direction, fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from bench.fit import Asked
    from retrieval.answer import Question
    from retrieval.terms import Forms

RELEVANCE = Path(retrieval.__file__).parent / "data" / "relevance.json"

# (questions, corpus, every so many), by direction; those of other corpora have no answer there.
_ASKED = {
    Direction.SAME: (
        ("chronoqa", "chronoqa+news", 5),
        ("cmrc", "cmrc", 4),
        ("xquad-zh-zh", "xquad-zh-zh", 1),
        ("xquad-en-en", "xquad-en-en", 1),
        ("unanswerable", "chronoqa+news", 1),
        ("unanswerable", "xquad-zh-zh", 4),
        ("cmrc", "chronoqa", 6),
    ),
    Direction.OTHER: (
        ("xquad-zh-en", "xquad-zh-en", 1),
        ("xquad-en-zh", "xquad-en-zh", 1),
        ("unanswerable", "xquad-zh-en", 2),
        ("chronoqa", "xquad-zh-en", 6),
        ("xquad-en-en", "chronoqa", 2),
        ("xquad-en-en", "cmrc", 2),
    ),
}
_KEYWORDS = "keywords"
_MOST_KEYWORDS = 3
# The nearest wrong passages say where the border is; of the others there are too many.
_NEAREST = 5
_CANDIDATES = 10
_FOLDS = 5
_PENALTY = 1e-4
_SEED = 20
# Strict ones are told nothing for so many of the questions that nothing answers, as answers are sure
# of none of them; broad ones are told so many of the passages that answer.
_REFUSED = 0.95
_KEPT = 0.8
_VERDICTS = ("related", "answered")
_CONSOLE = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that comes near a question.

    `right` tells that it is what a subscription to it is for, `related` and `answered` that an
    answer would call it so.
    """

    forms: Forms
    right: bool
    related: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """What a model learns from: the features of a passage for a question, and as in `Near`.

    `question` numbers the questions; `group` is their set and the corpus.
    """

    features: tuple[float, ...]
    right: bool
    question: int
    group: str
    related: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model over `FEATURES` and `terms`, in this order: an intercept and weights."""

    intercept: float
    weights: npt.NDArray[np.float64]

    def logits(self, table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The logit of each row."""
        return np.asarray(self.intercept + table @ self.weights)


class Examples:
    """Makes examples of questions that were asked."""

    def __init__(self, bench: Bench, direction: Direction) -> None:
        self._bench = bench
        self._direction = direction
        knowledge = bench.knowledge
        translator = Translator(bench.analyzer, knowledge.lexicon, knowledge.glossary)
        self._profiler = Profiler(bench.analyzer, translator)
        self._usual = knowledge.lexicon.background.frequency
        self._weights = fitted()
        self._questions = 0

    def of(self, questions: str, corpus: str, every: int) -> Iterator[Example]:
        """Those of the questions of one set over the corpus of another, and of their keywords."""
        asked = self._bench.ask(questions, corpus, every)
        _, index = self._bench.searched(corpus)
        snapshot = index.snapshot()
        statistics = CorpusStatistics(snapshot, self._usual)
        for each in track(asked, f"{questions} > {corpus}", console=_CONSOLE):
            known = tuple(each.right) + (False,) * len(each.ranking.ranked)
            near = [
                Near(
                    ranked.candidate.forms,
                    right,
                    ranked.confidence >= self._weights.related,
                    ranked.confidence >= self._weights.answered,
                )
                for ranked, right in zip(each.ranking.ranked, known, strict=False)
                if ranked.direction is self._direction
            ]
            yield from self._examples(each.case.question, near, statistics, f"{questions} > {corpus}")
            if each.foreign or self._direction is Direction.OTHER:
                continue
            keywords = self._keywords(each, statistics)
            if keywords:
                question = replace(each.case.question, text=" ".join(keywords))
                terms = {Kind.WORD + word for word in keywords}
                forms = [one.forms for one in snapshot.candidates(dict.fromkeys(terms, 1.0), _CANDIDATES)]
                near = [
                    Near(one, all(Counter(terms).count(one).get(term) for term in terms)) for one in forms
                ]
                yield from self._examples(question, near, statistics, f"{_KEYWORDS} > {corpus}")

    def _keywords(self, asked: Asked, statistics: CorpusStatistics) -> list[str]:
        """Rare words of a question, one to three of them."""
        query = self._profiler.query(asked.case.question)
        words = [word.form for word in query.subject if len(word.form) > 1 or not is_cjk(word.form[0])]
        frequencies = statistics.frequencies([Kind.WORD + word for word in words])
        rare = sorted(dict.fromkeys(words), key=lambda word: frequencies[Kind.WORD + word])
        return rare[: 1 + self._questions % _MOST_KEYWORDS]

    def _examples(
        self, question: Question, near: Sequence[Near], statistics: CorpusStatistics, group: str
    ) -> Iterator[Example]:
        self._questions += 1
        demand = demand_of(self._profiler.profile(question), self._direction, statistics)
        names = (*FEATURES[self._direction], "terms")
        wrong = 0
        for each in near:
            wrong += not each.right
            if not each.right and wrong > _NEAREST:
                continue
            features = demand.features(PassageLines(each.forms))
            if features is None:
                continue
            yield Example(
                tuple(features[name] for name in names),
                each.right,
                self._questions,
                group,
                each.related,
                each.answered,
            )


def fit(table: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], shares: int) -> Fitted:
    """A logistic model in which the first `shares` features never count less than nothing.

    Right and wrong count alike in all. L2 penalty on the weights; L-BFGS-B with bounds.
    """
    balance = np.where(right, 0.5 / max(right.sum(), 1), 0.5 / max((~right).sum(), 1))
    signs = np.where(right, 1.0, -1.0)

    def loss(given: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margins = signs * (given[0] + table @ given[1:])
        value = float((balance * np.logaddexp(0.0, -margins)).sum() + _PENALTY * (given[1:] ** 2).sum() / 2)
        slopes = -balance * signs / (1 + np.exp(np.clip(margins, -500, 500)))
        gradient = np.concatenate(([slopes.sum()], table.T @ slopes + _PENALTY * given[1:]))
        return value, gradient

    bounds = [(None, None), *[(0.0, None)] * shares, *[(None, None)] * (table.shape[1] - shares)]
    found = minimize(loss, np.zeros(table.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    return Fitted(float(found.x[0]), found.x[1:])


def held_out(
    table: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    questions: npt.NDArray[np.int64],
    shares: int,
) -> npt.NDArray[np.float64]:
    """For each example the score by a model that has seen no example of its question."""
    folds = np.random.default_rng(_SEED).permutation(questions.max() + 1) % _FOLDS
    scores = np.zeros(len(table))
    for fold in range(_FOLDS):
        out = folds[questions] == fold
        logits = fit(table[~out], right[~out], shares).logits(table[out])
        scores[out] = 1 / (1 + np.exp(-logits))
    return scores


def record_of(examples: Sequence[Example], direction: Direction) -> dict[str, Any]:
    """The model and the thresholds of a direction; what they do on each set is printed."""
    names = (*FEATURES[direction], "terms")
    shares = len(FEATURES[direction])
    table = np.array([each.features for each in examples])
    right = np.array([each.right for each in examples])
    questions = np.array([each.question for each in examples])
    groups = np.array([each.group for each in examples])
    scores = held_out(table, right, questions, shares)
    answerable = {each.group for each in examples if each.right}
    foreign = ~np.isin(groups, sorted(answerable))
    # The best passage for each question that nothing answers, and every passage that answers.
    best = [scores[foreign & (questions == one)].max() for one in np.unique(questions[foreign])]
    kept = [
        np.quantile(scores[right & (groups == one)], 1 - _KEPT)
        for one in sorted(answerable)
        if not one.startswith(_KEYWORDS)
    ]
    strict = round(float(np.quantile(best, _REFUSED)), 3)
    broad = min(round(float(np.mean(kept)), 3), strict)
    _CONSOLE.print(f"{direction}: strict from {strict}, broad from {broad}")
    related, answered = (np.array([getattr(each, name) for each in examples]) for name in _VERDICTS)
    for group in sorted(set(groups)):
        inside = groups == group
        for name, told in (
            ("strict", scores >= strict),
            ("broad", scores >= broad),
            ("answers: answered", answered),
            ("answers: related", related),
        ):
            if group.startswith(_KEYWORDS) and name.startswith("answers"):
                continue
            found = told[inside & right].mean() if (inside & right).any() else math.nan
            disturbed = len(set(questions[inside & ~right & told])) / len(set(questions[inside]))
            _CONSOLE.print(f"  {group}: {name}: {found:.3f} of the right, {disturbed:.3f} told wrongly")
    model = fit(table, right, shares)
    weights = {
        name: round(float(weight), 4) for name, weight in zip(names, model.weights, strict=True) if weight
    }
    return {
        "model": {"intercept": round(model.intercept, 4), "features": weights},
        "strict": strict,
        "broad": broad,
    }


def main() -> None:
    """Fits, tells what came of it, and writes it if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the development sets")
    parser.add_argument("--work", type=Path, required=True, help="folder to keep indexes in")
    parser.add_argument("--write", action="store_true", help=f"write {RELEVANCE.name} into the package")
    given = parser.parse_args()
    bench = Bench(given.data, given.work)
    # Passages are matched before they have vectors.
    bench.knowledge = replace(bench.knowledge, encoder=None, vectors=None, missing="not used")
    record = {}
    for direction in Direction:
        examples = Examples(bench, direction)
        every = [each for names in _ASKED[direction] for each in examples.of(*names)]
        record[direction] = record_of(every, direction)
    text = json.dumps(record, indent=2)
    _CONSOLE.print(text)
    if given.write:
        RELEVANCE.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
