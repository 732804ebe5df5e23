"""Markdown, with or without front matter (YAML between two lines of ---).

The marks of Markdown are no characters of the text: "**new**" is the word new. A line
break inside a paragraph is a space between words and nothing between Chinese characters.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt

from corpus import refusals
from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.formats.base import Composer, Draft
from corpus.formats.byline import byline_of
from corpus.formats.lines import joint
from corpus.formats.markup import add_markup, parsed_fragment, same_text
from corpus.published import published_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from markdown_it.token import Token

    from corpus.formats.base import SourceFile
    from corpus.model import Published

_BYLINES_WITHIN: Final = 3
# The parser takes about a minute for a megabyte of the worst that can be written.
_MOST_BYTES: Final = 2 * 2**20


def read(file: SourceFile) -> Iterator[Draft]:
    """Read a Markdown file. Without front matter the first # heading is the title.

    Raises:
        UnreadableFile: It cannot be decoded, or its front matter is wrong.
    """
    text = decode(file.read(_MOST_BYTES)).replace("\r\n", "\n")
    zone = file.options.zone
    meta, content = _parted(text)
    composer = Composer()
    title = _text(meta, "title")
    parts = list(_parts(MarkdownIt("commonmark").enable("table").parse(content)))
    first = next((part for part in parts if part.level == 1), None)
    if title is None and first is not None:
        title = first.text
    if first is not None and title is not None and same_text(first.text, title):
        parts.remove(first)
    source, published = _text(meta, "source"), _date(meta, zone)
    for place, part in enumerate(parts):
        byline = byline_of(part.text, zone) if place < _BYLINES_WITHIN and not part.level else None
        if byline and not meta:
            source, published = source or byline.source, published or byline.published
        else:
            composer.add(part.text, heading=part.level > 0)
    yield Draft(
        composer.body,
        composer.blocks,
        title=title,
        source=source,
        published=published,
        url=_url(meta),
        topics=_topics(meta),
        language=_language(meta),
    )


class _Part:
    """One block: its text, and the level of the heading it is (0: none)."""

    __slots__ = ("level", "text")

    def __init__(self, text: str, level: int = 0) -> None:
        self.text = text.strip()
        self.level = level


def _parts(tokens: Sequence[Token]) -> Iterator[_Part]:
    blocks = _Blocks()
    for token in tokens:
        if token.type == "inline":
            yield from blocks.text(_inline(token.children or ()))
        elif token.type in ("fence", "code_block"):
            yield _Part(token.content)
        elif token.type == "html_block":
            yield from _raw(token.content)
        else:
            yield from blocks.border(token)


class _Blocks:
    """Where in the blocks we are: in which heading, list item or table row."""

    def __init__(self) -> None:
        self._level = 0
        self._mark = ""
        self._cells: list[str] | None = None

    def text(self, text: str) -> Iterator[_Part]:
        """The text of a block, or of a cell of a row that is not complete yet."""
        if self._cells is not None:
            self._cells.append(text)
        elif text.strip():
            yield _Part(self._mark + text, self._level)
            self._mark = ""

    def border(self, token: Token) -> Iterator[_Part]:
        """The beginning or end of a block; a row is complete at its end."""
        match token.type:
            case "heading_open":
                self._level = int(token.tag[1:])
            case "heading_close":
                self._level = 0
            case "list_item_open":
                # The number of a numbered item is text, a bullet is not.
                self._mark = f"{token.info}{token.markup} " if token.info else ""
            case "tr_open":
                self._cells = []
            case "tr_close":
                yield _Part("\t".join(self._cells or ()))
                self._cells = None


def _inline(tokens: Sequence[Token]) -> str:
    text = ""
    wrapped = False
    for token in tokens:
        if token.type == "softbreak":
            wrapped = True
            continue
        if token.type == "hardbreak":
            text += "\n"
            continue
        added = token.content if token.type in ("text", "code_inline", "image", "text_special") else ""
        if added and wrapped:
            added = joint(text, added) + added
            wrapped = False
        text += added
    return text


def _raw(markup: str) -> Iterator[_Part]:
    element = parsed_fragment(markup)
    if element is None:
        return
    composer = Composer()
    add_markup(element, composer)
    for block in composer.blocks:
        yield _Part(composer.body[block.start : block.end])


def _parted(text: str) -> tuple[dict[str, Any], str]:
    try:
        meta, content = frontmatter.parse(text, handler=YAMLHandler())
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError) as error:
        mark = getattr(error, "problem_mark", None)
        fault = f"it is not YAML (line {mark.line + 2})" if mark else "it is not YAML"
        raise UnreadableFile(refusals.bad_front_matter(fault)) from None
    return {str(name).casefold(): value for name, value in meta.items()}, content


def _text(meta: dict[str, Any], name: str) -> str | None:
    value = meta.get(name)
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    return " ".join(str(value).split()) or None


def _date(meta: dict[str, Any], zone: tzinfo) -> Published | None:
    for name in ("published", "date"):
        value = meta.get(name)
        if value is None or value == "":
            continue
        text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
        published = published_of(text, zone) if isinstance(value, (str, int, date)) else None
        if published is None:
            raise UnreadableFile(refusals.bad_front_matter(f'"{name}" is not a date'))
        return published
    return None


def _url(meta: dict[str, Any]) -> str | None:
    url = _text(meta, "url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise UnreadableFile(refusals.bad_front_matter('"url" must start with http:// or https://'))
    return url


def _topics(meta: dict[str, Any]) -> tuple[str, ...]:
    topics = meta.get("topics") or meta.get("tags") or ()
    if isinstance(topics, str):
        topics = topics.replace("，", ",").replace("、", ",").split(",")
    if not isinstance(topics, (list, tuple)):
        return ()
    return tuple(topic for item in topics if isinstance(item, (str, int)) and (topic := str(item).strip()))


def _language(meta: dict[str, Any]) -> str | None:
    language = (
        (_text(meta, "language") or _text(meta, "lang") or "").replace("_", "-").split("-")[0].casefold()
    )
    return language if language in ("zh", "en") else None
