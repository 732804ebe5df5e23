"""The command line: finds the command, and turns every error into one clear line and an exit code."""

from __future__ import annotations

import importlib
import io
import logging
import sys
from contextlib import suppress
from typing import Any

import click

from bot.errors import BotError, InvalidSettings
from bot.logs import TOLD, incident_code
from bot.signals import Stopped
from corpus.errors import CorpusError
from retrieval.errors import RetrievalError

# What `wenxun --help` says of each command, so that listing them loads none of them.
COMMANDS = {
    "run": "Run the bot: on Telegram with a token, in your browser without one.",
    "ask": "Answer one question on the terminal.",
    "load": "Load the news, reading only what changed.",
    "undo": "Go back to the news as it was before the last load.",
    "config": "Show the settings in effect and where each comes from.",
    "evaluate": "Measure the answers against a set of questions.",
}

EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_REJECTED = 3
EXIT_STOPPED = 130

_LOG = logging.getLogger(__name__)


class Program(click.Group):
    """The commands, each imported when it is used; and the end of every error."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"bot.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - a command returns what it likes
        """Run the command; what goes wrong is told in one line, and the rest is in the log."""
        try:
            return super().invoke(ctx)
        except InvalidSettings as error:
            _tell("These settings are wrong:", *(f"  {problem}" for problem in error.problems))
            ctx.exit(EXIT_USAGE)
        except (BotError, CorpusError, RetrievalError) as error:
            _log(logging.INFO, "ended by an error", error)
            _tell(f"Error: {error}")
            ctx.exit(EXIT_ERROR)
        except (KeyboardInterrupt, Stopped):
            _tell("Stopped.")
            ctx.exit(EXIT_STOPPED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - nobody should see a traceback
            _tell(_unexpected(error))
            ctx.exit(EXIT_ERROR)


def _tell(*lines: str) -> None:
    with suppress(OSError):  # the terminal may be closed
        click.echo("\n".join(lines), err=True)


def _unexpected(error: Exception) -> str:
    if not logging.getLogger().handlers:
        return f"Error: something unexpected went wrong ({type(error).__name__}) before the log was open."
    code = incident_code()
    _log(logging.ERROR, f"incident {code}: on the command line", error)
    told = "something unexpected went wrong"
    if isinstance(error, OSError) and error.strerror:
        told = f"{error.strerror} ({error.filename})" if error.filename else error.strerror
    return f"Error: {told}. The log has more under incident {code}."


def _log(level: int, what: str, error: Exception) -> None:
    # Imported here because it takes a while to load, and most commands end well.
    described = importlib.import_module("bot.incidents").describe(error)
    _LOG.log(level, "%s\n%s", what, described, extra=TOLD)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wenxun", message="%(prog)s %(version)s")
def cli() -> None:
    """Wenxun 问讯 answers questions about the news with verbatim, cited excerpts.

    Settings are environment variables, or lines in a file .env in the current folder;
    `wenxun config` shows them.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the program with the arguments of the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character shows a ? in its place.
            stream.reconfigure(errors="replace")
    cli.main(arguments, prog_name="wenxun")
