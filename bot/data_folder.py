"""The folder of everything Wenxun keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from pathlib import Path


def make_data_folder(folder: Path) -> None:
    """Make the folder for its owner alone, if it is not there.

    Raises:
        BotError: it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {folder} cannot be made ({error.strerror}). Name another with WENXUN_DATA."
        raise BotError(msg) from error
