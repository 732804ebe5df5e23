"""The commands that keep the corpus: dry runs, undoing, watching."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot.audit import Audit, Entry
from bot.cli import cli
from bot.services import now
from corpus.database import Database
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


def wenxun(*arguments: str, env: Mapping[str, str]) -> Result:
    return CliRunner().invoke(cli, list(arguments), env=dict(env), prog_name="wenxun")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> dict[str, str]:
    """The settings of an installation with two loads: one, and one that changed something."""
    folder = tmp_path_factory.mktemp("keeping")
    news = folder / "news"
    news.mkdir()
    env = {
        "WENXUN_CORPUS": str(news),
        "WENXUN_DATA": str(installed(prepared, folder / "data")),
        "WENXUN_WORKERS": "1",
        "WENXUN_ENCODER": QUICK_ENCODER,
    }
    (news / "price.txt").write_text("青松药业的新药QS-101定价为每盒1280元。\n", encoding="utf-8")
    (news / "old.txt").write_text("海灯药业公布年报。\n", encoding="utf-8")
    assert wenxun("load", env=env).exit_code == 0
    (news / "price.txt").write_text("青松药业的新药QS-101定价为每盒980元。\n", encoding="utf-8")
    (news / "old.txt").unlink()
    (news / "new.txt").write_text("纸鹤生物获批上市。\n", encoding="utf-8")
    assert wenxun("load", env=env).exit_code == 0
    return env


@pytest.fixture
def copied(loaded: dict[str, str], tmp_path: Path) -> dict[str, str]:
    shutil.copytree(loaded["WENXUN_CORPUS"], tmp_path / "news")
    shutil.copytree(loaded["WENXUN_DATA"], tmp_path / "data")
    return {**loaded, "WENXUN_CORPUS": str(tmp_path / "news"), "WENXUN_DATA": str(tmp_path / "data")}


def priced(env: Mapping[str, str]) -> str:
    return wenxun("ask", "QS-101的定价是多少？", env=env).stdout


async def audited(env: Mapping[str, str]) -> list[Entry]:
    database = await Database.open(f"sqlite+aiosqlite:///{env['WENXUN_DATA']}/wenxun.db")
    entries = await Audit(database, 7, now).latest(9)
    await database.close()
    return list(entries)


def test_an_undone_load_stays_undone_until_it_is_wanted(copied: dict[str, str]) -> None:
    planned = wenxun("undo", "--dry-run", env=copied)

    assert planned.exit_code == 0
    assert planned.stdout.startswith("Would undo: the load of 20")
    assert planned.stdout.splitlines()[1:-1] == [
        "1 file no longer served:",
        "  new.txt",
        "1 file served as before:",
        "  price.txt",
        "1 file served again:",
        "  old.txt",
    ]
    assert planned.stdout.splitlines()[-1].startswith("It would serve 2 documents, 2 passages")
    assert "980元" in priced(copied)

    report = json.loads(wenxun("undo", "--json", env=copied).stdout)

    assert (report["generation"], report["undone"], report["titles"]) == (1, 2, ["price.txt", "new.txt"])
    assert "1280元" in priced(copied)

    again = wenxun("load", env=copied)

    assert again.exit_code == 0
    assert "3 held back, because the load that took them was undone" in again.stdout
    assert "\n  new.txt\n  old.txt\n  price.txt\n" in again.stdout
    assert "1280元" in priced(copied)

    entries = asyncio.run(audited(copied))
    assert [(entry.deed, entry.actor, entry.undone is None) for entry in entries] == [
        ("undo", None, True),
        ("load", None, False),
        ("load", None, True),
    ]
    assert entries[1].detail["added"] == ["new.txt"]

    wanted = wenxun("load", "--include-undone", env=copied)

    assert "Files: 1 added, 1 changed, 1 removed" in wanted.stdout
    assert "980元" in priced(copied)


def test_without_an_earlier_load_undoing_is_one_clear_line(copied: dict[str, str]) -> None:
    assert wenxun("undo", env=copied).exit_code == 0

    result = wenxun("undo", env=copied)

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "Error: There is no earlier load to go back to."


def test_a_dry_run_of_a_load_changes_nothing(copied: dict[str, str]) -> None:
    news = Path(copied["WENXUN_CORPUS"])
    (news / "price.txt").write_text("青松药业的新药QS-101定价为每盒700元。\n", encoding="utf-8")
    (news / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really")

    planned = wenxun("load", "--dry-run", env=copied)

    assert planned.exit_code == 3
    assert "Files: 1 changed, 1 unchanged" in planned.stdout
    assert "  broken.pdf: " in planned.stdout
    assert "It would serve 2 documents" in planned.stdout
    assert "980元" in priced(copied)
    assert json.loads(wenxun("load", "--json", env=copied).stdout)["changed"] == ["price.txt"]
    assert "700元" in priced(copied)


@pytest.mark.parametrize("other", ["--dry-run", "--include-undone"])
def test_watching_goes_with_loading_only(other: str) -> None:
    result = wenxun("load", "--watch", other, env={})

    assert result.exit_code == 2
    assert "--watch" in result.stderr


async def test_a_watched_folder_is_loaded_until_ctrl_c(copied: dict[str, str]) -> None:
    news = Path(copied["WENXUN_CORPUS"])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli import main; main(['load', '--watch', '--json'])",
        cwd=news.parent,
        env={**copied, "PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE):
            while not (await process.stderr.readline()).startswith(b"Watching "):
                assert process.returncode is None
            (news / "price.txt").write_text("青松药业的新药QS-101定价为每盒700元。\n", encoding="utf-8")
            first = json.loads(await process.stdout.readline())
            (news / "empty.txt").touch()
            second = json.loads(await process.stdout.readline())
            (news / "new.txt").unlink()
            third = json.loads(await process.stdout.readline())
            process.send_signal(signal.SIGINT)
            _, told = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert first["changed"] == ["price.txt"]
    assert (second["generation"], [each["origin"] for each in second["rejected"]]) == (None, ["empty.txt"])
    assert third["removed"] == ["new.txt"]
    assert process.returncode == 130
    assert told.endswith(b"Stopped.\n")
