"""Results of an evaluation: a set's run, what was wanted of it, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.comparison import Change
    from retrieval.evaluation import Evaluation
    from retrieval.evaluation_suite import Goal


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one set.

    Attributes:
        run: its questions and what became of them.
        figures: the run's figures by their names in JSON.
        goals: what was wanted.
        changes: what changed since an earlier run; empty without one.
    """

    run: Evaluation
    figures: Mapping[str, Any]
    goals: tuple[Goal, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether all that was wanted is reached."""
        return all(goal.reached(self.figures) for goal in self.goals)

    def as_object(self) -> dict[str, Any]:
        """What `wenxun evaluate --json` prints of a set."""
        found: dict[str, Any] = {"set": self.run.name, **self.figures}
        if self.goals:
            found["wanted"] = [
                {
                    "measure": goal.measure,
                    "at_least" if goal.least else "at_most": goal.wanted,
                    "value": goal.value(self.figures),
                    "reached": goal.reached(self.figures),
                }
                for goal in self.goals
            ]
        if self.changes:
            found["changes"] = [change.as_object() for change in self.changes]
        return found


def suite_object(results: Sequence[Result]) -> dict[str, Any]:
    """What `wenxun evaluate --suite FILE --json` prints."""
    return {
        "reached": all(result.reached for result in results),
        "sets": [result.as_object() for result in results],
    }
