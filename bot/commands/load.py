"""`wenxun load`: read what changed in the folder of news, once or whenever it changes."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.audit import COMMAND_LINE, Audit
from bot.cli import EXIT_REJECTED
from bot.commands import start
from bot.errors import BotError
from bot.progress import load_progress
from bot.services import now, open_services
from bot.signals import run_until_stopped
from bot.terminal import Steps, open_console, print_report
from corpus.errors import CorpusError
from corpus.reading import news_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.services import Services
    from bot.settings import Settings
    from corpus.loader import LoadReport


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the options say."""

    folder: Path
    allow_empty: bool
    include_undone: bool
    notify: bool
    dry_run: bool


@click.command("load")
@click.argument(
    "folder",
    required=False,
    type=click.Path(exists=True, file_okay=False, readable=True, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Tell what a load would change, and change nothing.")
@click.option("--watch", is_flag=True, help="Go on, and load whenever the folder changes.")
@click.option("--allow-empty", is_flag=True, help="Let a folder without news empty what is served.")
@click.option("--include-undone", is_flag=True, help="Load what `wenxun undo` holds back, too.")
@click.option("--notify", is_flag=True, help="Tell subscribers of the news of a first load, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_context
def command(  # noqa: PLR0913 - an option each
    ctx: click.Context,
    folder: Path | None,
    *,
    dry_run: bool,
    watch: bool,
    allow_empty: bool,
    include_undone: bool,
    notify: bool,
    as_json: bool,
) -> None:
    """Load the news in FOLDER (or else in WENXUN_CORPUS), reading only the files that changed.

    FOLDER takes the place of what was loaded before, until the next load; to keep it, set
    WENXUN_CORPUS. A running bot answers from the new news as soon as all of it is loaded.

    With --watch, what goes wrong is told, and the next change is loaded all the same. Ctrl-C
    ends it.

    Exit codes: 0 everything is loaded; 3 some files were rejected and everything else is
    loaded; 1 nothing was changed because of an error; 2 wrong usage or settings.
    """
    if watch and (dry_run or include_undone):
        msg = "--watch goes neither with --dry-run nor with --include-undone."
        raise click.UsageError(msg, ctx)
    settings = start(ctx)
    wanted = folder.absolute() if folder else settings.corpus
    wishes = _Wishes(wanted, allow_empty, include_undone, notify, dry_run)

    def told(report: LoadReport) -> None:
        if as_json:
            click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=None if watch else 2))
        else:
            print_report(open_console(sys.stdout), report, dry_run=dry_run)

    if watch:
        run_until_stopped(_watch(settings, wishes, told))
        return
    report = run_until_stopped(_once(settings, wishes))
    told(report)
    if wanted != settings.corpus and not dry_run:
        click.echo(
            f"Note: the next start of the bot loads {settings.corpus} again. "
            f"To keep this folder, set WENXUN_CORPUS={wanted}",
            err=True,
        )
    if report.rejected:
        ctx.exit(EXIT_REJECTED)


async def _once(settings: Settings, wishes: _Wishes) -> LoadReport:
    async with open_services(settings, Steps(open_console(sys.stderr)), folder=wishes.folder) as services:
        return await _load(services, wishes)


async def _load(services: Services, wishes: _Wishes) -> LoadReport:
    loader = services.loader
    flags = {"allow_empty": wishes.allow_empty, "include_undone": wishes.include_undone}
    try:
        with load_progress(open_console(sys.stderr)) as progress:
            if wishes.dry_run:
                return await loader.plan(progress, **flags)
            report = await loader.load(progress, notify=wishes.notify, **flags)
    except CorpusError as error:
        if next(iter(news_files(wishes.folder)), None) is None:
            msg = f"{error} To empty what is served, say --allow-empty."
            raise BotError(msg) from error
        raise
    if report.generation is not None:
        await Audit(services.database, COMMAND_LINE, now).note(None, "load", asdict(report))
    return report


async def _watch(settings: Settings, wishes: _Wishes, told: Callable[[LoadReport], None]) -> None:
    # Only whoever watches waits for the library that does it.
    from bot.watching import changes_in, keep_loaded  # noqa: PLC0415

    console = open_console(sys.stderr)
    async with open_services(settings, Steps(console), folder=wishes.folder) as services:
        console.print(f"Watching {wishes.folder}. Ctrl-C stops it.")
        await keep_loaded(
            lambda: _load(services, wishes),
            changes_in(wishes.folder, ignored=settings.data),
            told=told,
            failed=lambda error: console.print(f"Not loaded: {error}"),
        )
