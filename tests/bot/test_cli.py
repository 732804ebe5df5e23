"""The commands, in this process but for what needs one of its own."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot import cli as program
from bot.cli import COMMANDS, cli
from bot.commands import ask
from retrieval.answer import Answer, Citation, Excerpt, Question, Span, Verdict
from tests.builders import build_passage
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from collections.abc import Mapping

NEWS = {
    "approval.md": (
        "---\ntitle: 青松药业获批上市\nsource: 中财快讯\ndate: 2026-03-02\n---\n\n"
        "青松药业宣布，其新药QS-101于3月2日获批上市，定价为每盒1280元。\n"
    ),
    "trial.md": (
        "---\ntitle: Alder Bio ends trial\nsource: Example Wire\ndate: 2026-04-05\n---\n\n"
        "Alder Bio said on Sunday that it ended the trial of AB-7 after 312 patients.\n"
    ),
}


def write_news(folder: Path) -> Path:
    folder.mkdir()
    for name, text in NEWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def wenxun(*arguments: str, env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), env=dict(env or {}), prog_name="wenxun")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> dict[str, str]:
    """The settings of an installation whose news is loaded; for tests that only read."""
    folder = tmp_path_factory.mktemp("loaded")
    env = {
        "WENXUN_CORPUS": str(write_news(folder / "news")),
        "WENXUN_DATA": str(installed(prepared, folder / "data")),
        "WENXUN_WORKERS": "1",
        "WENXUN_ENCODER": QUICK_ENCODER,
    }
    result = wenxun("load", env=env)
    assert result.exit_code == 0, result.output
    return env


@pytest.fixture
def copied(loaded: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The settings of such an installation that a test may change."""
    shutil.copytree(loaded["WENXUN_CORPUS"], tmp_path / "news")
    shutil.copytree(loaded["WENXUN_DATA"], tmp_path / "data")
    return {**loaded, "WENXUN_CORPUS": str(tmp_path / "news"), "WENXUN_DATA": str(tmp_path / "data")}


def test_help_lists_every_command_and_each_has_help_of_its_own() -> None:
    listed = wenxun("--help")

    assert listed.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in listed.stdout
        told = wenxun(name, "--help")
        assert told.exit_code == 0
        assert told.stdout.startswith(f"Usage: wenxun {name}")


def test_an_unknown_command_is_a_wrong_usage() -> None:
    result = wenxun("fly")

    assert result.exit_code == 2
    assert "No such command 'fly'" in result.stderr


def test_wrong_settings_are_all_told_and_nothing_is_made(tmp_path: Path) -> None:
    for command in (("run",), ("ask", "what"), ("load",), ("config",)):
        result = wenxun(*command, env={"WENXUN_ADMINS": "abc", "WENXUN_EXCERPTS": "99", "WENXUN_DTA": "x"})

        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.splitlines() == [
            "These settings are wrong:",
            "  WENXUN_DTA: there is no such setting. Did you mean WENXUN_DATA?",
            (
                "  WENXUN_ADMINS: 'abc' is not a number. "
                "List Telegram user ids separated by commas, e.g. 12345,67890."
            ),
            "  WENXUN_EXCERPTS: '99' is not a whole number from 1 to 5. Write one, without a unit.",
        ]
    assert list(tmp_path.iterdir()) == []


def test_config_shows_every_setting_where_it_comes_from_and_no_secret() -> None:
    token = "123456789:AAExampleExampleExampleExampleExamp"  # noqa: S105 - not a real one
    Path(".env").write_text(f"WENXUN_TOKEN={token}\nWENXUN_EXCERPTS=1\n", encoding="utf-8")
    env = {"WENXUN_DATABASE_URL": "postgresql+asyncpg://me:hunter2@127.0.0.1/x", "WENXUN_EXCERPTS": "2"}

    told = wenxun("config", env=env)
    as_json = json.loads(wenxun("config", "--json", env=env).stdout)

    assert told.exit_code == 0
    for text in (told.output, json.dumps(as_json)):
        assert token not in text
        assert "hunter2" not in text
    assert as_json["WENXUN_TOKEN"]["from"] == ".env"
    assert as_json["WENXUN_EXCERPTS"] == {"value": "2", "from": "environment"}
    assert as_json["WENXUN_TIME_ZONE"] == {"value": "Asia/Shanghai", "from": "default"}
    assert as_json["WENXUN_ADMINS"] == {"value": None, "from": "default"}
    assert all(name in told.stdout for name in as_json)


def test_ask_answers_with_the_source_and_its_date(loaded: dict[str, str]) -> None:
    result = wenxun("ask", "QS-101的定价是多少？", env=loaded)

    assert result.exit_code == 0
    assert "▌ 青松药业宣布，其新药QS-101于3月2日获批上市，定价为每盒1280元。" in result.stdout
    assert "中财快讯 · 2026-03-02" in result.stdout
    assert result.stderr == ""


def test_ask_takes_a_question_of_several_words_without_quotation_marks(loaded: dict[str, str]) -> None:
    result = wenxun("ask", "how", "many", "patients", "in", "the", "AB-7", "trial", env=loaded)

    assert "312 patients" in result.stdout


def test_ask_gives_programs_one_json_object(loaded: dict[str, str]) -> None:
    result = wenxun("ask", "--json", "--limit", "1", "--at", "2026-05-01", "QS-101 定价", env=loaded)
    answer = json.loads(result.stdout)

    assert result.exit_code == 0
    assert set(answer) == {
        "question", "asked", "context", "order", "scope", "verdict", "confidence", "excerpts", "total",
        "offset", "nearest",
    }  # fmt: skip
    assert (answer["question"], answer["verdict"]) == ("QS-101 定价", "answered")
    assert answer["asked"] == "2026-05-01T00:00:00+08:00"
    assert 0 <= answer["confidence"] <= 1
    (excerpt,) = answer["excerpts"]
    assert excerpt["text"] in NEWS["approval.md"]
    assert excerpt["matches"]
    for start, end in excerpt["matches"]:
        assert excerpt["text"][start:end].strip()
    assert excerpt["source"] == "中财快讯"
    assert excerpt["date"].startswith("2026-03-02")
    assert excerpt["title"] == "青松药业获批上市"
    assert {"url", "section", "marks", "document_id", "passage_id", "language"} <= set(excerpt)


def test_matches_count_from_the_start_of_the_excerpt() -> None:
    passage = build_passage("前一句。QS-101定价为1280元。")
    cited = Citation("d", None, None, None, None, "zh")
    excerpt = Excerpt(passage, cited, Span(4, 19), (Span(4, 10), Span(10, 12)), 1.0)
    question = Question("QS-101定价", datetime(2026, 5, 1, tzinfo=UTC))

    told = ask.answer_object(Answer(question, Verdict.ANSWERED, 1.0, (excerpt,), ()))["excerpts"][0]

    assert [told["text"][start:end] for start, end in told["matches"]] == ["QS-101", "定价"]
    assert (told["title"], told["source"], told["date"], told["url"]) == (None, None, None, None)


def test_ask_reads_operators_and_tells_what_was_understood(loaded: dict[str, str]) -> None:
    result = wenxun("ask", "QS-101 定价", "source:中财快讯", "since:2026-03", env=loaded)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Only: source 中财快讯 · since 2026-03-01\n")
    assert "1280元" in result.stdout

    other = json.loads(wenxun("ask", "--json", "QS-101 定价 until:2026-02", env=loaded).stdout)
    assert (other["question"], other["scope"]) == ("QS-101 定价", {"until": "2026-02-28"})
    assert other["excerpts"] == []


def test_ask_refines_a_question(loaded: dict[str, str]) -> None:
    result = wenxun("ask", "那定价呢？", "--after", "QS-101什么时候获批上市？", env=loaded)
    assert result.stdout.startswith("Refines: QS-101什么时候获批上市？\n")
    assert "1280元" in result.stdout
    told = json.loads(
        wenxun("ask", "--json", "--newest", "那定价呢？", "--after", "QS-101上市", env=loaded).stdout
    )
    assert (told["question"], told["context"], told["order"]) == ("那定价呢？", "QS-101上市", "newest")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("定价 since:yore", "since:yore cannot be read. Dates are written 2025"),
        ("lang:zh source:中财快讯", "There is nothing to ask"),
    ],
)
def test_ask_says_which_operator_it_cannot_read(loaded: dict[str, str], text: str, told: str) -> None:
    result = wenxun("ask", text, env=loaded)
    assert result.exit_code == 2
    assert told in result.stderr


def test_ask_says_that_nothing_is_found(loaded: dict[str, str]) -> None:
    answer = json.loads(wenxun("ask", "--json", "zxqv wvut", env=loaded).stdout)

    assert answer["verdict"] == "nothing"
    assert answer["excerpts"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "There is no question."),
        (("  ", ""), "There is no question."),
        (("--limit", "0", "what"), "--limit"),
        (("--at", "yesterday", "what"), "'yesterday' is not a time. Write it as 2025-12-16"),
    ],
)
def test_ask_tells_what_is_wrong_with_its_use(arguments: tuple[str, ...], told: str) -> None:
    result = wenxun("ask", *arguments)

    assert result.exit_code == 2
    assert told in result.stderr


def test_the_first_question_loads_the_news_and_says_so(tmp_path: Path, prepared: Path) -> None:
    env = {
        "WENXUN_CORPUS": str(write_news(tmp_path / "news")),
        "WENXUN_DATA": str(installed(prepared, tmp_path / "data")),
        "WENXUN_ENCODER": QUICK_ENCODER,
    }

    result = wenxun("ask", "--json", "QS-101 定价", env=env)

    assert "Nothing is loaded yet" in result.stderr
    assert json.loads(result.stdout)["verdict"] == "answered"


def test_load_tells_what_changed(copied: dict[str, str]) -> None:
    news = Path(copied["WENXUN_CORPUS"])
    (news / "trial.md").unlink()
    (news / "new.md").write_text("# New\n\nSomething new happened.\n", encoding="utf-8")
    approval = (news / "approval.md").read_text(encoding="utf-8")
    (news / "approval.md").write_text(approval.replace("1280", "980"), encoding="utf-8")

    report = json.loads(wenxun("load", "--json", env=copied).stdout)

    assert (report["added"], report["changed"], report["removed"]) == (
        ["new.md"],
        ["approval.md"],
        ["trial.md"],
    )
    assert report["rejected"] == []
    assert report["documents"] == 2
    assert "980元" in wenxun("ask", "QS-101 定价", env=copied).stdout

    again = json.loads(wenxun("load", "--json", env=copied).stdout)

    assert again["generation"] is None
    assert (again["added"], again["changed"], again["removed"], again["unchanged"]) == ([], [], [], 2)


def test_load_names_what_it_rejects_and_why_and_a_script_notices(copied: dict[str, str]) -> None:
    news = Path(copied["WENXUN_CORPUS"])
    (news / "empty.txt").touch()
    (news / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really")

    for _ in range(2):  # it is told again when nothing changes
        result = wenxun("load", env=copied)

        assert result.exit_code == 3
        assert "2 rejected:\n  broken.pdf: " in result.stdout
        assert "\n  empty.txt: " in result.stdout
        assert "Serving 2 documents" in result.stdout


def test_load_of_another_folder_takes_the_place_of_the_news_and_says_how_to_keep_it(
    copied: dict[str, str], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("Elsewhere\n\nAnother folder has this.\n", encoding="utf-8")

    result = wenxun("load", "other", env=copied)

    assert result.exit_code == 0
    assert "1 added, 2 removed" in result.stdout
    assert "Serving 1 document," in result.stdout
    assert f"set WENXUN_CORPUS={other}" in result.stderr


def test_load_wants_a_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for name in ("file", "nowhere"):
        result = wenxun("load", name)
        assert result.exit_code == 2
        assert name in result.stderr


def test_a_folder_that_became_empty_does_not_empty_the_corpus_unless_asked(copied: dict[str, str]) -> None:
    for file in Path(copied["WENXUN_CORPUS"]).iterdir():
        file.unlink()

    refused = wenxun("load", env=copied)

    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].startswith("Error: ")
    assert "--allow-empty" in refused.stderr
    assert "1280" in wenxun("ask", "QS-101 定价", env=copied).stdout

    emptied = wenxun("load", "--allow-empty", env=copied)

    assert emptied.exit_code == 0
    assert "Serving 0 documents" in emptied.stdout


def test_an_error_of_a_part_is_one_line_and_in_the_log(copied: dict[str, str]) -> None:
    data = Path(copied["WENXUN_DATA"])
    (data / "wenxun.db").write_bytes(b"this is no database" * 1000)

    result = wenxun("ask", "what", env=copied)

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "wenxun.db" in line
    assert line.removeprefix("Error: ") in (data / "logs" / "wenxun.log").read_text(encoding="utf-8")


def test_an_unexpected_error_is_a_code_and_its_traceback_is_in_the_log(
    copied: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        msg = "of no interest to readers"
        raise RuntimeError(msg)

    monkeypatch.setattr(ask, "print_answer", explode)
    result = wenxun("ask", "QS-101", env=copied)

    assert result.exit_code == 1
    assert "no interest" not in result.output
    assert "Traceback" not in result.output
    (told,) = result.stderr.splitlines()
    assert told.startswith("Error: something unexpected went wrong. The log has more under incident ")
    log = (Path(copied["WENXUN_DATA"]) / "logs" / "wenxun.log").read_text(encoding="utf-8")
    assert told.rstrip(".").rpartition(" ")[2] in log
    assert "in explode" in log


def test_ctrl_c_is_no_error(copied: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ask, "print_answer", interrupt)
    result = wenxun("ask", "QS-101", env=copied)

    assert result.exit_code == program.EXIT_STOPPED
    assert result.stderr == "Stopped.\n"
