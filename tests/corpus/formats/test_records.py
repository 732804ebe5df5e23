from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.formats.records import RecordError, draft_of, parsed
from corpus.formats.schema import fault_of

SHANGHAI = ZoneInfo("Asia/Shanghai")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2100)
    | st.floats()
    | st.sampled_from(["", " ", "x", "2025-12", "https://a.example"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "section", "marks", "date"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = [
    "id",
    "_id",
    "title",
    "text",
    "paragraphs",
    "passages",
    "source",
    "published",
    "date",
    "url",
    "topics",
    "language",
    "metadata",
    "more",
]


def verdict_on(record: object) -> str | None:
    try:
        draft_of(record, SHANGHAI, 1)
    except RecordError as error:
        return error.fault
    return None


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5) | JSON)
def test_the_quick_look_and_the_schema_agree(record: object) -> None:
    assert verdict_on(record) == fault_of(record)


def test_every_member() -> None:
    draft = draft_of(
        {
            "id": "a",
            "title": " 标题 ",
            "text": "正文。\n又一段。",
            "source": "虚构财经",
            "published": "2025-12-16 08:35",
            "url": "https://news.example/1",
            "topics": ["融资", " "],
            "language": "zh-CN",
            "unknown": {"anything": 1},
        },
        SHANGHAI,
        1,
    )
    assert (draft.title, draft.body, draft.source) == ("标题", "正文。\n又一段。", "虚构财经")
    assert (str(draft.published), draft.url, draft.topics) == (
        "2025-12-16 08:35",
        "https://news.example/1",
        ("融资",),
    )
    assert (draft.language, draft.key, draft.keyed) == ("zh", "a", False)


def test_the_beir_layout() -> None:
    metadata = {"date": "2019-07-23", "source": "ChronoQA", "url": "https://news.example/2", "more": []}
    draft = draft_of({"_id": "chrono-0", "title": "", "text": "正文。", "metadata": metadata}, SHANGHAI, 1)
    assert (draft.title, draft.source, str(draft.published)) == (None, "ChronoQA", "2019-07-23")
    assert (draft.key, draft.keyed, draft.url) == ("chrono-0", True, "https://news.example/2")


def test_paragraphs_and_passages() -> None:
    draft = draft_of({"paragraphs": ["一。", "", "二。"]}, SHANGHAI, 1)
    assert (draft.body, [block.fixed for block in draft.blocks]) == ("一。\n二。", [False, False])
    draft = draft_of(
        {"passages": ["一。", {"text": "二。", "section": "Group 1", "marks": ["[1]"]}]}, SHANGHAI, 1
    )
    assert [(block.section, block.marks, block.fixed) for block in draft.blocks] == [
        (None, (), True),
        ("Group 1", ("[1]",), True),
    ]


def test_without_an_id_the_place_in_the_file_is_the_key() -> None:
    assert draft_of({"text": "x"}, SHANGHAI, 7).key == "7"
    assert draft_of({"text": "x", "id": 12}, SHANGHAI, 7).key == "12"


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ([], "it must be an object"),
        ({}, "it has neither text nor title"),
        ({"title": " ", "text": ""}, "it has neither text nor title"),
        ({"title": 1, "text": "x"}, '"title" must be a text'),
        ({"text": ["x"]}, '"text" must be a text'),
        ({"text": "x", "topics": "融资"}, '"topics" must be a list of texts'),
        ({"text": "x", "topics": ["a", 1]}, '"topics", item 2 must be a text'),
        ({"text": "x", "paragraphs": ["y"]}, 'only one of "text", "paragraphs" and "passages" may be given'),
        ({"text": "x", "url": "javascript:alert(1)"}, '"url" must start with http:// or https://'),
        ({"text": "x", "url": "news.example"}, '"url" must start with http:// or https://'),
        ({"text": "x", "id": ""}, '"id" must be a text or a whole number, and not empty'),
        ({"passages": [{"section": "a"}]}, '"passages", item 1 must be a text, or an object with a "text"'),
        ({"text": "x", "metadata": 1}, '"metadata" must be an object'),
    ],
)
def test_what_does_not_fit_is_told_in_words(record: object, fault: str) -> None:
    with pytest.raises(RecordError) as refused:
        draft_of(record, SHANGHAI, 1)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    "record", [{"published": "soon"}, {"date": "2025-13-01"}, {"metadata": {"date": "x"}}, {"date": [1]}]
)
def test_an_explicit_date_must_be_one(record: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match=r"must be a date, such as 2025-12-16"):
        draft_of({"text": "x"} | record, SHANGHAI, 1)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xff{}", "it is not UTF-8, as JSON must be"),
        (b'{"a": ', "it is not JSON (expecting value at character 7)"),
        (b'{"a": "b', "it is not JSON (unterminated string starting at character 7)"),
        (b"[" * 100_000, "it is not JSON"),
        (b'{"id": ' + b"1" * 5000 + b"}", "it is not JSON"),
        (b'{"text": "\\ud83d"}', "it holds half a character or a NUL"),
        (b'{"text": "a\\u0000"}', "it holds half a character or a NUL"),
    ],
)
def test_what_is_no_json_is_told_in_words(data: bytes, fault: str) -> None:
    with pytest.raises(RecordError) as refused:
        parsed(data)
    assert refused.value.fault == fault


@pytest.mark.parametrize("value", ["😀", "a\\u0000b as text", "\\ud83d as text", "药"])
def test_escapes_that_make_whole_characters_are_fine(value: str) -> None:
    assert parsed(json.dumps({"text": value}).encode()) == {"text": value}
