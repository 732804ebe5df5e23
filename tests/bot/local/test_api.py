"""The HTTP around the methods: how calls travel, tokens, files, faults, and who may call."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from typing import TYPE_CHECKING

import aiohttp
import pytest
from telegram import InputFile
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.local import LocalTelegram
from bot.local.faults import Moment

if TYPE_CHECKING:
    from telegram import Bot

    from tests.bot.local.conftest import Raw

READER = 1001


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" * (width + 1) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class TestHowCallsTravel:
    """Telegram takes parameters in four ways, and the method's name in any case."""

    @pytest.fixture
    def address(self, raw: Raw, met: LocalTelegram) -> str:
        assert met.world.chats
        return f"{raw.root}/sendMessage"

    async def test_in_the_query(self, session: aiohttp.ClientSession, address: str) -> None:
        async with session.get(address, params={"chat_id": "1001", "text": "中 文"}) as response:
            assert (await response.json())["result"]["text"] == "中 文"

    async def test_in_a_form(self, session: aiohttp.ClientSession, address: str) -> None:
        async with session.post(address, data={"chat_id": "1001", "text": "中"}) as response:
            assert (await response.json())["result"]["text"] == "中"

    async def test_in_parts(self, session: aiohttp.ClientSession, address: str) -> None:
        form = aiohttp.FormData({"chat_id": "1001", "text": "中"}, default_to_multipart=True)
        async with session.post(address, data=form) as response:
            assert (await response.json())["result"]["text"] == "中"

    async def test_as_json(self, session: aiohttp.ClientSession, address: str) -> None:
        async with session.post(address, json={"chat_id": 1001, "text": "中"}) as response:
            assert (await response.json())["result"]["text"] == "中"

    async def test_in_any_case(self, session: aiohttp.ClientSession, address: str) -> None:
        lower = address.replace("sendMessage", "sendmessage")
        async with session.get(lower, params={"chat_id": "1001", "text": "x"}) as response:
            assert response.status == 200

    @pytest.mark.parametrize(
        ("body", "description"),
        [
            (b"{", "can't parse request body"),
            (b"[]", "object expected as request body"),
            (b"[" * 100_000, "can't parse request body"),
            (b"\xff\xfe", "strings must be encoded in UTF-8"),
        ],
        ids=["cut", "array", "deep", "bytes"],
    )
    async def test_json_that_is_none(
        self, session: aiohttp.ClientSession, address: str, body: bytes, description: str
    ) -> None:
        headers = {"Content-Type": "application/json"}
        async with session.post(address, data=body, headers=headers) as response:
            assert response.status == 400
            assert (await response.json())["description"] == f"Bad Request: {description}"

    async def test_too_large_a_body(self, session: aiohttp.ClientSession, address: str) -> None:
        body = io.BytesIO(b'{"text":"' + b"x" * (52 * 2**20) + b'"}')
        headers = {"Content-Type": "application/json"}
        async with session.post(address, data=body, headers=headers) as response:
            assert response.status == 413
            assert (await response.json())["description"] == "Request Entity Too Large"


@pytest.mark.parametrize(
    ("token", "code", "description"),
    [
        ("8100200300:" + "x" * 35, 401, "Unauthorized"),
        ("nonsense", 404, "Not Found"),
        ("1:2", 404, "Not Found"),
    ],
)
async def test_tokens(
    server: LocalTelegram, session: aiohttp.ClientSession, token: str, code: int, description: str
) -> None:
    for path in (f"bot{token}/getMe", f"file/bot{token}/documents/file_0.txt"):
        async with session.get(f"{server.url}/{path}") as response:
            assert response.status == code
            body = await response.json()
            assert body == {"ok": False, "error_code": code, "description": description}


async def test_unknown_methods(raw: Raw) -> None:
    for method in ("sendDice", "nonsense", "__class__"):
        assert (await raw.call(method)) == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_who_the_bot_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.username == "wenxun_local_bot"
    assert me.supports_inline_queries
    assert not me.can_read_all_group_messages
    assert str(me.id) == bot.token.partition(":")[0]
    assert await bot.log_out()


async def test_the_token_can_be_given() -> None:
    token = "8100200300:" + "y" * 35
    async with LocalTelegram(token=token) as server:
        assert server.token == token
        async with aiohttp.request("GET", f"{server.url}/bot{token}/getMe") as response:
            assert response.status == 200


@pytest.mark.usefixtures("met")
class TestFiles:
    async def test_a_document_up_and_down(self, bot: Bot) -> None:
        sent = await bot.send_document(READER, InputFile("中文".encode(), "报告 a.TXT"), caption="c")
        document = sent.document
        assert document is not None
        assert (document.file_name, document.file_size, document.mime_type) == ("报告 a.TXT", 6, "text/plain")
        file = await bot.get_file(document.file_id)
        assert file.file_path is not None
        assert file.file_path.endswith("/documents/file_0.txt")
        assert bytes(await file.download_as_bytearray()) == "中文".encode()
        again = await bot.send_document(READER, document.file_id)
        assert again.document == document

    async def test_a_photo(self, bot: Bot) -> None:
        sent = await bot.send_photo(READER, InputFile(png(40, 30), "a.png"))
        assert [(size.width, size.height) for size in sent.photo] == [(40, 30)]
        with pytest.raises(BadRequest, match="Image_process_failed"):
            await bot.send_photo(READER, InputFile(b"not a picture", "a.png"))
        with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
            await bot.send_photo(READER, InputFile(png(2, 50), "a.png"))

    async def test_an_attached_file(self, raw: Raw, session: aiohttp.ClientSession) -> None:
        form = aiohttp.FormData({"chat_id": "1001", "document": "attach://here"})
        form.add_field("here", b"abc", filename="a.txt")
        async with session.post(f"{raw.root}/sendDocument", data=form) as response:
            assert (await response.json())["result"]["document"]["file_name"] == "a.txt"

    async def test_refused_files(self, raw: Raw, bot: Bot) -> None:
        refusals = {
            "there is no document in the request": {},
            "failed to get HTTP URL content": {"document": "https://example.com/a.txt"},
            "wrong file_id or the file is temporarily unavailable": {"document": "BQnothing"},
        }
        for description, parameters in refusals.items():
            refusal = await raw.refused("sendDocument", chat_id=READER, **parameters)
            assert refusal == f"Bad Request: {description}"
        assert await raw.refused("getFile", file_id="x") == (
            "Bad Request: wrong file_id or the file is temporarily unavailable"
        )
        with pytest.raises(BadRequest, match="File must be non-empty"):
            await bot.send_document(READER, InputFile(b"", "empty.txt"))
        with pytest.raises(BadRequest, match="Message caption is too long"):
            await bot.send_document(READER, InputFile(b"x", "a.txt"), caption="x" * 1025)

    async def test_a_large_file_can_be_sent_but_not_fetched(self, bot: Bot) -> None:
        sent = await bot.send_document(READER, InputFile(b"x" * (20 * 2**20 + 1), "big.bin"))
        assert sent.document is not None
        with pytest.raises(BadRequest, match="File is too big"):
            await bot.get_file(sent.document.file_id)

    async def test_no_path_leads_elsewhere(
        self, server: LocalTelegram, session: aiohttp.ClientSession
    ) -> None:
        for path in ("../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "documents/file_99.txt"):
            address = f"{server.url}/file/bot{server.token}/{path}"
            async with session.get(address) as response:
                assert response.status == 404


@pytest.mark.usefixtures("met")
class TestFaults:
    async def test_refusals_without_effect(self, raw: Raw, server: LocalTelegram) -> None:
        server.faults.flood(7, "sendMessage", times=2)
        server.faults.forbid(method="sendMessage")
        server.faults.refuse("PEER_ID_INVALID")
        server.faults.fail(500, "Internal Server Error: sorry")
        send = {"chat_id": READER, "text": "x"}
        first, second = [await raw.call("sendMessage", **send) for _ in range(2)]
        assert first == second
        assert first["parameters"] == {"retry_after": 7}
        assert await raw.refused("sendMessage", **send) == "Forbidden: bot was blocked by the user"
        assert await raw.refused("sendMessage", **send) == "Bad Request: PEER_ID_INVALID"
        assert await raw.refused("getMe") == "Internal Server Error: sorry"
        assert [message.text for message in server.messages(READER)] == ["/start"]
        await raw.result("sendMessage", **send)
        assert server.faults.left == 0

    async def test_only_the_named_method_is_struck(self, raw: Raw, server: LocalTelegram) -> None:
        server.faults.refuse("x", "editMessageText")
        server.faults.refuse("y")
        assert await raw.result("getUpdates") == []  # "any" leaves polling alone
        assert await raw.refused("getMe") == "Bad Request: y"
        await raw.result("getMe")
        server.faults.clear()
        assert server.faults.left == 0

    async def test_a_proxy_in_between(self, bot: Bot, server: LocalTelegram) -> None:
        server.faults.bad_gateway("sendMessage")
        with pytest.raises(NetworkError, match=r"Bad Gateway \(502\)"):
            await bot.send_message(READER, "x")
        assert len(server.messages(READER)) == 1
        server.faults.bad_gateway("sendMessage", moment=Moment.AFTER)
        with pytest.raises(NetworkError):
            await bot.send_message(READER, "x")
        assert len(server.messages(READER)) == 2

    @pytest.mark.parametrize(("moment", "arrives"), [(Moment.BEFORE, False), (Moment.AFTER, True)])
    async def test_a_cut_connection(
        self, bot: Bot, server: LocalTelegram, moment: Moment, *, arrives: bool
    ) -> None:
        server.faults.cut("sendMessage", moment=moment)
        with pytest.raises(NetworkError):
            await bot.send_message(READER, "x")
        assert len(server.messages(READER)) == 1 + arrives
        assert server.calls[-1].code == 0
        await bot.send_message(READER, "y")

    async def test_an_answer_that_is_lost(self, bot: Bot, server: LocalTelegram) -> None:
        server.faults.lose_answer("sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(READER, "x", read_timeout=0.2)
        assert server.messages(READER)[-1].text == "x"
        assert server.calls[-1].result is not None

    async def test_a_late_answer(self, bot: Bot, server: LocalTelegram) -> None:
        server.faults.slow(0.15, "sendMessage")
        before = asyncio.get_running_loop().time()
        await bot.send_message(READER, "x")
        assert asyncio.get_running_loop().time() - before >= 0.15


async def test_calls_are_logged(raw: Raw, met: LocalTelegram) -> None:
    await raw.call("sendMessage", chat_id=READER, text="x", reply_markup='{"force_reply": true}')
    await raw.call("sendMessage", chat_id=7, text="x")
    sent, refused = met.calls
    assert (sent.method, sent.code) == ("sendMessage", 200)
    assert sent.parameters == {"chat_id": READER, "text": "x", "reply_markup": {"force_reply": True}}
    assert sent.result["text"] == "x"
    assert (refused.code, refused.description, refused.result) == (400, "Bad Request: chat not found", None)
    assert await met.wait_for_call("sendMessage", count=2) == refused


async def test_waiting_ends(server: LocalTelegram) -> None:
    said = await server.say(READER, "x")
    with pytest.raises(TimeoutError):
        await server.wait_for_reply(READER, after=said, timeout=0.05)
    with pytest.raises(TimeoutError):
        await server.wait_for_call("sendMessage", timeout=0.05)


class TestOtherSites:
    """A web site that is open in the same browser reaches nothing."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "evil.example:{port}"},
            {"Host": "127.0.0.1:1"},
            {"Host": "127.0.0.1"},
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:1"},
            {"Origin": "https://127.0.0.1:{port}"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("path", ["bot{token}/getMe", "page/live", "page/upload", "static/chat.js"])
    async def test_foreign_requests_are_refused(
        self, server: LocalTelegram, session: aiohttp.ClientSession, headers: dict[str, str], path: str
    ) -> None:
        port = server.url.rpartition(":")[2]
        given = {name: value.replace("{port}", port) for name, value in headers.items()}
        address = f"{server.url}/{path.replace('{token}', server.token)}"
        for verb in ("GET", "POST"):
            async with session.request(verb, address, headers=given) as response:
                assert response.status == 403

    async def test_both_loopback_names_are_ours(
        self, server: LocalTelegram, session: aiohttp.ClientSession
    ) -> None:
        port = server.url.rpartition(":")[2]
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
            async with session.get(server.page_url, headers=headers) as response:
                assert response.status == 200

    async def test_a_link_may_open_the_page(
        self, server: LocalTelegram, session: aiohttp.ClientSession
    ) -> None:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        async with session.get(server.page_url, headers=headers) as response:
            assert response.status == 200

    async def test_the_live_connection_needs_an_origin(
        self, server: LocalTelegram, session: aiohttp.ClientSession
    ) -> None:
        async with session.get(f"{server.url}/page/live") as response:
            assert response.status == 403

    async def test_every_answer_is_protected(
        self, server: LocalTelegram, session: aiohttp.ClientSession
    ) -> None:
        for path in ("", "static/chat.js", "nothing", f"bot{server.token}/getMe", "page/files/nothing"):
            async with session.get(f"{server.url}/{path}") as response:
                assert "default-src 'none'" in response.headers["Content-Security-Policy"]
                assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_only_loopback_is_listened_on(self, server: LocalTelegram) -> None:
        assert server.url.startswith("http://127.0.0.1:")
        assert server._runner is not None
        assert [address[0] for address in server._runner.addresses] == ["127.0.0.1"]
