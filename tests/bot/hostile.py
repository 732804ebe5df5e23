"""Random answers made of hostile texts: what news from anywhere may hold, and worse.

Everything comes from one seed, so that a failing answer can be made again from its number.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.inquiry import Inquiry
from bot.rendering.card_buttons import Shown
from corpus.language import language_of
from corpus.model import Document, Passage
from retrieval.answer import Answer, Citation, Excerpt, Order, Span, Verdict
from retrieval.scope import Scope
from retrieval.suggestions import Suggestion
from retrieval.timeline import Day, Timeline
from tests.bot.answer_builders import ASKED
from tests.builders import build_published

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECES = (
    *("<b>", "</blockquote>", "&amp;", "&", "<", '"', "'", "<tg-time unix='1'>", "{value}", "%s", "{0}"),
    *("https://a.example ", "@some_body ", "/ask ", "t.me/x?start=1 "),
    *("\u202e", "\u2067", "\u2069", "\u200f", "\u2028", "א", "خبر", "\u0301", "\u200d", "\ufe0f", "\u180e"),
    *("\r\n", "\n", "\n\n", "\t", "\u3000", " ", "\u00a0", "\x07", "\x85"),
    *("\0", "\ud83d", "\udc00"),
    *("👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "e\u0301", "🏴\U000e0067\U000e0062\U000e007f", "각", "க்ஷ", "𠮷"),
    *("创新药", "。", "！”", "license ", "U.S. ", "3.5", "[1]", "…", "“", "」", "授权金额为7.12亿美元。"),
)
MARKS = "".join(map(chr, range(0x300, 0x330)))
DATES = (
    "2025",
    "2025-12",
    "2025-12-16",
    "2025-12-16 08:35",
    "2025-12-16 08:35:59",
    "1066-10-14 09:00",
    "2999",
)
URLS = (
    "https://news.example/a?b=1&c='2'",
    "javascript:1",
    "https://",
    "http://a b",
    "https://x.example/" + "u" * 900,
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A source of random records."""

    seed: int
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "random", random.Random(self.seed))  # noqa: S311 - no secret

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def text(self) -> str:
        """Any text, never blank: a few pieces as a rule, at times 5,000 characters."""
        kind = self.random.random()
        if kind < 0.5:
            return self._pieces(12) + "字"
        if kind < 0.7:
            return (self._pieces(10) + "句。") * self.random.randint(1, 40)
        if kind < 0.8:
            return ("这是第一句。This is a sentence. " * 200)[: self.random.randint(1, 5000)]
        if kind < 0.86:
            return "e" + MARKS * self.random.choice((1, 20, 100))
        if kind < 0.93:
            return ("字" + self.random.choice(PIECES) * 5000)[:5000]
        return "".join(chr(self.random.randint(1, 0x10FFFF)) for _ in range(200)) + "字"

    def short(self) -> str | None:
        """A title, a name: at times none, at times 300 characters, at times anything."""
        kind = self.random.random()
        if kind < 0.1:
            return None
        if kind < 0.5:
            return self._pieces(5)
        if kind < 0.8:
            return self.random.choice(("标", "😀", "w", "א", "&")) * 300
        return self.text()

    def citation(self, document_id: str = "doc") -> Citation:
        title = self.short()
        return Citation(
            document_id=document_id,
            title=title,
            source=self.short(),
            published=build_published(self.random.choice(DATES)) if self.often(0.85) else None,
            url=self.random.choice(URLS) if self.often(0.6) else None,
            language=language_of(title or ""),
        )

    def excerpt(self) -> Excerpt:
        text = self.text()
        start, end = sorted(self.random.choices(range(len(text) + 1), k=2))
        if self.often(0.3) or not text[start:end].strip():
            start, end = 0, len(text)
        if self.often(0.1):
            edges = list(range(start, min(end, start + 400)))  # more matches than there may be entities
        else:
            edges = sorted(self.random.choices(range(start, end + 1), k=self.random.randint(0, 24)))
        matches = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b)
        answer = self.random.choice(matches) if matches and self.often(0.4) else None
        return Excerpt(
            Passage(f"p{self.random.randrange(10**6)}", 0, text),
            self.citation(),
            Span(start, end),
            matches,
            1.0,
            answer,
            also=tuple(self.citation() for _ in range(self.random.choice((0, 0, 1, 9)))),
            corrects=self.citation() if self.often(0.1) else None,
            corrected_by=self.citation() if self.often(0.1) else None,
            reports=tuple(self.citation() for _ in range(self.random.choice((0, 0, 1, 5)))),
        )

    def answer(self, inquiry: Inquiry) -> Answer:
        excerpts = tuple(self.excerpt() for _ in range(self.random.choice((0, 1, 1, 2, 3, 3, 5, 8))))
        offset = self.random.choice((0, 0, 3, 17))
        return Answer(
            question=inquiry.question,
            verdict=self.random.choice((Verdict.ANSWERED, Verdict.RELATED)) if excerpts else Verdict.NOTHING,
            confidence=self.random.random(),
            excerpts=excerpts,
            nearest=tuple(self.citation() for _ in range(0 if excerpts else self.random.randint(0, 7))),
            total=offset + len(excerpts) + self.random.choice((0, 0, 1, 9)),
            offset=offset,
        )

    def inquiry(self) -> Inquiry:
        day = date(2025, 1, 1) + timedelta(days=self.random.randrange(400))
        if self.often(0.5):
            return Inquiry(self.text()[:1000], ASKED)
        return Inquiry(
            self.text()[:1000],
            ASKED,
            context=self.text()[:1000] if self.often(0.5) else None,
            scope=Scope(
                sources=self._words(),
                since=day if self.often(0.5) else None,
                until=day + timedelta(days=30) if self.often(0.5) else None,
                language=self.random.choice(("zh", "en", None)),
                phrases=self._words(),
                excluded=self._words(),
                document_id=self.text()[:100] if self.often(0.3) else None,
            ),
            order=self.random.choice(tuple(Order)),
            document_title=self.short() if self.often(0.5) else None,
        )

    def shown(self, inquiry: Inquiry) -> Shown:
        return Shown(
            key="".join(self.random.choices("abcXYZ019", k=10)),
            inquiry=inquiry,
            following=self.often(0.5),
            opinion=self.random.choice((None, 1, -1)),
            username="a" * 32 if self.often(0.5) else None,
            suggestions=tuple(Suggestion(*(self.text()[:200] for _ in range(3))) for _ in range(self._few())),
            missing=self._words(),
            asking_reason=self.often(0.2),
            repeat_question=self.often(0.2),
        )

    def document(self, excerpt: Excerpt) -> Document:
        """A document with the passage of an excerpt somewhere in it."""
        passages = [self._passage() for _ in range(self.random.choice((0, 0, 1, 3, 90)))]
        passages.insert(self.random.randint(0, len(passages)), excerpt.passage)
        return Document(
            id="doc",
            origin="doc.txt",
            title=excerpt.citation.title,
            source=excerpt.citation.source,
            published=excerpt.citation.published,
            url=excerpt.citation.url,
            language=excerpt.citation.language,
            topics=(),
            revision="r",
            passages=tuple(replace(passage, ordinal=ordinal) for ordinal, passage in enumerate(passages)),
        )

    def timeline(self, inquiry: Inquiry) -> Timeline:
        first, count = date(2025, 12, 31), self.random.choice((0, 1, 2, 25, 60))
        gap = self.random.choice((1, 5, 300))
        days = tuple(
            Day(first - timedelta(days=gap * index), self.random.randint(1, 500), self.excerpt())
            for index in range(count)
        )
        return Timeline(inquiry.question, days, self.random.choice((0, 1, 7)))

    def _passage(self) -> Passage:
        section = self.short() if self.often(0.4) else None
        text = " \n" if self.often(0.05) else self.text()
        return Passage(f"other{self.random.randrange(10**6)}", 0, text, section)

    def _pieces(self, most: int) -> str:
        return "".join(self.random.choices(PIECES, k=self.random.randint(1, most)))

    def _few(self) -> int:
        return self.random.choice((0, 0, 1, 4, 7))

    def _words(self) -> tuple[str, ...]:
        return tuple(self.text()[:200] for _ in range(self.random.choice((0, 0, 1, 3))))


def hostile(count: int, of: int, chunk: int) -> Iterator[Hostile]:
    """Part `chunk` of `of` of so many sources."""
    return (Hostile(seed) for seed in range(chunk, count, of))
