"""Pinned questions: kept from the chat, listed, removed, and missed by a load that loses them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.keeping.pins import MAX_PINS, Pin
from bot.roles import Roles
from tests.e2e.keeping import becomes, noted, pressed
from tests.e2e.messages import labels, text_of
from tests.e2e.news import write_document
from tests.e2e.pressing import forge, press, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from telegram import Message

    from tests.e2e.conftest import Stage

QUESTION = "蓝鲸生物的首付款是多少"
MAYBE = "白鹭大桥3月主跨已合龙多少米"


@pytest.fixture
async def desk(shelf: Stage) -> AsyncIterator[Stage]:
    """The library, of which alice is an administrator and the reader an editor."""
    bot_id = int(shelf.telegram.token.partition(":")[0])
    clock = shelf.telegram.world.clock
    await Roles(shelf.database, bot_id, (), clock).appoint(shelf.reader.id, "林晓", shelf.alice.id)
    async with shelf.running(shelf.with_settings(admins=(shelf.alice.id,))):
        yield shelf


def pins_file(stage: Stage) -> Path:
    return stage.services.settings.corpus / ".pins.jsonl"


async def reload(stage: Stage, words: str) -> Message:
    return await becomes(stage, await stage.ask(stage.alice, "/reload"), words)


async def test_a_question_is_pinned_with_the_first_document_it_finds(desk: Stage) -> None:
    shown = await desk.ask(desk.alice, f"/pin {QUESTION}")
    assert text_of(shown).startswith(
        f"Pinned.\n\nQuestion: {QUESTION}\n\nIt must find: 虚构财经 · 2025-05-20"
    )
    assert "Do not pin it" in labels(shown)
    (line,) = pins_file(desk).read_text(encoding="utf-8").splitlines()
    written = json.loads(line)
    assert (written["question"], written["origin"]) == (QUESTION, "deal.md")
    assert written["answer"].startswith("蓝鲸生物以双抗药物BW1803首次实现海外授权")
    (entry,) = await noted(desk)
    assert (entry.actor, entry.deed, entry.detail["question"]) == (desk.alice.id, "pin_added", QUESTION)
    report_ = await desk.services.loader.plan()
    assert (report_.added, report_.rejected) == ((), ()), "the file is no news"


async def test_editors_may_pin_and_readers_may_not(desk: Stage) -> None:
    await desk.ask(desk.reader, f"/pin {QUESTION}")
    (entry,) = await noted(desk)
    assert (entry.actor, entry.deed) == (desk.reader.id, "pin_added")
    assert len(labels(await desk.ask(desk.reader, "/pins"))) == 1
    bot_id = int(desk.telegram.token.partition(":")[0])
    shown = await desk.ask(desk.reader, "/pins")
    await Roles(desk.database, bot_id, (), desk.telegram.world.clock).dismiss(desk.reader.id)
    unknown = text_of(await desk.ask(desk.reader, "/nonsense"))
    for command in ("/pin", "/pins"):
        assert text_of(await desk.ask(desk.reader, command)) == unknown
    await told(desk, desk.reader, shown, "✕ 1")
    assert len(pins_file(desk).read_text(encoding="utf-8").splitlines()) == 1, "the button died with the role"


async def test_an_answer_is_pinned_by_replying_to_it(desk: Stage) -> None:
    answer = await desk.ask(desk.alice, QUESTION)
    said = await desk.telegram.say(desk.alice, "/pin", reply_to=answer.message_id)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=said)
    assert text_of(shown).startswith(f"Pinned.\n\nQuestion: {QUESTION}")
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    assert len(pins_file(desk).read_text(encoding="utf-8").splitlines()) == 1, "once is enough"


async def test_another_document_can_be_chosen(desk: Stage) -> None:
    shown = await desk.ask(desk.alice, f"/pin {MAYBE}")
    first = json.loads(pins_file(desk).read_text(encoding="utf-8"))
    other = labels(shown)[0]
    assert other != "Do not pin it"
    shown = await press(desk, desk.alice, shown, other)
    second = json.loads(pins_file(desk).read_text(encoding="utf-8"))
    assert second["document"] != first["document"]
    assert second["title"] == other
    shown = await press(desk, desk.alice, shown, "Do not pin it")
    assert text_of(shown).startswith("0 pinned questions")


async def test_what_is_refused(desk: Stage) -> None:
    for said, words in {
        "/pin": "Reply with /pin to one of my answers",
        "/pin ？！": "Reply with /pin to one of my answers",
        "/pin zyxwv qqqqq": "Nothing was found for this question",
        f"/pin {'长' * 1001}": "This question is too long to be pinned.",
        "/pin 首付款 since:2025-13-45": "I could not read this",
    }.items():
        assert text_of(await desk.ask(desk.alice, said)).startswith(words), said
    assert not pins_file(desk).exists()
    assert text_of(await desk.ask(desk.alice, "/pins")).startswith("0 pinned questions\n\nReply with /pin")


async def test_pins_are_listed_by_pages_removed_and_put_back(desk: Stage) -> None:
    for month in range(1, 8):
        await desk.ask(desk.alice, f"/pin 白鹭大桥{month}月主跨已合龙多少米")
    shown = await desk.ask(desk.alice, "/pins")
    assert text_of(shown).startswith("7 pinned questions\n\n1. 白鹭大桥1月主跨已合龙多少米\n   ✓ ")
    shown = await press(desk, desk.alice, shown, "later ▶")
    assert "7. 白鹭大桥7月" in text_of(shown)
    shown = await press(desk, desk.alice, shown, "✕ 7")
    assert "The question was removed." in text_of(shown)
    assert "7. " not in text_of(shown)
    shown = await press(desk, desk.alice, shown, "Put it back")
    assert text_of(shown).startswith("7 pinned questions")
    entries = await noted(desk)
    assert [entry.deed for entry in entries[-1:]] == ["pin_removed"]
    assert entries[-1].undone is not None
    shown = await press(desk, desk.alice, await desk.ask(desk.alice, "/pins"), "later ▶")
    await press(desk, desk.alice, shown, "◀ earlier")


async def test_lines_that_are_none_are_told_and_kept(desk: Stage) -> None:
    pins_file(desk).write_bytes("# 手写的一行\n".encode() + b"\xff\xfe\n")
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    shown = await desk.ask(desk.alice, "/pins")
    assert "2 lines of the file are no pinned questions" in text_of(shown)
    await press(desk, desk.alice, shown, "✕ 1")
    assert pins_file(desk).read_bytes() == "# 手写的一行\n".encode() + b"\xff\xfe\n"


async def test_a_file_that_cannot_be_used_is_told(desk: Stage) -> None:
    pins_file(desk).mkdir()
    for said in (f"/pin {QUESTION}", "/pins"):
        assert text_of(await desk.ask(desk.alice, said)).startswith("The file that keeps this cannot be")
    await reload(desk, "A load would change nothing.")


async def test_there_are_only_so_many(desk: Stage) -> None:
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    line = json.loads(pins_file(desk).read_text(encoding="utf-8"))
    many = (json.dumps(line | {"question": f"第{number}问"}) for number in range(MAX_PINS))
    pins_file(desk).write_text("\n".join(many), encoding="utf-8")
    shown = await desk.ask(desk.alice, f"/pin {QUESTION}")
    assert text_of(shown).startswith("There are as many pinned questions as can be checked")


async def test_a_dry_run_says_what_it_would_lose(desk: Stage) -> None:
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    await desk.ask(desk.alice, f"/pin {MAYBE}")
    folder = desk.services.settings.corpus
    (folder / "deal.md").unlink()
    shown = await reload(desk, "A load would change this")
    assert "These pinned questions would lose their document:" in text_of(shown)
    assert f"{QUESTION} → 蓝鲸生物海外授权7.12亿美元" in text_of(shown)
    assert MAYBE not in text_of(shown)
    shown = await pressed(desk, desk.alice, shown, "Load", "The news is loaded.")
    assert f"{QUESTION} → 蓝鲸生物海外授权7.12亿美元" in text_of(shown)
    shown = await desk.ask(desk.alice, "/pins")
    assert "⚠ does not find its document now." in text_of(shown)


async def test_a_file_that_moved_or_was_mended_elsewhere_loses_nothing(desk: Stage) -> None:
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    await desk.ask(desk.alice, f"/pin {MAYBE}")
    folder = desk.services.settings.corpus
    text = (folder / "deal.md").read_text(encoding="utf-8")
    (folder / "deal.md").unlink()
    (folder / "moved.md").write_text(text.replace("url: 'https://news.example/deal?a=1&b=2'\n", ""), "utf-8")
    march = folder / "bridge-03.md"
    march.write_text(march.read_text(encoding="utf-8") + "\n完。\n", encoding="utf-8")
    shown = await reload(desk, "A load would change this")
    assert "pinned" not in text_of(shown)
    shown = await pressed(desk, desk.alice, shown, "Load", "The news is loaded.")
    assert "pinned" not in text_of(shown)


async def test_what_new_news_pushes_aside_is_told(desk: Stage) -> None:
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    for number in range(1, 5):
        write_document(
            desk.services.settings.corpus / f"aside-{number}.md",
            f"蓝鲸生物的首付款是{number}{number}00万元，这是第{number}笔。",
            title=f"蓝鲸生物的首付款是多少：第{number}笔",
            date=f"202{number}-0{number}-08",
        )
    shown = await reload(desk, "A load would change this")
    assert f"{QUESTION} → 蓝鲸生物海外授权7.12亿美元" in text_of(shown)
    shown = await pressed(desk, desk.alice, shown, "Load", "The news is loaded.")
    assert f"{QUESTION} → 蓝鲸生物海外授权7.12亿美元" in text_of(shown)


async def test_buttons_that_are_forged_or_too_old(desk: Stage) -> None:
    dead = "This button no longer works."
    await desk.ask(desk.alice, f"/pin {QUESTION}")
    for data in ("pin:x", "pin:", "pin:drop", "pin:set:abcdef01", "pin:back:99", "pin:show:abcdef01"):
        shown = await desk.ask(desk.alice, "/pins")
        assert (await forge(desk, desk.alice, shown, data))["text"] == dead, data
    first, second = await desk.ask(desk.alice, "/pins"), await desk.ask(desk.alice, "/pins")
    await press(desk, desk.alice, first, "✕ 1")
    assert (await told(desk, desk.alice, second, "✕ 1"))["text"] == "This question is not pinned any more."
    shown = await desk.ask(desk.alice, f"/pin {MAYBE}")
    other = labels(shown)[0]
    pins_file(desk).unlink()
    shown = await press(desk, desk.alice, shown, other)
    assert text_of(shown) == "This question is not pinned any more."


async def test_a_pin_keeps_what_a_question_is_confined_to(desk: Stage) -> None:
    await desk.ask(desk.alice, "/pin 白鹭大桥 source:云汐日报 since:2025-03-01")
    (line,) = pins_file(desk).read_text(encoding="utf-8").splitlines()
    pin = Pin.from_json(line, desk.services.settings.zone)
    assert pin.inquiry.scope.sources == ("云汐日报",)
    assert text_of(await desk.ask(desk.alice, "/pins")).count("✓") == 1
