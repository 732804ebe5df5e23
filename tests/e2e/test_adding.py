"""Adding, changing and removing news over HTTP: each way, each button, and what is refused."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfWriter

from bot.local.wire import Upload
from bot.settings import sample_news
from tests.corpus.web import Web, answer
from tests.e2e.keeping import noted, pressed
from tests.e2e.messages import labels, quotes, text_of
from tests.e2e.pressing import forge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from telegram import Message

    from tests.e2e.conftest import Stage

TEXT = "白鹭大桥主跨合龙，全长4260米，总投资47亿元，预计明年通车。"
QUESTION = "白鹭大桥全长多少米"
CARD = ["Save", "Title", "Source", "Date", "Topics", "Cancel"]


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    served = Web()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        yield served


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Stage]:
    """A newsroom with an administrator."""
    async with stage.running(stage.with_settings(admins=(stage.alice.id,))):
        yield stage


def folder(stage: Stage) -> Path:
    return stage.services.settings.corpus


def added(stage: Stage) -> list[str]:
    """The files that were added, hidden ones too."""
    return sorted(path.name for path in (folder(stage) / "added").glob("*"))


async def send(stage: Stage, name: str, content: bytes) -> Message:
    said = await stage.telegram.send_file(stage.alice, Upload(name, "application/octet-stream", content))
    return await stage.telegram.wait_for_reply(stage.alice, after=said)


async def save(stage: Stage, shown: Message) -> Message:
    return await pressed(stage, stage.alice, shown, "Save", "It is in the news now:")


async def change(stage: Stage, shown: Message, label: str, value: str) -> Message:
    """The bot's reply to what is written into a field."""
    query = await stage.telegram.press(stage.alice, shown, label)
    await stage.telegram.wait_for_answer(query)
    await stage.idle()
    prompt = stage.telegram.messages(stage.alice)[-1]
    said = await stage.telegram.say(stage.alice, value, reply_to=prompt)
    return await stage.telegram.wait_for_reply(stage.alice, after=said)


async def test_a_file_is_shown_saved_served_and_taken_back(desk: Stage) -> None:
    shown = await send(desk, "../../大桥 合龙.txt", f"白鹭大桥合龙\n\n{TEXT}".encode())
    assert labels(shown) == CARD
    assert TEXT in quotes(shown)[0]
    assert added(desk) == []
    shown = await save(desk, shown)
    (name,) = added(desk)
    assert name.endswith("-大桥-合龙.txt")
    assert TEXT in text_of(await desk.ask(desk.reader, QUESTION))
    deed = next(entry for entry in await noted(desk) if entry.deed == "document_added")
    assert (deed.actor, deed.detail) == (desk.alice.id, {"file": f"added/{name}"})
    await pressed(desk, desk.alice, shown, "Take it back", "It was taken back")
    assert added(desk) == []
    assert TEXT not in text_of(await desk.ask(desk.reader, QUESTION))
    deed = next(entry for entry in await noted(desk) if entry.deed == "document_added")
    assert deed.undone is not None


async def test_a_draft_outlives_the_program_and_can_be_cancelled(stage: Stage) -> None:
    services = stage.with_settings(admins=(stage.alice.id,))
    async with stage.running(services):
        shown = await send(stage, "a.txt", TEXT.encode())
    async with stage.running(services):
        shown = await pressed(stage, stage.alice, shown, "Cancel", "Nothing was changed.")
    assert labels(shown) == []
    assert list((stage.services.settings.data / "drafts").iterdir()) == []


async def test_every_field_can_be_changed(desk: Stage) -> None:
    shown = await desk.ask(desk.alice, f"/add {TEXT}")
    shown = await change(desk, shown, "Title", "<b>大桥</b> & 合龙")
    shown = await change(desk, shown, "Source", "虚构日报")
    refused = await change(desk, shown, "Date", "yesterday or so")
    assert text_of(refused).startswith("This cannot be added.")
    shown = await change(desk, shown, "Date", "2025-12-16")
    shown = await change(desk, shown, "Topics", "桥梁，交通")
    assert text_of(shown).startswith("<b>大桥</b> & 合龙\n\nSource: 虚构日报\nDate: 2025-12-16")
    assert "Topics: 桥梁, 交通" in text_of(shown)
    await save(desk, shown)
    (name,) = added(desk)
    record = json.loads((folder(desk) / "added" / name).read_text())
    assert record["topics"] == ["桥梁", "交通"]
    assert record["passages"][0]["text"] == TEXT


async def test_a_text_is_added_in_reply_to_it(desk: Stage) -> None:
    written = await desk.telegram.say(desk.alice, f"大桥合龙\n{TEXT}")
    await desk.telegram.wait_for_reply(desk.alice, after=written)
    said = await desk.telegram.say(desk.alice, "/add", reply_to=written)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=said)
    assert text_of(shown).startswith("大桥合龙\n\nSource: –\nDate: ")


async def test_a_post_of_a_channel_names_its_source(desk: Stage) -> None:
    said = await desk.telegram.forward_post(desk.alice, desk.telegram.people.channel.posts[0].id)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=said)
    assert labels(shown) == CARD
    assert f"Source: {desk.telegram.people.channel.title}" in text_of(shown)


async def test_a_link_is_fetched_and_one_that_may_not_be_is_refused(stage: Stage, web: Web) -> None:
    web.pages["a.example/1"] = answer(f"<html><body><article><p>{TEXT}</p></article></body></html>")
    services = dataclasses.replace(stage.with_settings(admins=(stage.alice.id,)), fetcher=web.fetcher())
    async with services.fetcher, stage.running(services):
        shown = await stage.ask(stage.alice, web.url("a.example/1"))
        assert "Address: " in text_of(shown)
        assert TEXT in quotes(shown)[0]
        for address in ("http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest"):
            refused = text_of(await stage.ask(stage.alice, address))
            assert refused.startswith("This cannot be added."), address


async def test_what_is_there_already_is_told_with_its_share(desk: Stage) -> None:
    await save(desk, await desk.ask(desk.alice, f"/add 大桥合龙\n{TEXT}"))
    shown = await desk.ask(desk.alice, f"/add {TEXT}")
    assert "Much of this is in the news already:\n· 大桥合龙 · 100%" in text_of(shown)


async def test_a_file_with_many_documents_says_so(desk: Stage) -> None:
    lines = "\n".join(json.dumps({"text": f"第{n}条消息共有{n + 3}项。"}) for n in range(3))
    shown = await send(desk, "many.jsonl", lines.encode())
    assert "The file has 3 documents; this is the first." in text_of(shown)
    assert labels(shown) == ["Save", "Cancel"]


async def test_a_document_is_removed_and_brought_back(desk: Stage) -> None:
    await save(desk, await desk.ask(desk.alice, f"/add 大桥合龙\n{TEXT}"))
    files = added(desk)
    shown = await desk.ask(desk.alice, "/remove 大桥合龙")
    shown = await pressed(desk, desk.alice, shown, "Remove", "It is no longer in the news:")
    assert added(desk) == []
    await pressed(desk, desk.alice, shown, "Take it back", "It was taken back")
    assert added(desk) == files
    assert TEXT in text_of(await desk.ask(desk.reader, QUESTION))


async def test_a_document_is_changed_in_reply_to_an_answer_and_changed_back(desk: Stage) -> None:
    await save(desk, await send(desk, "a.md", f"# 大桥合龙\n\n{TEXT}".encode()))
    before = added(desk)
    found = await desk.ask(desk.alice, QUESTION)
    said = await desk.telegram.say(desk.alice, "/edit", reply_to=found)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=said)
    shown = await change(desk, shown, "Title", "新标题")
    shown = await pressed(desk, desk.alice, shown, "Save", "It is changed:")
    assert [name.rpartition(".")[2] for name in added(desk)] == ["json"]
    assert "新标题" in text_of(await desk.ask(desk.reader, QUESTION))
    await pressed(desk, desk.alice, shown, "Take it back", "It was taken back")
    assert added(desk) == before


def zipped(name: str, size: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return held.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss><channel/></rss>'


def encrypted() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="AES-256")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "It is empty"),
        ("blank.txt", b" \n ", "There is no text in it."),
        ("program.exe", b"MZ", 'Files ending in ".exe" are not read'),
        ("../../etc/passwd", b"root", "Its name has no ending"),
        ("archive.txt", zipped("a", 10), "It is not what its name says"),
        ("old.docx", b"\xd0\xcf\x11\xe0" + b"0" * 100, "an Office file that is old or protected"),
        ("bomb.docx", zipped("word/document.xml", 300_000_000), "zip bomb"),
        ("bomb.rss", ENTITIES, "It defines XML entities"),
        ("cut.jsonl.gz", gzip.compress(b'{"text":"a"}')[:-9], "It is cut off or damaged"),
        ("secret.pdf", encrypted(), "It is encrypted: a password is needed"),
        ("broken.pdf", b"%PDF-1.7 broken", "It is cut off or damaged"),
    ],
)
async def test_bad_files_are_refused_with_the_reason(
    desk: Stage, name: str, content: bytes, reason: str
) -> None:
    shown = await send(desk, name, content)
    assert text_of(shown).startswith("This cannot be added.")
    assert reason in text_of(shown)
    assert added(desk) == []
    assert list((desk.services.settings.data / "drafts").iterdir()) == []


async def test_what_telegram_does_not_hand_out_is_refused(desk: Stage) -> None:
    shown = await send(desk, "large.txt", b"a" * (20 * 2**20 + 1))
    assert text_of(shown).startswith("It is too large: Telegram hands bots")


async def test_nothing_is_written_into_the_sample_news(stage: Stage) -> None:
    async with stage.running(stage.with_settings(admins=(stage.alice.id,), corpus=sample_news())):
        assert "Set WENXUN_CORPUS" in text_of(await stage.ask(stage.alice, f"/add {TEXT}"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/add", "Send me a file"),
        ("/edit", "Write this in reply to an answer"),
        ("/remove", "Write this in reply to an answer"),
        ("/remove nothing of the kind", "No document has this title"),
    ],
)
async def test_commands_without_a_thing_say_how(desk: Stage, said: str, words: str) -> None:
    assert text_of(await desk.ask(desk.alice, said)).startswith(words)


async def test_readers_cannot_add_and_their_files_mean_what_they_meant(desk: Stage) -> None:
    said = await desk.telegram.send_file(desk.reader, Upload("a.txt", "text/plain", TEXT.encode()))
    shown = await desk.telegram.wait_for_reply(desk.reader, after=said)
    assert labels(shown) != CARD
    shown = await desk.ask(desk.alice, f"/add {TEXT}")
    await forge(desk, desk.reader, await desk.ask(desk.reader, "/settings"), "add:save:abcdefghij")
    assert added(desk) == []
    for data in ("add:x:abcdefghij", "add:save", "add:save:../../../a"):
        shown = await desk.ask(desk.alice, f"/add {TEXT}")
        assert (await forge(desk, desk.alice, shown, data))["text"] == "This button no longer works."
    shown = await desk.ask(desk.alice, f"/add {TEXT}")
    gone = await forge(desk, desk.alice, shown, "add:save:abcdefghij")
    assert gone["text"] == "This was done, cancelled or forgotten."
