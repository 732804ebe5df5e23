"""Saved runs and what changed since one: by hand, and that unlike runs are never compared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from retrieval.answer import Question, Verdict
from retrieval.comparison import Comparison, compare
from retrieval.errors import InvalidQuestionSet
from retrieval.evaluation import Evaluation
from retrieval.evaluation_run import read_runs, save
from retrieval.figures import Outcome
from retrieval.question_set import BeirCorpus, Case, QuestionSet
from tests.builders import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = datetime(2025, 12, 20, 8, 30, tzinfo=ZONE)
PLAIN = Outcome("q", "问题", "zh-zh", 1, True, False, 0.75, Verdict.ANSWERED, 0.002)


def outcomes(ranks: Iterable[int | None]) -> tuple[Outcome, ...]:
    return tuple(
        replace(PLAIN, key=f"q{number}", text=f"问题{number}", rank=rank) for number, rank in enumerate(ranks)
    )


def question_set(run: Evaluation) -> QuestionSet:
    def cases(answered: tuple[Outcome, ...]) -> tuple[Case, ...]:
        return tuple(Case(each.key, Question(each.text, NOW), frozenset(), ()) for each in answered)

    corpus = BeirCorpus(Path("corpus.jsonl"))
    return QuestionSet(run.name, corpus, cases(run.outcomes), cases(run.unanswerable))


RUN = Evaluation(
    "news",
    (*outcomes([1, 3, None, 1, 1, 1, 1, 1]), replace(PLAIN, key="x", excerpt=None, one_sentence=None)),
    (replace(PLAIN, key="nothing/1", rank=None, verdict=Verdict.NOTHING, confidence=0.125),),
)


def test_a_saved_run_is_read_as_it_was() -> None:
    save([RUN], Path("run.json"))
    assert read_runs(Path("run.json")) == {"news": RUN}


def test_a_saved_run_has_figures_and_outcomes_for_other_programs() -> None:
    save([RUN], Path("run.json"))
    found = json.loads(Path("run.json").read_text("utf-8"))
    assert (found["set"], found["questions"], found["R@1"], found["AUROC"]) == ("news", 9, 0.7778, 1.0)
    assert found["outcomes"][1] == {
        "id": "q1",
        "question": "问题1",
        "group": "zh-zh",
        "rank": 3,
        "reciprocal_rank": 0.333333,
        "excerpt": True,
        "one_sentence": False,
        "confidence": 0.75,
        "verdict": "answered",
        "ms": 2.0,
    }
    assert found["unanswerable_outcomes"][0]["verdict"] == "nothing"


def test_the_runs_of_a_suite_are_saved_together() -> None:
    other = replace(RUN, name="other")
    save([RUN, other], Path("run.json"))
    assert read_runs(Path("run.json")) == {"news": RUN, "other": other}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"run"',
        "{}",
        '{"format": 1}',
        '{"format": 1, "set": "x", "outcomes": [{}], "unanswerable_outcomes": []}',
        "[" * 100_000,
    ],
)
def test_what_is_no_saved_run_is_refused(text: str) -> None:
    Path("run.json").write_text(text, "utf-8")
    with pytest.raises(InvalidQuestionSet, match="is not a run that"):
        read_runs(Path("run.json"))


def test_a_run_of_another_format_is_refused() -> None:
    Path("run.json").write_text('{"format": 2}', "utf-8")
    with pytest.raises(InvalidQuestionSet, match="another version"):
        read_runs(Path("run.json"))


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuestionSet, match="cannot be read"):
        read_runs(Path("gone.json"))
    with pytest.raises(InvalidQuestionSet, match="cannot be written"):
        save([RUN], tmp_path)


def changed() -> dict[str, dict[str, Any]]:
    """Six questions become right, one wrong; one sentence; more confidence; a refusal less."""
    before = Evaluation("news", outcomes([None, None, 2, 3, 3, 4, 1, 1]), RUN.unanswerable)
    after = outcomes([1, 1, 1, 1, 1, 1, None, 1])
    after = (replace(after[0], one_sentence=True, confidence=0.875), *after[1:])
    now = Evaluation("news", after, (replace(RUN.unanswerable[0], verdict=Verdict.ANSWERED, confidence=0.8),))
    return {change.measure: change.as_object() for change in compare(before, now)}


def test_each_measure_is_compared_question_by_question() -> None:
    found = changed()
    assert found["R@1"] == {
        "measure": "R@1",
        "before": 0.25,
        "now": 0.875,
        "difference": 0.625,
        "better": 6,
        "worse": 1,
        "p_value": 0.125,  # 2 * (1 + 7) / 2**7
        "test": "exact McNemar",
    }
    assert (found["R@3"]["better"], found["R@3"]["worse"]) == (3, 1)
    assert (found["R@10"]["better"], found["R@10"]["worse"]) == (2, 1)
    assert (found["MRR@10"]["better"], found["MRR@10"]["worse"]) == (6, 1)
    assert found["MRR@10"]["test"] == "randomization"
    assert found["MRR@10"]["p_value"] > 0.05
    assert (found["one_sentence"]["better"], found["one_sentence"]["worse"]) == (1, 0)
    assert (found["excerpt"]["better"], found["excerpt"]["worse"], found["excerpt"]["p_value"]) == (0, 0, 1.0)
    assert (found["confidence"]["better"], found["confidence"]["p_value"]) == (1, 1.0)


def test_what_nothing_answers_is_compared_too() -> None:
    found = changed()
    assert (found["refused"]["better"], found["refused"]["worse"]) == (0, 1)
    assert found["unanswerable_confidence"]["difference"] == 0.675
    assert (found["AUROC"]["before"], found["AUROC"]["now"]) == (1.0, 0.125)
    assert (found["AUROC"]["p_value"], found["AUROC"]["better"]) == (None, None)


def test_a_run_compared_with_itself_changes_nothing() -> None:
    for change in compare(RUN, RUN):
        assert change.before == change.now
        assert change.p_value in (1.0, None)


def test_the_order_of_questions_does_not_matter() -> None:
    assert compare(replace(RUN, outcomes=RUN.outcomes[::-1]), RUN) == compare(RUN, RUN)


def test_only_the_same_questions_are_compared() -> None:
    comparison = Comparison(Path("run.json"), {"news": RUN})
    comparison.check([question_set(RUN)])
    comparison.check([question_set(RUN), question_set(replace(RUN, name="new"))])
    assert comparison.changes(replace(RUN, name="new")) == ()
    for unlike, says in (
        (replace(RUN, outcomes=RUN.outcomes[1:]), "it has 9, now there are 8, and 8 are the same"),
        (replace(RUN, outcomes=(replace(RUN.outcomes[0], text="?"), *RUN.outcomes[1:])), "8 are the same"),
        (replace(RUN, unanswerable=()), "other unanswerable questions"),
        (replace(RUN, name="elsewhere"), "no run of elsewhere, but of news"),
    ):
        with pytest.raises(InvalidQuestionSet, match=says):
            comparison.check([question_set(unlike)])
