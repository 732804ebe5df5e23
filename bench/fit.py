"""Fits the weights of the ranking and of the confidence, and writes them into the package.

    python -m bench.fit --data FOLDER --work FOLDER [--write]

FOLDER has the development sets that `_SETS` and `_ALIEN` name; `--work` keeps indexes and
vectors between runs. Nothing is fitted to single questions: what is printed as "held out"
was measured on questions that were not among those fitted on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track

import retrieval
from bench.confidence_fit import FEATURES, SIZE_FEATURES, Judged, auroc, fit_logistic, threshold
from bench.ranking_fit import Example, cross_validated, first_right, fit
from corpus.reading import ReadOptions
from retrieval.analyzer import Analyzer
from retrieval.confidence import features, standing
from retrieval.engines import open_index
from retrieval.evaluation_index import fingerprint, index_set, kept_in
from retrieval.knowledge import Knowledge
from retrieval.merging import COMMON_FEATURES, COMPARED_FEATURES, choice_features
from retrieval.question_set import open_corpus, read_question_set, read_unanswerable
from retrieval.ranking import LOOKED_INTO
from retrieval.weights import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrieval.answerer import Answerer
    from retrieval.engines.base import Index
    from retrieval.question_set import Case
    from retrieval.ranking import Ranking

WEIGHTS = Path(retrieval.__file__).parent / "data" / "weights.json"

_SIGNALS = {
    Direction.SAME: (
        "word", "character", "bigram", "pair", "date", "quantity", "sentence", "title",
        "meaning_clause", "meaning_sentence", "meaning_passage", "meaning_compound",
    ),
    Direction.OTHER: (
        "concept", "concept_pair", "word", "pair", "date", "quantity", "sentence", "title",
        "meaning_clause", "meaning_sentence", "meaning_passage", "meaning_compound",
    ),
}  # fmt: skip

# Sets whose questions their own corpus answers, by direction; every so many are asked.
_SETS = {
    Direction.SAME: {"chronoqa": 1, "cmrc": 2, "xquad-zh-zh": 1, "xquad-en-en": 1},
    Direction.OTHER: {"xquad-zh-en": 1, "xquad-en-zh": 1},
}
# Questions asked of a corpus that does not answer them: (questions, corpus, every so many).
_ALIEN = {
    Direction.SAME: (
        ("unanswerable", "chronoqa", 1),
        ("cmrc", "chronoqa", 6),
        ("xquad-zh-zh", "chronoqa", 3),
        ("chronoqa", "cmrc", 6),
        # A small corpus, too, lacks most answers.
        ("unanswerable", "xquad-zh-zh", 2),
        ("chronoqa", "xquad-zh-zh", 6),
        ("cmrc", "xquad-zh-zh", 6),
    ),
    Direction.OTHER: (
        ("unanswerable", "xquad-zh-en", 2),
        ("chronoqa", "xquad-zh-en", 6),
        ("xquad-en-en", "chronoqa", 2),
        ("xquad-en-en", "cmrc", 2),
    ),
}
# A large corpus has more that comes close by chance.
_MIXED = "+"
_LARGE = (("chronoqa", "chronoqa+news", 4), ("unanswerable", "chronoqa+news", 2))
# How corpora are told apart in one language. Those of the other direction are all of one size.
_CONFIDENCE = {Direction.SAME: (*FEATURES, *SIZE_FEATURES), Direction.OTHER: FEATURES}
_CHOICE = (
    *(f"{side}_{name}" for side in ("same", "other") for name in COMPARED_FEATURES),
    *COMMON_FEATURES,
    "nearer",
)  # fmt: skip
# Where both directions are as good, a reader would rather read the own language: its odds count so much.
_OWN_LANGUAGE = 1.5
# Few unanswerable questions are to be answered, and few answerable ones to be given nothing.
_REFUSED = 0.96
_GIVEN_UP = 0.01
_FOREIGN = "foreign"
_NOW = datetime(2024, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its ranking.

    `right` tells of the first passages which answer, `own` which are of the corpus that the
    question belongs to; `foreign` that this corpus does not answer it.
    """

    case: Case
    ranking: Ranking
    right: tuple[bool, ...]
    own: tuple[bool, ...]
    foreign: bool

    def withheld(self) -> Asked:
        """The same as if its own corpus were not there: what is left does not answer it."""
        ranked = tuple(each for each, own in zip(self.ranking.ranked, self.own, strict=False) if not own)
        nothing = (False,) * len(ranked)
        return Asked(self.case, replace(self.ranking, ranked=ranked), nothing, nothing, foreign=True)


class Bench:
    """Asks sets of questions of corpora; indexes are kept."""

    def __init__(self, data: Path, work: Path) -> None:
        self._data, self._work = data, work
        self._options = ReadOptions()
        self.analyzer = Analyzer(work / "cache")
        glossary = work / "no-glossary.tsv"
        self.knowledge = Knowledge.open(work, self.analyzer, glossary)
        self._answerers: dict[str, tuple[Answerer, dict[str, str]]] = {}
        self._indexes: dict[str, Index] = {}

    def searched(self, corpus: str) -> tuple[Answerer, Index]:
        """What is asked of a corpus, and the index that it is asked from."""
        answerer, _ = self._answerer(corpus)
        return answerer, self._indexes[corpus]

    def ask(self, questions: str, corpus: str, every: int) -> list[Asked]:
        """Asks every so many questions of one set over the corpus of another."""
        answerer, keys = self._answerer(corpus)
        own = questions == corpus.partition(_MIXED)[0]
        if own:
            cases: Sequence[Case] = read_question_set(self._data / questions, now=_NOW).cases
        elif (self._data / questions / "corpus.jsonl").exists():
            cases = read_question_set(self._data / questions, now=_NOW).cases
        else:
            cases = read_unanswerable(self._data / questions, now=_NOW)
        asked = []
        for case in track(cases[::every], f"{questions} over {corpus}", console=_CONSOLE):
            ranking = answerer.rank(case.question)
            relevant = case.relevant if own else frozenset()
            found = [
                keys.get(each.candidate.record().citation.document_id)
                for each in ranking.ranked[: 2 * LOOKED_INTO]
            ]
            right = tuple(key in relevant for key in found)
            asked.append(Asked(case, ranking, right, tuple(key is not None for key in found), not own))
        return asked

    def _answerer(self, corpus: str) -> tuple[Answerer, dict[str, str]]:
        if corpus not in self._answerers:
            name, _, mixed = corpus.partition(_MIXED)
            found = replace(
                read_question_set(self._data / name, now=_NOW),
                mixed=tuple(open_corpus(self._data / each) for each in filter(None, [mixed])),
            )
            mark = fingerprint(self.analyzer, found.corpora, self._options)
            index = open_index(f"tantivy:{kept_in(self._work / 'indexes', found.corpora)}", mark)
            searched = asyncio.run(index_set(found, index, self.analyzer, self._options))
            self._indexes[corpus] = index
            self._answerers[corpus] = (
                self.knowledge.answerer(index, on_the_fly=LOOKED_INTO),
                searched.keys,
            )
        return self._answerers[corpus]


_CONSOLE = Console(stderr=True)


def main() -> None:
    """Fits, tells what came of it, and writes the weights if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the development sets")
    parser.add_argument("--work", type=Path, required=True, help="folder to keep indexes and vectors in")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name} into the package")
    given = parser.parse_args()
    bench = Bench(given.data, given.work)
    bilingual = bench.ask(*make_bilingual(given.data, given.work), 1)
    large = [each for names in _LARGE for each in bench.ask(*names)]
    known = [each for each in large if not each.foreign]
    unknown = [each for each in large if each.foreign] + [each.withheld() for each in known]
    record: dict[str, Any] = {}
    refused, kept = [], []
    for direction in Direction:
        answerable = {name: bench.ask(name, name, every) for name, every in _SETS[direction].items()}
        alien = [each for names in _ALIEN[direction] for each in bench.ask(*names)] + unknown
        if direction is Direction.SAME:
            answerable["large"] = known
        else:
            # Half of these are about what only the question's own language has: near, and wrong.
            alien += bilingual
        weights = _fit_signals(direction, answerable)
        answers = [each for one in answerable.values() for each in one]
        models, probabilities, judged = _fit_confidence(direction, weights, answers, alien)
        foreign = np.array([each.group == _FOREIGN for each in judged])
        right = np.array([each.right for each in judged], dtype=bool)
        refused.append(threshold(probabilities[foreign], _REFUSED))
        kept.append(threshold(probabilities[right], _GIVEN_UP))
        record[direction] = {"signals": weights, "confidence": models}
    if bench.knowledge.encoder is not None:
        record["encoder"] = bench.knowledge.encoder.fingerprint
    record["choice"] = _fit_choice(
        [*bilingual, *known], {each: record[each]["signals"] for each in Direction}
    )
    # The same thresholds for both directions: a confidence means the same in either.
    record["answered"] = round(refused[0], 3)
    record["related"] = round(min(kept[0], refused[0] / 2), 3)
    text = json.dumps(record, indent=2)
    _CONSOLE.print(text)
    if given.write:
        WEIGHTS.write_text(text + "\n", "utf-8")


def _fit_signals(direction: Direction, answerable: Mapping[str, Sequence[Asked]]) -> dict[str, float]:
    """The weights of the signals; what they do, in and out of the sample, is printed."""
    names = _SIGNALS[direction]
    examples = {name: [_example(each, names) for each in one] for name, one in answerable.items()}
    weights = {name: round(weight, 4) for name, weight in fit(list(examples.values()), names).items()}
    held_out = cross_validated(examples, names)
    for name, one in examples.items():
        _CONSOLE.print(f"{name}: R@1 {first_right(one, weights, names):.4f}, held out {held_out[name]:.4f}")
    return weights


def _fit_confidence(
    direction: Direction, weights: dict[str, float], answers: Sequence[Asked], alien: Sequence[Asked]
) -> tuple[dict[str, Any], npt.NDArray[np.float64], list[Judged]]:
    """The models of the confidence, with the probabilities held out and the examples they belong to."""
    models: dict[str, Any] = {}
    # As if no vectors were there yet, too: then the rest has to do.
    for name, bare in (("without_vectors", True), ("with_vectors", False)):
        judge = partial(_judge, direction, weights, bare=bare)
        judged = [
            # A wrong first passage where there is a right one tells nothing: it may be as good.
            *(each for each in map(judge, answers) if each and each.right),
            *filter(None, map(judge, alien)),
        ]
        models[name], probabilities = fit_logistic(judged, _CONFIDENCE[direction])
        right = [each.right for each in judged]
        _CONSOLE.print(f"{direction} {name}: AUROC held out {auroc(right, probabilities):.4f}")
    return models, probabilities, judged


def _fit_choice(
    asked_of_both: Sequence[Asked], weights: Mapping[Direction, dict[str, float]]
) -> dict[str, Any]:
    """The models of the choice between the directions, from questions that one of them answers."""
    models: dict[str, Any] = {}
    for name, bare in (("without_vectors", True), ("with_vectors", False)):
        judged = []
        for asked in asked_of_both:
            same, other = (_judge(each, weights[each], asked, bare=bare) for each in Direction)
            if same and other and same.right != other.right:
                judged.append(Judged(choice_features(same.features, other.features), other.right, ""))
        models[name], probabilities = fit_logistic(judged, _CHOICE, balanced=False)
        models[name]["intercept"] = round(models[name]["intercept"] - math.log(_OWN_LANGUAGE), 4)
        chosen = np.mean((probabilities > 0.5) == np.array([each.right for each in judged]))  # noqa: PLR2004 - even
        _CONSOLE.print(f"choice {name}: right for {chosen:.4f} of {len(judged)} held out")
    return models


def make_bilingual(data: Path, work: Path) -> tuple[str, str]:
    """A set in both languages: every other paragraph of XQuAD in Chinese, the rest in English.

    Questions are asked in both. It teaches the confidence to choose between the directions.

    Returns:
        Its path, twice: questions and corpus.
    """
    folder = work / "bilingual"
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    corpus, queries, judgements = [], [], ["query-id\tcorpus-id\tscore"]
    for remainder, language in enumerate(("zh", "en")):
        source = data / f"xquad-{language}-{language}"
        for line in (source / "corpus.jsonl").read_text("utf-8").splitlines():
            number = json.loads(line)["_id"].rpartition("-")[2]
            if int(number) % 2 == remainder:
                corpus.append(json.dumps({**json.loads(line), "_id": number}, ensure_ascii=False))
        for line in (source / "queries.jsonl").read_text("utf-8").splitlines():
            query = json.loads(line)
            queries.append(json.dumps({**query, "_id": f"{language}-{query['_id']}"}, ensure_ascii=False))
        for line in (source / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
            query_id, document, score = line.split("\t")
            judgements.append(f"{language}-{query_id}\t{document.rpartition('-')[2]}\t{score}")
    for name, lines in (("corpus.jsonl", corpus), ("queries.jsonl", queries), ("qrels/test.tsv", judgements)):
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return str(folder), str(folder)


def _example(asked: Asked, names: Sequence[str]) -> Example:
    """The candidates that were looked into."""
    found = [
        (each.signals, right)
        for each, right in zip(asked.ranking.ranked, asked.right, strict=False)
        if "cosine" in each.signals
    ]
    signals = np.array([[given.get(name, 0.0) for name in names] for given, _ in found])
    return Example(
        signals.reshape(len(found), len(names)), np.array([right for _, right in found], dtype=bool)
    )


def _judge(direction: Direction, weights: dict[str, float], asked: Asked, *, bare: bool) -> Judged | None:
    """The passage that the new weights put first in a direction, if there is any; `bare`, without vectors."""
    found = [
        (_bare(each.signals) if bare else each.signals, right)
        for each, right in zip(asked.ranking.ranked, asked.right, strict=False)
        if each.direction is direction and "cosine" in each.signals
    ]
    if not found:
        return None
    scores = [sum(weights.get(name, 0.0) * value for name, value in signals.items()) for signals, _ in found]
    best = max(range(len(found)), key=scores.__getitem__)
    signals, right = found[best]
    stands = standing(sorted(scores, reverse=True), 0)
    given = features(signals, asked.ranking.highest[direction], weights, stands, asked.ranking.setting)
    return Judged(given, right, _FOREIGN if asked.foreign else "")


def _bare(signals: Mapping[str, float]) -> dict[str, float]:
    return {
        name: value for name, value in signals.items() if name != "cosine" and not name.startswith("meaning")
    }


if __name__ == "__main__":
    main()
