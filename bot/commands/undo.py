"""`wenxun undo`: go back to what was served before the last load."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bot.audit import COMMAND_LINE, Audit
from bot.commands import start
from bot.keeping.reloading import note_undo
from bot.progress import load_progress
from bot.services import now, open_services
from bot.signals import run_until_stopped
from bot.terminal import Steps, open_console, print_undo

if TYPE_CHECKING:
    from bot.settings import Settings
    from corpus.loader import UndoReport


@click.command("undo")
@click.option("--dry-run", is_flag=True, help="Tell what would be undone, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_context
def command(ctx: click.Context, *, dry_run: bool, as_json: bool) -> None:
    """Go back to the news as it was before the last load.

    Again goes back one load further, three in all. What the load took from the folder is
    held back until the file changes, or until `wenxun load --include-undone`.
    """
    settings = start(ctx)
    report = run_until_stopped(_undo(settings, dry_run=dry_run))
    if as_json:
        loaded = report.loaded.isoformat() if report.loaded else None
        click.echo(json.dumps({**asdict(report), "loaded": loaded}, ensure_ascii=False, indent=2))
    else:
        print_undo(open_console(sys.stdout), report, settings.zone, dry_run=dry_run)


async def _undo(settings: Settings, *, dry_run: bool) -> UndoReport:
    console = open_console(sys.stderr)
    async with open_services(settings, Steps(console)) as services:
        if dry_run:
            return await services.loader.plan_undo()
        with load_progress(console) as progress:
            report = await services.loader.undo(progress)
        await note_undo(Audit(services.database, COMMAND_LINE, now), None, report)
    return report
