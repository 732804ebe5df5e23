from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from corpus.database import Database
from corpus.errors import CorpusError, LoadInProgress
from corpus.model import Published
from corpus.staging import prune
from corpus.store import CorpusCounts, CorpusStore
from corpus.tables import documents, files, loads, passages, visible
from tests.builders import build_document, build_passage, build_published
from tests.corpus.publishing import NOW, publish, record_of, stage, stage_file

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Table

    from corpus.model import Document


async def rows(database: Database, table: Table) -> int:
    async with database.connection() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def between(store: CorpusStore, since: int | None, until: int) -> list[Document]:
    return [document async for batch in store.documents_between(since, until) for document in batch]


async def titles(store: CorpusStore) -> list[str | None]:
    return [document.title for document in await store.latest(100)]


async def test_before_the_first_load_nothing_is_served(store: CorpusStore) -> None:
    assert await store.published() is None
    assert await store.counts() == CorpusCounts(0, 0)
    assert await store.latest(10) == ()
    assert await store.document("doc") is None


async def test_a_database_knows_itself_from_others(
    store: CorpusStore, database_url: str, tmp_path: Path
) -> None:
    again = await Database.open(database_url)
    other = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/other.db")
    assert await CorpusStore(again).identity() == await store.identity()
    assert await CorpusStore(other).identity() != await store.identity()
    await again.close()
    await other.close()


async def test_a_document_comes_back_as_it_went_in(store: CorpusStore) -> None:
    passages_of_it = (
        build_passage("第一段。", document_id="a", ordinal=0, section="第一组", marks=("[1]", "[2]")),
        build_passage(" Second, \twith 'odd' \"characters\" 😀\n", document_id="a", ordinal=1),
    )
    document = build_document(
        "a",
        origin="深/a.txt",
        url="https://example.org/a",
        topics=("医药", "policy"),
        passages=passages_of_it,
    )
    bare = build_document("b", title=None, source=None, published=None, language="en", passages=())
    await publish(store, document, bare)
    assert await store.document("a") == document
    assert await store.document("b") == bare


@pytest.mark.parametrize(
    "written", ["2025", "2025-12", "2025-12-16", "2025-12-16 09:30", "2025-12-16 09:30:01"]
)
async def test_a_date_keeps_its_precision_and_its_own_offset(store: CorpusStore, written: str) -> None:
    date = build_published(written)
    abroad = replace(date, at=date.at.replace(tzinfo=timezone(timedelta(hours=-9, minutes=-30))))
    await publish(store, build_document("home", published=date), build_document("abroad", published=abroad))
    for document_id, expected in (("home", date), ("abroad", abroad)):
        document = await store.document(document_id)
        assert document is not None
        assert document.published == expected
        assert str(document.published) == written
        assert document.published.at.utcoffset() == expected.at.utcoffset()


async def test_the_newest_come_first_and_the_undated_last(store: CorpusStore) -> None:
    dates = {
        "may": "2025-05",
        "june": "2025-06-01",
        "undated": None,
        "year": "2025",
        "noon": "2025-06-01 12:00",
    }
    await publish(store, *(build_document(name, title=name, published=date) for name, date in dates.items()))
    assert await titles(store) == ["noon", "june", "may", "year", "undated"]


async def test_newest_is_meant_in_time_and_not_on_the_clock_on_the_wall(store: CorpusStore) -> None:
    date = build_published("2025-06-01 12:00")
    earlier = Published(date.at.replace(tzinfo=timezone(timedelta(hours=9))), date.precision)
    await publish(
        store,
        build_document("shanghai", title="shanghai", published=date),
        build_document("tokyo", title="tokyo", published=earlier),
    )
    assert await titles(store) == ["shanghai", "tokyo"]


async def test_the_first_day_of_all_time_can_be_kept(store: CorpusStore) -> None:
    await publish(store, build_document(published="0001-01-01"))
    document = await store.document("doc")
    assert document is not None
    assert document.published == build_published("0001-01-01")


async def test_the_latest_can_be_paged_through(store: CorpusStore) -> None:
    await publish(store, *(build_document(str(day), published=f"2025-01-{day:02}") for day in range(1, 8)))
    pages = [await store.latest(3, offset) for offset in (0, 3, 6, 9)]
    assert [[document.id for document in page] for page in pages] == [
        ["7", "6", "5"],
        ["4", "3", "2"],
        ["1"],
        [],
    ]


async def test_counts_are_of_what_is_served(store: CorpusStore) -> None:
    await publish(store, build_document("a", passages=["1", "2"]), build_document("b", passages=["3"]))
    assert await store.counts() == CorpusCounts(2, 3)
    await publish(store, build_document("b", passages=["3", "4", "5"]))
    assert await store.counts() == CorpusCounts(1, 3)


async def test_a_load_is_not_seen_before_it_is_published(store: CorpusStore) -> None:
    await publish(store, build_document("a", title="old"), build_document("gone"))
    async with store.loading(NOW) as staging:
        await stage(staging, [build_document("a", title="new"), build_document("b")])
        before = await store.published(), await store.counts(), await titles(store)
        assert await store.document("b") is None
        await staging.publish(NOW, *await staging.totals(), {})
    assert before == (1, CorpusCounts(2, 2), ["重庆创新药在研数量创新高", "old"])
    assert await titles(store) == ["重庆创新药在研数量创新高", "new"]
    assert await store.document("gone") is None


async def test_a_load_that_is_left_unpublished_leaves_nothing(store: CorpusStore) -> None:
    await publish(store, build_document("a", title="old"), build_document("b"))
    before = [await rows(store.database, table) for table in (documents, passages, files)]

    async def fail() -> None:
        async with store.loading(NOW) as staging:
            await stage(staging, [build_document("a", title="new"), build_document("c")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert [await rows(store.database, table) for table in (documents, passages, files)] == before
    assert await store.published() == 1
    assert {document.title for document in await between(store, None, 1)} == {
        "old",
        "重庆创新药在研数量创新高",
    }


async def test_the_number_of_a_load_that_failed_is_not_given_again(store: CorpusStore) -> None:
    # An index may have seen it, with other documents.
    async def fail() -> int:
        async with store.loading(NOW) as staging:
            await staging.withdraw()
            raise ZeroDivisionError

    await publish(store, build_document("a"))
    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await publish(store, build_document("b")) == 3


async def test_a_generation_can_be_taken_back(store: CorpusStore) -> None:
    await publish(store, build_document("a", title="old"), build_document("gone", title="gone"))
    async with store.loading(NOW) as staging:
        await stage(staging, [build_document("a", title="new"), build_document("b", title="b")])
        await staging.publish(NOW, *await staging.totals(), {})
        assert await store.published() == 2
        await staging.withdraw()
    assert await store.published() == 1
    assert await store.counts() == CorpusCounts(2, 2)
    assert sorted(map(str, await titles(store))) == ["gone", "old"]
    # An index that has it already can still find its way back, until the next load.
    assert [document.title for document in await between(store, 2, 1)] == ["old", "gone"]
    assert await store.retired_between(2, 1) == ("b",)
    assert await publish(store, build_document("a", title="newest")) == 3
    assert not await store.keeps(2)
    assert await titles(store) == ["newest"]


async def test_the_difference_between_generations_is_known_both_ways(store: CorpusStore) -> None:
    one = await publish(store, build_document("a"), build_document("b", title="1"), build_document("c"))
    two = await publish(store, build_document("a"), build_document("b", title="2"), build_document("d"))
    assert [document.id for document in await between(store, None, one)] == ["a", "b", "c"]
    assert [(d.id, d.title == "2") for d in await between(store, one, two)] == [("b", True), ("d", False)]
    assert [(d.id, d.title == "1") for d in await between(store, two, one)] == [("b", True), ("c", False)]
    assert await store.retired_between(one, two) == ("c",)
    assert await store.retired_between(two, one) == ("d",)
    assert await between(store, two, two) == []
    assert await store.retired_between(one, one) == ()


async def test_a_document_that_went_and_came_back_is_no_difference_in_ids(store: CorpusStore) -> None:
    await publish(store, build_document("a"), build_document("b"))
    await publish(store, build_document("b"))
    await publish(store, build_document("a"), build_document("b"))
    assert await store.retired_between(1, 3) == ()
    assert [document.id for document in await between(store, 1, 3)] == ["a"]


async def test_batches_go_through_everything_once(store: CorpusStore) -> None:
    held = [build_document(f"{number:04}", origin="all.jsonl", passages=["x"]) for number in range(1203)]
    await publish(store, *held)
    batches = [batch async for batch in store.documents_between(None, 1)]
    assert [len(batch) for batch in batches] == [500, 500, 203]
    assert [document for batch in batches for document in batch] == held


async def test_three_generations_before_the_one_that_is_served_are_kept(store: CorpusStore) -> None:
    for number in range(1, 6):
        await publish(store, build_document("a", title=str(number)), build_document("same"))
        await prune(store.database)
    assert [await store.keeps(number) for number in range(1, 7)] == [False, True, True, True, True, False]
    assert [document.title for document in await between(store, 4, 3)] == ["3"]
    assert await rows(store.database, documents) == 5
    assert await rows(store.database, passages) == 5
    for since, until in ((1, 5), (5, 1), (5, 6)):
        with pytest.raises(CorpusError, match="not kept"):
            await between(store, since, until)
        with pytest.raises(CorpusError, match="not kept"):
            await store.retired_between(since, until)


async def test_what_is_learned_about_a_file_is_learned_for_the_newest_generation_only(
    store: CorpusStore,
) -> None:
    await publish(store, build_document("a", title="1"), build_document("b"))
    async with store.loading(NOW) as staging:  # which does not look at b.txt
        await stage_file(staging, "a.txt", [build_document("a", title="2")])
        await staging.publish(NOW, *await staging.totals(), {})
    async with store.loading(NOW) as staging:
        for name in ("a", "b"):
            await staging.record(replace(record_of(f"{name}.txt"), size=99))
        await staging.settle()
    async with store.database.connection() as connection:
        known = [
            [
                (row.origin, row.size)
                for row in await connection.execute(
                    select(files).where(visible(files, generation)).order_by(files.c.origin)
                )
            ]
            for generation in (1, 2)
        ]
    assert known == [[("a.txt", 1), ("b.txt", 1)], [("a.txt", 99), ("b.txt", 99)]]


async def test_only_one_load_at_a_time(store: CorpusStore) -> None:
    async with store.loading(NOW):
        with pytest.raises(LoadInProgress):
            await publish(store, build_document("a"))
    await publish(store, build_document("a"))


async def test_a_load_that_is_cancelled_gives_the_way_free(store: CorpusStore) -> None:
    staged = asyncio.Event()

    async def load() -> None:
        async with store.loading(NOW) as staging:
            await stage(staging, [build_document("a")])
            staged.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(load())
    await staged.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await rows(store.database, documents) == 0
    await publish(store, build_document("b"))
    assert await store.counts() == CorpusCounts(1, 1)


async def test_the_first_file_keeps_a_document_that_two_files_hold(store: CorpusStore) -> None:
    both = [build_document("x", origin=origin, title=origin) for origin in ("a", "b")]
    await publish(store, both[1])
    await publish(store, *both)
    assert await titles(store) == ["a"]
    await publish(store, both[1])
    assert await titles(store) == ["b"]


async def test_a_document_twice_in_one_file_is_taken_once(store: CorpusStore) -> None:
    first, second = (build_document("x", origin="a", title=title) for title in ("first", "second"))
    async with store.loading(NOW) as staging:
        await stage(staging, [first, second])
        found = await staging.duplicates()
        await staging.publish(NOW, *await staging.totals(), {})
    assert [(each.origin, each.winner, each.count) for each in found] == [("a", "a", 1)]
    assert await titles(store) == ["first"]


async def test_the_latest_are_found_without_looking_at_all_documents(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/wenxun.db")
    seen: list[tuple[str, tuple[object, ...]]] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, parameters, *_: seen.append((statement, parameters)),
    )
    await CorpusStore(database).latest(10)
    statement, parameters = seen[-1]
    async with database.connection() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row.detail for row in plan]
    assert any("ix_documents_sort_time_id" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)
    await database.close()


async def test_what_is_new_can_be_gone_through_from_the_newest(store: CorpusStore) -> None:
    async def newest(since: int | None, until: int) -> list[list[str]]:
        return [[each.id for each in batch] async for batch in store.newest_between(since, until, batch=2)]

    dates = {"may": "2025-05", "a": "2025-06-01", "b": "2025-06-01", "c": "2025-06-01", "undated": None}
    kept = [build_document(name, published=date) for name, date in dates.items()]
    await publish(store, *kept)
    changed = build_document("may", title="changed", published="2025-05")
    await publish(store, *kept[1:], changed, build_document("new", published="2025-07"))
    assert await newest(None, 1) == [["c", "b"], ["a", "may"], ["undated"]]
    assert await newest(1, 2) == [["new", "may"]]
    assert await newest(2, 2) == []
    with pytest.raises(CorpusError, match="not kept"):
        await newest(None, 3)
    first = await anext(store.newest_between(1, 2))
    assert first[1] == changed


async def test_loads_that_failed_are_forgotten_with_the_generations_around_them(store: CorpusStore) -> None:
    for number in range(1, 7):
        with pytest.raises(ZeroDivisionError):
            async with store.loading(NOW):
                raise ZeroDivisionError
        await publish(store, build_document("a", title=str(number)))
        await prune(store.database)
    async with store.database.connection() as connection:
        found = await connection.execute(
            select(loads.c.generation, loads.c.state).order_by(loads.c.generation)
        )
        states = {row.generation: row.state for row in found}
    assert states == {
        **dict.fromkeys((2, 4), "pruned"),
        **dict.fromkeys((6, 8, 10, 12), "published"),
        **dict.fromkeys((7, 9, 11), "abandoned"),
    }
