"""Suites: what is read of one, what is wrong with one, and whether what it wants is reached."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retrieval.errors import InvalidQuestionSet
from retrieval.evaluation_suite import Entry, Goal, Task, read_suite

SUITE = Path(__file__).resolve().parents[2] / "bench" / "suite.toml"
WHOLE = """
[[set]]
name = "mixed"
folder = "{data}/chosen"
mix = ["{data}/more", "sets/own"]
unanswerable = ["{data}/nothing"]
every = 3
groups = ["zh-zh"]
asked = 2025-12-16
at_least = { "R@1" = 0.97, "zh-zh/R@1" = 1 }
at_most = { "p50_ms" = 20 }

[[set]]
questions = "sets/asked.jsonl"
news = "news"
"""


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for name in ("data/chosen", "data/more", "data/nothing", "suites/sets/own", "suites/news"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "suites" / "sets" / "asked.jsonl").touch()
    return tmp_path


def read(places: Path, text: str, data: str | None = "data") -> tuple[Entry, ...]:
    path = places / "suites" / "suite.toml"
    path.write_text(text, "utf-8")
    return read_suite(path, places / data if data else None)


def refusal(places: Path, text: str, data: str | None = "data") -> str:
    with pytest.raises(InvalidQuestionSet) as refused:
        read(places, text, data)
    return str(refused.value)


def test_everything_that_an_entry_may_say(places: Path) -> None:
    data, suites = places / "data", places / "suites"
    mixed, plain = read(places, WHOLE)
    assert mixed == Entry(
        Task(
            source=data / "chosen",
            name="mixed",
            mix=(data / "more", suites / "sets" / "own"),
            unanswerable=(data / "nothing",),
            every=3,
            groups=("zh-zh",),
            asked=date(2025, 12, 16),
        ),
        (Goal("R@1", 0.97), Goal("zh-zh/R@1", 1.0), Goal("p50_ms", 20.0, least=False)),
    )
    task = Task(source=suites / "sets" / "asked.jsonl", name="asked", news=suites / "news")
    assert plain == Entry(task, ())


def test_data_may_be_named_from_where_one_stands(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(places / "data")
    path = places / "suites" / "suite.toml"
    path.write_text('[[set]]\nfolder = "{data}/chosen"\n', "utf-8")
    assert read_suite(path, Path())[0].task.source == places / "data" / "chosen"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[set]]\nfolder = "x"\nevery = = 3\n', "is not TOML: Invalid value (at line 3"),
        ("", "a suite is a list of [[set]]"),
        ("set = 3\n", "a suite is a list of [[set]]"),
        ("set = []\n", "a suite is a list of [[set]]"),
        ("set = [3]\n", "a suite is a list of [[set]]"),
        ('[[set]]\nfolder = "sets/own"\n[other]\n', "a suite is a list of [[set]]"),
        ('[[set]]\nfolder = "gone"\n', "set 1: folder does not exist"),
        ('[[set]]\nfolder = "sets/own"\n[[set]]\nfolder = "gone"\n', "set 2: folder does not exist"),
        ('[[set]]\nfolder = "sets/own"\nmix = ["gone"]\n', "mix does not exist"),
        ('[[set]]\nfolder = "sets/own"\nunanswerable = ["gone"]\n', "unanswerable does not exist"),
        ('[[set]]\nfolder = "sets/own"\nmix = "sets/own"\n', "mix is made of texts"),
        ('[[set]]\nfolder = "sets/own"\ngroups = [1]\n', "groups is made of texts"),
        ("[[set]]\nfolder = 3\n", "folder is made of texts"),
        ('[[set]]\nfolder = "sets/own"\natleast = { "R@1" = 1 }\n', "atleast: not known"),
        ('[[set]]\nname = "x"\n', "either folder or questions"),
        ('[[set]]\nfolder = "sets/own"\nquestions = "x"\n', "either folder or questions"),
        ('[[set]]\nquestions = "sets/asked.jsonl"\n', "questions and news go together"),
        ('[[set]]\nfolder = "sets/own"\nnews = "news"\n', "questions and news go together"),
        ('[[set]]\nfolder = "sets/own"\nname = 3\n', "name is text"),
        ('[[set]]\nfolder = "sets/own"\nevery = 0\n', "every is a whole number"),
        ('[[set]]\nfolder = "sets/own"\nevery = true\n', "every is a whole number"),
        ('[[set]]\nfolder = "sets/own"\nasked = "2025-12-16"\n', "asked is a date"),
        ('[[set]]\nfolder = "sets/own"\nasked = 2025-12-16T08:00:00\n', "asked is a date"),
        ('[[set]]\nfolder = "sets/own"\nat_least = 0.9\n', "at_least is a table of numbers"),
        ('[[set]]\nfolder = "sets/own"\nat_most = { "p50_ms" = true }\n', "at_most is a table of numbers"),
        ('[[set]]\nfolder = "sets/own"\n' * 2, "two sets are called own"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(places: Path, text: str, says: str) -> None:
    problem = refusal(places, text)
    assert says in problem
    assert "suite.toml" in problem


def test_a_suite_that_needs_data_says_so(places: Path) -> None:
    assert "say where that is with --data" in refusal(places, WHOLE, data=None)


def test_a_suite_that_cannot_be_read_is_named(places: Path) -> None:
    with pytest.raises(InvalidQuestionSet, match="cannot be read"):
        read_suite(places / "gone.toml")
    path = places / "suites" / "suite.toml"
    path.write_bytes("名 = 1".encode("gb18030"))
    with pytest.raises(InvalidQuestionSet, match="is not UTF-8"):
        read_suite(path)


FIGURES = {"R@1": 0.97, "p50_ms": 7, "excerpt": None, "groups": {"zh-zh": {"R@1": 0.5}}}


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [
        (Goal("R@1", 0.97), 0.97, True),
        (Goal("R@1", 0.971), 0.97, False),
        (Goal("p50_ms", 7, least=False), 7, True),
        (Goal("p50_ms", 6.9, least=False), 7, False),
        (Goal("zh-zh/R@1", 0.5), 0.5, True),
        (Goal("zh-zh/R@1", 0.6), 0.5, False),
        (Goal("en-en/R@1", 0), None, False),
        (Goal("excerpt", 0), None, False),
        (Goal("groups", 0), None, False),
        (Goal("R@2", 0, least=False), None, False),
    ],
)
def test_a_goal_is_reached_by_what_was_measured(goal: Goal, value: float | None, reached: bool) -> None:
    assert goal.value(FIGURES) == value
    assert goal.reached(FIGURES) is reached


def test_a_goal_as_a_person_writes_it() -> None:
    assert str(Goal("R@1", 0.97)) == "R@1 ≥ 0.97"
    assert str(Goal("p50_ms", 20, least=False)) == "p50_ms ≤ 20"


def test_the_projects_own_suite_can_be_read(tmp_path: Path) -> None:
    names = "chronoqa news unanswerable cmrc xquad-zh-en xquad-en-zh xquad-zh-zh xquad-en-en".split()
    for name in names:
        (tmp_path / name).mkdir()
    entries = read_suite(SUITE, tmp_path)
    used = {path.name for entry in entries for path in (entry.task.source, *entry.task.mix)}
    assert set(names) - used == {"unanswerable"}
    wanted = {str(goal) for entry in entries for goal in entry.goals}
    assert {"AUROC ≥ 0.985", "answered_at_95 ≥ 0.95", "one_sentence ≥ 0.84", "seed-zh/R@1 ≥ 0.95"} <= wanted
    # Whatever is wanted of a group is wanted of one that is asked.
    for entry in entries:
        groups = {goal.measure.rpartition("/")[0] for goal in entry.goals} - {""}
        assert groups <= set(entry.task.groups)
