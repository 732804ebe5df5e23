"""The inquiry: its question, its chips, and its writing, which outlives the program that wrote it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BotError, InquiryTooLong, UnreadableInquiry
from bot.inquiry import MAX_LENGTH, Chip, ChipKind, Inquiry, write_json
from retrieval.answer import Order, Question
from retrieval.scope import Scope
from tests.bot.reader_builders import FULL_SCOPE, build_inquiry

FULL = replace(
    build_inquiry("那临床阶段的呢？", scope=FULL_SCOPE, order=Order.NEWEST),
    context="重庆有多少创新药？",
    excerpts=5,
    document_title="重庆创新药在研数量创新高",
)
WRITTEN = (
    '{"v":1,"said":"那临床阶段的呢？","asked":"2026-01-05T17:00:00+08:00","context":"重庆有多少创新药？",'
    '"scope":{"sources":["新华社","Reuters"],"since":"2025-11-01","until":"2025-12-31","language":"zh",'
    '"phrases":["临床 阶段"],"excluded":["疫苗","口罩"],"document":"doc"},'
    '"title":"重庆创新药在研数量创新高","order":"newest","excerpts":5}'
)


def test_the_question_has_everything_that_was_assumed() -> None:
    assert FULL.question == Question(
        "那临床阶段的呢？",
        FULL.asked,
        scope=FULL_SCOPE,
        context="重庆有多少创新药？",
        order=Order.NEWEST,
    )


def test_every_thing_assumed_is_a_chip() -> None:
    assert FULL.chips() == (
        Chip(ChipKind.CONTEXT, "重庆有多少创新药？"),
        Chip(ChipKind.SOURCE, "新华社"),
        Chip(ChipKind.SOURCE, "Reuters"),
        Chip(ChipKind.SINCE, "2025-11-01"),
        Chip(ChipKind.UNTIL, "2025-12-31"),
        Chip(ChipKind.LANGUAGE, "zh"),
        Chip(ChipKind.PHRASE, "临床 阶段"),
        Chip(ChipKind.EXCLUDED, "疫苗"),
        Chip(ChipKind.EXCLUDED, "口罩"),
        Chip(ChipKind.DOCUMENT, "重庆创新药在研数量创新高"),
    )
    assert {chip.kind for chip in FULL.chips()} == set(ChipKind)
    assert build_inquiry().chips() == ()


def test_a_document_without_a_title_is_named_by_its_id() -> None:
    untitled = build_inquiry(scope=Scope(document_id="深/a.txt"))
    assert untitled.chips() == (Chip(ChipKind.DOCUMENT, "深/a.txt"),)


@pytest.mark.parametrize("place", range(10))
def test_a_chip_is_taken_away_and_nothing_else(place: int) -> None:
    chips = FULL.chips()
    less = FULL.without(place)
    assert less.chips() == chips[:place] + chips[place + 1 :]
    assert replace(less, scope=FULL.scope, context=FULL.context, document_title=FULL.document_title) == FULL


def test_of_equal_values_the_one_meant_is_taken_away() -> None:
    twice = build_inquiry(scope=Scope(sources=("a", "b", "a")))
    assert twice.without(2).scope.sources == ("a", "b")
    assert twice.without(0).scope.sources == ("b", "a")


def test_a_document_goes_with_its_title() -> None:
    less = FULL.without(9)
    assert less.scope.document_id is None
    assert less.document_title is None


def test_when_all_chips_are_gone_the_scope_confines_nothing() -> None:
    less = FULL
    while less.chips():
        less = less.without(0)
    assert not less.scope
    assert less.said == FULL.said


@pytest.mark.parametrize("place", [-1, 10])
def test_there_is_no_such_chip(place: int) -> None:
    with pytest.raises(IndexError):
        FULL.without(place)


def test_the_writing_is_the_same_for_ever() -> None:
    # What readers have saved must still be read: a change here needs another version.
    assert FULL.to_json() == WRITTEN
    assert Inquiry.from_json(WRITTEN) == FULL
    assert build_inquiry("谁？").to_json() == (
        '{"v":1,"said":"谁？","asked":"2026-01-05T17:00:00+08:00","excerpts":3}'
    )


_TEXTS = st.text(st.characters(), max_size=30)
_DAYS = st.none() | st.dates()
_INQUIRIES = st.builds(
    Inquiry,
    said=_TEXTS,
    asked=st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        timezones=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    ),
    context=st.none() | _TEXTS,
    scope=st.builds(
        Scope,
        sources=st.lists(_TEXTS, max_size=3).map(tuple),
        since=_DAYS,
        until=_DAYS,
        language=st.sampled_from([None, "zh", "en"]),
        phrases=st.lists(_TEXTS, max_size=3).map(tuple),
        excluded=st.lists(_TEXTS, max_size=3).map(tuple),
        document_id=st.none() | _TEXTS,
    ),
    order=st.sampled_from(Order),
    excerpts=st.integers(1, 20),
    document_title=st.none() | _TEXTS,
)


@given(_INQUIRIES)
def test_every_inquiry_comes_back_as_it_went_in(inquiry: Inquiry) -> None:
    text = inquiry.to_json()
    again = Inquiry.from_json(text)
    assert again == inquiry
    assert again.asked.isoformat() == inquiry.asked.isoformat()  # equal moments may be of two days
    assert again.to_json() == text
    assert "\0" not in text
    text.encode()


def test_half_a_surrogate_pair_can_be_written() -> None:
    inquiry = build_inquiry("\ud83d?")
    assert inquiry.to_json().isascii()
    assert Inquiry.from_json(inquiry.to_json()) == inquiry


def test_a_long_title_is_cut() -> None:
    long = replace(FULL, document_title="长" * 5_000)
    assert Inquiry.from_json(long.to_json()) == replace(FULL, document_title="长" * 256)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "5",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"v":2,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3}',
        '{"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3}',
        '{"v":1,"asked":"2026-01-05T17:00:00+08:00","excerpts":3}',
        '{"v":1,"said":5,"asked":"2026-01-05T17:00:00+08:00","excerpts":3}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00","excerpts":3}',
        '{"v":1,"said":"?","asked":"yesterday","excerpts":3}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":0}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"order":"worst"}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"mood":"bad"}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"scope":{"place":"重庆"}}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"scope":{"sources":[5]}}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"scope":{"sources":"新华社"}}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"scope":{"since":"2025-13-01"}}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":3,"scope":[]}',
        '{"v":1,"said":"?","asked":"2026-01-05T17:00:00+08:00","excerpts":"3"}',
        json.dumps(
            {"v": 1, "said": "?" * (MAX_LENGTH + 1), "asked": "2026-01-05T17:00+08:00", "excerpts": 3}
        ),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(text: str) -> None:
    with pytest.raises(UnreadableInquiry, match="A stored question cannot be read") as raised:
        Inquiry.from_json(text)
    assert isinstance(raised.value, BotError)


def test_the_error_does_not_repeat_what_the_reader_wrote() -> None:
    with pytest.raises(UnreadableInquiry) as raised:
        Inquiry.from_json('{"v":1,"said":"geheim","asked":"geheim","excerpts":3}')
    assert "geheim" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_the_time_of_asking_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Inquiry("?", datetime(2026, 1, 5))  # noqa: DTZ001 - the mistake that is looked for


@pytest.mark.parametrize("excerpts", [0, 21])
def test_a_page_has_some_excerpts_but_not_all(excerpts: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        replace(FULL, excerpts=excerpts)


@pytest.mark.parametrize(
    "longest",
    [
        Inquiry("x" * MAX_LENGTH, datetime(2026, 1, 5, tzinfo=UTC)),
        Inquiry("", datetime(2026, 1, 5, tzinfo=UTC), context="x" * MAX_LENGTH),
        Inquiry("", datetime(2026, 1, 5, tzinfo=UTC), scope=Scope(sources=("x" * MAX_LENGTH,))),
        Inquiry("", datetime(2026, 1, 5, tzinfo=UTC), scope=Scope(phrases=("x" * MAX_LENGTH,))),
        Inquiry("", datetime(2026, 1, 5, tzinfo=UTC), scope=Scope(excluded=("x" * MAX_LENGTH,))),
    ],
    ids=["said", "context", "sources", "phrases", "excluded"],
)
def test_its_length_is_bounded(longest: Inquiry) -> None:
    with pytest.raises(InquiryTooLong):
        replace(longest, said=longest.said + "x")


def test_days_are_written_as_they_are() -> None:
    early = build_inquiry(scope=Scope(since=date(1, 1, 1), until=date.max))
    assert Inquiry.from_json(early.to_json()) == early


def test_numbers_that_are_nothing_are_kept() -> None:
    assert write_json({"a": 0, "b": None, "c": "", "d": [], "e": {}}) == '{"a":0,"c":""}'
