"""`wenxun evaluate` on the command line: what it prints, saves, compares and refuses."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from bot.cli import cli
from bot.evaluation_progress import watching
from bot.evaluation_tables import print_results
from retrieval.answer import Verdict
from retrieval.comparison import Change
from retrieval.evaluation import Evaluation
from retrieval.evaluation_result import Result as Measured
from retrieval.evaluation_suite import Goal
from retrieval.figures import Outcome
from tests.installing import QUICK_ENCODER, installed
from tests.retrieval.beir import lines_of, write_set

CORPUS = [
    {"_id": "deal", "text": "GR1803的海外许可总额为7.12亿美元。"},
    {"_id": "fund", "text": "产业基金募集30亿元。"},
    {"_id": "trial", "text": "The trial of AB-7 ended after 312 patients."},
]
QUERIES = [
    {"_id": "q1", "text": "GR1803许可总额是多少？", "metadata": {"answers": ["7.12亿美元"], "group": "zh"}},
    {"_id": "q2", "text": "产业基金募集多少？", "metadata": {"answers": ["30亿元"], "group": "zh"}},
    {"_id": "q3", "text": "How many patients were in the trial of AB-7?", "metadata": {"group": "en"}},
]
JUDGEMENTS = [("q1", "deal", 1), ("q2", "fund", 1), ("q3", "trial", 1)]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> dict[str, str]:
    """Settings whose dictionary is compiled once for all these tests."""
    folder = tmp_path_factory.mktemp("installation")
    news = folder / "news"
    news.mkdir()
    (news / "deal.txt").write_text("GR1803的海外许可总额为7.12亿美元。", "utf-8")
    return {
        "WENXUN_DATA": str(installed(prepared, folder / "data")),
        "WENXUN_CORPUS": str(news),
        "WENXUN_WORKERS": "1",
        "WENXUN_ENCODER": QUICK_ENCODER,
    }


@pytest.fixture
def chosen(tmp_path: Path) -> Path:
    return write_set(tmp_path / "chosen", CORPUS, QUERIES, JUDGEMENTS)


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    folder = tmp_path / "nothing"
    folder.mkdir()
    queries = [{"_id": "n1", "text": "Who won the marathon?"}, {"_id": "n2", "text": "红烧肉怎么做？"}]
    (folder / "queries.jsonl").write_text(lines_of(queries), "utf-8")
    return folder


def evaluate(installation: dict[str, str], *arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evaluate", *map(str, arguments)], env=installation, prog_name="wenxun")


def measured(installation: dict[str, str], *arguments: object) -> dict[str, Any]:
    result = evaluate(installation, *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_one_json_object_for_programs(installation: dict[str, str], chosen: Path) -> None:
    found = measured(installation, chosen)
    assert found["set"] == "chosen"
    assert [found[key] for key in ("questions", "R@1", "R@3", "R@10", "MRR@10", "excerpt")] == [
        3,
        1,
        1,
        1,
        1,
        1,
    ]
    assert found["one_sentence"] == 1
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert [group["questions"] for group in found["groups"].values()] == [1, 2]
    assert "AUROC" not in found


def test_a_table_for_people(installation: dict[str, str], chosen: Path) -> None:
    result = evaluate(installation, chosen)
    assert result.exit_code == 0
    assert "chosen" in result.stdout
    assert re.search(r"│ R@1 +│ +1\.0000 │", result.stdout)
    assert re.search(r"│ p50_ms +│ +\d+\.\d │", result.stdout)
    assert re.search(r"│ zh +│ +2 │ +1\.0000 │", result.stdout)
    assert "Measuring chosen." in result.stderr


def test_unanswerable_questions_are_told_apart(
    installation: dict[str, str], chosen: Path, nothing: Path
) -> None:
    found = measured(installation, chosen, "--unanswerable", nothing)
    assert (found["unanswerable"], found["AUROC"], found["refused"]) == (2, 1.0, 1.0)
    assert (found["answered_at_90"], found["answered_at_95"]) == (1.0, 1.0)


def test_what_is_mixed_in_makes_it_harder(installation: dict[str, str], chosen: Path, tmp_path: Path) -> None:
    better = [{"_id": "deal", "text": "GR1803许可总额，GR1803许可总额是多少？"}]
    found = measured(
        installation, chosen, "--mix", write_set(tmp_path / "more", better, QUERIES[:1], JUDGEMENTS[:1])
    )
    assert found["R@1"] == 0.6667
    assert found["R@3"] == 1.0


def test_some_questions_only(installation: dict[str, str], chosen: Path) -> None:
    found = measured(installation, chosen, "--group", "zh", "--every", 2)
    assert found["groups"]["zh"]["questions"] == found["questions"] == 1


def test_questions_about_the_operators_own_news(installation: dict[str, str]) -> None:
    questions = Path("mine.jsonl")
    record = {"question": "GR1803许可总额是多少？", "origin": "deal.txt", "answer": "7.12亿美元"}
    questions.write_text(lines_of([record]), "utf-8")
    found = measured(installation, questions)
    assert (found["set"], found["questions"], found["R@1"]) == ("mine", 1, 1.0)
    other = Path("other")
    other.mkdir()
    (other / "note.txt").write_text("GR1803的许可总额为7.12亿美元。", "utf-8")
    questions.write_text(lines_of([{**record, "origin": "note.txt"}]), "utf-8")
    assert measured(installation, questions, "--news", other)["R@1"] == 1.0


def test_a_run_is_saved_and_compared_with(installation: dict[str, str], chosen: Path, nothing: Path) -> None:
    run = ("--unanswerable", nothing, "--index", "kept")
    saved = evaluate(installation, chosen, *run, "--output", "run.json")
    assert saved.exit_code == 0
    outcomes = json.loads(Path("run.json").read_text("utf-8"))["outcomes"]
    assert [(each["id"], each["rank"], each["excerpt"]) for each in outcomes] == [
        ("q1", 1, True),
        ("q2", 1, True),
        ("q3", 1, None),
    ]
    # The earlier run had one question less right.
    text = Path("run.json").read_text("utf-8").replace('"rank": 1', '"rank": 2', 1)
    Path("run.json").write_text(text, "utf-8")
    change = measured(installation, chosen, *run, "--compare", "run.json")["changes"][0]
    assert change == {
        "measure": "R@1",
        "before": 0.6667,
        "now": 1.0,
        "difference": 0.3333,
        "better": 1,
        "worse": 0,
        "p_value": 1.0,
        "test": "exact McNemar",
    }


def test_another_sets_run_is_not_compared_with(
    installation: dict[str, str], chosen: Path, tmp_path: Path
) -> None:
    assert evaluate(installation, chosen, "--output", "run.json").exit_code == 0
    few = evaluate(installation, chosen, "--every", 2, "--compare", "run.json")
    assert few.exit_code == 1
    assert "it has 3, now there are 2, and 2 are the same" in few.stderr
    assert "Measuring" not in few.stderr
    other = write_set(tmp_path / "other", CORPUS, QUERIES, JUDGEMENTS)
    assert "no run of other, but of chosen" in evaluate(installation, other, "--compare", "run.json").stderr


def test_a_kept_index_is_used_again(installation: dict[str, str], chosen: Path) -> None:
    assert measured(installation, chosen, "--index", "kept")["R@1"] == 1.0
    indexes = list(Path("kept").glob("*/*/meta.json"))
    assert len(indexes) == 1
    before = indexes[0].stat().st_mtime_ns
    assert measured(installation, chosen, "--index", "kept")["R@1"] == 1.0
    assert indexes[0].stat().st_mtime_ns == before


SUITE = """
[[set]]
folder = "{data}/chosen"
unanswerable = ["{data}/nothing"]
at_least = { "R@1" = 1, "zh/R@1" = 1, AUROC = 0.9 }

[[set]]
name = "half"
folder = "{data}/chosen"
every = 2
at_least = { "R@1" = WANTED }
"""


def write_suite(chosen: Path, nothing: Path, wanted: float) -> tuple[str, Path]:
    """The suite, which is reached if no more than 1 is wanted, and its folder of data."""
    assert chosen.parent == nothing.parent
    Path("suite.toml").write_text(SUITE.replace("WANTED", str(wanted)), "utf-8")
    return "suite.toml", chosen.parent


def test_a_suite_is_one_table_and_fails_where_not_all_is_reached(
    installation: dict[str, str], chosen: Path, nothing: Path
) -> None:
    path, data = write_suite(chosen, nothing, 1.5)
    result = evaluate(installation, "--suite", path, "--data", data)
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()
    (first,) = [line for line in lines if "│ chosen " in line]
    (second,) = [line for line in lines if "│ half " in line]
    assert "✓ R@1 ≥ 1 " in first
    assert any("✓ zh/R@1 ≥ 1, is 1.0000" in line for line in lines)
    assert "✗ R@1 ≥ 1.5, is 1.0000" in second


def test_a_suite_that_is_reached_as_one_json_object(
    installation: dict[str, str], chosen: Path, nothing: Path
) -> None:
    path, data = write_suite(chosen, nothing, 0.5)
    result = evaluate(installation, "--suite", path, "--data", data, "--json", "--output", "run.json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["reached"] is True
    assert [each["set"] for each in found["sets"]] == ["chosen", "half"]
    assert found["sets"][0]["wanted"][0] == {"measure": "R@1", "at_least": 1.0, "value": 1.0, "reached": True}
    assert found["sets"][1]["wanted"][0]["reached"] is True
    saved = json.loads(Path("run.json").read_text("utf-8"))["sets"]
    assert [(each["set"], len(each["outcomes"])) for each in saved] == [("chosen", 3), ("half", 2)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Name a set, or a suite"),
        (("gone",), "'gone' does not exist"),
        ((".", "--suite", "suite.toml"), "Name a set, or a suite"),
        (("--suite", "suite.toml", "--mix", "."), "A suite says this for each set: --mix"),
        (("--suite", "suite.toml", "--every", "3"), "A suite says this for each set: --every"),
        ((".", "--data", "."), "Only a suite has: --data"),
        ((".", "--news", "."), "a folder brings its own corpus"),
        ((".", "--output", "gone/run.json"), "The folder of gone/run.json does not exist"),
        ((".", "--asked", "yesterday"), "--asked"),
        ((".", "--every", "0"), "--every"),
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(
    installation: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    Path("suite.toml").write_text("", "utf-8")
    result = evaluate(installation, *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("empty",), "empty has no corpus.jsonl"),
        (("--suite", "suite.toml"), "suite.toml is not TOML: Expected"),
        (("empty", "--compare", "suite.toml"), "suite.toml is not a run"),
        (("suite.toml",), "suite.toml, line 1: this is not JSON"),
    ],
)
def test_what_is_wrong_with_the_files_is_one_line(
    installation: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    Path("empty").mkdir()
    Path("suite.toml").write_text("[[set]\n", "utf-8")
    result = evaluate(installation, *arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_index_folder_that_cannot_be_made_is_named(installation: dict[str, str], chosen: Path) -> None:
    Path("file").touch()
    result = evaluate(installation, chosen, "--index", "file/kept")
    assert result.exit_code == 1
    assert "The folder file/kept cannot be made" in result.stderr


@pytest.mark.crash
def test_ctrl_c_ends_it_cleanly(installation: dict[str, str], tmp_path: Path) -> None:
    corpus = [
        {"_id": str(number), "text": f"第{number}号产业基金募集30亿元。" * 20} for number in range(6_000)
    ]
    folder = write_set(tmp_path / "large", corpus, QUERIES[:1], [("q1", "1", 1)])
    environment = {**os.environ, **installation, "WENXUN_WORKERS": "2", "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    program = subprocess.Popen(  # noqa: S603 - this project's own command
        [sys.executable, "-c", "from bot.cli import main; main()", "evaluate", str(folder)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    deadline = time.monotonic() + 60
    begun = tmp_path / "temporary"
    while not list(begun.glob("wenxun-*/*")) and program.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    program.send_signal(signal.SIGINT)
    _, told = program.communicate(timeout=60)
    assert program.returncode == 130, told
    assert told.splitlines() == ["Measuring large.", "Stopped."]
    assert list((tmp_path / "temporary").glob("wenxun-*")) == []


def outcome(rank: int | None) -> Outcome:
    return Outcome("q", "授权", "", rank, None, None, 0.5, Verdict.ANSWERED, 0.001)


def test_tables_say_nothing_of_what_was_not_measured() -> None:
    run = Evaluation("set", (outcome(1), outcome(None)))
    changes = (
        Change("R@1", 0.25, 0.5, 1, 0, 1.0, "exact McNemar"),
        Change("MRR@10", 0.25, 0.5, 9, 0, 0.00001, "randomization"),
        Change("AUROC", 0.5, 0.25),
    )
    goals = (Goal("R@1", 0.5), Goal("AUROC", 0.9))
    stream = io.StringIO()
    result = Measured(run, run.figures.as_object(), goals, changes)
    print_results(Console(file=stream, width=80), [result], suite=True)
    shown = stream.getvalue()
    assert "✓ R@1 ≥ 0.5 " in shown
    assert "✗ AUROC ≥ 0.9, is – " in shown
    assert "excerpt" in shown
    assert "set: what changed" in shown
    assert "exact McNemar" in shown
    assert "< 0.0001" in shown
    assert "-0.2500" in shown
    assert "+0.2500" in shown


def test_a_log_has_a_line_now_and_then() -> None:
    moments = iter([0.0, 1.0, 11.0, 11.0, 12.0, 30.0, 30.0])
    stream = io.StringIO()
    with watching(Console(file=stream), "set", lambda: next(moments)) as watcher:
        watcher.indexing(500)
        watcher.indexing(1_000)
        watcher.asking(10, 2_000)
        watcher.asking(1_500, 2_000)
    assert stream.getvalue().splitlines() == [
        "Measuring set.",
        "set: 1,000 documents indexed",
        "set: 1,500 of 2,000 questions asked",
    ]


def test_a_terminal_has_bars() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120, color_system=None)
    with watching(console, "set") as watcher:
        watcher.indexing(1_000)
        watcher.asking(10, 20)
    assert "set: asking questions" in stream.getvalue()
    assert "10/20" in stream.getvalue()
