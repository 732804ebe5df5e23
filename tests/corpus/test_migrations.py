from __future__ import annotations

import ast
import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

import bot.app  # all of the program, and so all of its tables
import bot.audit
import bot.inbox
import bot.personal
import bot.roles
import corpus.feed_tables
import corpus.migrations
import corpus.tables
from corpus.database import Database, metadata
from corpus.errors import DatabaseError
from corpus.migrating import upgrade
from corpus.tables import corpus_state

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

FOLDER = Path(corpus.migrations.__file__).parent
DESCRIPTION = Path(__file__).parents[2] / "docs/database.md"


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


def test_the_history_is_one_line_from_0001() -> None:
    history = [script.revision for script in scripts().walk_revisions()]
    assert history[::-1] == [f"{number:04}" for number in range(1, len(history) + 1)]


def test_migrations_do_not_depend_on_the_code_of_today() -> None:
    # A migration says what the schema became then; the tables of today have moved on since.
    for path in (FOLDER / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in {"corpus", "retrieval", "bot"}, path


def test_every_table_and_column_is_described() -> None:
    described: dict[str, list[str]] = {}
    columns: list[str] = []
    for line in DESCRIPTION.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch("### `(.+)`", line):
            columns = described.setdefault(heading[1], [])
        elif line.startswith("| `"):
            columns += re.findall("`(.+?)`", line.split("|")[1])
    assert {name: sorted(found) for name, found in described.items()} == {
        table.name: sorted(column.name for column in table.columns) for table in metadata.tables.values()
    }


async def test_the_migrated_schema_is_the_one_the_code_describes(database: Database) -> None:
    known = {
        bot.audit.audit,
        bot.inbox.updates,
        bot.roles.editors,
        corpus.feed_tables.feeds,
        corpus.tables.documents,
        *bot.personal.TABLES.values(),
    }
    assert known <= set(metadata.tables.values())
    async with database.connection() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True, "compare_server_default": True}),
                metadata,
            )
        )
    assert differences == []


async def test_partial_indexes_are_made_as_described(database: Database) -> None:
    # Comparing schemas does not see what an index leaves out.
    async with database.connection() as connection:
        for table in metadata.tables.values():
            for index in table.indexes:
                described = index.dialect_options[database.engine.dialect.name]["where"] is not None
                found = await connection.run_sync(
                    lambda sync, table=table, index=index: next(
                        each for each in inspect(sync).get_indexes(table.name) if each["name"] == index.name
                    )
                )
                made = f"{database.engine.dialect.name}_where" in found.get("dialect_options", {})
                assert made == described, index.name


async def test_opening_a_current_database_changes_nothing(database: Database, database_url: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(update(corpus_state).values(published=None))
        assert await connection.run_sync(upgrade)
    again = await Database.open(database_url)
    async with again.connection() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM corpus_state"))).scalar_one() == 1
    await again.close()


@asynccontextmanager
async def unmigrated(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection to a database as it is, opened past the code that would bring it up to date."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


async def test_only_looking_changes_nothing(new_database_url: str) -> None:
    async with unmigrated(new_database_url) as connection:
        assert not await connection.run_sync(upgrade, only_look=True)
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == []


async def test_a_step_that_fails_leaves_nothing_of_itself(new_database_url: str) -> None:
    async with unmigrated(new_database_url) as connection:
        # In the way of the last thing the second step does.
        await connection.execute(text("CREATE TABLE other (done INTEGER)"))
        await connection.execute(text("CREATE INDEX ix_updates_done ON other (done)"))
    with pytest.raises((DatabaseError, ProgrammingError), match="ix_updates_done"):
        await Database.open(new_database_url)
    async with unmigrated(new_database_url) as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == ["other"]
        await connection.execute(text("DROP TABLE other"))
    await (await Database.open(new_database_url)).close()


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer version of Wenxun"):
        await Database.open(database_url)
    async with database.connection() as connection:
        assert (
            await connection.execute(text("SELECT version_num FROM alembic_version"))
        ).scalar_one() == "9999"
