"""Saved runs: what was measured, question by question, in a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from retrieval.answer import Verdict
from retrieval.errors import InvalidQuestionSet
from retrieval.evaluation import Evaluation
from retrieval.figures import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_FORMAT: Final = 1


def run_object(evaluation: Evaluation) -> dict[str, Any]:
    """A run as it is saved: its figures, and the outcome of each question."""
    return {
        "format": _FORMAT,
        "set": evaluation.name,
        **evaluation.figures.as_object(),
        "outcomes": [_outcome_object(each) for each in evaluation.outcomes],
        "unanswerable_outcomes": [_outcome_object(each) for each in evaluation.unanswerable],
    }


def save(runs: Sequence[Evaluation], path: Path) -> None:
    """Writes a run to a file, or the runs of a suite.

    Raises:
        InvalidQuestionSet: it cannot be written.
    """
    objects = [run_object(each) for each in runs]
    whole = objects[0] if len(objects) == 1 else {"format": _FORMAT, "sets": objects}
    try:
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InvalidQuestionSet(f"{path} cannot be written ({error.strerror}).") from error


def read_runs(path: Path) -> dict[str, Evaluation]:
    """The runs that `save` wrote, by the names of their sets.

    Raises:
        InvalidQuestionSet: it cannot be read, or is no saved run.
    """
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        if whole["format"] != _FORMAT:
            raise InvalidQuestionSet(f"{path} is a run of another version of Wenxun.")
        runs = [_run(each) for each in whole.get("sets", [whole])]
    except OSError as error:
        raise InvalidQuestionSet(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidQuestionSet(f"{path} is not a run that `wenxun evaluate --output` saved.") from error
    return {run.name: run for run in runs}


def _outcome_object(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.key,
        "question": outcome.text,
        "group": outcome.group,
        "rank": outcome.rank,
        "reciprocal_rank": round(outcome.reciprocal_rank, 6),
        "excerpt": outcome.excerpt,
        "one_sentence": outcome.one_sentence,
        "confidence": outcome.confidence,
        "verdict": outcome.verdict.value,
        "ms": round(outcome.seconds * 1000, 3),
    }


def _run(saved: Mapping[str, Any]) -> Evaluation:
    return Evaluation(
        str(saved["set"]),
        tuple(map(_outcome, saved["outcomes"])),
        tuple(map(_outcome, saved["unanswerable_outcomes"])),
    )


def _outcome(saved: Mapping[str, Any]) -> Outcome:
    return Outcome(
        key=str(saved["id"]),
        text=str(saved["question"]),
        group=str(saved["group"]),
        rank=None if saved["rank"] is None else int(saved["rank"]),
        excerpt=saved["excerpt"],
        one_sentence=saved["one_sentence"],
        confidence=float(saved["confidence"]),
        verdict=Verdict(saved["verdict"]),
        seconds=float(saved["ms"]) / 1000,
    )
