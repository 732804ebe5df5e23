"""Topics: the documents' own where they have any, else what several titles share."""

from __future__ import annotations

import re

from retrieval.topics import KEY_LENGTH, Topic, belongs, topic_key, topics_of
from tests.builders import build_document


def test_own_topics_are_counted_by_document_the_most_common_first() -> None:
    documents = [
        build_document("a", topics=("双抗", "临床试验")),
        build_document("b", topics=("临床试验", "临床试验 ", "FDA")),
        build_document("c", topics=("fda",)),
        build_document("d"),
    ]
    assert topics_of(documents) == (
        Topic(topic_key("FDA"), "FDA", 2),
        Topic(topic_key("临床试验"), "临床试验", 2),
        Topic(topic_key("双抗"), "双抗", 1),
    )
    assert len(topics_of(documents, 1)) == 1
    assert [belongs(document, topics_of(documents)[0]) for document in documents] == [
        False,
        True,
        True,
        False,
    ]


def test_keys_are_short_ascii_and_made_from_the_name_alone() -> None:
    assert topic_key("双抗") == topic_key(" 双抗 ") != topic_key("双抗药")
    assert topic_key("FDA  approval") == topic_key("fda approval")
    for name in ("双抗", "a" * 500, "😀", "\ud800", ""):
        assert re.fullmatch(f"[0-9a-z]{{1,{KEY_LENGTH}}}", topic_key(name))


def test_without_topics_what_titles_share_is_found() -> None:
    titles = [
        "重庆生物城签约两家药企",
        "新药PC-301在重庆生物城投产",
        "PC-301进入三期临床",
        "记者探访重庆生物城",
        "上海股市收涨",
        "暴雨来袭 多地停课",
        "Hengrui wins approval",
        "Another approval for Hengrui",
    ]
    documents = [build_document(str(n), title=title) for n, title in enumerate(titles)]
    topics = topics_of(documents)
    assert [(topic.name, topic.documents) for topic in topics] == [
        ("重庆生物城", 3),
        ("Hengrui", 2),
        ("PC-301", 2),
    ]
    assert [belongs(document, topics[0]) for document in documents[:3]] == [True, True, False]


def test_a_few_that_name_topics_do_not_speak_for_all() -> None:
    documents = [build_document(str(n), title=f"重庆生物城{n}号") for n in range(9)]
    documents += [build_document(f"x{n}", title="别的") for n in range(9)]
    documents.append(build_document("own", title="x", topics=("股市",)))
    assert [topic.name for topic in topics_of(documents)][:1] != ["股市"]


def test_no_documents_have_no_topics() -> None:
    assert topics_of(()) == ()
    assert topics_of([build_document(title=None)]) == ()
