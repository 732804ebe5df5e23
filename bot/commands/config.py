"""`wenxun config`: the settings in effect."""

from __future__ import annotations

import json
import sys

import click
from rich.table import Table
from rich.text import Text

from bot.settings import Settings
from bot.terminal import open_console
from bot.variables import PREFIX


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Show the settings in effect and where each comes from: the environment, .env or the default.

    Secrets are hidden. A wrong setting is reported instead, with how to mend it.
    """
    settings = Settings.load()
    found = Settings.variables().found
    rows = [
        (
            f"{PREFIX}{name.upper()}",
            settings.shown(name),
            found[name].origin if name in found else "default",
        )
        for name in Settings.model_fields
    ]
    if as_json:
        effective = {name: {"value": value or None, "from": origin} for name, value, origin in rows}
        click.echo(json.dumps(effective, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Setting", "Value", "From"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Setting")
    for name, value, origin in rows:
        table.add_row(name, Text(value or "not set", "" if value else "dim"), origin)
    open_console(sys.stdout).print(table)
