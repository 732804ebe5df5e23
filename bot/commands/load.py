"""`wenxun load`: read what changed in the folder of news."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import EXIT_REJECTED
from bot.commands import start
from bot.errors import BotError
from bot.progress import load_progress
from bot.services import open_services
from bot.signals import run_until_stopped
from bot.terminal import Steps, open_console, print_report
from corpus.errors import CorpusError
from corpus.reading import news_files

if TYPE_CHECKING:
    from bot.settings import Settings
    from corpus.loader import LoadReport


@click.command("load")
@click.argument(
    "folder",
    required=False,
    type=click.Path(exists=True, file_okay=False, readable=True, path_type=Path),
)
@click.option("--allow-empty", is_flag=True, help="Let a folder without news empty what is served.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_context
def command(ctx: click.Context, folder: Path | None, allow_empty: bool, as_json: bool) -> None:
    """Load the news in FOLDER (or else in WENXUN_CORPUS), reading only the files that changed.

    FOLDER takes the place of what was loaded before, until the next load; to keep it, set
    WENXUN_CORPUS. A running bot answers from the new news as soon as all of it is loaded.

    Exit codes: 0 everything is loaded; 3 some files were rejected and everything else is
    loaded; 1 nothing was changed because of an error; 2 wrong usage or settings.
    """
    settings = start(ctx)
    wanted = folder.absolute() if folder else settings.corpus
    report = run_until_stopped(_load(settings, wanted, allow_empty=allow_empty))
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        print_report(open_console(sys.stdout), report)
    if wanted != settings.corpus:
        click.echo(
            f"Note: the next start of the bot loads {settings.corpus} again. "
            f"To keep this folder, set WENXUN_CORPUS={wanted}",
            err=True,
        )
    if report.rejected:
        ctx.exit(EXIT_REJECTED)


async def _load(settings: Settings, folder: Path, *, allow_empty: bool) -> LoadReport:
    console = open_console(sys.stderr)
    async with open_services(settings, Steps(console), folder=folder) as services:
        try:
            with load_progress(console) as progress:
                return await services.loader.load(progress, allow_empty=allow_empty)
        except CorpusError as error:
            if next(iter(news_files(folder)), None) is None:
                msg = f"{error} To empty what is served, say --allow-empty."
                raise BotError(msg) from error
            raise
