"""An article from the web: what was fetched, read as a file of its kind would be."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from corpus import refusals, web_refusals
from corpus.addresses import WebAddress, web_address
from corpus.errors import FetchRefused, UnreadableFile
from corpus.formats.base import Block, ReadOptions, SourceFile
from corpus.formats.kinds import HEAD_BYTES, Kind, kind_of

if TYPE_CHECKING:
    from corpus.fetching import Fetched
    from corpus.formats.base import Draft
    from corpus.model import Published

_NAMES: Final = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.xhtml",
    "text/plain": "page.txt",
    "text/markdown": "page.md",
    "application/pdf": "page.pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "page.docx",
}
_TEXTS: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", ""})
# Latin-1 is what servers say when nobody told them better.
_UNTOLD: Final = frozenset({"iso8859-1", "ascii", "utf-8"})
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_BOMS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs(?:enc|mi)|spm|cmpid|ns_(?:source|mchannel|campaign)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article and what is known about it; None or empty where it does not say.

    `body` is the text verbatim and `blocks` its parts. `url` is the address to cite, which is also
    what it is known by.
    """

    url: str
    body: str
    blocks: tuple[Block, ...] = field(repr=False)
    title: str | None = None
    source: str | None = None
    published: Published | None = None
    topics: tuple[str, ...] = ()
    language: str | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The parts of the body as texts."""
        return tuple(self.body[block.start : block.end] for block in self.blocks)


@dataclass(frozen=True, slots=True)
class _Held(SourceFile):
    """A file that is in memory."""

    data: bytes = field(default=b"", repr=False)

    def read(self, most: int | None = None) -> bytes:
        limit = self.options.max_bytes if most is None else min(most, self.options.max_bytes)
        if len(self.data) > limit:
            raise UnreadableFile(refusals.oversize(len(self.data), limit))
        return self.data


def read_article(fetched: Fetched, options: ReadOptions | None = None) -> Article:
    """Read the article of a page that was fetched. Takes seconds for a long one: not in the event loop.

    Args:
        fetched: HTML, plain text, Markdown, PDF or Word. Its content must be what its host calls it.
        options: The zone of dates that name none, and the largest page.

    Raises:
        FetchRefused: There is no article in it, or it is not what it claims to be.
    """
    data = in_utf8(fetched.body, fetched.charset) if fetched.kind in _TEXTS else fetched.body
    name = _NAMES.get(fetched.kind) or ("page.html" if data.lstrip()[:1] == b"<" else "page.txt")
    if not data.strip():
        raise FetchRefused(web_refusals.NO_ARTICLE)
    try:
        kind = kind_of(name, data[:HEAD_BYTES])
    except UnreadableFile:
        raise FetchRefused(web_refusals.MISMATCH) from None
    try:
        if kind is Kind.MARKDOWN and data.startswith(b"---"):
            kind = Kind.PLAIN  # what a page says in front matter is its server's business
        file = _Held(Path(name), name, len(data), options or ReadOptions(), data)
        draft: Draft = next(import_module(f"corpus.formats.{kind}").read(file))
    except UnreadableFile as error:
        no_text = error.reason in {refusals.NO_TEXT, refusals.PDF_WITHOUT_TEXT}
        raise FetchRefused(web_refusals.NO_ARTICLE if no_text else error.reason) from None
    except StopIteration:
        raise FetchRefused(web_refusals.NO_ARTICLE) from None
    if not draft.body.strip():
        raise FetchRefused(web_refusals.NO_ARTICLE)
    return Article(
        url=_cited(fetched.final, draft.url),
        body=draft.body,
        blocks=draft.blocks,
        title=draft.title,
        source=draft.source,
        published=draft.published,
        topics=draft.topics,
        language=draft.language,
    )


def untracked(address: WebAddress) -> str:
    """An address without what only tells where its readers come from."""
    path, mark, query = address.target.partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return f"{address.origin}{path}{mark if kept else ''}{'&'.join(kept)}"


def identity_of(url: str) -> str:
    """What is the same for every way to write one page's address: to compare, not to fetch.

    Without scheme, "www.", tracking, a trailing slash and the order of what is asked.
    """
    try:
        address = web_address(url)
    except FetchRefused:
        return url
    path, _, query = untracked(address).partition("://")[2].partition("?")
    asked = sorted(parse_qsl(query, keep_blank_values=True))
    return (
        f"{path.removeprefix('www.').rstrip('/')}?{asked}" if asked else path.removeprefix("www.").rstrip("/")
    )


def _cited(final: WebAddress, declared: str | None) -> str:
    """The address a page declares, if it speaks for itself; else where it was found.

    A page that claims another host's address would take that one's place in the corpus. One that
    claims its host's start page is wrongly set up.
    """
    found = untracked(final)
    if declared is None:
        return found
    try:
        canonical = web_address(declared)
    except FetchRefused:
        return found
    same = _site(canonical.host) == _site(final.host)
    is_start = canonical.target == "/" != final.target
    return untracked(canonical) if same and not is_start else found


def _site(host: str) -> str:
    return re.sub(r"^(?:www|m|wap|mobile|amp)\.", "", host)


def in_utf8(data: bytes, charset: str | None) -> bytes:
    """A text in UTF-8, marked as such, if its host says another encoding and it is in that."""
    if charset is None or data.startswith(_BOMS):
        return data
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return data
    if name in _UNTOLD:
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(_WIDER.get(name, name)).encode("utf-8")
    except (UnicodeError, LookupError):
        return data
