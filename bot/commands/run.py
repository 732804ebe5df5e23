"""`wenxun run`: the bot, on Telegram or in the browser."""

from __future__ import annotations

import asyncio
import sys

import click

from bot.commands import start
from bot.data_folder import make_data_folder
from bot.instance import only_instance
from bot.terminal import Steps, open_console


@click.command("run")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run the bot: on Telegram if WENXUN_TOKEN is set, otherwise in a chat in your browser.

    It first loads what changed in the news. Ctrl-C stops it when the answers under way are
    given; a second Ctrl-C stops it at once.
    """
    settings = start(ctx)
    console = open_console(sys.stdout)
    step = Steps(console)
    make_data_folder(settings.data)
    with only_instance(settings.data):
        step("settings read")
        # Here and not above, because it takes a second: what is wrong so far is told at once.
        from bot.running import run  # noqa: PLC0415 - as said

        step("program read")
        asyncio.run(run(settings, console, step))
