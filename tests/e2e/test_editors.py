"""`/editors` and `/audit`: who may keep the news beside the administrators, and who did what."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.audit import Audit
from bot.menu import KEEPING
from bot.roles import Role, Roles
from tests.e2e.keeping import noted
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import forge, press, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.local.people import Person
    from tests.e2e.conftest import Stage


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Stage]:
    changed = {"admins": (stage.alice.id,), "admin_chat": stage.group.id}
    async with stage.running(stage.with_settings(**changed)):
        yield stage


def roles(stage: Stage) -> Roles:
    bot_id = int(stage.telegram.token.partition(":")[0])
    return Roles(stage.database, bot_id, (stage.alice.id,), stage.telegram.world.clock)


def audit(stage: Stage) -> Audit:
    return Audit(stage.database, int(stage.telegram.token.partition(":")[0]), stage.telegram.world.clock)


async def offers(stage: Stage, person: Person, *, pins: bool) -> None:
    """Wait until somebody's app offers what editors may, or does not any more."""
    async with asyncio.timeout(10):
        while True:
            shown = stage.telegram.world.menu.seen_by(
                person.id, person.language_code, person.id, administrator=False
            )
            names = {command["command"] for command in shown}
            if ("pins" in names) is pins:
                assert "broadcast" not in names
                return
            await asyncio.sleep(0.01)


async def test_an_editor_is_appointed_by_a_message_of_theirs(desk: Stage) -> None:
    said = await desk.telegram.say(desk.reader, "你好")
    await desk.telegram.wait_for_reply(desk.reader, after=said)
    await offers(desk, desk.reader, pins=False)
    unknown = text_of(await desk.ask(desk.reader, "/nonsense"))
    assert text_of(await desk.ask(desk.reader, "/pins")) == unknown
    passed_on = await desk.telegram.forward(desk.alice, said)
    written = await desk.telegram.say(desk.alice, "/editors", reply_to=passed_on)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=written)
    while "is an editor now" not in text_of(shown):  # what was forwarded was answered, too
        shown = await desk.telegram.wait_for_reply(desk.alice, after=shown)
    assert text_of(shown).startswith("林晓 is an editor now")
    await offers(desk, desk.reader, pins=True)
    assert text_of(await desk.ask(desk.reader, "/pins")) != unknown
    shown = await desk.ask(desk.alice, "/editors")
    assert text_of(shown).startswith(f"1 editor\n\n1. 林晓 · {desk.reader.id} · just now")
    shown = await press(desk, desk.alice, shown, "✕ 1")
    assert text_of(shown).startswith("0 editors\n\nThe editor was dismissed.")
    await offers(desk, desk.reader, pins=False)
    assert text_of(await desk.ask(desk.reader, "/pins")) == unknown
    shown = await press(desk, desk.alice, shown, "Appoint again")
    assert text_of(shown).startswith("1 editor\n\n1. 林晓")
    assert await roles(desk).of(desk.reader.id) is Role.EDITOR
    appointed, dismissed = await noted(desk)
    assert (appointed.deed, appointed.actor, appointed.detail["name"]) == (
        "editor_appointed",
        desk.alice.id,
        "林晓",
    )
    assert (dismissed.deed, dismissed.undone is not None) == ("editor_dismissed", True)


async def test_an_editor_is_appointed_by_their_number(desk: Stage) -> None:
    shown = await desk.ask(desk.alice, "/editors 424242 王编辑")
    assert text_of(shown).startswith("王编辑 is an editor now")
    shown = await desk.ask(desk.alice, "/editors appoint 424242")
    assert text_of(shown) == "This is an editor already."
    shown = await desk.ask(desk.alice, f"/editors {desk.alice.id}")
    assert text_of(shown).startswith("This is an administrator")
    shown = await press(desk, desk.alice, await desk.ask(desk.alice, "/editors 777"), "Dismiss again")
    assert [each.user_id for each in await roles(desk).editors()] == [424242]


async def test_in_the_group_of_administrators_a_reply_is_enough(desk: Stage) -> None:
    said = await desk.telegram.say(desk.reader, "大家好", desk.group)
    username = desk.telegram.username
    written = await desk.telegram.say(desk.alice, f"/editors@{username}", desk.group, reply_to=said)
    shown = await desk.telegram.wait_for_reply(desk.group, after=written)
    assert text_of(shown).startswith("林晓 is an editor now")


@pytest.mark.parametrize("number", ["abc", "@somebody", "-5", "0", "99999999999999999", "１２３"])
async def test_what_is_no_number_of_a_person_is_refused(desk: Stage, number: str) -> None:
    shown = text_of(await desk.ask(desk.alice, f"/editors {number}"))
    assert shown == "This is not a Telegram user id. It is a number, such as 12345678."


async def test_what_no_person_wrote_is_refused(desk: Stage) -> None:
    own = await desk.ask(desk.alice, "/help")
    written = await desk.telegram.say(desk.alice, "/editors", reply_to=own)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=written)
    assert text_of(shown) == "This was not written by a person."
    post = await desk.telegram.forward_post(desk.alice, desk.telegram.people.channel.posts[0].id)
    written = await desk.telegram.say(desk.alice, "/editors", reply_to=post)
    await desk.idle()
    assert "This was not written by a person." in desk.said(desk.alice)[-1]
    assert await roles(desk).editors() == ()


async def test_editors_are_listed_by_pages(desk: Stage) -> None:
    for number in range(1, 11):
        await roles(desk).appoint(number, f"<b>{'名' * 100}{number}", desk.alice.id)
    shown = await desk.ask(desk.alice, "/editors")
    shown = await press(desk, desk.alice, shown, "later ▶")
    assert "10. <b>名名" in text_of(shown)
    shown = await press(desk, desk.alice, shown, "◀ earlier")
    for data in ("edi:x:1", "edi:", "edi:back:99", "edi:dismiss"):
        shown = await desk.ask(desk.alice, "/editors")
        assert (await forge(desk, desk.alice, shown, data))["text"] == "This button no longer works.", data


async def test_the_audit_says_who_did_what_and_what_was_undone(desk: Stage) -> None:
    assert text_of(await desk.ask(desk.alice, "/audit")) == "Who did what\n\nNothing has been done yet."
    await roles(desk).appoint(42, "王编辑", desk.alice.id)
    book = audit(desk)
    await book.note(None, "load", {"added": ["a", "b"], "changed": ["c"], "removed": [], "documents": 9})
    entry = await book.note(42, "term_added", {"names": ["创新药", "innovative drug"]})
    await book.note_undone(entry)
    await book.note(desk.alice.id, "pin_added", {"question": "<b>首付款</b>\n是多少", "line": "…"})
    await book.note(77, "something_new", {"odd": 3})
    text = text_of(await desk.ask(desk.alice, "/audit"))
    assert " · 77\nsomething_new\n" in text
    assert " · you\npinned a question: <b>首付款</b> 是多少\n" in text
    assert " · 王编辑\nadded a term: 创新药 = innovative drug\n↶ undone 2" in text
    assert text.endswith(" · by itself, or on the command line\nloaded the news: +2 ~1")


async def test_the_audit_has_pages(desk: Stage) -> None:
    for number in range(20):
        await audit(desk).note(desk.alice.id, "feed_added", {"title": f"第{number}个"})
    shown = await desk.ask(desk.alice, "/audit")
    assert labels(shown) == ["older ▶"]
    shown = await press(desk, desk.alice, shown, "older ▶")
    shown = await press(desk, desk.alice, shown, "older ▶")
    assert text_of(shown).endswith("added a feed: 第0个")
    assert labels(shown) == ["◀ newest"]
    shown = await press(desk, desk.alice, shown, "◀ newest")
    assert "第19个" in text_of(shown)
    assert (await forge(desk, desk.alice, shown, "aud:x"))["text"] == "This button no longer works."


async def test_an_editor_may_what_editors_may_and_no_more(desk: Stage) -> None:
    await roles(desk).appoint(desk.reader.id, "林晓", desk.alice.id)
    unknown = text_of(await desk.ask(desk.reader, "/nonsense"))
    for command in KEEPING:
        if command.role is Role.ADMINISTRATOR:
            assert text_of(await desk.ask(desk.reader, f"/{command.name}")) == unknown, command.name
    theirs = await desk.ask(desk.reader, "/settings")
    for data in ("aud:0", f"edi:dismiss:{desk.reader.id}:0"):
        await forge(desk, desk.reader, theirs, data)
        theirs = await desk.ask(desk.reader, "/settings")
    assert await roles(desk).of(desk.reader.id) is Role.EDITOR
    await told(desk, desk.reader, theirs, labels(theirs)[0])
