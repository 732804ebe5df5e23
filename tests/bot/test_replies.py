"""The replies: found again by key, message and reader, for as long as anybody uses them."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update

from bot.cited_documents import cited_documents
from bot.replies import KEPT, Replies, replies
from bot.reply import MAX_TEXT, NEW, Cited, Origin, Reply, ReplyKind, Where, new_key
from retrieval.answer import MOST_EXCERPTS, Citation, Order, Verdict
from tests.bot.answer_builders import build_excerpt
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    CITATION,
    FULL_SCOPE,
    GROUP,
    build_cited,
    build_inquiry,
    build_where,
    only_sqlite,
    recorded,
    rows_in,
    scans,
)

if TYPE_CHECKING:
    from bot.inquiry import Inquiry
    from corpus.database import Database
    from tests.bot.clock import Clock

BARE = Citation("bare", None, None, None, None, "en")
CITED = (
    build_cited(),
    replace(build_cited("“😀” & <b>'s'", start=30, place=1), citation=BARE),
)


@pytest.fixture
def store(database: Database, clock: Clock) -> Replies:
    return Replies(database, BOT_ID, clock)


async def keep(store: Replies, where: Where | None = None, said: str = "谁？", origin: Origin = NEW) -> str:
    return await store.keep(where or build_where(), build_inquiry(said), CITED, Verdict.ANSWERED, 0.9, origin)


async def get(store: Replies, key: str) -> Reply:
    reply = await store.get(key)
    assert reply is not None
    return reply


async def test_a_reply_comes_back_as_it_went_in(store: Replies, clock: Clock) -> None:
    inquiry = replace(
        build_inquiry("那\0临床阶段\ud83d的呢？", scope=FULL_SCOPE, order=Order.NEWEST), context="重庆？"
    )
    where = build_where(GROUP, thread_id=3)
    key = await store.keep(where, inquiry, CITED, Verdict.RELATED, 0.123456789)
    await store.sent(key, 42)
    assert await store.get(key) == Reply(
        key=key,
        kind=ReplyKind.ASKED,
        where=where,
        message_id=42,
        inquiry=inquiry,
        verdict=Verdict.RELATED,
        confidence=0.123456789,
        cited=CITED,
        reading=None,
        created=clock.now,
    )


async def test_numbers_as_large_as_telegrams_are_kept(store: Replies) -> None:
    key = await keep(store, Where(-(2**52), 2**52 - 1, 2**52 - 2, 2**52 - 3))
    await store.sent(key, 2**52 - 4)
    reply = await get(store, key)
    assert (reply.chat_id, reply.where.thread_id, reply.user_id) == (-(2**52), 2**52 - 1, 2**52 - 2)
    assert (reply.question_message_id, reply.message_id) == (2**52 - 3, 2**52 - 4)


def test_keys_fit_a_link_and_are_never_the_same() -> None:
    keys = {new_key() for _ in range(2_000)}
    assert len(keys) == 2_000
    assert all(re.fullmatch("[A-Za-z0-9]{10}", key) for key in keys)
    assert len(set("".join(keys))) == 62


@pytest.mark.parametrize("key", ["", "abc", "AAAAAAAAAA", "a\0bcdefghi", "x" * 100_000, "'; DROP --"])
async def test_there_is_no_such_reply(store: Replies, key: str) -> None:
    await keep(store)
    assert await store.get(key) is None
    assert not await store.show(key, ())


async def test_another_bot_does_not_see_it(store: Replies, database: Database, clock: Clock) -> None:
    key = await keep(store)
    await store.sent(key, 42)
    other = Replies(database, BOT_ID + 1, clock)
    assert await other.get(key) is None
    assert await other.of_message(ALICE, 42) is None
    assert await other.answering(ALICE, 41) is None
    assert await other.latest(ALICE, None, ALICE) is None
    assert (await other.history(ALICE, ALICE, 10)).total == 0
    assert not await other.show(key, ())


async def test_what_was_shown_in_all_and_what_is_read_is_noted(store: Replies) -> None:
    key = await keep(store)
    before = await get(store, key)
    more = (*CITED, build_cited("第三条。", place=2))
    assert await store.show(key, more, reading=2)
    assert await get(store, key) == replace(before, cited=more, reading=2)
    assert await store.show(key, more)
    assert (await get(store, key)).reading is None


async def test_excerpts_are_found_by_their_place_and_page(store: Replies) -> None:
    cited = tuple(build_cited(str(place), place=place) for place in (0, 1, 2, 6, 7))
    key = await store.keep(build_where(), build_inquiry(), cited, Verdict.ANSWERED, 0.9)
    reply = await get(store, key)
    assert reply.cited_at(6) == cited[3]
    assert reply.cited_at(3) is None
    assert reply.inquiry.excerpts == 3
    assert [reply.page(offset) for offset in (0, 3, 6)] == [cited[:3], (), cited[3:]]


def test_pages_are_put_together_unless_one_says_otherwise_than_before() -> None:
    reply = Reply(
        "k" * 10,
        ReplyKind.ASKED,
        build_where(),
        None,
        build_inquiry(),
        Verdict.ANSWERED,
        0.9,
        CITED,
        None,
        build_inquiry().asked,
    )
    third = build_cited("第三条。", place=2)
    assert reply.with_cited([third]) == (*CITED, third)
    assert reply.with_cited(CITED[1:]) == CITED
    assert reply.with_cited([replace(CITED[0], text="改过了。")]) is None


async def test_what_buttons_and_links_made_is_nothing_that_was_asked(store: Replies, clock: Clock) -> None:
    asked = await keep(store)
    kept = {}
    for kind in (ReplyKind.CHANGED, ReplyKind.OPENED):
        clock.now += timedelta(seconds=1)
        kept[kind] = await keep(store, origin=Origin(kind, 42))
    assert [each.key for each in (await store.history(ALICE, ALICE, 10)).replies] == [asked]
    latest = await store.latest(ALICE, None, ALICE)
    assert latest is not None
    assert latest.key == kept[ReplyKind.CHANGED]
    found = await store.of_message(ALICE, 42)
    assert found is not None
    assert (found.key, found.kind) == (kept[ReplyKind.OPENED], ReplyKind.OPENED)


async def test_it_is_found_by_its_message(store: Replies) -> None:
    key, other = await keep(store), await keep(store, build_where(GROUP))
    await store.sent(key, 42)
    await store.sent(other, 42)
    found = await store.of_message(ALICE, 42)
    assert found is not None
    assert found.key == key
    assert await store.of_message(ALICE, 43) is None
    assert await store.of_message(BOB, 42) is None


async def test_it_is_found_by_what_it_answers_the_newest_first(store: Replies, clock: Clock) -> None:
    await keep(store)
    clock.now += timedelta(seconds=1)
    key = await keep(store)
    await keep(store, build_where(GROUP))
    found = await store.answering(ALICE, 41)
    assert found is not None
    assert found.key == key
    assert await store.answering(ALICE, 42) is None


async def test_the_latest_is_of_the_reader_the_chat_and_the_topic(store: Replies, clock: Clock) -> None:
    kept = {}
    for where in (
        build_where(GROUP, ALICE),
        build_where(GROUP, ALICE, thread_id=3),
        build_where(GROUP, BOB),
        build_where(ALICE, ALICE),
    ):
        clock.now += timedelta(seconds=1)
        kept[where] = await keep(store, where)
    for where, key in kept.items():
        found = await store.latest(where.chat_id, where.thread_id, where.user_id)
        assert found is not None
        assert found.key == key
    assert await store.latest(GROUP, 4, ALICE) is None
    clock.now += timedelta(seconds=1)
    newer = await keep(store, build_where(GROUP, ALICE))
    found = await store.latest(GROUP, None, ALICE)
    assert found is not None
    assert found.key == newer


async def test_of_one_moment_the_latest_is_what_was_said_last(store: Replies) -> None:
    for number in (7, 9, 8):
        await keep(store, build_where(question_message_id=number))
    found = await store.latest(ALICE, None, ALICE)
    assert found is not None
    assert found.question_message_id == 9


async def test_the_history_is_newest_first_and_page_by_page(store: Replies, clock: Clock) -> None:
    for number in range(5):
        clock.now += timedelta(seconds=1)
        await keep(store, said=str(number))
    await keep(store, build_where(GROUP, ALICE))
    await keep(store, build_where(ALICE, BOB))
    first, second = await store.history(ALICE, ALICE, 3), await store.history(ALICE, ALICE, 3, 3)
    assert [reply.inquiry.said for reply in first.replies] == ["4", "3", "2"]
    assert [reply.inquiry.said for reply in second.replies] == ["1", "0"]
    assert first.total == second.total == 5
    beyond = await store.history(ALICE, ALICE, 3, 6)
    assert (beyond.replies, beyond.total) == ((), 5)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"inquiry": '{"v":2}'},
        {"verdict": "maybe"},
        {"kind": "dreamt"},
        {"cited": "[{}]"},
        {"cited": "no JSON"},
    ],
)
async def test_what_a_newer_version_wrote_counts_as_expired(
    store: Replies, database: Database, spoiled: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    key = await keep(store)
    async with database.transaction() as connection:
        await connection.execute(update(replies).values(**spoiled))
    assert await store.get(key) is None
    assert await store.latest(ALICE, None, ALICE) is None
    assert (await store.history(ALICE, ALICE, 10)).replies == ()
    assert "counts as expired" in caplog.text


async def test_it_is_kept_for_90_days_after_it_was_last_used(store: Replies, clock: Clock) -> None:
    assert timedelta(days=90) == KEPT
    key = await keep(store)
    clock.now += timedelta(days=89)
    await store.purge()
    assert await store.get(key) is not None
    clock.now += timedelta(days=89)
    assert await store.purge() == 0
    clock.now += timedelta(days=2)
    assert await store.purge() == 1
    assert await store.get(key) is None


@pytest.mark.parametrize("way", ["of_message", "answering", "latest", "show"])
async def test_every_way_of_using_it_keeps_it(store: Replies, clock: Clock, way: str) -> None:
    key = await keep(store)
    await store.sent(key, 42)
    clock.now += timedelta(days=80)
    match way:
        case "of_message":
            await store.of_message(ALICE, 42)
        case "answering":
            await store.answering(ALICE, 41)
        case "latest":
            await store.latest(ALICE, None, ALICE)
        case "show":
            await store.show(key, ())
    clock.now += timedelta(days=80)
    assert await store.purge() == 0


async def test_a_list_of_questions_keeps_none_of_them(store: Replies, clock: Clock) -> None:
    await keep(store)
    clock.now += timedelta(days=80)
    await store.history(ALICE, ALICE, 10)
    clock.now += timedelta(days=11)
    assert await store.purge() == 1


async def test_what_another_bot_left_is_not_kept_for_ever(
    store: Replies, database: Database, clock: Clock
) -> None:
    await keep(Replies(database, BOT_ID + 1, clock))
    clock.now += timedelta(days=91)
    assert await store.purge() == 1


async def test_thousands_are_forgotten_in_short_transactions(
    store: Replies, database: Database, clock: Clock
) -> None:
    await keep(store)
    async with database.transaction() as connection:
        row = dict((await connection.execute(select(replies))).mappings().one())
        await connection.execute(
            insert(replies), [row | {"key": f"key{number:07}"} for number in range(1_200)]
        )
    clock.now += timedelta(days=91)
    fresh = await keep(store)
    with recorded(database) as ran:
        assert await store.purge() == 1_201
    assert len(ran) == 3
    assert await rows_in(database, replies) == 1
    assert await store.get(fresh) is not None


async def test_keeping_and_finding_take_few_statements(
    store: Replies, database: Database, clock: Clock
) -> None:
    with recorded(database) as ran:
        key = await keep(store)
    assert len(ran) == 2  # the reply, and which documents it cites
    clock.now += timedelta(hours=23)
    with recorded(database) as ran:
        await get(store, key)
    assert len(ran) == 1
    clock.now += timedelta(hours=2)
    with recorded(database) as ran:
        await get(store, key)
        await get(store, key)
    assert len(ran) == 3  # that it was used is noted once a day


@only_sqlite
async def test_nothing_is_looked_for_in_the_whole_table(
    store: Replies, database: Database, clock: Clock
) -> None:
    key = await keep(store)
    await store.sent(key, 42)
    clock.now += timedelta(days=2)
    with recorded(database) as ran:
        await store.get(key)
        await store.of_message(ALICE, 42)
        await store.answering(ALICE, 41)
        await store.latest(ALICE, None, ALICE)
        await store.history(ALICE, ALICE, 10)
        await store.purge()
    assert len(ran) == 8
    assert await scans(database, ran) == []


async def test_replies_kept_at_once_are_all_kept(store: Replies, database: Database) -> None:
    keys = await asyncio.gather(*(keep(store) for _ in range(20)))
    assert len(set(keys)) == await rows_in(database, replies) == 20


async def test_what_is_kept_is_bounded(store: Replies) -> None:
    many = [build_cited(str(place), place=place) for place in range(25)]
    key = await store.keep(build_where(), build_inquiry(), many, Verdict.ANSWERED, 1.0)
    assert (await get(store, key)).cited == tuple(many[:MOST_EXCERPTS])
    excerpt = build_excerpt("[长]" + "长" * MAX_TEXT)
    assert Cited.of(excerpt, 0).text == "长" * MAX_TEXT


def test_an_excerpt_is_recorded_where_it_stands() -> None:
    excerpt = build_excerpt("授权金额为[7.12亿美元]。", around=("前文。", "后文。"))
    cited = Cited.of(excerpt, 4)
    assert excerpt.passage.text[cited.start : cited.end] == cited.text == excerpt.text
    assert (cited.place, cited.citation, cited.passage_id) == (4, excerpt.citation, excerpt.passage.id)
    assert cited.stands_in(excerpt.passage.text)
    assert not cited.stands_in("x" + excerpt.passage.text)
    assert not cited.stands_in(excerpt.passage.text.replace("7.12", "7.13"))
    assert not cited.stands_in("")


def test_of_an_excerpt_that_was_cut_the_kept_part_is_compared() -> None:
    cut = replace(build_cited("长" * 5_000), text="长" * MAX_TEXT)
    assert cut.stands_in("长" * 5_000)
    assert not cut.stands_in("长" * 4_999)


async def cited_by(database: Database, key: str) -> set[str]:
    async with database.connection() as connection:
        statement = select(cited_documents.c.document_id).where(cited_documents.c.key == key)
        return set((await connection.execute(statement)).scalars())


async def test_the_documents_that_it_cites_are_known_for_as_long_as_it_is_kept(
    store: Replies, database: Database, clock: Clock
) -> None:
    key = await keep(store)
    assert await cited_by(database, key) == {"doc", "bare"}
    more = replace(CITATION, document_id="more")
    await store.show(key, [*CITED, replace(build_cited(place=2), citation=more)])
    assert await cited_by(database, key) == {"doc", "bare", "more"}
    clock.now += timedelta(days=91)
    await store.purge()
    assert await rows_in(database, cited_documents) == 0


async def test_what_was_told_unasked_is_nothing_that_was_asked(store: Replies, clock: Clock) -> None:
    asked = await keep(store)
    clock.now += timedelta(seconds=1)
    told = await keep(store, origin=Origin(ReplyKind.TOLD))
    assert (await get(store, told)).kind is ReplyKind.TOLD
    latest = await store.latest(ALICE, None, ALICE)
    assert latest is not None
    assert latest.key == asked
    assert [each.key for each in (await store.history(ALICE, ALICE, 10)).replies] == [asked]


async def test_an_inquiry_found_again_can_be_asked_again(store: Replies) -> None:
    inquiry: Inquiry = replace(build_inquiry(scope=FULL_SCOPE), context="重庆？")
    key = await store.keep(build_where(), inquiry, (), Verdict.NOTHING, 0.0)
    assert (await get(store, key)).inquiry.question == inquiry.question
