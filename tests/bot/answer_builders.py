"""Builders of answers, for the tests of what is shown of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corpus.language import language_of
from retrieval.answer import Answer, Citation, Excerpt, Question, Span, Verdict
from tests.builders import ZONE, build_passage, build_published

if TYPE_CHECKING:
    from collections.abc import Iterable

ASKED = datetime(2026, 1, 5, 9, 0, tzinfo=ZONE)


def build_citation(
    title: str | None = "重庆国际生物城创新药产业生态圈建设驶入“快车道”",
    *,
    source: str | None = "Xin Hua Cai Jing",
    published: str | None = "2025-12-16 08:35",
    url: str | None = None,
) -> Citation:
    """A citation; `published` is a date as written."""
    return Citation(
        document_id="doc",
        title=title,
        source=source,
        published=build_published(published) if published else None,
        url=url,
        language=language_of(title or ""),
    )


def build_excerpt(
    marked: str = "授权金额为[7.12亿美元]。",
    citation: Citation | None = None,
    *,
    around: tuple[str, str] = ("", ""),
) -> Excerpt:
    """An excerpt whose matches are written in square brackets, inside the text `around` it."""
    before, after = around
    text, matches, place = before, [], 0
    for part in marked.replace("]", "[").split("["):
        if place % 2:
            matches.append(Span(len(text), len(text) + len(part)))
        text, place = text + part, place + 1
    span = Span(len(before), len(text))
    return Excerpt(build_passage(text + after), citation or build_citation(), span, tuple(matches), 1.0)


def build_answer(
    excerpts: Iterable[Excerpt] = (),
    *,
    question: str = "GR1803 授权金额是多少",
    verdict: Verdict | None = None,
    nearest: Iterable[Citation] = (),
    total: int | None = None,
    offset: int = 0,
) -> Answer:
    """An answer; without a verdict it is the one that fits, without a total there is nothing behind it."""
    found = tuple(excerpts)
    fitting = Verdict.ANSWERED if found else Verdict.NOTHING
    return Answer(
        question=Question(question, ASKED),
        verdict=verdict or fitting,
        confidence=0.8,
        excerpts=found,
        nearest=tuple(nearest),
        total=offset + len(found) if total is None else total,
        offset=offset,
    )
