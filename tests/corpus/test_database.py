from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, Table, Text, func, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from corpus.database import Database, UtcDateTime, metadata
from corpus.errors import CorpusError, DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOTES = Table("test_notes", type(metadata)(), Column("id", Integer, primary_key=True), Column("text", Text))
MOMENTS = Table("test_moments", type(metadata)(), Column("at", UtcDateTime))

SECRET = "geheim"  # noqa: S105 - no secret


@pytest.fixture
async def notes(database: Database) -> Database:
    """A database with one table to try things on."""
    async with database.transaction() as connection:
        await connection.run_sync(NOTES.metadata.create_all)
    return database


async def count(database: Database) -> int:
    async with database.connection() as connection:
        return (await connection.execute(select(func.count()).select_from(NOTES))).scalar_one()


async def refusal(url: str, patience: float = 0.2) -> str:
    with pytest.raises(DatabaseError) as caught:
        await Database.open(url, patience=patience)
    return str(caught.value)


async def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/a/b/wenxun.db")
    assert (tmp_path / "a/b/wenxun.db").is_file()
    await database.close()


async def test_a_relative_address_starts_from_the_working_folder(tmp_path: Path) -> None:
    database = await Database.open("sqlite+aiosqlite:///data/wenxun.db")
    assert (tmp_path / "data/wenxun.db").is_file()
    await database.close()


async def test_sqlite_is_set_up_for_durability(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/wenxun.db")
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "secure_delete": 2,
    }
    async with database.connection() as connection:
        found = {name: await connection.scalar(text(f"PRAGMA {name}")) for name in expected}
    assert found == expected
    await database.close()


async def test_what_was_written_is_there_when_it_is_opened_again(notes: Database, database_url: str) -> None:
    async with notes.transaction() as connection:
        await connection.execute(insert(NOTES), [{"text": "问讯"}])
    await notes.close()
    again = await Database.open(database_url)
    assert await count(again) == 1
    await again.close()


async def test_a_transaction_that_fails_leaves_nothing(notes: Database) -> None:
    async def write_and_fail() -> None:
        async with notes.transaction() as connection:
            await connection.execute(insert(NOTES), [{"text": "a"}])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert await count(notes) == 0


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(notes: Database) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with notes.transaction() as connection:
            await connection.execute(insert(NOTES), [{"text": "a"}])
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with notes.transaction() as connection:
        await connection.execute(insert(NOTES), [{"text": "b"}])
    assert await count(notes) == 1


async def test_a_reader_is_not_kept_waiting_by_a_writer(notes: Database) -> None:
    async with notes.transaction() as connection:
        await connection.execute(insert(NOTES), [{"text": "a"}])
        assert await asyncio.wait_for(count(notes), timeout=2) == 0
    assert await count(notes) == 1


async def test_many_writers_at_once_all_get_their_turn(notes: Database) -> None:
    async def write(number: int) -> None:
        async with notes.transaction() as connection:
            seen = (await connection.execute(select(func.count()).select_from(NOTES))).scalar_one()
            await connection.execute(insert(NOTES), [{"id": number + 1, "text": str(seen)}])

    await asyncio.gather(*(write(number) for number in range(40)))
    assert await count(notes) == 40


async def test_two_databases_of_one_file_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/wenxun.db"
    one, other = await Database.open(url), await Database.open(url)
    async with one.transaction() as connection:
        await connection.run_sync(NOTES.metadata.create_all)

    async def write(database: Database) -> None:
        for _ in range(20):
            async with database.transaction() as connection:
                # Reading first would fail at once in a transaction that did not begin as a writer's.
                seen = (await connection.execute(select(func.count()).select_from(NOTES))).scalar_one()
                await connection.execute(insert(NOTES), [{"text": str(seen)}])

    await asyncio.gather(write(one), write(other))
    async with one.connection() as connection:
        texts = (await connection.execute(select(NOTES.c.text))).scalars().all()
    assert sorted(map(int, texts)) == list(range(40))
    await one.close()
    await other.close()


async def test_a_violated_constraint_stays_what_it_is(notes: Database) -> None:
    with pytest.raises(IntegrityError):
        async with notes.transaction() as connection:
            await connection.execute(insert(NOTES), [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}])


async def test_errors_do_not_repeat_what_was_being_written(notes: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with notes.transaction() as connection:
            await connection.execute(insert(NOTES), [{"id": 1, "text": SECRET}, {"id": 1, "text": SECRET}])
    assert SECRET not in str(caught.value)


async def test_moments_come_back_in_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    moment = datetime(2025, 12, 16, 9, 30, 1, 5, timezone(timedelta(hours=8)))
    async with database.transaction() as connection:
        await connection.run_sync(MOMENTS.metadata.create_all)
        await connection.execute(insert(MOMENTS), [{"at": moment}, {"at": None}])
        found = (await connection.execute(select(MOMENTS.c.at))).scalars().all()
    assert [at for at in found if at] == [moment]
    assert {at.tzinfo for at in found if at} == {UTC}


async def test_a_moment_without_a_zone_is_a_mistake(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.run_sync(MOMENTS.metadata.create_all)
    with pytest.raises(StatementError, match="time zone"):
        async with database.transaction() as connection:
            await connection.execute(insert(MOMENTS), [{"at": datetime(2025, 1, 1)}])  # noqa: DTZ001


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:geheim@127.0.0.1/x", "mysql://"),
        ("sqlite:///x.db", "sqlite://"),
        ("postgresql://u:geheim@127.0.0.1/x", "postgresql://"),
        ("no address at all, geheim", "cannot be understood"),
        ("sqlite+aiosqlite://", "names no file"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("postgresql+asyncpg://u:geheim@127.0.0.1:1/x", "cannot be reached"),
    ],
)
async def test_an_address_that_cannot_be_used_is_refused_in_plain_words(url: str, said: str) -> None:
    message = await refusal(url)
    assert said in message
    assert SECRET not in message


async def test_every_refusal_of_an_address_says_how_to_write_it() -> None:
    for url in ("mysql://x/y", "nonsense", "sqlite+aiosqlite://"):
        message = await refusal(url)
        assert "sqlite+aiosqlite:///path" in message
        assert "postgresql+asyncpg://" in message


async def test_a_database_that_does_not_exist_on_the_server_is_said_to_be_missing(postgres_url: str) -> None:
    assert "does not exist" in await refusal(postgres_url.replace("?", "x?"))


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = await refusal(f"sqlite+aiosqlite:///{tmp_path}/file/wenxun.db")
    assert f"{tmp_path}/file" in message


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "cannot be opened" in await refusal(f"sqlite+aiosqlite:///{tmp_path}")


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "wenxun.db"
    content = b"This is a letter, and long enough to have a header of a hundred bytes. " * 20
    path.write_bytes(content)
    assert "not a database" in await refusal(f"sqlite+aiosqlite:///{path}")
    assert path.read_bytes() == content


async def test_a_new_database_locked_by_another_program_is_refused_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "wenxun.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "locked" in await refusal(f"sqlite+aiosqlite:///{path}")


async def test_a_database_somebody_is_writing_to_opens_and_only_writing_waits(tmp_path: Path) -> None:
    path = tmp_path / "wenxun.db"
    url = f"sqlite+aiosqlite:///{path}"
    await (await Database.open(url)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        database = await Database.open(url, patience=0.2)
        with pytest.raises(DatabaseError, match="locked"):
            async with database.transaction():
                pass
        other.execute("COMMIT")
        async with database.transaction():
            pass
        await database.close()


async def test_a_database_that_goes_away_while_it_is_open_is_this_packages_error(tmp_path: Path) -> None:
    path = tmp_path / "wenxun.db"
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(CorpusError, match="no such table"):
        async with database.connection() as connection:
            await connection.execute(text("SELECT * FROM nowhere"))
    await database.close()


OPEN = """
import asyncio, sys
from corpus.database import Database

async def main():
    await asyncio.to_thread(sys.stdin.readline)
    await (await Database.open(sys.argv[1], patience=20)).close()

asyncio.run(main())
"""


async def test_processes_that_open_a_new_database_at_once_all_succeed(new_database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            OPEN,
            new_database_url,
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(3)
    ]
    await asyncio.sleep(1)  # until all have imported what they need
    ended = await asyncio.gather(*(process.communicate(b"\n") for process in processes))
    assert [
        (process.returncode, error.decode()) for process, (_, error) in zip(processes, ended, strict=True)
    ] == [(0, "")] * 3


def add(number: int, connection: Connection) -> int:
    return connection.execute(insert(NOTES).values(id=number, text="x")).rowcount


def ids(connection: Connection) -> list[int]:
    return list(connection.execute(select(NOTES.c.id).order_by(NOTES.c.id)).scalars())


async def test_what_is_written_in_one_visit_is_read_in_another(notes: Database) -> None:
    assert await notes.write(partial(add, 1)) == 1
    assert await notes.read(ids) == [1]
    assert await count(notes) == 1


async def test_a_visit_that_fails_leaves_nothing(notes: Database) -> None:
    def fail(connection: Connection) -> None:
        add(1, connection)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await notes.write(fail)
    assert await notes.read(ids) == []
    await notes.write(partial(add, 1))
    with pytest.raises(IntegrityError):
        await notes.write(partial(add, 1))


async def test_visits_and_transactions_take_turns(notes: Database) -> None:
    async def slowly(number: int) -> None:
        async with notes.transaction() as connection:
            await connection.execute(insert(NOTES).values(id=number, text="x"))
            await asyncio.sleep(0.01)

    await asyncio.gather(
        *(slowly(number) for number in range(10)),
        *(notes.write(partial(add, number)) for number in range(10, 20)),
    )
    assert await notes.read(ids) == list(range(20))


async def test_a_visit_whose_caller_is_cancelled_blocks_nobody(notes: Database) -> None:
    visits = [asyncio.create_task(notes.write(partial(add, number))) for number in range(10)]
    await asyncio.sleep(0)
    for visit in visits[::2]:
        visit.cancel()
    await asyncio.gather(*visits, return_exceptions=True)
    await notes.write(partial(add, 10))
    assert set(await notes.read(ids)) >= {1, 3, 5, 7, 9, 10}


async def test_a_visit_to_a_locked_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path}/wenxun.db"
    database = await Database.open(address, patience=0.1)
    other = await Database.open(address)
    async with other.transaction():
        with pytest.raises(DatabaseError, match="it is locked"):
            await database.write(lambda connection: connection.execute(text("SELECT 1")).scalar_one())
        assert await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one()) == 1
    await other.close()
    await database.close()
