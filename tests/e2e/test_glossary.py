"""The glossary from the chat: what is added counts with the next question, in both directions."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from bot.keeping.glossary_file import MAX_TERMS
from bot.roles import Roles
from retrieval.glossary import Glossary
from tests.e2e.keeping import noted
from tests.e2e.messages import labels, quotes, text_of
from tests.e2e.news import write_document
from tests.e2e.pressing import forge, press, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from telegram import Message

    from tests.e2e.conftest import Stage

# Words that no dictionary has.
CHINESE, ENGLISH = "泷芯", "zorblatt"
STORY = f"The {ENGLISH} needs 47 watts and weighs 12 grams."
QUESTION = CHINESE
ADD = f"/glossary add {CHINESE} = {ENGLISH} = 泷片"


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Stage]:
    """A newsroom with a glossary of its own, of which alice is an administrator."""
    path = stage.services.settings.data / "terms.tsv"
    write_document(
        stage.services.settings.corpus / "chip.md", STORY, title="A chip", source="Ledger", date="2025-03-03"
    )
    await stage.services.loader.load()
    services = stage.with_settings(admins=(stage.alice.id,), glossary=path)
    knowledge = services.knowledge
    knowledge = dataclasses.replace(knowledge, glossary=Glossary(path, knowledge.analyzer))
    answerer = knowledge.answerer(services.indexer.index)
    stage.services = dataclasses.replace(services, knowledge=knowledge, answerer=answerer)
    async with stage.running():
        yield stage


def terms_file(stage: Stage) -> Path:
    return stage.services.settings.glossary


async def reply(stage: Stage, to: Message, text: str) -> Message:
    said = await stage.telegram.say(stage.alice, text, reply_to=to.message_id)
    return await stage.telegram.wait_for_reply(stage.alice, after=said)


async def test_a_term_counts_from_the_next_question_on(desk: Stage) -> None:
    assert quotes(await desk.ask(desk.alice, QUESTION)) == []
    shown = await desk.ask(desk.alice, ADD)
    term = f"{CHINESE} = {ENGLISH} = 泷片"
    said = f"The glossary has a new term:\n\n{term}\n\nIt counts from the next question on."
    assert text_of(shown) == said
    assert "47 watts" in quotes(await desk.ask(desk.alice, QUESTION))[0]
    assert "47 watts" in quotes(await desk.ask(desk.alice, "泷片"))[0]
    assert terms_file(desk).read_text(encoding="utf-8") == f"{CHINESE}\t{ENGLISH}\t泷片\n"
    shown = await press(desk, desk.alice, shown, "Remove it")
    assert "The term was removed." in text_of(shown)
    assert quotes(await desk.ask(desk.alice, QUESTION)) == []
    shown = await press(desk, desk.alice, shown, "Put it back")
    assert "47 watts" in quotes(await desk.ask(desk.alice, QUESTION))[0]
    added, removed = await noted(desk)
    assert (added.deed, added.actor) == ("term_added", desk.alice.id)
    assert added.detail == {"names": [CHINESE, ENGLISH, "泷片"]}
    assert (removed.deed, removed.undone is not None) == ("term_removed", True)


async def test_the_order_of_names_and_the_word_add_do_not_matter(desk: Stage) -> None:
    await desk.ask(desk.alice, f"/glossary {ENGLISH}＝{CHINESE}")
    assert terms_file(desk).read_text(encoding="utf-8") == f"{CHINESE}\t{ENGLISH}\n"
    shown = await desk.ask(desk.alice, f"/glossary 添加 {CHINESE} = {ENGLISH}")
    assert text_of(shown) == "The glossary has this term already."


async def test_names_can_be_given_in_reply(desk: Stage) -> None:
    prompt = await desk.ask(desk.alice, f"/glossary add {CHINESE}")
    assert text_of(prompt).startswith(f"{CHINESE}\n\nWhat else is this called?")
    refused = await reply(desk, prompt, "泷片")
    assert text_of(refused).startswith("None of these names is English.")
    shown = await reply(desk, prompt, f"{ENGLISH}，泷片")
    assert f"{CHINESE} = {ENGLISH} = 泷片" in text_of(shown)
    shown = await press(desk, desk.alice, prompt, "Leave it")
    assert text_of(shown) == "Nothing was changed."


async def test_a_reply_of_who_may_not_is_a_question(desk: Stage) -> None:
    bot_id = int(desk.telegram.token.partition(":")[0])
    roles = Roles(desk.database, bot_id, (), desk.telegram.world.clock)
    await roles.appoint(desk.reader.id, "林晓", desk.alice.id)
    prompt = await desk.ask(desk.reader, f"/glossary add {CHINESE}")
    listed = await desk.ask(desk.reader, "/glossary")
    await roles.dismiss(desk.reader.id)
    said = await desk.telegram.say(desk.reader, ENGLISH, reply_to=prompt.message_id)
    assert "47 watts" in text_of(await desk.telegram.wait_for_reply(desk.reader, after=said))
    unknown = text_of(await desk.ask(desk.reader, "/nonsense"))
    assert text_of(await desk.ask(desk.reader, ADD)) == unknown
    assert labels(listed) == []
    assert not terms_file(desk).exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/glossary add", "A term needs a Chinese and an English name, with = between them."),
        (f"/glossary add {CHINESE} =", "A term needs a Chinese and an English name, with = between them."),
        ("/glossary add a = b", "None of these names is Chinese."),
        (f"/glossary add {CHINESE} = 泷片", "None of these names is English."),
        (f"/glossary add {CHINESE} = {'x' * 81}", "A name of a term is at most 80 characters long"),
        ("/glossary add 一" + "".join(f" = w{n}" for n in range(12)), "A term has at most 12 names."),
    ],
)
async def test_what_is_no_term_is_refused_with_the_reason(desk: Stage, said: str, words: str) -> None:
    shown = text_of(await desk.ask(desk.alice, said))
    assert shown.startswith(words)
    assert shown.endswith("To add one:\n/glossary add 创新药 = innovative drug = 新药")
    assert not terms_file(desk).exists()


async def test_terms_are_listed_by_pages_and_found(desk: Stage) -> None:
    lines = [f"第{number}术\tterm{number}" for number in range(1, 20)]
    comments = "# 手写的说明\n\n没有英文\n"
    terms_file(desk).write_text(comments + "\n".join(lines) + "\n", encoding="utf-8")
    shown = await desk.ask(desk.alice, "/glossary")
    assert text_of(shown).startswith("19 terms in the glossary, the newest first\n\n1. 第19术 = term19\n")
    assert "1 line of the file cannot be used" in text_of(shown)
    shown = await press(desk, desk.alice, shown, "older ▶")
    shown = await press(desk, desk.alice, shown, "older ▶")
    assert "19. 第1术 = term1\n" in text_of(shown)
    shown = await press(desk, desk.alice, shown, "◀ newer")
    shown = await press(desk, desk.alice, shown, "✕ 9")
    assert "第11术" not in text_of(shown)
    assert terms_file(desk).read_text(encoding="utf-8").startswith(comments)
    shown = await desk.ask(desk.alice, "/glossary TERM1")
    assert text_of(shown).startswith("10 terms with “TERM1”\n\n1. 第19术 = term19\n")
    assert "… +2" in text_of(shown)
    assert text_of(await desk.ask(desk.alice, "/glossary 没有")).startswith("0 terms with “没有”")


async def test_a_file_that_cannot_be_used_is_told(desk: Stage) -> None:
    terms_file(desk).write_bytes(b"\xff\xfe\n")
    for said in (ADD, "/glossary"):
        assert text_of(await desk.ask(desk.alice, said)).startswith("The glossary cannot be read or written")
    assert terms_file(desk).read_bytes() == b"\xff\xfe\n"
    terms_file(desk).write_text("一\ta\n" * MAX_TERMS, encoding="utf-8")
    assert "or is full" in text_of(await desk.ask(desk.alice, ADD))


async def test_buttons_that_are_forged_or_too_old(desk: Stage) -> None:
    await desk.ask(desk.alice, ADD)
    for data in ("glo:x", "glo:", "glo:drop", "glo:back:99", "glo:show:abcdef01"):
        shown = await desk.ask(desk.alice, "/glossary")
        assert (await forge(desk, desk.alice, shown, data))["text"] == "This button no longer works.", data
    first, second = await desk.ask(desk.alice, "/glossary"), await desk.ask(desk.alice, "/glossary")
    await press(desk, desk.alice, first, "✕ 1")
    gone = await told(desk, desk.alice, second, "✕ 1")
    assert gone["text"] == "The glossary does not have this term any more."


async def test_the_one_that_ships_is_copied_and_stays_as_it_is(stage: Stage) -> None:
    shipped = stage.services.settings.glossary
    before = shipped.read_bytes()
    async with stage.running(stage.with_settings(admins=(stage.alice.id,))):
        assert "terms in the glossary" in text_of(await stage.ask(stage.alice, "/glossary"))
        await stage.ask(stage.alice, ADD)
    copy = stage.services.settings.data / "glossary.tsv"
    assert copy.read_bytes() == before + f"{CHINESE}\t{ENGLISH}\t泷片\n".encode()
    assert shipped.read_bytes() == before
