from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from corpus.database import Database
from corpus.errors import CorpusError, CorpusFolderMissing, DatabaseError, LoadInProgress
from corpus.loader import LoadReport, Progress
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(tmp_path: Path, store: CorpusStore) -> Desk:
    return Desk(tmp_path / "news", store)


@pytest.fixture
def database_url(tmp_path: Path, migrated_file: Path) -> str:
    """SQLite is enough here: test_store.py has the statements on both databases."""
    return f"sqlite+aiosqlite:///{shutil.copyfile(migrated_file, tmp_path / 'wenxun.db')}"


_opened: list[str] = []


def _note_opening(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        _opened.append(str(arguments[0]))


sys.addaudithook(_note_opening)


@contextmanager
def opened_in(folder: Path) -> Iterator[list[str]]:
    """The names of the files in `folder` that are opened meanwhile, by whatever code."""
    found: list[str] = []
    _opened.clear()
    yield found
    found += [Path(path).name for path in _opened if path.startswith(f"{folder}{os.sep}")]


def reasons(report: LoadReport) -> dict[str, str]:
    return {rejection.origin: rejection.reason for rejection in report.rejected}


async def test_the_first_load_serves_every_file(desk: Desk) -> None:
    desk.write("a.txt", "第一条新闻。")
    desk.write("deep/b.txt", "第二条新闻。")
    desk.lines("c.jsonl", {"1": "第三条。", "2": "第四条。"})
    report = await desk.load()
    assert report == LoadReport(
        generation=1,
        added=("a.txt", "c.jsonl", "deep/b.txt"),
        changed=(),
        removed=(),
        unchanged=0,
        rejected=(),
        documents=4,
        passages=4,
        seconds=report.seconds,
    )
    assert report.seconds > 0
    assert await desk.served() == {
        "a.txt": "第一条新闻。",
        "deep/b.txt": "第二条新闻。",
        "1": "第三条。",
        "2": "第四条。",
    }


async def test_a_second_load_of_an_unchanged_folder_opens_parses_and_indexes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    desk.lines("b.jsonl", {"1": "二。"})
    with opened_in(desk.folder) as opened:
        await desk.load()
    assert set(opened) == {"a.txt", "b.jsonl"}
    with opened_in(desk.folder) as opened:
        report = await desk.load()
    assert opened == []
    assert desk.sink.added == desk.sink.removed == []
    assert desk.sink.calls["publish"] == 1
    assert (report.generation, report.unchanged, report.documents, report.passages) == (None, 2, 2, 2)
    assert report.added == report.changed == report.removed == report.rejected == ()
    assert await desk.store.published() == 1
    assert set(await desk.served()) == {"a.txt", "1"}


async def test_a_touched_file_is_hashed_once_and_not_parsed(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.write("a.txt", "一。")
    with opened_in(desk.folder) as opened:
        report = await desk.load()
    assert opened == ["a.txt"]
    assert (report.generation, report.unchanged) == (None, 1)
    with opened_in(desk.folder) as opened:
        await desk.load()
    assert opened == []


async def test_one_changed_file_costs_one_file(desk: Desk) -> None:
    for name in "abc":
        desk.write(f"{name}.txt", f"{name}一。")
    await desk.load()
    desk.write("b.txt", "b二。")
    with opened_in(desk.folder) as opened:
        report = await desk.load()
    assert set(opened) == {"b.txt"}
    assert desk.sink.added == ["b.txt"]
    assert desk.sink.removed == []
    assert (report.generation, report.changed, report.unchanged) == (2, ("b.txt",), 2)
    assert await desk.served() == {"a.txt": "a一。", "b.txt": "b二。", "c.txt": "c一。"}


async def test_within_a_changed_file_only_changed_documents_are_indexed(desk: Desk) -> None:
    desk.lines("all.jsonl", {str(number): f"第{number}条。" for number in range(1200)})
    await desk.load()
    texts = {str(number): f"第{number}条。" for number in range(1201) if number != 7}
    desk.lines("all.jsonl", texts | {"600": "改了。"})
    report = await desk.load()
    assert sorted(desk.sink.added) == ["https://example.org/1200", "https://example.org/600"]
    assert desk.sink.removed == ["https://example.org/7"]
    assert report.changed == ("all.jsonl",)
    assert await desk.served() == texts | {"600": "改了。"}


async def test_a_file_written_anew_with_the_same_news_is_no_change(desk: Desk) -> None:
    desk.lines("a.jsonl", {"1": "一。", "2": "二。"})
    await desk.load()
    desk.lines("a.jsonl", {"2": "二。", "1": "一。"})
    report = await desk.load()
    assert (report.generation, report.changed, report.unchanged) == (None, (), 1)
    with opened_in(desk.folder) as opened:
        await desk.load()
    assert opened == []


async def test_the_documents_of_a_deleted_file_disappear(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    desk.lines("b.jsonl", {str(number): f"第{number}条。" for number in range(600)})
    await desk.load()
    desk.remove("b.jsonl")
    report = await desk.load()
    assert (report.generation, report.removed, report.documents) == (2, ("b.jsonl",), 1)
    assert len(desk.sink.removed) == 600
    assert await desk.served() == {"a.txt": "一。"}
    assert (await desk.load()).removed == ()


async def test_a_renamed_file_is_removed_and_added_and_its_documents_stay(desk: Desk) -> None:
    desk.lines("b.jsonl", {"1": "一。"})
    await desk.load()
    for old, new in (("b.jsonl", "c.jsonl"), ("c.jsonl", "a.jsonl")):
        (desk.folder / old).rename(desk.folder / new)
        report = await desk.load()
        assert (report.removed, report.added, report.rejected) == ((old,), (new,), ())
        assert desk.sink.removed == []
        assert await desk.served() == {"1": "一。"}
        document = await desk.store.document("https://example.org/1")
        assert document is not None
        assert document.origin == new


async def test_the_zone_decides_what_is_read(desk: Desk) -> None:
    desk.write("a.jsonl", json.dumps({"text": "一。", "published": "2025-01-01"}))
    await desk.load()
    desk.options = ReadOptions(zone=ZoneInfo("Europe/Berlin"))
    report = await desk.load()
    assert report.changed == ("a.jsonl",)
    (document,) = await desk.store.latest(1)
    assert document.published is not None
    assert document.published.at.utcoffset() == timedelta(hours=1)


async def test_an_unreadable_file_is_refused_and_all_others_are_loaded(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    desk.write("empty.txt", b"")
    report = await desk.load()
    assert list(reasons(report)) == ["empty.txt"]
    assert "empty" in reasons(report)["empty.txt"]
    assert report.added == ("a.txt",)
    assert await desk.served() == {"a.txt": "一。"}


async def test_a_file_still_unreadable_is_reported_again_without_being_read(desk: Desk) -> None:
    desk.write("bad.jsonl", "{nonsense")
    first = await desk.load()
    assert first.generation == 1
    with opened_in(desk.folder) as opened:
        again = await desk.load()
    assert opened == []
    assert again.rejected == first.rejected != ()
    assert again.generation is None
    desk.write("bad.jsonl", '{"text": "好。"}')
    assert (await desk.load()).added == ("bad.jsonl",)


async def test_a_new_unreadable_file_alone_makes_no_generation(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.write("bad.jsonl", "{nonsense")
    report = await desk.load()
    assert report.generation is None
    assert list(reasons(report)) == ["bad.jsonl"]
    with opened_in(desk.folder) as opened:
        assert list(reasons(await desk.load())) == ["bad.jsonl"]
    assert opened == []
    desk.remove("bad.jsonl")
    report = await desk.load()
    assert (report.generation, report.removed, report.rejected) == (None, (), ())


async def test_what_was_loaded_from_a_file_survives_its_becoming_unreadable(desk: Desk) -> None:
    many = {str(number): f"第{number}条。" for number in range(1100)}
    desk.lines("a.jsonl", many)
    desk.write("b.txt", "二。")
    await desk.load()
    # The first thousand lines are good and new; only then it turns out to be bad.
    good = "".join(json.dumps({"url": f"https://example.org/{key}", "text": "新。"}) + "\n" for key in many)
    desk.write("a.jsonl", good + "{nonsense")
    desk.write("b.txt", "二，改。")
    report = await desk.load()
    assert "stays in use" in reasons(report)["a.jsonl"]
    assert report.changed == ("b.txt",)
    assert desk.sink.added == ["b.txt"]
    assert await desk.served() == many | {"b.txt": "二，改。"}
    assert "stays in use" in reasons(await desk.load())["a.jsonl"]
    desk.write("a.jsonl", good)
    assert (await desk.load()).changed == ("a.jsonl",)
    assert (await desk.served())["1000"] == "新。"


async def test_a_file_over_the_limit_is_read_once_the_limit_is_raised(desk: Desk) -> None:
    desk.write("big.txt", "一。" * 1000)
    desk.write("small.txt", "一。")
    desk.options = ReadOptions(max_bytes=1000)
    assert list(reasons(await desk.load())) == ["big.txt"]
    desk.options = ReadOptions(max_bytes=100_000)
    with opened_in(desk.folder) as opened:
        report = await desk.load()
    assert set(opened) == {"big.txt"}
    assert report.added == ("big.txt",)


async def test_a_file_that_cannot_be_opened_today_is_tried_again_as_it_is(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    desk.lines("b.jsonl", {"1": "一。"})
    path = desk.folder / "b.jsonl"

    def vanish(_step: Progress) -> None:
        path.unlink(missing_ok=True)

    report = await desk.load(vanish)
    assert list(reasons(report)) == ["b.jsonl"]
    assert await desk.served() == {"a.txt": "一。"}
    desk.lines("b.jsonl", {"1": "一。"})
    assert (await desk.load()).added == ("b.jsonl",)


async def test_a_file_that_changes_while_it_is_read_is_refused_and_read_at_the_next_load(desk: Desk) -> None:
    texts = {str(number): f"第{number}条。" for number in range(1200)}
    desk.lines("a.jsonl", texts)

    def grow(step: Progress) -> None:
        if 0 < step.done < (step.total or 0):
            desk.lines("a.jsonl", texts | {"new": "新。"})

    report = await desk.load(grow)
    assert "while it was being read" in reasons(report)["a.jsonl"]
    assert await desk.served() == {}
    assert (await desk.load()).added == ("a.jsonl",)
    assert len(await desk.served()) == 1201


async def test_a_file_that_was_away_for_a_moment_is_not_held_against_its_name(desk: Desk) -> None:
    desk.lines("a.jsonl", {str(number): f"第{number}条。" for number in range(1200)})
    path, away = desk.folder / "a.jsonl", desk.folder / ".away"

    def take_away(step: Progress) -> None:
        if 0 < step.done < (step.total or 0) and path.exists():
            path.rename(away)

    assert "disappeared" in reasons(await desk.load(take_away))["a.jsonl"]
    away.rename(path)  # with the size and the time it had
    assert (await desk.load()).added == ("a.jsonl",)


async def test_a_document_in_two_files_is_served_from_the_first_and_the_other_is_told(desk: Desk) -> None:
    desk.lines("a.jsonl", {"x": "甲。"})
    desk.lines("b.jsonl", {"x": "乙。", "y": "丙。"})
    report = await desk.load()
    assert list(reasons(report)) == ["b.jsonl"]
    assert "a.jsonl" in reasons(report)["b.jsonl"]
    assert await desk.served() == {"x": "甲。", "y": "丙。"}
    assert reasons(await desk.load()) == reasons(report)


@pytest.mark.parametrize("how", ["removed", "changed"])
async def test_when_the_first_file_gives_a_document_up_the_other_takes_over(desk: Desk, how: str) -> None:
    desk.lines("a.jsonl", {"x": "甲。", "z": "丁。"})
    desk.lines("b.jsonl", {"x": "乙。", "y": "丙。"})
    await desk.load()
    if how == "removed":
        desk.remove("a.jsonl")
    else:
        desk.lines("a.jsonl", {"z": "丁。"})
    report = await desk.load()
    assert report.rejected == ()
    assert report.changed == (("b.jsonl",) if how == "removed" else ("a.jsonl", "b.jsonl"))
    assert sorted(desk.sink.added) == ["https://example.org/x"]
    served = await desk.served()
    assert (served["x"], served["y"]) == ("乙。", "丙。")
    assert (await desk.load()).generation is None


async def test_a_new_first_file_takes_a_document_from_the_one_that_had_it(desk: Desk) -> None:
    desk.lines("b.jsonl", {"x": "乙。", "y": "丙。"})
    await desk.load()
    desk.lines("a.jsonl", {"x": "甲。"})
    report = await desk.load()
    assert (report.added, report.changed, list(reasons(report))) == (("a.jsonl",), (), ["b.jsonl"])
    assert await desk.served() == {"x": "甲。", "y": "丙。"}
    desk.remove("a.jsonl")
    assert (await desk.load()).rejected == ()
    assert await desk.served() == {"x": "乙。", "y": "丙。"}


async def test_a_missing_folder_is_refused(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.remove("a.txt")
    desk.folder.rmdir()
    with pytest.raises(CorpusFolderMissing):
        await desk.load()
    assert await desk.served() == {"a.txt": "一。"}


async def test_an_empty_folder_does_not_empty_the_corpus_unless_that_is_meant(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.remove("a.txt")
    with pytest.raises(CorpusError, match="mounted"):
        await desk.load()
    assert await desk.served() == {"a.txt": "一。"}
    report = await desk.load(allow_empty=True)
    assert (report.removed, report.documents) == (("a.txt",), 0)
    assert await desk.served() == {}
    assert (await desk.load()).generation is None


async def test_an_empty_folder_is_nothing_to_load(desk: Desk) -> None:
    report = await desk.load()
    assert (report.generation, report.documents) == (None, 0)
    assert await desk.store.published() is None
    desk.write("a.txt", "一。")
    assert (await desk.load()).generation == 1


async def test_progress_only_grows_and_ends_at_its_total(desk: Desk) -> None:
    desk.lines("a.jsonl", {str(number): f"第{number}条。" for number in range(1200)})
    desk.write("b.txt", "一。")
    steps: list[Progress] = []
    await desk.load(steps.append)
    assert list(dict.fromkeys(step.stage for step in steps)) == ["reading", "indexing", "publishing"]
    for stage, unit, total in (
        ("reading", "bytes", sum(path.stat().st_size for path in desk.folder.iterdir())),
        ("indexing", "documents", 1201),
        ("publishing", "documents", 1201),
    ):
        of_it = [step for step in steps if step.stage == stage]
        assert {(step.unit, step.total) for step in of_it} == {(unit, total)}
        done = [step.done for step in of_it]
        assert done == sorted(done)
        assert (done[0], done[-1]) == (0, total)
    assert len({step.done for step in steps if step.stage == "reading"}) > 3


async def test_two_loads_at_once_are_refused(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    other = Desk(desk.folder.parent / "other", desk.store)
    other.write("a.txt", "二。")
    refused: list[BaseException] = []

    async def load_too() -> None:
        try:
            await other.load()
        except LoadInProgress as error:
            refused.append(error)

    tasks: list[asyncio.Task[None]] = []
    await desk.load(lambda _: tasks.append(asyncio.create_task(load_too())) if not tasks else None)
    await asyncio.gather(*tasks)
    assert len(refused) == 1
    assert other.sink.calls["begin"] == 0
    assert await desk.served() == {"a.txt": "一。"}


async def test_an_index_somebody_else_is_writing_refuses_the_load(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.sink.begin()
    with pytest.raises(LoadInProgress):
        await desk.load()
    await desk.sink.abandon()
    assert (await desk.load()).added == ("a.txt",)


@pytest.mark.parametrize("step", ["begin", "add", "remove", "publish"])
async def test_when_the_index_fails_everything_is_served_as_before(desk: Desk, step: str) -> None:
    desk.write("a.txt", "一。")
    desk.write("b.txt", "二。")
    await desk.load()
    before = await desk.served()

    def fail(at: str) -> None:
        if at == step:
            raise ZeroDivisionError

    desk.write("a.txt", "一，改。")
    desk.remove("b.txt")
    desk.sink._at = fail
    with pytest.raises(ZeroDivisionError):
        await desk.load()
    assert await desk.served() == before
    desk.sink._at = lambda _: None
    report = await desk.load()
    assert (report.changed, report.removed) == (("a.txt",), ("b.txt",))
    assert await desk.served() == {"a.txt": "一，改。"}


@pytest.mark.parametrize("stage", ["reading", "indexing", "publishing"])
async def test_a_cancelled_load_leaves_the_old_or_the_new_generation(desk: Desk, stage: str) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.write("a.txt", "一，改。")

    def cancel(step: Progress) -> None:
        if step.stage == stage and step.done == 0:
            task.cancel()

    task = asyncio.create_task(desk.load(cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    # Publishing is not stopped half-way: it is done when the cancellation goes through.
    assert await desk.served() == {"a.txt": "一，改。" if stage == "publishing" else "一。"}
    await desk.load()
    assert await desk.served() == {"a.txt": "一，改。"}


async def test_a_database_that_cannot_be_written_fails_the_load(desk: Desk, database_url: str) -> None:
    desk.write("a.txt", "一。")
    other = await Database.open(database_url)
    impatient = await Database.open(database_url, patience=0.1)
    desk.store = CorpusStore(impatient)
    async with other.transaction():
        with pytest.raises(DatabaseError, match="locked"):
            await desk.load()
    assert (await desk.load()).added == ("a.txt",)
    await other.close()
    await impatient.close()


async def test_the_event_loop_goes_on_while_a_large_file_is_loaded(desk: Desk) -> None:
    text = "重庆国际生物城的创新药项目今年又有进展，多家企业公布了临床数据。" * 6
    desk.lines("big.jsonl", {str(number): f"{number}{text}" for number in range(6000)})
    waits: list[float] = []
    works: list[float] = []
    done = asyncio.Event()

    async def tick() -> None:
        last, worked = time.monotonic(), time.thread_time()
        while not done.is_set():
            await asyncio.sleep(0.005)
            waits.append(time.monotonic() - last)
            works.append(time.thread_time() - worked)
            last, worked = time.monotonic(), time.thread_time()

    ticking = asyncio.create_task(tick())
    await desk.load()
    done.set()
    await ticking
    # The time on the clock depends on what else the machine has to do; the time that the loop's
    # own thread works between two ticks does not.
    assert max(works) < 0.5
    assert sorted(waits)[len(waits) * 9 // 10] < 0.25
    assert len(waits) > 50


async def test_an_index_that_another_process_left_behind_catches_up_before_a_load(desk: Desk) -> None:
    desk.write("a.txt", "松针医疗公布年报\n\n营收增长三成。\n")
    await desk.load()
    other = Desk(desk.folder, desk.store)
    await other.sink.catch_up(desk.store)
    desk.write("b.txt", "海灯药业公布年报\n\n营收下降一成。\n")
    await desk.load()
    desk.write("c.txt", "纸鹤生物公布年报\n\n营收持平。\n")
    await other.load()
    assert {document.origin for document in other.sink.documents.values()} == {"a.txt", "b.txt", "c.txt"}
