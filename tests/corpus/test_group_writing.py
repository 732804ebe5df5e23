from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, event, insert, select
from sqlalchemy.exc import IntegrityError

from corpus.group_writing import MOST_AT_ONCE, GroupWriter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True))


class Shelf:
    """A file, its writer, and how often something was committed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.writer = GroupWriter(engine, asyncio.Lock())
        self.commits = 0
        event.listen(engine, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    @property
    def ids(self) -> list[int]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(NOTES.c.id).order_by(NOTES.c.id)).scalars())

    async def write_all(self, *numbers: int) -> list[object]:
        """What each number's writing came to, when all are written at the same moment."""
        works = (self.writer.write(partial(add, number)) for number in numbers)
        return await asyncio.gather(*works, return_exceptions=True)


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    engine = create_engine(f"sqlite:///{tmp_path}/notes.db")
    NOTES.metadata.create_all(engine)
    shelf = Shelf(engine)
    yield shelf
    await shelf.writer.close()
    engine.dispose()


def add(number: int, connection: Connection) -> int:
    connection.execute(insert(NOTES).values(id=number))
    return number


async def test_what_is_written_at_the_same_moment_is_committed_together(shelf: Shelf) -> None:
    assert await shelf.write_all(3, 1, 2) == [3, 1, 2]
    assert shelf.ids == [1, 2, 3]
    assert shelf.commits == 1


async def test_what_comes_later_is_committed_by_itself(shelf: Shelf) -> None:
    await shelf.write_all(1)
    await shelf.write_all(2)
    assert (shelf.ids, shelf.commits) == ([1, 2], 2)


async def test_a_group_is_of_limited_size(shelf: Shelf) -> None:
    await shelf.write_all(*range(2 * MOST_AT_ONCE + 1))
    assert shelf.ids == list(range(2 * MOST_AT_ONCE + 1))
    assert shelf.commits == 3


async def test_one_that_fails_takes_nobody_with_it(shelf: Shelf) -> None:
    one, two, again, three = await shelf.write_all(1, 2, 1, 3)
    assert (one, two, three) == (1, 2, 3)
    assert isinstance(again, IntegrityError)
    assert shelf.ids == [1, 2, 3]


async def test_what_cannot_be_committed_is_told_to_everybody(shelf: Shelf) -> None:
    def refuse(_connection: Connection) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    event.listen(shelf.engine, "commit", refuse)
    assert [str(error) for error in await shelf.write_all(1, 2)] == ["the disk is full"] * 2
    event.remove(shelf.engine, "commit", refuse)
    assert shelf.ids == []


async def test_a_closed_one_says_so(shelf: Shelf) -> None:
    await shelf.writer.close()
    with pytest.raises(RuntimeError):
        await shelf.writer.write(partial(add, 1))


async def test_who_is_cancelled_before_the_turn_comes_writes_nothing(shelf: Shelf) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> int:
        begun.set()
        go_on.wait(10)
        return add(1, connection)

    first = asyncio.create_task(shelf.writer.write(slowly))
    await asyncio.to_thread(begun.wait, 10)
    second, third = (asyncio.create_task(shelf.writer.write(partial(add, number))) for number in (2, 3))
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not first.done()  # its turn had come
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await third == 3
    assert shelf.ids == [1, 3]
