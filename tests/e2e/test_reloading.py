"""`/reload` and `/undo` over HTTP: what they say before, while and after, and what they refuse."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.audit import KEPT, Audit
from bot.rendering.reload import digest_of
from bot.roles import Roles
from corpus.load_lock import load_lock
from tests.e2e.keeping import becomes, holding, noted, pressed
from tests.e2e.messages import labels, text_of
from tests.e2e.news import write_document
from tests.e2e.pressing import forge, newest, told
from tests.e2e.subscribers import subscribe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Message

    from tests.e2e.conftest import Stage

BRIDGE = "白鹭大桥主跨合龙，全长4260米。"
QUESTION = "白鹭大桥全长多少米"


class Newsroom:
    """The running bot with an administrator, and its folder of news."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.administrator = stage.alice
        self.folder = stage.services.settings.corpus

    def write(self, name: str = "bridge.md", text: str = BRIDGE, title: str = "白鹭大桥合龙") -> None:
        write_document(self.folder / name, text, title=title, source="虚构日报", date="2025-12-01")

    async def dry_run(self) -> Message:
        """The message of `/reload`, when the dry run has ended."""
        shown = await self.stage.ask(self.administrator, "/reload")
        return await becomes(self.stage, shown, "A load would change")

    async def load(self) -> Message:
        """The message of a reload that was confirmed and is done."""
        return await pressed(
            self.stage, self.administrator, await self.dry_run(), "Load", "The news is loaded."
        )

    async def served(self) -> int | None:
        return await self.stage.services.store.published()


@pytest.fixture
async def room(stage: Stage) -> AsyncIterator[Newsroom]:
    async with stage.running(stage.with_settings(admins=(stage.alice.id,))):
        yield Newsroom(stage)


async def test_a_dry_run_says_what_would_change_and_changes_nothing(room: Newsroom) -> None:
    before = await room.served()
    room.write()
    (room.folder / "others.jsonl").unlink()
    write_document(room.folder / "deal.md", "蓝鲸生物终止授权。", title="终止", date="2025-12-02")
    (room.folder / "scan.pdf").write_bytes(b"")
    shown = await room.dry_run()
    assert text_of(shown) == (
        "A load would change this:\n\n"
        "1 file added:\n  bridge.md\n\n"
        "1 file changed:\n  deal.md\n\n"
        "1 file removed:\n  others.jsonl\n\n"
        "1 file refused:\n  scan.pdf: It is empty (0 bytes).\n\n"
        "It would serve 2 documents, 2 passages."
    )
    assert labels(shown) == ["Load", "Cancel"]
    assert await room.served() == before
    shown = await pressed(room.stage, room.administrator, shown, "Cancel", "Nothing was changed.")
    assert labels(shown) == []
    assert (await room.served(), await noted(room.stage)) == (before, [])
    assert BRIDGE not in text_of(await room.stage.ask(room.stage.reader, QUESTION))


async def test_confirmed_it_is_loaded_and_answered_from(room: Newsroom) -> None:
    await subscribe(room.stage, room.administrator, "白鹭大桥")
    room.write()
    shown = await room.load()
    assert text_of(shown) == (
        "The news is loaded.\n\n1 file added:\n  bridge.md\n\n"
        "1 notification goes out to those who follow this.\n\n"
        "Serving 15 documents, 15 passages.\n\n/undo takes it back."
    )
    assert BRIDGE in text_of(await room.stage.ask(room.stage.reader, QUESTION))
    (entry,) = await noted(room.stage)
    assert (entry.actor, entry.deed, entry.detail["added"]) == (
        room.administrator.id,
        "load",
        ["bridge.md"],
    )


async def test_when_nothing_has_changed_there_is_nothing_to_confirm(room: Newsroom) -> None:
    (room.folder / "scan.pdf").write_bytes(b"")
    shown = await room.stage.ask(room.administrator, "/reload")
    shown = await becomes(room.stage, shown, "A load would change nothing.")
    assert "scan.pdf: It is empty" in text_of(shown)
    assert labels(shown) == []


async def test_that_the_folder_changed_since_the_dry_run_is_said(room: Newsroom) -> None:
    room.write()
    shown = await room.dry_run()
    room.write("second.md", "第二条消息，共有7项。")
    shown = await pressed(room.stage, room.administrator, shown, "Load", "The news is loaded.")
    assert "The folder has changed since the dry run" in text_of(shown)
    assert "2 files added:\n  bridge.md\n  second.md" in text_of(shown)
    # What was loaded meanwhile by somebody else is no change.
    old = await room.stage.ask(room.administrator, "/reload")
    old = await becomes(room.stage, old, "A load would change nothing.")


async def test_long_lists_and_hostile_names_fit(room: Newsroom) -> None:
    for number in range(40):
        room.write(f"{number:02}<b>{'很长的名字' * 12}.md", f"第{number}条消息共有{number + 3}项。")
        (room.folder / f"refused{number:02}&{'x' * 150}.pdf").write_bytes(b"")
    shown = await room.dry_run()
    assert "40 files added:\n  00<b>很长的名字" in text_of(shown)
    assert "… +35" in text_of(shown)
    assert len(text_of(shown)) < 3000


async def test_a_second_reload_joins_the_one_that_runs(stage: Stage) -> None:
    changed = {"admins": (stage.alice.id,), "admin_chat": stage.group.id}
    services, held = holding(stage.with_settings(**changed), stage.telegram.world.clock)
    async with stage.running(services):
        room = Newsroom(stage)
        room.write()
        shown = await room.dry_run()
        await pressed(stage, stage.alice, shown, "Load", "It begins as soon as")
        await held.reached.wait()
        username = stage.telegram.username
        second = await stage.ask(stage.alice, f"/reload@{username}", stage.group)
        assert text_of(second).startswith("The news is being loaded already.")
        asked = await told(stage, stage.alice, second, "How far is it?")
        assert asked["text"] == "It is going on; this message tells what comes of it."
        assert BRIDGE not in text_of(await stage.ask(stage.reader, QUESTION)), (
            "the old news answers meanwhile"
        )
        held.go.set()
        for message in (shown, second):
            assert "1 file added" in text_of(await becomes(stage, message, "The news is loaded."))
        assert [entry.deed for entry in await noted(stage)] == ["load"]


async def test_how_far_it_is_and_that_it_was_stopped(stage: Stage) -> None:
    services, held = holding(stage.with_settings(admins=(stage.alice.id,)), stage.telegram.world.clock)
    before = await stage.services.store.published()
    async with stage.running(services) as stop:
        room = Newsroom(stage)
        room.write()
        shown = await room.dry_run()
        await stage.telegram.press(stage.alice, shown, "Load")
        await held.reached.wait()
        await becomes(stage, shown, "▓▓▓▓▓▓▓▓▓▓▓▓ 100 %")
        assert text_of(newest(stage, shown)).endswith("until all of it is there.")
        stop.set()
        stopped = await becomes(stage, shown, "Wenxun was stopped before this was done.")
        assert labels(stopped) == []
    assert await stage.services.store.published() == before


async def test_a_message_of_an_earlier_run_says_that_nothing_runs(room: Newsroom) -> None:
    shown = await room.stage.ask(room.administrator, "/reload")
    shown = await becomes(room.stage, shown, "A load would change nothing.")
    world = room.stage.telegram.world.chats[shown.chat_id].messages[shown.message_id]
    world["reply_markup"] = {"inline_keyboard": [[{"text": "How far is it?", "callback_data": "rel:see"}]]}
    shown = await pressed(
        room.stage, room.administrator, shown, "How far is it?", "Nothing is being loaded now."
    )
    await pressed(room.stage, room.administrator, shown, "Look again", "A load would change nothing.")


async def test_a_message_of_an_earlier_run_follows_what_runs_now(stage: Stage) -> None:
    services, held = holding(stage.with_settings(admins=(stage.alice.id,)), stage.telegram.world.clock)
    async with stage.running(services):
        room = Newsroom(stage)
        old = await stage.ask(stage.alice, "/reload")
        old = await becomes(stage, old, "A load would change nothing.")
        world = stage.telegram.world.chats[old.chat_id].messages[old.message_id]
        button = {"text": "How far is it?", "callback_data": "rel:see"}
        world["reply_markup"] = {"inline_keyboard": [[button]]}
        room.write()
        shown = await room.dry_run()
        await stage.telegram.press(stage.alice, shown, "Load")
        await held.reached.wait()
        await pressed(
            stage, stage.alice, newest(stage, old), "How far is it?", "The news is being loaded already."
        )
        held.go.set()
        for message in (shown, old):
            await becomes(stage, message, "The news is loaded.")


async def test_a_button_that_is_pressed_twice_loads_once(stage: Stage) -> None:
    services, held = holding(stage.with_settings(admins=(stage.alice.id,)), stage.telegram.world.clock)
    async with stage.running(services):
        room = Newsroom(stage)
        room.write()
        shown = await room.dry_run()
        await stage.telegram.press(stage.alice, shown, "Load")
        await stage.telegram.press(stage.alice, shown, "Load")
        await held.reached.wait()
        await stage.idle()
        held.go.set()
        await becomes(stage, shown, "The news is loaded.")
        await stage.idle()
        edits = [str(call.parameters.get("text")) for call in stage.telegram.calls]
        assert not any("being loaded already" in text for text in edits)
    assert [entry.deed for entry in await noted(stage)] == ["load"]


async def test_undo_says_what_it_withdraws_and_does_it(room: Newsroom) -> None:
    room.write()
    await room.load()
    shown = await room.stage.ask(room.administrator, "/undo")
    assert text_of(shown).startswith("Undoing the load of ")
    assert "1 file not served any more:\n  bridge.md" in text_of(shown)
    assert "1 document withdrawn:\n  白鹭大桥合龙" in text_of(shown)
    assert "It would serve 14 documents, 14 passages." in text_of(shown)
    assert labels(shown) == ["Undo it", "Cancel"]
    assert BRIDGE in text_of(await room.stage.ask(room.stage.reader, QUESTION)), "it is only asked"
    shown = await pressed(room.stage, room.administrator, shown, "Undo it", "The last load is undone.")
    assert "Serving 14 documents" in text_of(shown)
    assert BRIDGE not in text_of(await room.stage.ask(room.stage.reader, QUESTION))
    load, undo = await noted(room.stage)
    assert (load.deed, undo.deed, undo.actor) == ("load", "undo", room.administrator.id)
    assert load.undone is not None


async def test_what_was_undone_is_held_back_until_it_is_wanted(room: Newsroom) -> None:
    room.write()
    await room.load()
    shown = await room.stage.ask(room.administrator, "/undo")
    await pressed(room.stage, room.administrator, shown, "Undo it", "The last load is undone.")
    shown = await room.stage.ask(room.administrator, "/reload")
    shown = await becomes(room.stage, shown, "A load would change nothing.")
    assert "1 file held back, because the load that took it was undone:\n  bridge.md" in text_of(shown)
    assert labels(shown) == ["Take what is held back, too"]
    shown = await pressed(
        room.stage, room.administrator, shown, "Take what is held back, too", "1 file added:\n  bridge.md"
    )
    shown = await pressed(room.stage, room.administrator, shown, "Load", "The news is loaded.")
    assert "has changed since" not in text_of(shown)
    assert BRIDGE in text_of(await room.stage.ask(room.stage.reader, QUESTION))


async def test_nothing_to_undo(room: Newsroom) -> None:
    shown = await room.stage.ask(room.administrator, "/undo")
    assert (text_of(shown), labels(shown)) == ("There is no earlier load to go back to.", [])


async def test_an_undo_is_not_of_another_load_than_was_shown(room: Newsroom) -> None:
    room.write()
    await room.load()
    shown = await room.stage.ask(room.administrator, "/undo")
    room.write("second.md", "第二条消息，共有7项。", title="第二条")
    await room.load()
    shown = await pressed(
        room.stage, room.administrator, shown, "Undo it", "Something else has been loaded meanwhile."
    )
    assert "  second.md" in text_of(shown)
    assert "  bridge.md" not in text_of(shown)
    assert [entry.deed for entry in await noted(room.stage)] == ["load", "load"]
    await pressed(room.stage, room.administrator, shown, "Undo it", "The last load is undone.")
    assert await room.served() is not None


async def test_an_undo_can_be_left(room: Newsroom) -> None:
    room.write()
    await room.load()
    shown = await room.stage.ask(room.administrator, "/undo")
    await pressed(room.stage, room.administrator, shown, "Cancel", "Nothing was changed.")
    assert BRIDGE in text_of(await room.stage.ask(room.stage.reader, QUESTION))


REFUSALS = {
    "empty": "There is no news in the folder, but news from it is being served",
    "missing": "The folder of news is not there.",
    "locked": "News is being loaded by another program at the moment.",
}


@pytest.mark.parametrize("why", REFUSALS)
async def test_why_nothing_can_be_loaded(room: Newsroom, why: str) -> None:
    before = await room.served()
    room.write()
    shown = await room.dry_run()
    if why == "locked":
        async with load_lock(room.stage.database):
            await pressed(room.stage, room.administrator, shown, "Load", REFUSALS[why])
            again = await room.stage.ask(room.administrator, "/reload")
            again = await becomes(room.stage, again, REFUSALS[why])
        await pressed(room.stage, room.administrator, again, "Look again", "A load would change this")
        return
    shutil.rmtree(room.folder)
    if why == "empty":
        room.folder.mkdir()
    shown = await pressed(room.stage, room.administrator, shown, "Load", REFUSALS[why])
    assert labels(shown) == ["Look again"]
    assert (await room.served(), await noted(room.stage)) == (before, [])


async def test_buttons_that_are_forged_or_pressed_by_others_do_nothing(room: Newsroom) -> None:
    before = await room.served()
    room.write()
    dead = "This button no longer works."
    for data in ("rel:load", "rel:undo:0:abcdef01", "rel:x", "rel:", "rel:load:2:abcdef01"):
        shown = await room.dry_run()
        assert (await forge(room.stage, room.administrator, shown, data))["text"] == dead, data
    plan = await room.stage.services.loader.plan()
    theirs = await room.stage.ask(room.stage.reader, "/settings")
    for data in (f"rel:load:0:{digest_of(plan)}", "rel:plan", "rel:undo:0:1"):
        theirs = await room.stage.ask(room.stage.reader, "/settings")
        assert (await forge(room.stage, room.stage.reader, theirs, data))["text"] != ""
    await room.stage.idle()
    assert (await room.served(), await noted(room.stage)) == (before, [])


async def test_an_editor_may_not_reload(room: Newsroom) -> None:
    stage = room.stage
    bot_id = int(stage.telegram.token.partition(":")[0])
    await Roles(stage.database, bot_id, (), stage.telegram.world.clock).appoint(stage.reader.id, "林晓", 1)
    unknown = text_of(await stage.ask(stage.reader, "/nonsense"))
    for command in ("/reload", "/undo"):
        assert text_of(await stage.ask(stage.reader, command)) == unknown


async def test_what_was_noted_long_ago_is_removed(stage: Stage) -> None:
    bot_id = int(stage.telegram.token.partition(":")[0])
    clock = stage.telegram.world.clock
    await Audit(stage.database, bot_id, lambda: clock() - KEPT - timedelta(days=1)).note(1, "load", {})
    await Audit(stage.database, bot_id, lambda: clock() - KEPT + timedelta(days=1)).note(2, "load", {})
    async with stage.running(), asyncio.timeout(10):
        while len(await noted(stage)) > 1:  # noqa: ASYNC110 - told by nobody
            await asyncio.sleep(0.02)
    assert [entry.actor for entry in await noted(stage)] == [2]
