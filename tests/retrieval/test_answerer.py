"""Answering: verdicts, excerpts with their citations, and that no question is too strange."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given

from retrieval.answer import Answer, Verdict
from retrieval.answerer import NEAREST, Aids, Answerer
from retrieval.engines import open_index
from retrieval.homophones import Homophones
from retrieval.indexing import analyse
from retrieval.typos import Mender
from retrieval.weights import Direction
from tests.builders import build_document
from tests.retrieval.indexed import WEIGHTS, ask, index_of
from tests.retrieval.texts import any_text
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.model import Document
    from retrieval.analyzer import Analyzer

DOCUMENTS = (
    build_document(
        "deal",
        title="重庆创新药出海",
        source="重庆日报",
        url="https://news.example/deal",
        passages=[
            "双抗药物GR1803实现首次海外授权，总额7.12亿美元。园区照常营业。",
            "GR1803的适应症是多发性骨髓瘤。授权方为园区企业。",
        ],
    ),
    build_document("price", title="HD-27降价", source=None, published=None, passages=["HD-27每盒1280元。"]),
    build_document("quote", title="Index", language="en", passages=["The Yunxi index closed at 3,120."]),
    build_document("fund", title="产业基金", passages=["产业基金首期规模30亿元。"]),
    build_document("policy", title="新政公布", passages=["支持创新药的政策自3月1日施行。"]),
)


@pytest.fixture(scope="module", params=["memory:", "tantivy:"])
def answerer(
    request: pytest.FixtureRequest, analyzer: Analyzer, tmp_path_factory: pytest.TempPathFactory
) -> Answerer:
    url = request.param
    place = tmp_path_factory.mktemp("index") / "index" if url == "tantivy:" else ""
    return Answerer(index_of(analyzer, DOCUMENTS, f"{url}{place}"), analyzer)


def test_answers_with_the_sentence_and_its_citation(answerer: Answerer) -> None:
    question = ask("GR1803海外授权总额是多少？")
    answer = answerer.answer(question)
    excerpt = answer.excerpts[0]
    assert answer.question == question
    assert answer.verdict is Verdict.ANSWERED
    assert excerpt.text == "双抗药物GR1803实现首次海外授权，总额7.12亿美元。"
    assert excerpt.passage == DOCUMENTS[0].passages[0]
    citation = excerpt.citation
    assert (citation.document_id, citation.title, citation.source) == ("deal", "重庆创新药出海", "重庆日报")
    assert (citation.published, citation.url) == (DOCUMENTS[0].published, "https://news.example/deal")
    assert answer.nearest == ()


def test_what_a_document_lacks_is_cited_as_missing(answerer: Answerer) -> None:
    citation = answerer.answer(ask("HD-27多少钱一盒")).excerpts[0].citation
    assert (citation.source, citation.published, citation.url) == (None, None, None)


def test_news_of_another_time_than_the_question_demands_is_at_most_related(
    analyzer: Analyzer,
) -> None:
    index = index_of(analyzer, DOCUMENTS)
    sure = Answerer(index, analyzer, weights=replace(WEIGHTS, related=0.0, answered=0.0))
    assert sure.answer(ask("支持创新药的政策")).verdict is Verdict.ANSWERED
    answer = sure.answer(ask("上月支持创新药的政策有什么新闻"))
    assert (answer.verdict, answer.excerpts[0].citation.document_id) == (Verdict.RELATED, "policy")


def test_english_is_answered(answerer: Answerer) -> None:
    answer = answerer.answer(ask("Where did the Yunxi index close?"))
    assert answer.excerpts[0].text == "The Yunxi index closed at 3,120."


def test_excerpts_come_best_first_and_as_many_as_were_asked_for(answerer: Answerer) -> None:
    question = ask("GR1803的授权")
    scores = [excerpt.score for excerpt in answerer.answer(question, limit=10).excerpts]
    assert len(scores) >= 2
    assert scores == sorted(scores, reverse=True)
    assert len(answerer.answer(question, limit=1).excerpts) == 1
    assert len(answerer.answer(question).excerpts) <= 3


def test_nothing_in_common_is_nothing(answerer: Answerer) -> None:
    answer = answerer.answer(ask("qwerty zxcvb"))
    assert (answer.verdict, answer.confidence, answer.excerpts, answer.nearest) == (
        Verdict.NOTHING,
        0.0,
        (),
        (),
    )


def test_little_in_common_is_nothing_but_the_nearest_documents_each_once(answerer: Answerer) -> None:
    answer = answerer.answer(ask("足球世界杯决赛在哪座城市的体育场举行，观众有多少，授权哪些媒体转播"))
    assert answer.verdict is Verdict.NOTHING
    assert answer.excerpts == ()
    assert 0 < answer.confidence < 1
    nearest = [citation.document_id for citation in answer.nearest]
    assert nearest[0] == "deal"  # of which both passages share the word
    assert len(nearest) == len(set(nearest)) <= NEAREST


def test_of_many_near_documents_the_nearest_are_named(analyzer: Analyzer) -> None:
    documents = [build_document(f"d{number}", title=None, passages=["授权公告。"]) for number in range(6)]
    answer = Answerer(index_of(analyzer, documents), analyzer).answer(ask("足球世界杯决赛授权哪些媒体转播"))
    assert answer.verdict is Verdict.NOTHING
    assert [citation.document_id for citation in answer.nearest] == ["d0", "d1", "d2"]


def test_what_says_far_less_than_the_first_is_not_shown(answerer: Answerer) -> None:
    question = ask("双抗药物GR1803海外授权总额7.12亿美元")
    assert len(answerer.rank(question).ranked) > 1
    assert len(answerer.answer(question).excerpts) == 1


@pytest.mark.parametrize(
    ("related", "answered", "verdict", "shown"),
    [
        (0.0, 0.0, Verdict.ANSWERED, True),
        (0.0, 1.1, Verdict.RELATED, True),
        (1.1, 1.1, Verdict.NOTHING, False),
    ],
)
def test_the_confidence_and_the_thresholds_make_the_verdict(
    analyzer: Analyzer, related: float, answered: float, verdict: Verdict, shown: bool
) -> None:
    weights = replace(WEIGHTS, related=related, answered=answered)
    answer = Answerer(index_of(analyzer, DOCUMENTS), analyzer, weights=weights).answer(ask("产业基金"))
    assert answer.verdict is verdict
    assert (bool(answer.excerpts), bool(answer.nearest)) == (shown, not shown)


def test_a_threshold_that_is_just_reached_is_reached(analyzer: Analyzer) -> None:
    index = index_of(analyzer, DOCUMENTS)
    found = Answerer(index, analyzer, weights=WEIGHTS).answer(ask("产业基金")).confidence
    for related, answered, verdict in ((0.0, found, Verdict.ANSWERED), (found, 1.0, Verdict.RELATED)):
        weights = replace(WEIGHTS, related=related, answered=answered)
        assert Answerer(index, analyzer, weights=weights).answer(ask("产业基金")).verdict is verdict


def test_the_less_of_a_question_is_found_the_lower_the_confidence(answerer: Answerer) -> None:
    answers = [
        answerer.answer(ask(text))
        for text in (
            "产业基金首期规模30亿元",
            "产业基金注册地点和管理人姓名是谁",
            "产业链上下游的企业家协会换届",
        )
    ]
    assert answers[0].verdict is Verdict.ANSWERED
    assert answers[-1].verdict is Verdict.NOTHING
    confidences = [answer.confidence for answer in answers]
    assert confidences == sorted(confidences, reverse=True)


BOTH = (
    build_document("zh", title="授权", passages=["GR1803授权金额超过10亿美元。"]),
    build_document(
        "en",
        title="Deal",
        language="en",
        passages=["The license fee of GR1803. Rain fell on the park all day."],
    ),
)


def test_excerpts_in_both_languages_are_marked_by_what_their_language_calls_it(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    translator = translator_of(analyzer, tmp_path / "terms", "授权\tlicense", "金额\tfee")
    answerer = Answerer(
        index_of(analyzer, BOTH), analyzer, Aids(translator), weights=replace(WEIGHTS, related=0.0)
    )
    excerpts = {each.citation.document_id: each for each in answerer.answer(ask("授权金额")).excerpts}
    marked = {
        name: {each.passage.text[span.start : span.end] for span in each.matches}
        for name, each in excerpts.items()
    }
    assert marked.keys() == {"zh", "en"}
    assert "授权" in "".join(marked["zh"])
    assert {"license", "fee"} & set(" ".join(marked["en"]).split())
    assert excerpts["en"].text.startswith("The license fee of GR1803.")


@pytest.mark.parametrize(
    ("documents", "translated"), [(BOTH, True), (BOTH[:1], False), (BOTH[1:], True), ((), False)]
)
def test_a_question_is_translated_where_the_index_has_the_other_language(
    analyzer: Analyzer, tmp_path: Path, documents: tuple[Document, ...], translated: bool
) -> None:
    answerer = Answerer(
        index_of(analyzer, documents),
        analyzer,
        Aids(translator_of(analyzer, tmp_path / "t", "授权\tlicense")),
    )
    assert bool(answerer.rank(ask("授权")).query.concepts) is translated


def test_an_explanation_adds_up_to_the_score(analyzer: Analyzer, tmp_path: Path) -> None:
    translator = translator_of(analyzer, tmp_path / "terms", "授权\tlicense", "金额\tfee")
    answerer = Answerer(index_of(analyzer, BOTH), analyzer, Aids(translator), weights=WEIGHTS)
    ranking = answerer.rank(ask("2025年12月GR1803授权金额超过10亿美元，考古"))
    assert {each.direction for each in ranking.ranked} == set(Direction)
    for ranked in ranking.ranked:
        told = answerer.explain(ranking, ranked)
        assert sum(each.points for each in told.contributions) == pytest.approx(ranked.score)
        assert (told.score, told.confidence, told.direction) == (
            ranked.score,
            ranked.confidence,
            ranked.direction,
        )
        assert "考古" in told.missing
        points = [each.points for each in told.contributions]
        assert points == sorted(points, reverse=True)


def test_an_empty_index_answers_nothing(analyzer: Analyzer) -> None:
    answer = Answerer(open_index("memory:", analyzer.fingerprint), analyzer).answer(ask("授权金额"))
    assert (answer.verdict, answer.excerpts, answer.nearest) == (Verdict.NOTHING, (), ())


STRANGE = {
    "long": "授权金额超过多少" * 1250,
    "long word": "a" * 10_000,
    "long number": "1,000" * 2_000,
    "all different": "".join(map(chr, range(0x4E00, 0x4E00 + 10_000))),
    "spaces": " \n\u3000" * 3_000,
    "punctuation": "？！。，、……——（）《》" * 100,
    "emoji": "😀👨‍👩‍👧🇨🇳" * 100,
    "right to left": "מה הסכום? ما هو المبلغ؟ \u202eGR1803\u202c",
    "control": "\0\x01\x1f\x7f\ufeff\u200bGR1803\0授权",
    "half a surrogate": "授权\ud83d金额",
    "combining": "e\u0301" * 500,
    "query syntax": 'document:manifest +授权 -金额 "a b"~2 [* TO *] (((\\ terms:/.*/',
    "bars": "|w重庆|manifest|\x1f d2025",
    "dates": "昨天" * 1_000 + "2025年12月" * 1_000,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_no_question_is_too_strange_or_too_long(answerer: Answerer, text: str) -> None:
    started = time.process_time()
    check(answerer.answer(ask(text)))
    assert time.process_time() - started < 2


@given(text=any_text)
@example(text="")
def test_any_question_is_answered(answerer: Answerer, text: str) -> None:
    check(answerer.answer(ask(text)))


def check(answer: Answer) -> None:
    """What holds of every answer."""
    assert 0 <= answer.confidence <= 1
    assert len(answer.excerpts) <= 3
    assert bool(answer.excerpts) == (answer.verdict is not Verdict.NOTHING)
    assert not answer.nearest or answer.verdict is Verdict.NOTHING
    for excerpt in answer.excerpts:
        assert excerpt.text
        assert excerpt.text in excerpt.passage.text
        assert excerpt.score > 0


@given(text=any_text, title=any_text, question=any_text)
def test_any_passage_is_cited_verbatim(analyzer: Analyzer, text: str, title: str, question: str) -> None:
    document = build_document(title=title, passages=[f"授权。{text}"])
    index = open_index("memory:", analyzer.fingerprint)
    writer = index.writer()
    writer.add(analyse(analyzer, [document]))
    writer.commit(1)
    for excerpt in Answerer(index, analyzer).answer(ask(f"授权{question}")).excerpts:
        assert excerpt.passage == document.passages[0]
        assert excerpt.text in document.passages[0].text


def test_is_the_same_from_many_threads(answerer: Answerer) -> None:
    questions = [
        ask(text)
        for text in (
            "GR1803海外授权总额是多少？",
            "HD-27多少钱一盒",
            "产业基金规模",
            "昨天的政策",
            "Yunxi index",
            "？",
        )
    ]
    alone = [answerer.answer(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(answerer.answer, questions * 20)) == alone * 20


def test_words_that_the_corpus_lacks_are_told_where_the_answer_is_not_sure(analyzer: Analyzer) -> None:
    index = index_of(analyzer, DOCUMENTS)
    for related, verdict in ((0.0, Verdict.RELATED), (1.0, Verdict.NOTHING)):
        unsure = Answerer(index, analyzer, weights=replace(WEIGHTS, related=related, answered=1.0))
        answer = unsure.answer(ask("考古授权"))
        assert (answer.verdict, answer.missing) == (verdict, ("考古",))
    sure = Answerer(index, analyzer, weights=replace(WEIGHTS, related=0.0, answered=0.0))
    assert sure.answer(ask("考古授权")).missing == ()


def test_a_word_that_is_there_translated_is_not_missing(analyzer: Analyzer, tmp_path: Path) -> None:
    english = [build_document("en", title="Deal", language="en", passages=["The license was sold."])]
    translator = translator_of(analyzer, tmp_path, "授权\tlicense", "考古\tarchaeology")
    unsure = Answerer(
        index_of(analyzer, english),
        analyzer,
        Aids(translator=translator),
        weights=replace(WEIGHTS, related=0.0, answered=1.0),
    )
    assert unsure.answer(ask("考古授权")).missing == ("考古",)


def test_what_is_said_of_another_code_is_at_most_related(analyzer: Analyzer) -> None:
    sure = Answerer(
        index_of(analyzer, DOCUMENTS), analyzer, weights=replace(WEIGHTS, related=0.0, answered=0.0)
    )
    assert sure.answer(ask("GR1803海外授权总额")).verdict is Verdict.ANSWERED
    answer = sure.answer(ask("GR1083海外授权总额"))
    assert (answer.verdict, answer.missing) == (Verdict.RELATED, ("GR1083",))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("海外考古授权", ("考古",)),
        ("授权的Dumplings和Mongolia", ("Dumplings", "Mongolia")),  # as they were written, not their stems
        ("授权书的总额", ()),  # there in parts
        ("国际生物城有多少授权", ("国际", "生物")),  # 城有 is no word
        ("GR 1803的授权总额", ()),  # mended
    ],
)
def test_only_what_is_not_there_at_all_is_missing(
    analyzer: Analyzer, text: str, missing: tuple[str, ...]
) -> None:
    mender = Mender(analyzer, Homophones(), knows=lambda _: False, familiar=lambda _: False)
    unsure = Answerer(
        index_of(analyzer, DOCUMENTS),
        analyzer,
        Aids(mender=mender),
        weights=replace(WEIGHTS, related=0.0, answered=1.0),
    )
    assert unsure.answer(ask(text)).missing == missing
