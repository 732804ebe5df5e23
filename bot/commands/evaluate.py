"""`wenxun evaluate`: how well questions with known answers are answered."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands import start
from bot.errors import BotError
from bot.evaluation_progress import watching
from bot.evaluation_tables import print_results
from bot.keeping.kept_files import pins_file
from bot.keeping.pinned_set import pinned_set
from bot.keeping.pins import Pins
from bot.services import now, open_knowledge
from bot.signals import run_until_stopped
from bot.terminal import open_console
from corpus.reading import ReadOptions
from retrieval.comparison import Comparison
from retrieval.evaluation_result import Result, suite_object
from retrieval.evaluation_run import save
from retrieval.evaluation_suite import Entry, Goal, Task, read_suite
from retrieval.examination import Laboratory, examine, prepare
from retrieval.figures import DEPTHS
from retrieval.ranking import LOOKED_INTO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.keeping.pins import Pin
    from bot.settings import Settings
    from retrieval.answerer import Answerer
    from retrieval.engines.base import Index
    from retrieval.question_set import QuestionSet

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PLACE = click.Path(exists=True, path_type=Path)

EXIT_MISSED = 1

# What a suite says for each set, and the command line for the one that it names.
_OF_A_SET = ("news", "mix", "unanswerable", "every", "group", "asked")


@dataclass(frozen=True, slots=True)
class _Order:
    """How the sets are evaluated, whichever they are."""

    excerpts: int
    index: Path | None
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class _Pinned:
    """The set of the pinned questions, with what is wanted of it; a task that is prepared already."""

    found: QuestionSet
    goals: tuple[Goal, ...]


@click.command("evaluate")
@click.argument("source", metavar="[SET]", required=False, type=_PLACE)
@click.option(
    "--news",
    type=_PLACE,
    help="What a file of questions asks about: a folder of news, or one file of it. Default: WENXUN_CORPUS.",
)
@click.option(
    "--mix",
    type=_FOLDER,
    multiple=True,
    metavar="FOLDER",
    help="Add the passages of another set, in which nothing is right. Again for more.",
)
@click.option(
    "--unanswerable",
    type=_FOLDER,
    multiple=True,
    metavar="FOLDER",
    help="Ask the questions of another set too, which nothing here answers. Again for more.",
)
@click.option("--every", type=click.IntRange(1), metavar="N", help="Ask every Nth question only.")
@click.option(
    "--group", multiple=True, metavar="NAME", help="Ask this group of questions only. Again for more."
)
@click.option(
    "--asked",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day of asking for questions that name none. Default: today.",
)
@click.option(
    "--suite",
    type=_FILE,
    metavar="FILE",
    help="Evaluate the sets that a TOML file names, and hold them to the figures it wants.",
)
@click.option(
    "--pinned",
    is_flag=True,
    help="Ask the questions that are pinned in the chat, over WENXUN_CORPUS as it is now.",
)
@click.option("--data", type=_FOLDER, metavar="FOLDER", help="What {data} stands for in a suite.")
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep the indexes here, and use them again while nothing they are made of changes.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Save the run, with what became of each question, as JSON.",
)
@click.option("--compare", type=_FILE, metavar="FILE", help="Tell what changed since a saved run.")
@click.option(
    "--limit", type=click.IntRange(1, 50), help="Excerpts shown for each question. Default: WENXUN_EXCERPTS."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, /, source: Path | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - click's
    """Ask every question of SET and measure the answers.

    SET is a folder in the BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv), or a
    file of questions about a folder of news (JSON Lines with "question", "origin" and
    "answer"). What is loaded stays as it is.

    With --pinned the set is made of the pinned questions: each must find its document.

    R@k is the share of questions with a right document among the first k; excerpt, of those
    whose shown excerpts contain an expected answer; one_sentence, of those whose right
    document's best sentence does. docs/evaluation.md explains all figures and files.

    Exit codes: 0 measured, and everything is reached that a suite wants; 1 something is not,
    or an error; 2 wrong usage or settings.
    """
    _check_usage(ctx, source, given)
    settings = start(ctx)
    order = _Order(
        given["limit"] or settings.excerpts,
        given["index"],
        Comparison.read(given["compare"]) if given["compare"] else None,
    )
    pins: tuple[Pin, ...] = ()
    entries: Sequence[Entry | _Pinned]
    if given["pinned"]:
        entries, pins = (_pinned(settings, order),), _pins(settings).read().pins
    elif source is None:
        entries = read_suite(given["suite"], given["data"])
    else:
        entries = (Entry(_task(source, settings, given), ()),)
    results = run_until_stopped(_evaluate(settings, entries, order))
    if given["output"]:
        save([result.run for result in results], given["output"])
    lost = _lost(pins, results[0], order.excerpts)
    if as_json:
        found = suite_object(results) if given["suite"] else results[0].as_object()
        missed = {"lost": [{"question": pin.question, "document": pin.document_id} for pin in lost]}
        click.echo(json.dumps(found | (missed if pins else {}), ensure_ascii=False))
    else:
        print_results(open_console(sys.stdout), results, suite=bool(given["suite"]))
        for pin in lost:
            click.echo(f"not found: {pin.question} → {pin.expected}")
    if not all(result.reached for result in results):
        ctx.exit(EXIT_MISSED)


def _check_usage(ctx: click.Context, source: Path | None, given: dict[str, Any]) -> None:
    """Holds that the options fit each other, before anything that takes long.

    Raises:
        UsageError: they do not.
    """
    if sum((source is not None, given["suite"] is not None, given["pinned"])) != 1:
        msg = "Name a set, or a suite with --suite, or --pinned."
        raise click.UsageError(msg, ctx)
    if given["pinned"] and (beside := [name for name in (*_OF_A_SET, "data") if given[name]]):
        msg = f"This does not go with --pinned: --{beside[0]}."
        raise click.UsageError(msg, ctx)
    stray = [name for name in _OF_A_SET if given[name]] if source is None else ["data"] * bool(given["data"])
    if stray:
        whose = "A suite says this for each set" if source is None else "Only a suite has"
        raise click.UsageError(f"{whose}: --{stray[0]}.", ctx)
    if given["news"] and source is not None and source.is_dir():
        msg = "--news goes with a file of questions; a folder brings its own corpus."
        raise click.UsageError(msg, ctx)
    if given["output"] and not given["output"].absolute().parent.is_dir():
        raise click.BadParameter(
            f"The folder of {given['output']} does not exist.", ctx, param_hint="--output"
        )


def _pins(settings: Settings) -> Pins:
    return Pins(pins_file(settings), settings.zone)


def _pinned(settings: Settings, order: _Order) -> _Pinned:
    """The pinned questions, each of which must find its document among the excerpts that are shown."""
    found = pinned_set(_pins(settings), settings.corpus, _options(settings))
    # Figures are of these depths only; the shallowest that has room for what is shown.
    depth = next((each for each in DEPTHS if each >= order.excerpts), DEPTHS[-1])
    return _Pinned(found, (Goal(f"R@{depth}", 1.0),))


def _lost(pins: Sequence[Pin], result: Result, excerpts: int) -> list[Pin]:
    outcomes = {outcome.key: outcome for outcome in result.run.outcomes}
    depth = next((each for each in DEPTHS if each >= excerpts), DEPTHS[-1])
    return [pin for pin in pins if not outcomes[pin.id].within(depth)]


def _options(settings: Settings) -> ReadOptions:
    return ReadOptions(zone=settings.zone, max_bytes=settings.max_file_mb * 2**20)


def _task(source: Path, settings: Settings, given: dict[str, Any]) -> Task:
    return Task(
        source=source,
        news=None if source.is_dir() else given["news"] or settings.corpus,
        mix=given["mix"],
        unanswerable=given["unanswerable"],
        every=given["every"] or 1,
        groups=given["group"],
        asked=given["asked"].date() if given["asked"] else None,
    )


async def _evaluate(settings: Settings, entries: Sequence[Entry | _Pinned], order: _Order) -> list[Result]:
    console = open_console(sys.stderr)
    moment = now().astimezone(settings.zone)
    options = _options(settings)
    prepared = [
        entry.found
        if isinstance(entry, _Pinned)
        else await asyncio.to_thread(prepare, entry.task, options, now=moment)
        for entry in entries
    ]
    if order.comparison is not None:
        # What cannot be compared is told before the minutes that measuring takes.
        order.comparison.check(prepared)
    knowledge = await asyncio.to_thread(open_knowledge, settings)

    async def answerer(index: Index) -> Answerer:
        return knowledge.answerer(index, on_the_fly=LOOKED_INTO)

    results = []
    with closing(knowledge), _index_folder(order.index) as folder:
        laboratory = Laboratory(
            knowledge.analyzer, answerer, options, folder, order.excerpts, workers=settings.worker_count
        )
        for entry, each in zip(entries, prepared, strict=True):
            with watching(console, each.name) as watcher:
                run = await examine(each, laboratory, watcher)
            changes = order.comparison.changes(run) if order.comparison else ()
            results.append(Result(run, run.figures.as_object(), entry.goals, changes))
    return results


@contextmanager
def _index_folder(kept: Path | None) -> Iterator[Path]:
    """The folder to keep, made if need be; or one that goes when all is done."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="wenxun-") as temporary:
            yield Path(temporary)
        return
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BotError(f"The folder {kept} cannot be made ({error.strerror}).") from error
    yield kept
