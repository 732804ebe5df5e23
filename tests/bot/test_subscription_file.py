"""The file of subscriptions: what goes out comes back the same, and what is wrong changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inquiry import MAX_LENGTH
from bot.schedule import DAILY, Cadence, Schedule
from bot.subscription import subscriptions
from bot.subscription_file import MAX_BYTES, MAX_PROBLEMS, Fault, ImportReport, Problem, read_file
from bot.subscriptions import Subscriptions
from retrieval.breadth import Breadth
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    FULL_SCOPE,
    build_inquiry,
    build_where,
    rows_in,
)

if TYPE_CHECKING:
    from corpus.database import Database
    from tests.bot.clock import Clock

ASKED = build_inquiry().asked


@pytest.fixture
def store(database: Database, clock: Clock) -> Subscriptions:
    return Subscriptions(database, BOT_ID, clock, limit=4)


def file_of(*entries: object, **changes: object) -> str:
    return json.dumps({"format": "wenxun-subscriptions", "version": 1, "subscriptions": entries} | changes)


async def test_what_goes_out_comes_back_the_same(store: Subscriptions, clock: Clock) -> None:
    weekly = Schedule(Cadence.WEEKLY, 7 * 60 + 5, 6)
    await store.add(
        build_where(), build_inquiry("首付款是多少？", scope=FULL_SCOPE), name="the deal", schedule=weekly
    )
    clock.now += timedelta(seconds=1)
    await store.add(
        build_where(),
        build_inquiry('a "b"  c'),
        breadth=Breadth.STRICT,
        schedule=Schedule(Cadence.AT_ONCE),
        silent=True,
        paused=True,
    )
    clock.now += timedelta(seconds=1)
    await store.add(build_where(), build_inquiry("innovation"), topic="Innovation")
    exported = await store.export(ALICE)
    data = json.dumps(exported, ensure_ascii=False).encode()

    report = await store.import_(build_where(BOB, BOB), data, seen=3)
    assert (len(report.added), report.known, report.problems) == (3, 0, ())
    assert report.added == await store.of_chat(BOB)
    assert await store.export(BOB) == exported
    for mine, theirs in zip(await store.of_chat(ALICE), report.added, strict=True):
        assert (theirs.user_id, theirs.seen) == (BOB, 3)
        assert (theirs.title, theirs.breadth, theirs.schedule) == (mine.title, mine.breadth, mine.schedule)
        assert (theirs.silent, theirs.paused) == (mine.silent, mine.paused)
        assert theirs.inquiry.scope == mine.inquiry.scope
    again = await store.import_(build_where(BOB, BOB), data)
    assert again == ImportReport(known=3)


async def test_it_can_be_written_by_hand(store: Subscriptions) -> None:
    data = file_of(
        {"question": "创新药 出海"},
        {"sources": ["新华社"], "when": "weekly"},
        {"topic": "Innovation", "when": "hourly", "at": "7:30"},
        {"question": "x", "at": "7:05", "weekday": "friday", "when": "weekly", "breadth": "strict"},
    )
    report = await store.import_(build_where(), "\ufeff".encode() + data.encode())
    assert report.problems == ()
    assert [(each.title, each.schedule) for each in report.added] == [
        ("创新药 出海", DAILY),
        ("新华社", Schedule(Cadence.WEEKLY, 540, 0)),
        ("Innovation", Schedule(Cadence.HOURLY)),
        ("x", Schedule(Cadence.WEEKLY, 425, 4)),
    ]
    assert [each.breadth for each in report.added] == [Breadth.BROAD] * 3 + [Breadth.STRICT]


async def test_nothing_private_is_in_the_file(store: Subscriptions) -> None:
    added = await store.add(build_where(thread_id=987_654), build_inquiry())
    written = json.dumps(await store.export(ALICE))
    for number in (added.id, str(ALICE), "987654", "2026"):
        assert number not in written


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", Problem("", Fault.NO_JSON)),
        (b"\xff\xfe", Problem("", Fault.NO_JSON)),
        ("[" * 100_000, Problem("", Fault.NO_JSON)),
        (file_of() + " " * MAX_BYTES, Problem("", Fault.NO_JSON)),
        ("null", Problem("", Fault.NO_JSON)),
        ("[]", Problem("", Fault.NOT_OURS)),
        ('{"version": 1}', Problem("", Fault.NOT_OURS)),
        (file_of(version=2), Problem("version", Fault.NEWER, ("1",))),
        (file_of(subscriptions={}), Problem("subscriptions", Fault.WRONG_KIND, ("[…]",))),
        (file_of("x"), Problem("subscriptions[1]", Fault.WRONG_KIND, ("{…}",))),
        (file_of({}), Problem("subscriptions[1].question", Fault.MISSING)),
        (file_of({"question": " "}), Problem("subscriptions[1].question", Fault.MISSING)),
        (file_of({"question": "x", "chat": 1}), Problem("subscriptions[1].chat", Fault.UNKNOWN)),
        (file_of({"question": "x", "a\nb": 1}), Problem("subscriptions[1].?", Fault.UNKNOWN)),
        (file_of({"question": 7}), Problem("subscriptions[1].question", Fault.WRONG_KIND, ('"…"',))),
        (
            file_of({"question": "x", "sources": ["a", 1]}),
            Problem("subscriptions[1].sources", Fault.WRONG_KIND, ('["…"]',)),
        ),
        (
            file_of({"question": "x", "silent": "yes"}),
            Problem("subscriptions[1].silent", Fault.WRONG_KIND, ("true", "false")),
        ),
        (
            file_of({"question": "x"}, {"question": "y", "at": "24:00"}),
            Problem("subscriptions[2].at", Fault.WRONG_VALUE, ('"09:00"',)),
        ),
        (
            file_of({"question": "x", "breadth": "wide"}),
            Problem("subscriptions[1].breadth", Fault.WRONG_VALUE, ('"strict"', '"broad"')),
        ),
        (
            file_of({"question": "x", "since": "yesterday"}),
            Problem("subscriptions[1].since", Fault.WRONG_VALUE, ('"2026-01-31"',)),
        ),
        (
            file_of({"question": "x", "language": "fr"}),
            Problem("subscriptions[1].language", Fault.WRONG_VALUE, ('"zh"', '"en"')),
        ),
        (
            file_of({"question": "x" * (MAX_LENGTH + 1)}),
            Problem("subscriptions[1].question", Fault.TOO_LONG),
        ),
        (
            file_of({"question": "x" * 10_000, "context": "y" * 10_000}),
            Problem("subscriptions[1]", Fault.TOO_LONG),
        ),
        (file_of(*({"question": str(each)} for each in range(5))), Problem("", Fault.TOO_MANY, ("4",))),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_followed(
    store: Subscriptions, database: Database, data: bytes | str, problem: Problem
) -> None:
    assert await store.import_(build_where(), data) == ImportReport(problems=(problem,))
    assert await rows_in(database, subscriptions) == 0


def test_all_that_is_wrong_is_told_up_to_a_limit() -> None:
    _, problems = read_file(file_of({"at": 1, "when": "never"}, {"x": 1}), ASKED)
    assert [each.place for each in problems] == [
        "subscriptions[1].when",
        "subscriptions[1].at",
        "subscriptions[2].x",
    ]
    _, many = read_file(file_of(*[{}] * 1_000), ASKED)
    assert len(many) == MAX_PROBLEMS


async def test_what_no_database_can_keep_is_written_otherwise(store: Subscriptions) -> None:
    data = file_of({"question": "a\0b \ud83d", "name": "n\0\ud83d", "topic": "t\ud83d"})
    report = await store.import_(build_where(), data)
    (added,) = report.added
    assert (added.inquiry.said, added.name, added.topic) == ("a b ?", "n ?", "t?")


async def test_the_same_question_twice_in_a_file_is_one(store: Subscriptions) -> None:
    report = await store.import_(build_where(), file_of({"question": "x"}, {"question": "X "}))
    assert (len(report.added), report.known) == (1, 1)


async def test_what_is_followed_already_counts_once_towards_the_limit(store: Subscriptions) -> None:
    for said in "abc":
        await store.add(build_where(), build_inquiry(said))
    full = file_of(*({"question": said} for said in "abcd"))
    assert len((await store.import_(build_where(), full)).added) == 1
    assert (await store.import_(build_where(), file_of({"question": "e"}))).problems == (
        Problem("", Fault.TOO_MANY, ("4",)),
    )
    assert await store.count(ALICE) == 4


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from("question topic name sources since language breadth when at weekday silent".split())


@given(st.lists(st.dictionaries(fields, anything, max_size=6) | anything, max_size=4))
def test_whatever_stands_in_a_file_is_read_or_refused(content: list[object]) -> None:
    entries, problems = read_file(file_of(*content), ASKED)
    assert problems or len(entries) == len(content)
    assert len(problems) <= MAX_PROBLEMS


@given(st.binary(max_size=50) | st.text(max_size=50))
def test_whatever_is_sent_is_refused_without_a_fuss(data: bytes | str) -> None:
    assert read_file(data, ASKED)[1]
