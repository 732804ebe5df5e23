"""One answer from all engines: on the sample news, and on more than one index segment holds."""

from __future__ import annotations

import json
import random
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.answer import Verdict
from retrieval.answerer import Answerer
from retrieval.engines import open_index
from retrieval.indexing import analyse
from retrieval.knowledge import Knowledge
from retrieval.passage_vectors import Closeness
from retrieval.question import Interpreter
from retrieval.ranking import LOOKED_INTO, Ranker, Ranking
from retrieval.weights import fitted
from tests.builders import build_document
from tests.installing import installed
from tests.retrieval.indexed import WEIGHTS, ask, index_of
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.model import Document
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index, IndexedPassage

RANKER = Ranker(WEIGHTS)

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [
    json.loads(line)
    for line in (ROOT / "tests" / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
]


def places(ranking: Ranking) -> list[tuple[str, float]]:
    """The final order, with scores as far as they are not a matter of the last digits."""
    return [(each.candidate.passage_id, round(each.score, 6)) for each in ranking.ranked]


@pytest.fixture(scope="module")
def sampled(
    analyzer: Analyzer, news: list[Document], tmp_path_factory: pytest.TempPathFactory
) -> list[Index]:
    """The sample news in each engine."""
    folder = tmp_path_factory.mktemp("index")
    return [index_of(analyzer, news, url) for url in ("memory:", f"tantivy:{folder}/index")]


@pytest.mark.parametrize("question", [each["question"] for each in QUESTIONS])
def test_both_engines_answer_a_sample_question_alike(
    sampled: list[Index], analyzer: Analyzer, question: str
) -> None:
    reference, other = (Answerer(index, analyzer).rank(ask(question)) for index in sampled)
    shown, again = (Answerer(index, analyzer).answer(ask(question)) for index in sampled)
    assert again.verdict is shown.verdict
    if shown.verdict is not Verdict.NOTHING:
        assert places(other)[:1] == places(reference)[:1]
    # Of many passages that have the same few terms the engines take different ones for candidates,
    # and how far the first is ahead of the second is part of the confidence.
    assert other.confidence == pytest.approx(reference.confidence, abs=0.02)
    assert other.values == pytest.approx(reference.values)
    assert [each.passage for each in again.excerpts[:1]] == [each.passage for each in shown.excerpts[:1]]
    # Where no candidate is left out, the order is the same to the last.
    query = reference.query
    reference, other = (RANKER.rank(query, index.snapshot(), index.snapshot().passages) for index in sampled)
    assert places(other) == places(reference)


@pytest.fixture(scope="module")
def knowledge(
    analyzer: Analyzer, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Knowledge]:
    """All that the program has."""
    data = installed(prepared, tmp_path_factory.mktemp("knowledge") / "data")
    opened = Knowledge.open(data, analyzer, ROOT / "corpus" / "glossary.tsv")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("重庆国际生物城的 GR1803 授权金额是多少", "totaling $712 million"),
        ("How many innovative drugs are under research in Chongqing?", "over 100 innovative drugs"),
    ],
)
def test_the_seed_article_answers_in_either_language(
    sampled: list[Index], knowledge: Knowledge, question: str, says: str
) -> None:
    for index in sampled:
        answer = knowledge.answerer(index, on_the_fly=LOOKED_INTO).answer(ask(question))
        assert answer.verdict is Verdict.ANSWERED
        assert says in answer.excerpts[0].text
        assert answer.excerpts[0].citation.source == "Xin Hua Cai Jing"
        assert str(answer.excerpts[0].citation.published) == "2025-12-16 08:35"


COMPANIES = "云汐生物 海灯药业 纸鹤生物 灯笼鱼医药 竹影制药 盐沼生物 萤石基因 Loomwork Quill".split()
DEEDS = "获得海外授权 完成融资 公布临床数据 下调价格 裁员 建设工厂 started licensed".split()


def generated(count: int) -> list[Document]:
    """News without end, always the same."""
    dice = random.Random(20251216)  # noqa: S311 - nothing secret
    documents = []
    for number in range(count):
        deeds = [
            f"{dice.choice(COMPANIES)} {dice.choice(DEEDS)}，金额{dice.randint(1, 99)}亿元"
            for _ in range(dice.randint(1, 6))
        ]
        date = f"{dice.randint(2023, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        passages = [f"{'，'.join(deeds)}。"]
        documents.append(
            build_document(f"g{number}", title=dice.choice(COMPANIES), published=date, passages=passages)
        )
    return documents


def questions(count: int) -> list[str]:
    dice = random.Random(1)  # noqa: S311 - nothing secret
    return [
        f"{dice.choice(COMPANIES)} {dice.choice(DEEDS)}的金额{dice.randint(1, 99)}亿元" for _ in range(count)
    ]


@pytest.fixture(scope="module")
def passages(analyzer: Analyzer) -> list[IndexedPassage]:
    return analyse(analyzer, generated(240))


@pytest.fixture
def indexes(analyzer: Analyzer) -> list[Index]:
    """A new index in each engine."""
    return [open_index(url, analyzer.fingerprint) for url in ("memory:", "tantivy:index")]


def write(index: Index, generation: int, passages: Sequence[IndexedPassage]) -> None:
    """Makes a generation in which these passages are new or new again."""
    writer = index.writer()
    writer.remove([each.citation.document_id for each in passages])
    writer.add(passages)
    writer.commit(generation)


def test_both_engines_rank_generated_news_alike(
    analyzer: Analyzer, passages: list[IndexedPassage], indexes: list[Index]
) -> None:
    for index in indexes:
        for generation, start in enumerate(range(0, 240, 60), 1):  # so that they are in several segments
            write(index, generation, passages[start : start + 60])
    for question in questions(25):
        query = Interpreter(analyzer).read(ask(question))
        reference, other = (RANKER.rank(query, index.snapshot(), 240) for index in indexes)
        assert len(reference.ranked) > 50
        assert places(other) == places(reference)


class Hashed:
    """Takes texts for close or far by their hash: always the same, and about one in ten has no vectors."""

    fingerprint = fitted().encoder

    def compare(self, question: str, texts: Sequence[str]) -> list[Closeness | None]:
        found: list[Closeness | None] = []
        for text in texts:
            hashed = zlib.crc32(f"{question}{text}".encode())
            levels = [(hashed >> shift & 255) / 255 for shift in (0, 8, 16)]
            found.append(None if hashed % 10 == 0 else Closeness(*levels))
        return found

    def sentences(self, question: str, text: str) -> None:
        """Nothing of sentences."""


def test_both_engines_rank_alike_by_translation_and_by_meaning(
    analyzer: Analyzer, passages: list[IndexedPassage], indexes: list[Index], tmp_path: Path
) -> None:
    english = [
        build_document(
            f"e{number}", title=company, language="en", passages=[f"{company} {deed} {number} projects."]
        )
        for number in range(30)
        for company, deed in [(("Loomwork", "Quill")[number % 2], ("licensed", "started")[number % 3 % 2])]
    ]
    for index in indexes:
        write(index, 1, [*passages, *analyse(analyzer, english)])
    translator = translator_of(
        analyzer, tmp_path / "terms", "授权\tlicensed", "开始\tstarted", "织机\tLoomwork", "羽笔\tQuill"
    )
    dice = random.Random(2)  # noqa: S311 - nothing secret
    both = 0
    for _ in range(20):
        asked = (
            f"{dice.choice(('织机', '羽笔'))}{dice.choice(('授权', '开始'))}的金额{dice.randint(1, 99)}亿元"
        )
        query = Interpreter(analyzer, translator).read(ask(asked))
        ranker = Ranker(WEIGHTS, Hashed())
        reference, other = (ranker.rank(query, index.snapshot(), 270) for index in indexes)
        assert places(other) == places(reference)
        assert [each.direction for each in other.ranked] == [each.direction for each in reference.ranked]
        assert [each.confidence for each in other.ranked] == pytest.approx(
            [each.confidence for each in reference.ranked]
        )
        both += len({each.direction for each in reference.ranked}) == 2
    assert both > 10


def test_what_was_removed_moves_the_order_but_a_little(
    analyzer: Analyzer, passages: list[IndexedPassage], indexes: list[Index]
) -> None:
    for index in indexes:
        write(index, 1, passages)
        write(index, 2, passages[:24])
    for question in questions(20):
        query = Interpreter(analyzer).read(ask(question))
        reference, other = (
            {
                each.candidate.passage_id: each.score
                for each in RANKER.rank(query, index.snapshot(), 240).ranked
            }
            for index in indexes
        )
        assert other.keys() == reference.keys()
        assert next(iter(other)) in list(reference)[:5]


def test_the_best_of_many_is_among_few_candidates(
    analyzer: Analyzer, passages: list[IndexedPassage], indexes: list[Index]
) -> None:
    for index in indexes:
        write(index, 1, passages)
        kept = 0
        for question in questions(25):
            query = Interpreter(analyzer).read(ask(question))
            exact, some = (RANKER.rank(query, index.snapshot(), limit).ranked[0] for limit in (240, 50))
            kept += exact.candidate.passage_id == some.candidate.passage_id
        assert kept >= 24
