"""The roles: administrators from the settings, editors from the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.roles import LONGEST_NAME, Editor, Role, Roles
from tests.bot.reader_builders import ALICE, BOB, BOT_ID

if TYPE_CHECKING:
    from corpus.database import Database
    from tests.bot.clock import Clock

ADMIN = 900


@pytest.fixture
def roles(database: Database, clock: Clock) -> Roles:
    return Roles(database, BOT_ID, (ADMIN,), clock)


async def test_administrators_are_those_of_the_settings(roles: Roles) -> None:
    assert await roles.of(ADMIN) is Role.ADMINISTRATOR
    assert await roles.of(ALICE) is None
    assert await roles.editors() == ()


async def test_an_editor_is_one_until_dismissed(roles: Roles, clock: Clock) -> None:
    began = clock.now
    assert await roles.appoint(ALICE, "Alice", ADMIN)
    clock.now += timedelta(hours=1)
    assert await roles.appoint(BOB, "Bob", ADMIN)
    assert await roles.of(ALICE) is Role.EDITOR
    assert await roles.editors() == (
        Editor(ALICE, "Alice", began, ADMIN),
        Editor(BOB, "Bob", clock.now, ADMIN),
    )
    assert await roles.dismiss(ALICE)
    assert not await roles.dismiss(ALICE)
    assert await roles.of(ALICE) is None
    assert [editor.user_id for editor in await roles.editors()] == [BOB]


async def test_appointing_again_changes_nothing(roles: Roles, clock: Clock) -> None:
    await roles.appoint(ALICE, "Alice", ADMIN)
    before = await roles.editors()
    clock.now += timedelta(hours=1)
    assert not await roles.appoint(ALICE, "Somebody", BOB)
    assert await roles.editors() == before


async def test_an_administrator_is_no_editor(roles: Roles) -> None:
    assert not await roles.appoint(ADMIN, "Admin", ADMIN)
    assert await roles.editors() == ()
    assert await roles.of(ADMIN) is Role.ADMINISTRATOR


async def test_each_bot_has_editors_of_its_own(roles: Roles, database: Database, clock: Clock) -> None:
    other = Roles(database, BOT_ID + 1, (), clock)
    await roles.appoint(ALICE, "Alice", ADMIN)
    assert await other.of(ALICE) is None
    assert await other.of(ADMIN) is None
    assert not await other.dismiss(ALICE)
    assert await roles.of(ALICE) is Role.EDITOR


async def test_a_long_name_is_cut(roles: Roles) -> None:
    await roles.appoint(ALICE, "名" * 500, ADMIN)
    assert [editor.name for editor in await roles.editors()] == ["名" * LONGEST_NAME]
