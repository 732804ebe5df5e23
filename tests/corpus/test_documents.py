from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from corpus import refusals
from corpus.documents import document_of
from corpus.errors import UnreadableFile
from corpus.formats.base import Draft
from corpus.model import Precision, Published
from corpus.splitter import paragraphs

BODY = "第一段。" * 30 + "\n" + "第二段。" * 30


def build_draft(body: str = BODY, **changes: Any) -> Draft:  # noqa: ANN401  the fields of a draft
    return replace(Draft(body, paragraphs(body), title="标题"), **changes)


def test_the_id_is_the_origin_when_there_is_nothing_better() -> None:
    assert document_of(build_draft(), "a/b.txt").id == "a/b.txt"


def test_the_key_tells_the_documents_of_one_file_apart() -> None:
    assert document_of(build_draft(key="chrono-1"), "set.jsonl").id == "set.jsonl#chrono-1"


def test_the_url_is_the_identity_wherever_the_file_lies() -> None:
    draft = build_draft(url="https://news.example/1", key="7")
    assert document_of(draft, "a.html").id == document_of(draft, "b/c.html").id == "https://news.example/1"


def test_a_key_that_must_be_found_again_wins_over_the_url() -> None:
    document = document_of(build_draft(url="https://news.example/1", key="7", keyed=True), "set.jsonl")
    assert (document.id, document.url) == ("set.jsonl#7", "https://news.example/1")


def test_an_endless_url_is_shortened_in_the_id_and_stays_distinct() -> None:
    one, other = (
        document_of(build_draft(url="https://news.example/" + "x" * 5000 + end), "a") for end in "ab"
    )
    assert len(one.id) < 400
    assert one.id != other.id
    assert one.url is not None
    assert len(one.url) > 5000


def test_a_passage_is_known_by_its_document_place_and_text() -> None:
    document = document_of(build_draft(), "a.txt")
    for ordinal, passage in enumerate(document.passages):
        digest = hashlib.sha256(passage.text.encode()).hexdigest()[:8]
        assert (passage.ordinal, passage.id) == (ordinal, f"a.txt:{ordinal}:{digest}")


def test_an_edit_makes_another_passage_and_leaves_the_others() -> None:
    before = document_of(build_draft(), "a.txt").passages
    after = document_of(build_draft(BODY.replace("第二段", "改过的")), "a.txt").passages
    assert before[0].id == after[0].id
    assert before[1].id != after[1].id


def test_reading_again_gives_the_same_revision() -> None:
    assert document_of(build_draft(), "a.txt") == document_of(build_draft(), "a.txt")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "别的标题"},
        {"title": None},
        {"source": "虚构财经"},
        {"published": Published(datetime(2025, 1, 1, tzinfo=UTC), Precision.YEAR)},
        {"url": "https://news.example/1"},
        {"topics": ("融资",)},
        {"language": "en"},
        {"body": BODY + "。"},
    ],
)
def test_whatever_a_reader_sees_is_in_the_revision(change: dict[str, Any]) -> None:
    assert document_of(build_draft(), "a").revision != document_of(build_draft(**change), "a").revision


def test_sections_marks_and_precision_are_in_the_revision() -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    plain, marked, sectioned = (
        document_of(build_draft(blocks=(replace(paragraphs("x")[0], end=len(BODY), **change),)), "a").revision
        for change in ({}, {"marks": ("[1]",)}, {"section": "Group 1"})
    )
    assert len({plain, marked, sectioned}) == 3
    year, day = (
        document_of(build_draft(published=Published(moment, precision)), "a").revision
        for precision in (Precision.YEAR, Precision.DAY)
    )
    assert year != day


def test_a_headline_alone_is_its_own_passage() -> None:
    document = document_of(build_draft(body="", blocks=()), "a.txt")
    assert [passage.text for passage in document.passages] == ["标题"]


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        document_of(build_draft(body=" \n", blocks=(), title=None), "a.txt")
    assert refused.value.reason == refusals.NO_TEXT


def test_the_text_decides_the_language_unless_it_is_declared() -> None:
    assert document_of(build_draft(), "a").language == "zh"
    assert document_of(build_draft(language="en"), "a").language == "en"
    assert document_of(build_draft("Only English here.", title="News"), "a").language == "en"


@pytest.mark.parametrize("text", ["半个字符\ud83d", "a\x00b"])
def test_what_no_database_can_keep_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        document_of(Draft(text, paragraphs(text)), "a.txt")
    assert refused.value.reason == refusals.NOT_TEXT
    with pytest.raises(UnreadableFile):
        document_of(build_draft(title=text), "a.txt")
