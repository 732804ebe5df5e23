"""The commands of `wenxun`, a module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.keeping.corpus_folder import settled
from bot.logs import logging_to
from bot.settings import Settings

if TYPE_CHECKING:
    import click


def start(ctx: click.Context) -> Settings:
    """Read the settings and open the log until the command ends.

    Raises:
        InvalidSettings: with every problem there is.
    """
    settings = Settings.load()
    # Until the whole program ends, so that what ends it is logged.
    ctx.find_root().with_resource(logging_to(settings.data / "logs", settings.log_level))
    return settled(settings)
