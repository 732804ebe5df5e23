"""Files of questions over a folder of news: what is read of one, and what is wrong with one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.reading import ReadOptions
from retrieval.errors import InvalidQuestionSet
from retrieval.question_file import NewsCorpus, read_question_file
from tests.builders import ZONE
from tests.retrieval.beir import lines_of

if TYPE_CHECKING:
    from retrieval.question_set import QuestionSet

NOW = datetime(2025, 12, 20, 8, 30, tzinfo=ZONE)
NEWS = {
    "deal.txt": "授权公告\n\nGR1803授权金额为7.12亿美元。\n",
    "deals.jsonl": lines_of(
        [
            {"id": "a", "text": "The fund raised 3 billion yuan."},
            {"id": "b", "text": "产业基金募集30亿元。"},
        ]
    ),
}
DEAL = {"question": "授权金额是多少？", "origin": "deal.txt", "answer": "7.12亿美元"}
FUND = {"question": "How large is the fund?", "origin": "deals.jsonl", "answer": "30亿元"}
NOTHING = {"question": "Who won?", "origin": None, "answer": None}


@pytest.fixture
def news() -> Path:
    folder = Path("news")
    folder.mkdir()
    for name, text in NEWS.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def read(news: Path, *records: dict[str, Any]) -> QuestionSet:
    Path("asked.jsonl").write_text(lines_of(records), "utf-8")
    return read_question_file(Path("asked.jsonl"), news, ReadOptions(), now=NOW)


def refusal(news: Path, *records: dict[str, Any]) -> str:
    with pytest.raises(InvalidQuestionSet) as refused:
        read(news, *records)
    return str(refused.value)


def test_questions_know_the_document_that_answers_them(news: Path) -> None:
    found = read(news, DEAL, FUND, NOTHING)
    assert found.name == "asked"
    assert [case.question.text for case in found.cases] == [DEAL["question"], FUND["question"]]
    assert [case.key for case in found.cases] == [DEAL["question"], FUND["question"]]
    assert [case.relevant for case in found.cases] == [{"deal.txt"}, {"deals.jsonl#b"}]
    assert [case.answers for case in found.cases] == [("7.12亿美元",), ("30亿元",)]
    assert [case.question.text for case in found.unanswerable] == ["Who won?"]
    assert {key for key, _ in found.corpus.documents(ReadOptions())} >= {"deal.txt", "deals.jsonl#b"}


def test_groups_are_the_languages_unless_they_are_named(news: Path) -> None:
    found = read(news, DEAL, FUND, NOTHING, {**DEAL, "question": "金额？", "group": "deals"})
    assert [case.group for case in (*found.cases, *found.unanswerable)] == [
        "zh-zh",
        "en-zh",
        "deals",
        "en-none",
    ]


def test_a_question_may_be_answered_in_several_places(news: Path) -> None:
    also = {"origin": "deals.jsonl", "answer": "3 billion yuan"}
    (case,) = read(news, {**FUND, "also": [also]}).cases
    assert case.relevant == {"deals.jsonl#a", "deals.jsonl#b"}
    assert case.answers == ("30亿元", "3 billion yuan")
    # One of them is in the question's language, so the question need not cross.
    assert case.group == "en-en"


def test_the_day_of_asking(news: Path) -> None:
    found = read(news, {**DEAL, "asked": "2025-12-17"}, FUND)
    assert [case.question.asked for case in found.cases] == [datetime(2025, 12, 17, 12, tzinfo=ZONE), NOW]


def test_one_file_of_news_may_be_asked_about(news: Path) -> None:
    found = read(news / "deal.txt", DEAL, FUND, NOTHING)
    assert [case.question.text for case in found.cases] == [DEAL["question"]]
    assert len(found.unanswerable) == 1
    assert [key for key, _ in found.corpus.documents(ReadOptions())] == ["deal.txt"]
    assert [file.name for file in found.corpus.files] == ["deal.txt"]


def test_the_files_of_a_folder_are_those_that_a_load_reads(news: Path) -> None:
    (news / "README.md").write_text("Not news.", "utf-8")
    corpus = NewsCorpus(news)
    assert corpus.name == "news"
    assert corpus.files == (news / "deal.txt", news / "deals.jsonl")


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"origin": "deal.txt", "answer": "7.12"}, "a question is text"),
        ({"question": " ", "origin": None, "answer": None}, "a question is text"),
        (DEAL, "asked before"),
        ({"question": "x", "origin": "gone.txt", "answer": "7.12"}, "there is no gone.txt"),
        ({"question": "x", "origin": "deal.txt", "answer": "7.13"}, "'7.13' does not stand in deal.txt"),
        ({"question": "x", "origin": "deal.txt", "answer": None}, "both text, or both null"),
        ({"question": "x", "origin": None, "answer": "7.12"}, "both text, or both null"),
        ({"question": "x", "origin": "deal.txt", "answer": ""}, "both text, or both null"),
        ({"question": "x", "origin": 3, "answer": "7.12"}, "both text, or both null"),
        ({**DEAL, "question": "x", "also": [{"origin": "deal.txt"}]}, "both text, or both null"),
        ({**NOTHING, "also": [{"origin": "deal.txt", "answer": "7.12"}]}, "both text, or both null"),
        ({**DEAL, "question": "x", "also": "deal.txt"}, "also is a list"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(news: Path, record: dict[str, Any], says: str) -> None:
    problem = refusal(news, DEAL, record)
    assert "asked.jsonl, line 2: " in problem
    assert says in problem


def test_there_must_be_something_to_ask(news: Path) -> None:
    assert "no question that news answers" in refusal(news, NOTHING)
    assert "no question that news/deal.txt answers" in refusal(news / "deal.txt", FUND)


def test_a_refused_file_of_news_is_named(news: Path) -> None:
    (news / "broken.json").write_text("{", "utf-8")
    found = read(news, DEAL)
    with pytest.raises(InvalidQuestionSet, match=r"broken\.json"):
        list(found.corpus.documents(ReadOptions()))
    assert "broken.json" in refusal(news, {**DEAL, "origin": "broken.json"})


def test_what_is_no_json_is_refused(news: Path) -> None:
    Path("asked.jsonl").write_text(json.dumps(DEAL) + "\n{\n", "utf-8")
    with pytest.raises(InvalidQuestionSet, match="line 2: this is not JSON"):
        read_question_file(Path("asked.jsonl"), news, ReadOptions(), now=NOW)
