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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track

import retrieval
from bench.confidence_fit import Judged, auroc, fit_confidence, threshold
from bench.ranking_fit import Example, cross_validated, first_right, fit
from corpus.reading import ReadOptions
from retrieval.analyzer import Analyzer
from retrieval.confidence import features
from retrieval.engines import open_index
from retrieval.evaluation_index import fingerprint, index_set, kept_in
from retrieval.knowledge import Knowledge
from retrieval.question_set import read_question_set, read_unanswerable
from retrieval.ranking import LOOKED_INTO
from retrieval.weights import Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.answerer import Answerer
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
    ),
    Direction.OTHER: (
        ("unanswerable", "xquad-zh-en", 2),
        ("chronoqa", "xquad-zh-en", 6),
        ("xquad-en-en", "chronoqa", 2),
        ("xquad-en-en", "cmrc", 2),
    ),
}
# Few unanswerable questions are to be answered, and few answerable ones to be given nothing.
_REFUSED = 0.95
_GIVEN_UP = 0.01
_NOW = datetime(2024, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its ranking."""

    case: Case
    ranking: Ranking
    right: tuple[bool, ...]


class Bench:
    """Asks sets of questions of corpora; indexes are kept."""

    def __init__(self, data: Path, work: Path) -> None:
        self._data, self._work = data, work
        self._options = ReadOptions()
        self.analyzer = Analyzer(work / "cache")
        glossary = work / "no-glossary.tsv"
        self.knowledge = Knowledge.open(work, self.analyzer, glossary)
        self._answerers: dict[str, tuple[Answerer, dict[str, str]]] = {}

    def ask(self, questions: str, corpus: str, every: int) -> list[Asked]:
        """Asks every so many questions of one set over the corpus of another."""
        answerer, keys = self._answerer(corpus)
        if questions == corpus:
            cases: Sequence[Case] = read_question_set(self._data / questions, now=_NOW).cases
        elif (self._data / questions / "corpus.jsonl").exists():
            cases = read_question_set(self._data / questions, now=_NOW).cases
        else:
            cases = read_unanswerable(self._data / questions, now=_NOW)
        asked = []
        for case in track(cases[::every], f"{questions} over {corpus}", console=_CONSOLE):
            ranking = answerer.rank(case.question)
            relevant = case.relevant if questions == corpus else frozenset()
            right = tuple(
                keys[each.candidate.record().citation.document_id] in relevant
                for each in ranking.ranked[:LOOKED_INTO]
            )
            asked.append(Asked(case, ranking, right))
        return asked

    def _answerer(self, corpus: str) -> tuple[Answerer, dict[str, str]]:
        if corpus not in self._answerers:
            found = read_question_set(self._data / corpus, now=_NOW)
            mark = fingerprint(self.analyzer, found.corpora, self._options)
            index = open_index(f"tantivy:{kept_in(self._work / 'indexes', found.corpora)}", mark)
            searched = asyncio.run(index_set(found, index, self.analyzer, self._options))
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
    record: dict[str, Any] = {}
    refused, kept = [], []
    for direction in Direction:
        answerable = {name: bench.ask(name, name, every) for name, every in _SETS[direction].items()}
        alien = [each for names in _ALIEN[direction] for each in bench.ask(*names)]
        names = _SIGNALS[direction]
        examples = {name: [_example(each, names) for each in one] for name, one in answerable.items()}
        weights = fit(list(examples.values()), names)
        held_out = cross_validated(examples, names)
        for name, one in examples.items():
            _CONSOLE.print(
                f"{name}: R@1 {first_right(one, weights, names):.4f}, held out {held_out[name]:.4f}"
            )
        judged = [
            *_judged(answerable, weights, names, right=True),
            *_judged({"": alien}, weights, names, right=False),
        ]
        model, probabilities = fit_confidence(judged)
        right = [each.right for each in judged]
        _CONSOLE.print(f"{direction}: AUROC held out {auroc(right, probabilities):.4f}")
        refused.append(threshold(probabilities[~np.array(right)], _REFUSED))
        kept.append(threshold(probabilities[np.array(right)], _GIVEN_UP))
        record[direction] = {
            "signals": {name: round(weight, 4) for name, weight in weights.items()},
            "confidence": model,
        }
    # The same thresholds for both directions: a confidence means the same in either.
    record["answered"] = round(refused[0], 3)
    record["related"] = round(min(kept[0], refused[0] / 2), 3)
    text = json.dumps(record, indent=2)
    _CONSOLE.print(text)
    if given.write:
        WEIGHTS.write_text(text + "\n", "utf-8")


def _example(asked: Asked, names: Sequence[str]) -> Example:
    ranked = asked.ranking.ranked[: len(asked.right)]
    signals = np.array([[each.signals.get(name, 0.0) for name in names] for each in ranked])
    return Example(signals.reshape(len(ranked), len(names)), np.array(asked.right, dtype=bool))


def _judged(
    groups: dict[str, list[Asked]], weights: dict[str, float], names: Sequence[str], *, right: bool
) -> list[Judged]:
    """The passages that the new weights put first; a wrong one where there is an answer tells nothing."""
    vector = np.array([weights[name] for name in names])
    judged = []
    for name, group in groups.items():
        for asked in group:
            if not asked.right:
                continue
            example = _example(asked, names)
            best = int(np.argmax(example.signals @ vector))
            if right and not example.right[best]:
                continue
            first = asked.ranking.ranked[best]
            given = features(first.signals, asked.ranking.highest[first.direction])
            judged.append(Judged(given, right, 1.0, name))
    # Both kinds count alike, however many there are.
    share = 1.0 / len(judged)
    return [Judged(each.features, each.right, share * 1_000, each.group) for each in judged]


if __name__ == "__main__":
    main()
