"""The page's live connection, spoken to without a browser."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.local.changes import Changes
from bot.local.wire import Upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

    from bot.local import LocalTelegram

READER = 1001


class Live:
    """An open page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, state: dict[str, object]) -> None:
        self.socket = socket
        self.state = state

    async def act(self, act: str, **details: object) -> dict[str, object]:
        """Do something; returns the answer, and skips what happens in between."""
        await self.socket.send_json({"act": act, "ref": 7, "person": READER, "chat": READER, **details})
        while (answer := await self.socket.receive_json(timeout=5)).get("ref") != 7:
            pass
        return answer

    async def change(self, kind: str) -> dict[str, object]:
        """The next change of a kind."""
        while (change := await self.socket.receive_json(timeout=5))["kind"] != kind:
            pass
        return change


@asynccontextmanager
async def opened(server: LocalTelegram) -> AsyncIterator[Live]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/page/live", origin=server.url) as socket,
    ):
        yield Live(socket, await socket.receive_json(timeout=5))


@pytest.fixture
async def live(server: LocalTelegram) -> AsyncIterator[Live]:
    async with opened(server) as page:
        yield page


async def test_the_state_comes_first(server: LocalTelegram) -> None:
    await server.say(READER, "早")
    async with opened(server) as live:
        chats = {chat["id"]: chat for chat in live.state["chats"]}
        assert [message["text"] for message in chats[READER]["messages"]] == ["早"]
        assert [person["id"] for person in live.state["people"]] == [1001, 1002, 1003, 1004]
        assert chats[server.people.group.id]["talkers"] == [1001, 1002, 1003, 1004]
        assert server.token not in json.dumps(live.state)


async def test_what_happens_is_told(live: Live, server: LocalTelegram, bot: Bot) -> None:
    said = await server.say(READER, "早")
    assert (await live.change("message"))["message"]["message_id"] == said.message_id
    await bot.send_chat_action(READER, "typing")
    assert (await live.change("action"))["action"] == "typing"
    sent = await bot.send_message(READER, "x")
    await bot.edit_message_text("y", READER, sent.message_id)
    assert (await live.change("edited"))["message"]["text"] == "y"
    await bot.delete_message(READER, sent.message_id)
    assert (await live.change("deleted"))["message_id"] == sent.message_id
    await bot.set_my_commands([("start", "x")])
    assert (await live.change("state"))["session"] == live.state["session"]


async def test_acts(live: Live, server: LocalTelegram, bot: Bot) -> None:
    said = await live.act("say", text="一")
    await live.act("edit", message_id=said["message_id"], text="二")
    assert server.messages(READER)[0].text == "二"
    answered = await live.act("say", text="三", reply_to=said["message_id"])
    assert server.messages(READER)[1].reply_to_message.message_id == said["message_id"]
    await live.act("delete", message_id=answered["message_id"])
    assert len(server.messages(READER)) == 1
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await bot.send_message(READER, "x", reply_markup=markup)
    pressed = await live.act("press", message_id=sent.message_id, row=0, column=0)
    await bot.answer_callback_query(pressed["query_id"], "好")
    assert (await live.change("answered"))["query_id"] == pressed["query_id"]
    asked = await live.act("ask", text="新药")
    result = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "z"}}
    await bot.answer_inline_query(asked["query_id"], [result])
    await live.act("choose", query_id=asked["query_id"], result_id="1")
    assert server.messages(READER)[-1].text == "z"
    await live.act("block")
    assert server.world.chats[READER].bot_status == "kicked"
    await live.act("unblock")
    group = server.people.group.id
    await live.act("kick", chat=group)
    assert server.world.chats[group].bot_status == "kicked"
    await live.act("add", chat=group)
    assert server.world.chats[group].bot_status == "member"


async def test_acts_in_groups(live: Live, server: LocalTelegram) -> None:
    forum, small = server.people.forum.id, server.people.small_group.id
    topic = (await live.act("topic", chat=forum, name="财经"))["thread_id"]
    said = await live.act("say", chat=forum, thread=topic, text="一")
    assert server.messages(forum)[-1].message_thread_id == topic
    await live.act("react", chat=forum, message_id=said["message_id"], emoji="👍")
    assert (await live.change("reaction"))["emoji"] == ["👍"]
    await live.act("forward", from_chat=forum, message_id=said["message_id"])
    assert server.messages(READER)[-1].text == "一"
    await live.act("forward_post", chat=forum, thread=topic, post_id=11)
    assert server.messages(forum)[-1].forward_origin.type == "channel"
    await live.act("promote", chat=small)
    assert server.world.chats[small].bot_status == "administrator"
    await live.act("demote", chat=small)
    assert server.world.chats[small].bot_status == "member"
    grown = await live.act("grow", chat=small)
    assert server.world.chats[small].migrated_to == grown["chat_id"]


async def test_what_is_kept_inline_comes_with_the_question(live: Live, bot: Bot) -> None:
    asked = await live.act("ask", text="新药")
    assert asked["answer"] is None
    result = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "z"}}
    await bot.answer_inline_query(asked["query_id"], [result])
    again = await live.act("ask", text="新药")
    assert again["answer"]["results"][0]["title"] == "T"
    assert (await live.act("choose", query_id=again["query_id"], result_id="1"))["kind"] == "done"


@pytest.mark.parametrize(
    "wanted",
    [
        {"act": "say"},
        {"act": "say", "text": " "},
        {"act": "say", "text": "x", "chat": 1003},
        {"act": "say", "text": "x", "person": 8},
        {"act": "say", "text": "x", "person": [1]},
        {"act": "say", "text": "x", "chat": {"a": 1}},
        {"act": "say", "text": "\ud800"},
        {"act": "say", "text": "x", "reply_to": [1]},
        {"act": "edit", "message_id": "x", "text": "y"},
        {"act": "press", "message_id": 1, "row": -1, "column": 0},
        {"act": "press", "message_id": 10**30, "row": 0, "column": 0},
        {"act": "choose", "query_id": "1", "result_id": "1"},
        {"act": "say", "text": "x", "thread": 5},
        {"act": "say", "text": "x", "thread": "x"},
        {"act": "topic", "name": "x"},
        {"act": "promote"},
        {"act": "grow"},
        {"act": "forward", "from_chat": 1001, "message_id": 5},
        {"act": "forward", "from_chat": [1], "message_id": 5},
        {"act": "forward_post", "post_id": 5},
        {"act": "react", "message_id": 1, "emoji": "👍"},
        {"act": "__init__"},
        {"act": None},
        {},
    ],
    ids=str,
)
async def test_nonsense_is_refused_and_does_no_harm(
    live: Live, server: LocalTelegram, wanted: dict[str, object]
) -> None:
    answer = await live.act(**{"act": "say", **wanted} if "act" not in wanted else wanted)
    assert answer["kind"] == "refused"
    assert answer["reason"]
    assert server.messages(READER) == ()
    assert (await live.act("say", text="still here"))["kind"] == "done"


async def test_frames_that_are_no_acts_are_passed_over(live: Live) -> None:
    for frame in ("", "{", "[]", "7", '"x"', "[" * 10_000):
        await live.socket.send_str(frame)
    await live.socket.send_bytes(b"\xff")
    assert (await live.act("say", text="still here"))["kind"] == "done"


async def test_a_huge_frame_ends_the_connection_only(live: Live, server: LocalTelegram) -> None:
    await live.socket.send_str("x" * 100_000)
    message = await live.socket.receive(timeout=5)
    assert message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
    async with opened(server) as again:
        assert (await again.act("say", text="x"))["kind"] == "done"


async def test_every_open_page_is_told(server: LocalTelegram) -> None:
    async with opened(server) as one, opened(server) as other:
        await one.act("say", text="x")
        assert (await other.change("message"))["message"]["text"] == "x"


async def test_uploads(live: Live, server: LocalTelegram, session: aiohttp.ClientSession) -> None:
    address = f"{server.url}/page/upload"

    async def upload(**fields: str) -> dict[str, object]:
        form = aiohttp.FormData({"person": "1001", "chat": "1001", **fields})
        if "file" not in fields:
            form.add_field("file", b"GIF89a\x01\0\x01\0", filename="a.gif", content_type="image/gif")
        async with session.post(address, data=form) as response:
            return dict(await response.json())

    assert await upload(caption="看") == {"ok": True}
    photo = (await live.change("message"))["message"]
    assert (photo["photo"][0]["file_size"], photo["caption"]) == (10, "看")
    for kind in ("voice", "sticker", "document"):
        assert await upload(kind=kind) == {"ok": True}
        assert kind in (await live.change("message"))["message"]
    topic = next(iter(server.world.chats[server.people.forum.id].topics))
    assert await upload(chat=str(server.people.forum.id), thread=str(topic)) == {"ok": True}
    assert (await live.change("message"))["message"]["message_thread_id"] == topic
    assert not (await upload(kind="hologram"))["ok"]
    assert not (await upload(thread="5"))["ok"]
    assert not (await upload(chat="1003"))["ok"]
    assert not (await upload(person="x"))["ok"]
    assert not (await upload(chat="42"))["ok"]
    assert await upload(file="not a file") == {"ok": False, "reason": "there is no file"}


async def test_files_for_the_page(server: LocalTelegram, session: aiohttp.ClientSession) -> None:
    async def headers(mime_type: str, query: str = "") -> tuple[str | None, str | None, str | None]:
        file = server.world.files.keep(
            Upload('a"\r\nx: y.svg', mime_type, b"<svg onload=alert(1)>"), "documents"
        )
        async with session.get(f"{server.url}/page/files/{file.file_id}{query}") as response:
            names = ("Content-Type", "Content-Disposition", "Content-Security-Policy")
            return tuple(response.headers.get(name) for name in names)

    sandboxed = "default-src 'none'; sandbox"
    attached = "attachment; filename*=UTF-8''a%22%0D%0Ax%3A%20y.svg"
    assert await headers("image/svg+xml") == ("application/octet-stream", attached, sandboxed)
    assert await headers("text/html") == ("application/octet-stream", attached, sandboxed)
    assert await headers("image/png") == ("image/png", None, sandboxed)
    assert await headers("image/png", "?save") == ("image/png", attached, sandboxed)


@pytest.mark.parametrize(
    "path", ["static/chat.py", "static/../server.py", "static/index.html", "static/nothing.js"]
)
async def test_only_the_pages_own_files_are_served(
    server: LocalTelegram, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(f"{server.url}/{path}") as response:
        assert response.status == 404


async def test_who_reads_too_slowly_is_let_go() -> None:
    changes = Changes()
    with changes.watch() as slow, changes.watch() as quick:
        for number in range(10_001):
            changes.tell("x", number=number)
            if number < 10_000:
                await quick.get()
        changes.tell("x", number=-1)
        assert slow.qsize() == 10_001
        while (change := slow.get_nowait()) is not None:
            assert change["number"] < 10_000
        assert (await quick.get())["number"] == 10_000
        assert (await asyncio.wait_for(quick.get(), 1))["number"] == -1
