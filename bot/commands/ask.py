"""`wenxun ask`: one question, answered on the terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from bot.commands import start
from bot.progress import load_progress
from bot.services import now, open_services
from bot.signals import run_until_stopped
from bot.terminal import open_console, print_answer, print_explanation, print_report, print_understood
from retrieval.answer import Order, Question
from retrieval.operators import read_operators
from retrieval.ranking import LOOKED_INTO

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval.answer import Answer, Citation, Excerpt, Span
    from retrieval.answerer import Answerer
    from retrieval.explanation import Explanation
    from retrieval.scope import Scope

_READABLE = "Dates are written 2025, 2025-11 or 2025-11-05, languages zh or en."


@click.command("ask")
@click.argument("question", nargs=-1)
@click.option("--limit", type=click.IntRange(1, 50), help="Most excerpts to show. Default: WENXUN_EXCERPTS.")
@click.option(
    "--at", metavar="TIME", help="Answer as if asked at this time, e.g. 2025-12-16T09:30. Default: now."
)
@click.option("--offset", type=click.IntRange(0), default=0, help="Begin with a later excerpt. Default: 0.")
@click.option("--newest", is_flag=True, help="Show the newest of what is related first.")
@click.option(
    "--after", metavar="QUESTION", help='The question that this one refines, for one like "and in 2024?".'
)
@click.option("--explain", is_flag=True, help="Tell why the first excerpt comes first, term by term.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.pass_context
def command(  # noqa: PLR0913 - an argument for each option
    ctx: click.Context,
    question: tuple[str, ...],
    limit: int | None,
    at: str | None,
    offset: int,
    after: str | None,
    *,
    newest: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Answer QUESTION with excerpts from the news. The first time, the news is loaded.

    QUESTION may be confined: source:NAME since:2025-11 until:2025-12-31 date:2025-11..2025-12
    lang:en "exact phrase" -word. A time without a zone is in WENXUN_TIME_ZONE.
    """
    text = " ".join(question).strip()
    if not text:
        msg = 'There is no question. Write one, e.g.: wenxun ask "How many drugs are in clinical trials?"'
        raise click.UsageError(msg, ctx)
    settings = start(ctx)
    asked = _time(at, settings) if at else now().astimezone(settings.zone)
    order = Order.NEWEST if newest else Order.BEST
    asking = _read(text, Question(text, asked, context=after, order=order), ctx)
    page = slice(offset, offset + (limit or settings.excerpts))
    answer, explanation = run_until_stopped(_ask(settings, asking, page))
    if as_json:
        told = answer_object(answer)
        if explain:
            told["explanation"] = asdict(explanation) if explanation else None
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    console = open_console(sys.stdout)
    print_understood(console, answer.question)
    print_answer(console, answer)
    if explain and explanation:
        print_explanation(console, explanation)


def _read(text: str, question: Question, ctx: click.Context) -> Question:
    """The question with what its operators confine it to."""
    reading = read_operators(text, question.asked.date())
    if reading.problems:
        problem = reading.problems[0]
        msg = f"{problem.operator}:{problem.value} cannot be read. {_READABLE}"
        raise click.UsageError(msg, ctx)
    if not reading.text:
        msg = "There is nothing to ask but what it is confined to. Add a question to it."
        raise click.UsageError(msg, ctx)
    return replace(question, text=reading.text, scope=reading.scope)


async def _ask(settings: Settings, question: Question, page: slice) -> tuple[Answer, Explanation | None]:
    console = open_console(sys.stderr)
    async with open_services(settings, lambda _: None, on_the_fly=LOOKED_INTO) as services:
        if await services.store.published() is None:
            console.print(f"Nothing is loaded yet: loading the news in {settings.corpus}.")
            with load_progress(console) as progress:
                report = await services.loader.load(progress)
            print_report(console, report)
        return await asyncio.to_thread(_answered, services.answerer, question, page)


def _answered(answerer: Answerer, question: Question, page: slice) -> tuple[Answer, Explanation | None]:
    """The answer, and why the passage that comes first does."""
    ranking = answerer.rank(question)
    explanation = answerer.explain(ranking, ranking.ranked[0]) if ranking.ranked else None
    return answerer.compose(ranking, page.stop - page.start, page.start), explanation


def _time(text: str, settings: Settings) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is not a time. Write it as 2025-12-16 or 2025-12-16T09:30."
        raise click.BadParameter(msg, param_hint="--at") from None
    return time if time.tzinfo else time.replace(tzinfo=settings.zone)


def answer_object(answer: Answer) -> dict[str, Any]:
    """The answer as what `--json` prints."""
    return {
        "question": answer.question.text,
        "asked": answer.question.asked.isoformat(),
        "context": answer.question.context,
        "order": answer.question.order.value,
        "scope": _scope_object(answer.question.scope),
        "verdict": answer.verdict.value,
        "confidence": answer.confidence,
        "excerpts": [_excerpt_object(excerpt) for excerpt in answer.excerpts],
        "total": answer.total,
        "offset": answer.offset,
        "nearest": [_citation_object(citation) for citation in answer.nearest],
    }


def _scope_object(scope: Scope) -> dict[str, Any]:
    """What a question is confined to; only what does confine it."""
    days = {name: day.isoformat() for name, day in (("since", scope.since), ("until", scope.until)) if day}
    return {name: value for name, value in asdict(scope).items() if value} | days


def _excerpt_object(excerpt: Excerpt) -> dict[str, Any]:
    start_of_excerpt = excerpt.span.start
    return {
        "text": excerpt.text,
        "matches": [_within(match, start_of_excerpt) for match in excerpt.matches],
        "answer": _within(excerpt.answer, start_of_excerpt) if excerpt.answer else None,
        "also": [_citation_object(citation) for citation in excerpt.also],
        "reports": [_citation_object(citation) for citation in excerpt.reports],
        "corrects": _citation_object(excerpt.corrects) if excerpt.corrects else None,
        "corrected_by": _citation_object(excerpt.corrected_by) if excerpt.corrected_by else None,
        "section": excerpt.passage.section,
        "marks": list(excerpt.passage.marks),
        "score": excerpt.score,
        "passage_id": excerpt.passage.id,
        **_citation_object(excerpt.citation),
    }


def _within(span: Span, start: int) -> list[int]:
    return [span.start - start, span.end - start]


def _citation_object(citation: Citation) -> dict[str, Any]:
    return {
        "document_id": citation.document_id,
        "title": citation.title,
        "source": citation.source,
        "date": str(citation.published) if citation.published else None,
        "url": citation.url,
        "language": citation.language,
    }
