"""The composition root: parts that fit each other, whatever is left of earlier ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.services import open_services
from bot.settings import Settings
from retrieval.answer import Question, Verdict
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = Question("松针医疗的营收是多少", datetime(2026, 1, 1, tzinfo=UTC))


async def verdict(folder: Path, data: Path) -> Verdict:
    """Load a folder into a data folder and ask."""
    settings = Settings.load(
        {"WENXUN_DATA": str(data), "WENXUN_CORPUS": str(folder), "WENXUN_ENCODER": QUICK_ENCODER}
    )
    async with open_services(settings, lambda _: None) as services:
        await services.loader.load()
        return services.answerer.answer(QUESTION).verdict


async def test_an_index_of_a_deleted_database_is_never_served(tmp_path: Path, prepared: Path) -> None:
    before, after, data = tmp_path / "before", tmp_path / "after", installed(prepared, tmp_path / "data")
    before.mkdir()
    after.mkdir()
    (before / "a.txt").write_text(
        "松针医疗公布年报\n\n松针医疗2025年营收为12.5亿元，增长三成。\n", encoding="utf-8"
    )
    (after / "b.txt").write_text("海港天气\n\n明天有雨，出门请带伞。\n", encoding="utf-8")
    assert await verdict(before, data) is Verdict.ANSWERED
    for file in data.glob("wenxun.db*"):
        file.unlink()
    # Both databases are at generation 1: only their identity tells the index apart.
    assert await verdict(after, data) is Verdict.NOTHING


async def test_a_deleted_index_is_built_again_from_the_database(tmp_path: Path, prepared: Path) -> None:
    folder, data = tmp_path / "news", installed(prepared, tmp_path / "data")
    folder.mkdir()
    (folder / "a.txt").write_text(
        "松针医疗公布年报\n\n松针医疗2025年营收为12.5亿元，增长三成。\n", encoding="utf-8"
    )
    assert await verdict(folder, data) is Verdict.ANSWERED
    for file in sorted((data / "index").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    assert await verdict(folder, data) is Verdict.ANSWERED
