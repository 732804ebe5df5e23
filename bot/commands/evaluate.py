"""`wenxun evaluate`: how well a set of questions is answered."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.commands import start
from bot.services import now
from bot.terminal import open_console
from corpus.reading import ReadOptions
from retrieval.analyzer import Analyzer
from retrieval.engines import open_index
from retrieval.evaluation import evaluate, index_set
from retrieval.question_set import read_question_set

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval.evaluation import Evaluation


@click.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--limit", type=click.IntRange(1, 50), help="Excerpts shown for each question. Default: WENXUN_EXCERPTS."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, folder: Path, limit: int | None, as_json: bool) -> None:
    """Ask every question of the set in FOLDER and measure the answers.

    FOLDER is in the BEIR layout: corpus.jsonl, queries.jsonl and qrels/test.tsv. A query's
    metadata may hold "answers" and "asked" (the day of asking). The corpus is indexed in a
    temporary folder; what is loaded stays as it is.

    R@k is the share of questions with a right document among the first k. excerpt is the
    share whose shown excerpts contain an expected answer.
    """
    settings = start(ctx)
    measured = asyncio.run(_evaluate(settings, folder, limit or settings.excerpts))
    if as_json:
        click.echo(json.dumps(measured.as_object(), ensure_ascii=False))
    else:
        table = Table("measure", "value", title=measured.name)
        for measure, value in list(measured.as_object().items())[1:]:
            table.add_row(measure, "–" if value is None else str(value))
        open_console(sys.stdout).print(table)


async def _evaluate(settings: Settings, folder: Path, excerpts: int) -> Evaluation:
    console = open_console(sys.stderr)
    question_set = read_question_set(folder, now=now().astimezone(settings.zone))
    analyzer = await asyncio.to_thread(Analyzer, settings.data / "cache")
    options = ReadOptions(zone=settings.zone, max_bytes=settings.max_file_mb * 2**20)
    with tempfile.TemporaryDirectory(prefix="wenxun-") as temporary:
        index = open_index(f"tantivy:{temporary}", analyzer.fingerprint)
        try:
            console.print(f"Indexing the corpus of {question_set.name}.")
            keys = await index_set(question_set, index, analyzer, options, workers=settings.worker_count)
            columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
                task = progress.add_task("asking", total=len(question_set.cases))
                return await asyncio.to_thread(
                    evaluate,
                    question_set,
                    index,
                    analyzer,
                    keys,
                    excerpts=excerpts,
                    progress=lambda done: progress.update(task, completed=done),
                )
        finally:
            index.close()
