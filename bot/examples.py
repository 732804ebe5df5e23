"""Example questions, taken from the newest documents and known to be answered by them.

A title that tells a figure becomes a question for it (「融资21.3亿元」, "融资多少亿元？"); any
other becomes a question for the particulars. A question is offered only after it was asked
and the first excerpt of the answer came from its own document. A button carries a short key
made from the document's id, so it survives a restart and needs no memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.language import language_of
from retrieval.answer import Question, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from corpus.model import Document
    from corpus.store import CorpusStore
    from retrieval.answerer import Answerer

OFFERED = 3

_CANDIDATES = 40
_SEARCHED = 300
_PAGE = 50
_SECONDS = 0.4
_LONGEST = {"zh": 34, "en": 80}

_UNIT = (
    "(?:(?:百|千|万|百万|千万|亿|万亿)?"
    "(?:美元|元|港元|欧元|日元|人民币|个|家|项|款|人|倍|件|笔|例|名|种|吨|平方米|张|台|所|支|份)"
    "|亿|万)"
)
_ZH_FIGURE = re.compile(
    rf"(?:超过|超|逾|近|约)?(?<![\w.\-])(?P<number>\d[\d,.]*)(?P<more>余|多)?(?P<unit>{_UNIT})", re.ASCII
)
_ZH_SHARE = re.compile(r"(?:超过|超|逾|近|约)?(?<![\w.\-])(?P<number>\d[\d,.]*)(?P<unit>[%％])", re.ASCII)
_EN_FIGURE = re.compile(
    r"(?:[$€£¥]\s?(?P<money>\d[\d,.]*)(?:\s?(?:million|billion|trillion|[mb]n))?"
    r"|(?P<number>\d[\d,.]*)\s?"
    r"(?:%|per ?cent|(?:million |billion |trillion )?(?:yuan|dollars|euros|pounds)))$"
)
_ZH_GAP = re.compile(r"(?<=[\u4e00-\u9fff%％”》])\s+(?=[\u4e00-\u9fff\d“《])")
_ZH_END = re.compile(r"[，。；！？!?;|｜]|(?<=[\u4e00-\u9fff]{6})[：:]")
_ZH_ASKS = re.compile(r"^(?:怎样|怎么|如何|为什么|为何|什么|谁)|(?:吗|呢)$")
_ZH_LABEL = re.compile(r"^[^：:]{1,4}[：:]\s*")
_EN_END = re.compile(r"[;!?|]|\.\s|\s[–—-]\s")
_EN_ASKS = re.compile(r"^(?:why|how|what|who|when|where|which)\b", re.IGNORECASE)


_Asked = tuple[str | None, str | None]
"""A question, if there is one, and the figure that its answer must hold."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question to offer, and the key that brings it back."""

    key: str
    question: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    example: Example
    document_id: str
    language: str
    figure: str | None


class Examples:
    """The example questions of the generation that readers are served.

    Args:
        store: the documents to take them from.
        answerer: asked whether a question is answered by its own document.
        clock: the time, aware; a question is asked at a moment.
    """

    def __init__(self, store: CorpusStore, answerer: Answerer, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._answerer = answerer
        self._clock = clock
        self._generation: int | None = None
        self._found: dict[str, tuple[Example, ...]] = {}
        self._finding = asyncio.Lock()

    async def offered(self, language: str) -> tuple[Example, ...]:
        """Up to three examples, in the reader's language ("zh" or "en") as far as the news has any."""
        async with self._finding:
            generation = await self._store.published()
            if generation != self._generation:
                documents = await self._store.latest(_CANDIDATES)
                self._found = await asyncio.to_thread(self._find, documents)
                self._generation = generation
        first = self._found.get(language, ())
        others = (one for key, found in self._found.items() if key != language for one in found)
        return (*first, *others)[:OFFERED]

    async def question(self, key: str) -> str | None:
        """The question behind a button; None if its document is not among the newer ones any more."""
        for offset in range(0, _SEARCHED, _PAGE):
            documents = await self._store.latest(_PAGE, offset)
            for document in documents:
                for candidate in _candidates(document):
                    if candidate.example.key == key:
                        return candidate.example.question
            if len(documents) < _PAGE:
                break
        return None

    def _find(self, documents: tuple[Document, ...]) -> dict[str, tuple[Example, ...]]:
        candidates = [candidate for document in documents for candidate in _candidates(document)]
        candidates.sort(key=lambda candidate: candidate.figure is None)  # stable: the newest stay first
        # An example that finds only what is related tells a newcomer little; it fills up what is left.
        found: dict[str, list[_Candidate]] = {"zh": [], "en": []}
        spare: dict[str, list[_Candidate]] = {"zh": [], "en": []}
        deadline = time.monotonic() + _SECONDS
        for candidate in candidates:
            mine, others = found[candidate.language], spare[candidate.language]
            known = {one.document_id for one in (*mine, *others)}
            if len(mine) < OFFERED and candidate.document_id not in known:
                verdict = self._verdict(candidate)
                if verdict is not Verdict.NOTHING:
                    (mine if verdict is Verdict.ANSWERED else others).append(candidate)
            if all(len(some) == OFFERED for some in found.values()) or time.monotonic() > deadline:
                break
        return {
            language: tuple(one.example for one in (*some, *spare[language])[:OFFERED])
            for language, some in found.items()
        }

    def _verdict(self, candidate: _Candidate) -> Verdict:
        """How sure the answer is, if it comes from the example's own document."""
        answer = self._answerer.answer(Question(candidate.example.question, self._clock()), 1)
        if not answer.excerpts or answer.excerpts[0].citation.document_id != candidate.document_id:
            return Verdict.NOTHING
        holds = candidate.figure is None or candidate.figure in answer.excerpts[0].text
        return answer.verdict if holds else Verdict.NOTHING


def _candidates(document: Document) -> Iterator[_Candidate]:
    """The questions a document's title gives, best first; always the same for the same document."""
    title = (document.title or "").strip()
    if not title:
        return
    language = language_of(title)
    questions = _chinese(title) if language == "zh" else _english(title)
    digest = hashlib.blake2b(document.id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    for place, (question, figure) in enumerate(questions):
        if question is not None and len(question) <= _LONGEST[language]:
            yield _Candidate(Example(f"{digest}{place}", question), document.id, language, figure)


def _chinese(title: str) -> tuple[_Asked, ...]:
    title = _ZH_GAP.sub("，", _ZH_LABEL.sub("", title))
    head = _ZH_END.split(title, maxsplit=1)[0]
    particulars = f"{head}？" if _ZH_ASKS.search(head) else f"{head}，具体情况如何？"
    for form, wanted in ((_ZH_FIGURE, "多少{unit}"), (_ZH_SHARE, "百分之多少")):
        if found := form.search(title):
            rest = _ZH_END.split(title[found.end() :], maxsplit=1)[0]
            asked = title[: found.start()] + wanted.format(unit=found["unit"]) + rest
            return ((f"{asked}？", found["number"]), (particulars, None))
    return ((None, None), (particulars, None))


def _english(title: str) -> tuple[_Asked, ...]:
    title = title.rstrip(" .")
    head = _EN_END.split(title, maxsplit=1)[0].rstrip(" :")
    particulars = f"{head}?" if _EN_ASKS.match(head) else f"{head}: what happened?"
    if found := _EN_FIGURE.search(title):
        return (
            (f"{title[: found.start()]}how much?", found["money"] or found["number"]),
            (particulars, None),
        )
    return ((None, None), (particulars, None))
