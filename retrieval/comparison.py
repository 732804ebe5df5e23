"""Comparisons: what a run changed since an earlier one over the same questions, and whether by chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from retrieval.answer import Verdict
from retrieval.errors import InvalidQuestionSet
from retrieval.evaluation_run import read_runs
from retrieval.figures import DEPTHS, Outcome
from retrieval.significance import mcnemar, randomization

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from retrieval.evaluation import Evaluation
    from retrieval.question_set import Case, QuestionSet

_MCNEMAR: Final = "exact McNemar"
_RANDOMIZATION: Final = "randomization"

# How each measure reads an outcome: None where it says nothing of that question.
_Measure = tuple[str, Callable[[Outcome], float | None]]
_ANSWERABLE: Final[tuple[_Measure, ...]] = (
    *((f"R@{depth}", lambda each, depth=depth: each.within(depth)) for depth in DEPTHS),
    ("MRR@10", lambda each: each.reciprocal_rank),
    ("excerpt", lambda each: each.excerpt),
    ("one_sentence", lambda each: each.one_sentence),
    ("answered", lambda each: each.verdict is Verdict.ANSWERED),
    ("confidence", lambda each: each.confidence),
)
_UNANSWERABLE: Final[tuple[_Measure, ...]] = (
    ("refused", lambda each: each.verdict is not Verdict.ANSWERED),
    ("unanswerable_confidence", lambda each: each.confidence),
)
_TOGETHER: Final = ("AUROC", "answered_at_90", "answered_at_95")
_GRADED: Final = frozenset({"MRR@10", "confidence", "unanswerable_confidence"})


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one measure.

    Attributes:
        measure: its name in JSON.
        before: its value in the earlier run.
        now: its value in this one.
        better: how many questions have a higher value now.
        worse: how many a lower one.
        p_value: of the paired test, two-sided; None for a figure that is no mean over questions.
        test: which test that was, or empty.
    """

    measure: str
    before: float
    now: float
    better: int | None = None
    worse: int | None = None
    p_value: float | None = None
    test: str = ""

    def as_object(self) -> dict[str, Any]:
        """What `--json` prints of it."""
        return {
            "measure": self.measure,
            "before": round(self.before, 4),
            "now": round(self.now, 4),
            "difference": round(self.now - self.before, 4),
            "better": self.better,
            "worse": self.worse,
            "p_value": None if self.p_value is None else round(self.p_value, 6),
            "test": self.test or None,
        }


class Comparison:
    """The runs of an earlier evaluation, to compare new ones with.

    Args:
        path: the file that they were saved in.
        runs: them by the names of their sets.
    """

    def __init__(self, path: Path, runs: Mapping[str, Evaluation]) -> None:
        self._path = path
        self._runs = runs

    @classmethod
    def read(cls, path: Path) -> Comparison:
        """The comparison with what is saved in a file.

        Raises:
            InvalidQuestionSet: it cannot be read, or is no saved run.
        """
        return cls(path, read_runs(path))

    def check(self, question_sets: Sequence[QuestionSet]) -> None:
        """Holds that the earlier runs asked the same questions, so that they can be compared one by one.

        A set that only one of the two evaluations has is passed over, unless it is the only one.

        Raises:
            InvalidQuestionSet: they did not.
        """
        shared = [each for each in question_sets if each.name in self._runs]
        if not shared:
            names = ", ".join(each.name for each in question_sets)
            raise InvalidQuestionSet(f"{self._path} has no run of {names}, but of {', '.join(self._runs)}.")
        for each in shared:
            before = self._runs[each.name]
            self._same(each.name, "questions", before.outcomes, each.cases)
            self._same(each.name, "unanswerable questions", before.unanswerable, each.unanswerable)

    def changes(self, run: Evaluation) -> tuple[Change, ...]:
        """What a run changed; nothing where there is no earlier one of its set."""
        before = self._runs.get(run.name)
        return compare(before, run) if before else ()

    def _same(self, name: str, what: str, before: Sequence[Outcome], now: Sequence[Case]) -> None:
        then, today = {each.key: each.text for each in before}, {each.key: each.question.text for each in now}
        if then != today:
            shared = len(then.items() & today.items())
            raise InvalidQuestionSet(
                f"{self._path} asked other {what}: of {name} it has {len(then):,}, now there are "
                f"{len(today):,}, and {shared:,} are the same. Runs are compared question by question."
            )


def compare(before: Evaluation, now: Evaluation) -> tuple[Change, ...]:
    """What a run changed since an earlier one over the same questions, a measure each."""
    then, since = before.figures.as_object(), now.figures.as_object()
    return (
        *_changes(_ANSWERABLE, before.outcomes, now.outcomes),
        *_changes(_UNANSWERABLE, before.unanswerable, now.unanswerable),
        *(Change(name, then[name], since[name]) for name in _TOGETHER if name in then and name in since),
    )


def _changes(
    measures: Sequence[_Measure], before: Sequence[Outcome], now: Sequence[Outcome]
) -> Iterator[Change]:
    then = {each.key: each for each in before}
    pairs = [(then[each.key], each) for each in now]
    for name, value in measures:
        both = [
            (float(old), float(new))
            for one, other in pairs
            if (old := value(one)) is not None and (new := value(other)) is not None
        ]
        if not both:
            continue
        better = sum(new > old for old, new in both)
        worse = sum(new < old for old, new in both)
        graded = name in _GRADED
        p_value = randomization([new - old for old, new in both]) if graded else mcnemar(better, worse)
        yield Change(
            name,
            sum(old for old, _ in both) / len(both),
            sum(new for _, new in both) / len(both),
            better,
            worse,
            p_value,
            _RANDOMIZATION if graded else _MCNEMAR,
        )
