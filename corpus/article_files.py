"""Articles as files of the corpus folder: names that are safe everywhere, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from corpus import refusals
from corpus.addresses import WebAddress, web_address
from corpus.errors import CorpusError, FetchRefused
from corpus.model import Precision

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.article import Article
    from corpus.model import Published

_UNSAFE: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG: Final = 50
_LONGEST_HOST: Final = 100
_TIMES: Final = {Precision.MINUTE: "minutes", Precision.SECOND: "seconds"}
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)


class ArticleFiles:
    """Writes articles into a corpus folder, as JSON that `corpus.formats.jsonfile` reads.

    Every method waits for the disk: not in the event loop.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, article: Article, place: str, origin: str | None = None) -> str:
        """Write an article, in place of what was at `origin` if that is given.

        Args:
            article: What to write.
            place: A folder of the corpus folder, with forward slashes, such as "feeds".
            origin: The file that holds an earlier version of it.

        Returns:
            The file's origin: its path in the corpus folder.

        Raises:
            FetchRefused: It holds what no text may hold.
            CorpusError: It cannot be written, or would lie outside the folder.
        """
        origin = origin or f"{place}/{host_folder(article.url)}/{file_name(article)}"
        try:
            data = (json.dumps(_record(article), ensure_ascii=False, indent=1) + "\n").encode()
        except UnicodeEncodeError:
            raise FetchRefused(refusals.NOT_TEXT) from None
        path = self._folder / origin
        # Hidden, and with an ending that loads pass over.
        beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            self._check(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._check(path)
            try:
                with beside.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(path)
            except BaseException:
                with suppress(OSError):
                    beside.unlink()
                raise
        except OSError as error:
            msg = f"{origin} cannot be written: {(error.strerror or 'unknown error').lower()}."
            raise CorpusError(msg) from error
        return origin

    def size(self, origin: str) -> int | None:
        """The bytes of a file, or None if there is none."""
        try:
            return (self._folder / origin).stat().st_size
        except OSError:
            return None

    def _check(self, path: Path) -> None:
        """Refuse a path that leads out of the folder, by its name or over a link."""
        if not path.parent.resolve().is_relative_to(self._folder.resolve()) or path.name in {"", ".", ".."}:
            raise CorpusError(refusals.OUTSIDE)


def host_folder(url: str) -> str:
    """A folder's name for the host of an address."""
    address = _address(url)
    host = address.host[-_LONGEST_HOST:] if address is not None else ""
    return "-".join(filter(None, re.split(r"[^a-z0-9.]+", host))).strip(".-") or "elsewhere"


def file_name(article: Article) -> str:
    """A file's name for an article: its date, words of its address, and a hash that tells it apart."""
    day = str(article.published)[:10] if article.published else "undated"
    address = _address(article.url)
    path = address.target.partition("?")[0].rstrip("/").rpartition("/")[2] if address is not None else ""
    slug = _UNSAFE.sub("-", _ENDING.sub("", path).lower())[:_LONGEST_SLUG].strip("-")
    number = hashlib.sha256(article.url.encode("utf-8", "replace")).hexdigest()[:10]
    return "-".join(part for part in (day, slug, number) if part) + ".json"


def _address(url: str) -> WebAddress | None:
    try:
        return web_address(url)
    except FetchRefused:
        return None


def _record(article: Article) -> dict[str, Any]:
    """The article in the published shape, without what it does not say."""
    record: dict[str, Any] = {
        "title": article.title,
        "source": article.source,
        "published": _written(article.published),
        "url": article.url,
        "topics": list(article.topics) or None,
        "language": article.language,
    }
    if any(block.fixed for block in article.blocks):
        record["passages"] = [
            {"text": text, "section": block.section, "marks": list(block.marks)}
            for block, text in zip(article.blocks, article.paragraphs, strict=True)
        ]
    else:
        record["paragraphs"] = list(article.paragraphs)
    return {name: value for name, value in record.items() if value is not None}


def _written(published: Published | None) -> str | None:
    """A date as exact as it is, with its zone where there is a time."""
    if published is None:
        return None
    times = _TIMES.get(published.precision)
    return published.at.isoformat(timespec=times) if times else str(published)
