"""The pace of a load, and how a chat is told of it."""

from __future__ import annotations

import pytest

from bot.locale.catalogue import Catalogues
from bot.pace import Pacer, pace_of
from bot.rendering.load_progress import render_pace
from corpus.loader import Progress

WORDS = Catalogues.load().words["en"]


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_pace_is_measured_from_the_beginning_of_the_stage() -> None:
    clock = Clock()
    pacer = Pacer(clock)
    pacer(Progress("reading", 0, 100, "files"))
    clock.seconds += 10
    pace = pacer(Progress("reading", 20, 100, "files"))
    assert (pace.per_second, pace.left, pace.share) == (2.0, 40.0, 0.2)
    clock.seconds += 10
    pace = pacer(Progress("indexing", 0, 100, "documents"))
    assert (pace.per_second, pace.left, pace.share) == (0.0, None, 0.0)
    clock.seconds += 5
    pace = pacer(Progress("indexing", 50, 100, "documents"))
    assert (pace.per_second, pace.left, pace.share) == (10.0, 5.0, 0.5)


@pytest.mark.parametrize(
    ("done", "total", "left", "share"),
    [(0, 0, None, 1.0), (5, None, None, None), (9, 9, None, 1.0), (12, 9, None, 1.0)],
)
def test_what_is_not_known_is_not_guessed(
    done: int, total: int | None, left: float | None, share: float | None
) -> None:
    pace = pace_of(Progress("reading", done, total, "files"), 1.0)
    assert (pace.left, pace.share) == (left, share)


@pytest.mark.parametrize(
    ("progress", "seconds", "text"),
    [
        (Progress("reading", 0, 9_000_000, "bytes"), 0.0, "Reading what changed\n░░░░░░░░░░░░ 0 %"),
        (
            Progress("reading", 3_000_000, 9_000_000, "bytes"),
            2.0,
            "Reading what changed\n▓▓▓▓░░░░░░░░ 33 % · 1.5 MB a second · 4 seconds left",
        ),
        (
            Progress("indexing", 2_000, 500_000, "documents"),
            2.0,
            "Preparing what is new\n░░░░░░░░░░░░ 0 % · 1,000 documents a second · 8 minutes left",
        ),
        (
            Progress("indexing", 99, 100, "documents"),
            99.0,
            "Preparing what is new\n▓▓▓▓▓▓▓▓▓▓▓▓ 99 % · 1 documents a second · 1 second left",
        ),
        (Progress("publishing", 7, 7, "documents"), 1.0, "Putting it to use\n▓▓▓▓▓▓▓▓▓▓▓▓ 100 %"),
        (Progress("reading", 7, None, "files"), 1.0, "Reading what changed"),
    ],
)
def test_a_chat_is_told_in_words(progress: Progress, seconds: float, text: str) -> None:
    assert render_pace(pace_of(progress, seconds), WORDS) == text
