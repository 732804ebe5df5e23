"""One bot at a time on a data folder, held by a lock that ends with the process however it ends."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from bot.errors import BotError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # Far behind the text, because Windows would not let others read what is locked.
        file.seek(2**20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_instance(data: Path) -> Iterator[None]:
    """Hold the data folder for this process's bot.

    Raises:
        BotError: another bot holds it, or it cannot be written to.
    """
    path = data / "run.lock"
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        msg = f"The file {path} cannot be opened ({error.strerror})."
        raise BotError(msg) from error
    with file:
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            holder = file.read().strip()
            who = f" (process {holder})" if holder else ""
            msg = (
                f"Wenxun is already running{who} on the folder {data}. "
                "Stop it first, or give this one a folder of its own with WENXUN_DATA."
            )
            raise BotError(msg) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
