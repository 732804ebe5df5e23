"""Figures: what the outcomes of a run come to, in the field's own measures."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEPTHS = (1, 3, 10)
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        key: the question's key in its set.
        text: the question.
        group: the kind of question, or empty.
        rank: the place of the first right document, from 1 to 10; None where it is not among them.
        excerpt: whether the shown excerpts contain an expected answer; None where none is known.
        one_sentence: whether the best sentence of a right document does; None likewise.
        confidence: the answer's, in [0, 1].
        verdict: the answer's.
        seconds: how long it took to answer.
    """

    key: str
    text: str
    group: str
    rank: int | None
    excerpt: bool | None
    one_sentence: bool | None
    confidence: float
    verdict: Verdict
    seconds: float

    @property
    def reciprocal_rank(self) -> float:
        """1/rank, 0 where there is none."""
        return 1 / self.rank if self.rank else 0.0

    def within(self, depth: int) -> bool:
        """Whether a right document stands among the first `depth`."""
        return self.rank is not None and self.rank <= depth


@dataclass(frozen=True, slots=True)
class Refusal:
    """How well the unanswerable questions are told from the answerable ones by their confidence.

    Attributes:
        auroc: the probability that an answerable question has more confidence than an
            unanswerable one, ties half (the Mann–Whitney U statistic by its highest value).
        answered_at_90: the share of answerable questions that are answered at the threshold
            that refuses 90 % of the unanswerable ones.
        answered_at_95: the same where 95 % are refused, so at 5 % false answers.
    """

    auroc: float
    answered_at_90: float
    answered_at_95: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Attributes:
        questions: how many answerable questions.
        success: for each depth k, the share of questions with a right document among the
            first k (`Success@k` in ir-measures).
        reciprocal_rank: the mean of 1/rank of the first right document, 0 beyond 10.
        excerpt: the share of questions whose shown excerpts contain an expected answer,
            among those that have one; None if none has.
        one_sentence: the share of those whose right document's best sentence contains it.
        verdicts: the share of each verdict.
        unanswerable: how many unanswerable questions.
        false_verdicts: the share of each verdict among them.
        refusal: how well they are told apart; None unless there are both.
        p50_ms: the median time to answer, in milliseconds.
        p95_ms: the 95th percentile of it.
        groups: the figures of each kind of question.
    """

    questions: int
    success: Mapping[int, float]
    reciprocal_rank: float
    excerpt: float | None
    one_sentence: float | None
    verdicts: Mapping[Verdict, float]
    unanswerable: int
    false_verdicts: Mapping[Verdict, float]
    refusal: Refusal | None
    p50_ms: float
    p95_ms: float
    groups: Mapping[str, Figures]

    def as_object(self) -> dict[str, Any]:
        """The figures by their names in JSON. What there is nothing to measure of is null or left out."""
        found: dict[str, Any] = {"questions": self.questions}
        if self.questions:
            found |= {f"R@{depth}": _rounded(share) for depth, share in self.success.items()}
            found["MRR@10"] = _rounded(self.reciprocal_rank)
            found["excerpt"] = _rounded(self.excerpt)
            found["one_sentence"] = _rounded(self.one_sentence)
            found |= {verdict.value: _rounded(self.verdicts[verdict]) for verdict in Verdict}
        if self.unanswerable:
            found["unanswerable"] = self.unanswerable
            if self.refusal:
                found["AUROC"] = _rounded(self.refusal.auroc)
                found["answered_at_90"] = _rounded(self.refusal.answered_at_90)
                found["answered_at_95"] = _rounded(self.refusal.answered_at_95)
            found["refused"] = _rounded(1 - self.false_verdicts[Verdict.ANSWERED])
            found |= {
                f"unanswerable_{verdict}": _rounded(self.false_verdicts[verdict]) for verdict in Verdict
            }
        found["p50_ms"] = round(self.p50_ms, 2)
        found["p95_ms"] = round(self.p95_ms, 2)
        if self.groups:
            found["groups"] = {name: figures.as_object() for name, figures in self.groups.items()}
        return found


def figures_of(outcomes: Sequence[Outcome], unanswerable: Sequence[Outcome] = ()) -> Figures:
    """The figures of a run, and of each of its groups.

    Args:
        outcomes: of the answerable questions.
        unanswerable: of the unanswerable ones.
    """
    groups = sorted({each.group for each in (*outcomes, *unanswerable) if each.group})
    return _figures(
        outcomes,
        unanswerable,
        {
            group: _figures(
                [each for each in outcomes if each.group == group],
                [each for each in unanswerable if each.group == group],
                {},
            )
            for group in groups
        },
    )


def refusal(answerable: Sequence[float], unanswerable: Sequence[float]) -> Refusal:
    """How well confidences tell answerable questions (at least one) from unanswerable ones (likewise)."""
    ordered = sorted(unanswerable)
    wins = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in answerable) / 2
    return Refusal(
        auroc=wins / (len(answerable) * len(ordered)),
        answered_at_90=_answered(answerable, ordered, 90),
        answered_at_95=_answered(answerable, ordered, 95),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of ascending values; 0 of none."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def _figures(
    outcomes: Sequence[Outcome], unanswerable: Sequence[Outcome], groups: Mapping[str, Figures]
) -> Figures:
    times = sorted(each.seconds * 1000 for each in outcomes or unanswerable)
    confidences = [each.confidence for each in outcomes], [each.confidence for each in unanswerable]
    return Figures(
        questions=len(outcomes),
        success={depth: _share(each.within(depth) for each in outcomes) or 0.0 for depth in DEPTHS},
        reciprocal_rank=sum(each.reciprocal_rank for each in outcomes) / max(len(outcomes), 1),
        excerpt=_share(each.excerpt for each in outcomes),
        one_sentence=_share(each.one_sentence for each in outcomes),
        verdicts=_verdicts(outcomes),
        unanswerable=len(unanswerable),
        false_verdicts=_verdicts(unanswerable),
        refusal=refusal(*confidences) if outcomes and unanswerable else None,
        p50_ms=percentile(times, 0.50),
        p95_ms=percentile(times, 0.95),
        groups=groups,
    )


def _share(judged: Iterable[bool | None]) -> float | None:
    """The share of what holds among what could be judged; None where nothing could."""
    known = [each for each in judged if each is not None]
    return sum(known) / len(known) if known else None


def _verdicts(outcomes: Sequence[Outcome]) -> dict[Verdict, float]:
    counts = Counter(each.verdict for each in outcomes)
    return {verdict: counts[verdict] / max(len(outcomes), 1) for verdict in Verdict}


def _answered(answerable: Sequence[float], ordered: Sequence[float], refused: int) -> float:
    """The share of the answerable above the least confidence that refuses so many in a hundred others."""
    # In whole numbers, rounded up: 0.95 * 20 is a little more than 19.
    least = -(-refused * len(ordered) // 100)
    return sum(each > ordered[least - 1] for each in answerable) / len(answerable)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, _DIGITS)
