"""The folder of news as it is kept from the chat: where it is, and files put into it, taken out and put back.

The sample news that comes with Wenxun is never written to. Whoever has set no folder of their
own gets a copy of it, the folder `news` in the data folder, which counts from the first start on.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import CannotKeep
from bot.settings import sample_news
from corpus.formats.kinds import ENDINGS

if TYPE_CHECKING:
    from bot.settings import Settings

ADDED: Final = "added"
"""The folder in the folder of news that has what was added from the chat."""

_LONGEST_BYTES = 120
_MOST_OF_A_NAME = 1000
_UNSAFE = re.compile(r"[\W_]+")


def settled(settings: Settings) -> Settings:
    """The settings with a folder of news that can be added to.

    The sample news is copied once; where that cannot be done it is served as it is, and
    nothing can be added.
    """
    if settings.corpus != sample_news():
        return settings
    folder = settings.data / "news"
    if not folder.is_dir():
        beside = settings.data / f".news.{os.getpid()}.tmp"
        try:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Its times are copied, too, so that what is loaded already is not read again.
            shutil.copytree(sample_news(), beside, ignore=shutil.ignore_patterns("__pycache__"))
            beside.rename(folder)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)
            if not folder.is_dir():  # else another process was faster
                return settings
    return settings.model_copy(update={"corpus": folder})


def safe_name(day: str, words: str, ending: str) -> str:
    """A file's name that is safe everywhere: a day, words that tell what it is, and its ending."""
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFKC", words).casefold())
    cut = plain.encode("utf-8", "ignore")[:_LONGEST_BYTES].decode("utf-8", "ignore").strip("-")
    return f"{day}-{cut or 'news'}{ending}"


def ending_of(name: str) -> str:
    """The ending by which a file's name says what it is; "" if it says nothing that is read."""
    folded = name.casefold()
    return next((each for each in sorted(ENDINGS, key=len, reverse=True) if folded.endswith(each)), "")


class NewsFiles:
    """Puts files into a folder of news and takes them out. Every method waits for the disk.

    Args:
        folder: the folder of news.
        removed: where what is taken out is kept.
    """

    def __init__(self, folder: Path, removed: Path) -> None:
        self.folder = folder
        self._removed = removed

    @property
    def may_add(self) -> bool:
        """Whether anything may be written there."""
        return self.folder != sample_news()

    def put(self, file: Path, origin: str) -> str:
        """Copy a file to a place of the folder, or to one beside it if there is something already.

        Returns:
            Where it is: its origin.

        Raises:
            CannotKeep: it cannot be written, or would lie outside the folder.
        """
        wanted = self._inside(origin)
        beside = wanted.with_name(f".{wanted.name}.{os.getpid()}.tmp")
        stem, ending = _parted(wanted.name)
        try:
            wanted.parent.mkdir(parents=True, exist_ok=True)
            self._inside(origin)  # now that its folder is there, a link may lead out
            try:
                shutil.copyfile(file, beside)
                with beside.open("rb+") as written:
                    os.fsync(written.fileno())
                for number in range(1, _MOST_OF_A_NAME):
                    target = wanted.with_name(f"{stem}-{number}{ending}") if number > 1 else wanted
                    with suppress(FileExistsError):
                        os.link(beside, target)  # which, unlike renaming, never overwrites
                        return target.relative_to(self.folder).as_posix()
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            msg = f"{origin} cannot be written ({type(error).__name__})"
            raise CannotKeep(msg) from error
        msg = f"there are too many files called {wanted.name}"
        raise CannotKeep(msg)

    def take(self, origin: str, key: str) -> str:
        """Move a file out of the folder; returns where it is kept, for `put_back`.

        Raises:
            CannotKeep: it is not there, or cannot be moved.
        """
        source = self._inside(origin)
        kept = self._removed / key / source.name
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, kept)
        except OSError as error:
            msg = f"{origin} cannot be moved ({type(error).__name__})"
            raise CannotKeep(msg) from error
        return kept.relative_to(self._removed).as_posix()

    def put_back(self, kept: str, origin: str) -> str:
        """Put back what was taken out; returns its origin, which is another if its place is taken.

        Raises:
            CannotKeep: it is gone, or cannot be written.
        """
        path = self._removed / kept
        where = self.put(path, origin)
        with suppress(OSError):
            path.unlink()
        return where

    def _inside(self, origin: str) -> Path:
        path = self.folder / origin
        root = self.folder.resolve()
        try:
            inside = path.parent.resolve().is_relative_to(root) and path.name not in {"", ".", ".."}
        except (OSError, ValueError):
            inside = False
        if not inside or path.is_symlink():
            msg = "a file would lie outside the folder of news"
            raise CannotKeep(msg)
        return path


def _parted(name: str) -> tuple[str, str]:
    ending = ending_of(name) or Path(name).suffix
    return name.removesuffix(ending), ending
