"""How updates wait, are handed out and confirmed, by polling and by webhook."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.local.updates import TERMINATED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import Raw

READER = 1001
SECRET = "only-between-us"  # noqa: S105 - a made-up one
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def ids(raw: Raw, **parameters: object) -> list[int]:
    return [update["update_id"] for update in await raw.result("getUpdates", **parameters)]


async def test_updates_stay_until_they_are_confirmed(raw: Raw, server: LocalTelegram) -> None:
    for number in range(4):
        await server.say(READER, str(number))
    first, second, third, fourth = await ids(raw)
    assert (second, third, fourth) == (first + 1, first + 2, first + 3)
    assert await ids(raw) == [first, second, third, fourth]
    assert await ids(raw, offset=third) == [third, fourth]
    assert await ids(raw) == [third, fourth]
    assert await ids(raw, limit=1) == [third]
    assert await ids(raw, offset=fourth + 1) == []
    assert server.world.updates.pending == ()


async def test_a_negative_offset_keeps_only_the_last(raw: Raw, server: LocalTelegram) -> None:
    for number in range(4):
        await server.say(READER, str(number))
    every = await ids(raw)
    assert await ids(raw, offset=-2) == every[-2:]
    assert await ids(raw) == every[-2:]


async def test_a_poll_waits_for_an_update(raw: Raw, server: LocalTelegram) -> None:
    poll = asyncio.create_task(raw.result("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await server.say(READER, "x")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update["message"]["text"] == "x"


async def test_a_poll_without_update_ends_in_time(raw: Raw) -> None:
    assert await asyncio.wait_for(raw.result("getUpdates", timeout=1), 3) == []


async def test_a_second_poller_ends_the_first(raw: Raw, server: LocalTelegram) -> None:
    first = asyncio.create_task(raw.call("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(raw.result("getUpdates", timeout=10))
    body = await asyncio.wait_for(first, 2)
    assert (body["error_code"], body["description"]) == (409, f"Conflict: {TERMINATED}")
    await server.say(READER, "x")
    assert len(await asyncio.wait_for(second, 2)) == 1


async def test_unwanted_kinds_are_left_out_from_now_on(raw: Raw, server: LocalTelegram) -> None:
    await server.say(READER, "1")
    await raw.result("getUpdates", allowed_updates=["callback_query"])
    await server.say(READER, "2")
    await raw.result("getUpdates")  # the choice is remembered
    await server.say(READER, "3")
    assert len(await ids(raw)) == 1
    await raw.result("getUpdates", allowed_updates=[])
    await server.say(READER, "4")
    assert len(await ids(raw)) == 2


async def test_ids_may_leave_a_gap(raw: Raw, server: LocalTelegram) -> None:
    await server.say(READER, "1")
    server.world.updates.skip_ids(100)
    await server.say(READER, "2")
    first, second = await ids(raw)
    assert second == first + 101


async def test_a_poll_whose_caller_has_gone_loses_nothing(raw: Raw, server: LocalTelegram) -> None:
    poll = asyncio.create_task(raw.result("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    poll.cancel()
    await server.say(READER, "x")
    assert len(await ids(raw)) == 1


class Hook:
    """A bot's web server: remembers what is posted, and answers as it is told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.url = ""
        self.called = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.called.set()
        return self.answers.pop(0) if self.answers else web.Response()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.updates) < count:
                self.called.clear()
                await self.called.wait()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_a_webhook_is_given_every_update(raw: Raw, server: LocalTelegram, hook: Hook) -> None:
    await server.say(READER, "before")
    await raw.result("setWebhook", url=hook.url, secret_token=SECRET, max_connections=5)
    await server.say(READER, "after")
    await hook.until(2)
    assert [update["message"]["text"] for update in hook.updates] == ["before", "after"]
    assert hook.secrets == [SECRET, SECRET]
    info = await raw.result("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (hook.url, 5)


async def test_polling_is_refused_while_a_webhook_is_set(raw: Raw, hook: Hook) -> None:
    poll = asyncio.create_task(raw.refused("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    await raw.result("setWebhook", url=hook.url)
    assert await asyncio.wait_for(poll, 2) == "Conflict: terminated by setWebhook request"
    assert await raw.refused("getUpdates") == WEBHOOK_ACTIVE
    await raw.result("deleteWebhook")
    assert await raw.result("getUpdates") == []


async def test_a_webhook_that_fails_is_given_the_update_again(
    raw: Raw, server: LocalTelegram, hook: Hook
) -> None:
    hook.answers = [web.Response(status=500), web.Response(status=302, headers={"Location": "/"})]
    await raw.result("setWebhook", url=hook.url)
    await server.say(READER, "x")
    await hook.until(2)
    info = await raw.result("getWebhookInfo")
    assert info["pending_update_count"] == 1
    assert info["last_error_message"].startswith("Wrong response from the webhook: ")
    await hook.until(3)
    assert len({update["update_id"] for update in hook.updates}) == 1


async def test_the_answer_to_an_update_can_be_a_call(raw: Raw, server: LocalTelegram, hook: Hook) -> None:
    call = {"method": "sendMessage", "chat_id": READER, "text": "from the hook"}
    hook.answers = [web.json_response(call), web.json_response({"method": "nonsense"})]
    await raw.result("setWebhook", url=hook.url)
    asked = await server.say(READER, "x")
    assert (await server.wait_for_reply(READER, after=asked)).text == "from the hook"
    await server.say(READER, "y")
    await server.say(READER, "z")
    await hook.until(3)  # an answer that is no call does no harm


async def test_pending_updates_can_be_dropped(raw: Raw, server: LocalTelegram) -> None:
    await server.say(READER, "x")
    await raw.result("deleteWebhook", drop_pending_updates=True)
    assert await raw.result("getUpdates") == []


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"url": "ftp://127.0.0.1/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "http://127.0.0.1:x/"}, "bad webhook: invalid URL specified"),
        (
            {"url": "https://example.com/"},
            "bad webhook: the local server delivers to loopback addresses only",
        ),
        ({"url": "http://127.0.0.1/", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
async def test_refused_webhooks(raw: Raw, parameters: dict[str, str], description: str) -> None:
    assert await raw.refused("setWebhook", **parameters) == f"Bad Request: {description}"


async def test_the_server_ends_while_a_poll_waits(raw: Raw, server: LocalTelegram) -> None:
    poll = asyncio.create_task(raw.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await asyncio.wait_for(server.__aexit__(None, None, None), 3)
    assert (await poll)["error_code"] == 502
