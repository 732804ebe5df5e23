"""The text of HTML elements, block by block.

Only white space is changed: runs of it become one space, as a browser shows them, and a
block's end becomes a line's end. Cells of a table row are divided by tabs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lxml import etree, html

from corpus import refusals
from corpus.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.formats.base import Composer

Element: TypeAlias = Any
MarkupError: Final[type[Exception]] = etree.LxmlError

_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "item",
        "li", "list", "main", "ol", "p", "pre", "quote", "section", "summary", "table", "tbody", "td",
        "tfoot", "th", "thead", "title", "ul",
    }
)  # fmt: skip
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_ROWS: Final = frozenset({"tr", "row"})
_CELLS: Final = frozenset({"td", "th", "cell"})
_BREAKS: Final = frozenset({"br", "lb"})
_SILENT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "button", "select", "graphic"}
)
_SPACE: Final = re.compile(r"[^\S\u00a0\u3000\n\t]+")
_BREAK_OR_TAB: Final = re.compile(r"[\n\r\t]")
_AROUND_BREAK: Final = re.compile(r" ?([\n\t]) ?")


def add_markup(root: Element, composer: Composer, *, skip: str | None = None) -> None:
    """Add the blocks of an element to a body, in order.

    Args:
        root: The element; HTML, or trafilatura's own small vocabulary.
        composer: Where they go.
        skip: A heading with this text, the document's title, is left out.
    """
    walk = _Walk(composer, skip)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            walk.start(element)
        else:
            if event == "end":
                walk.end(element)
            if element is not root:
                walk.add(element.tail)
    walk.flush()


class _Walk:
    """The text since the last block's end, while elements are gone through in order."""

    def __init__(self, composer: Composer, skip: str | None) -> None:
        self._composer = composer
        self._skip = skip
        self._parts: list[str] = []
        self._heading = False
        self._cells = 0

    def add(self, text: str | None) -> None:
        if text:
            self._parts.append(_BREAK_OR_TAB.sub(" ", text))

    def start(self, element: Element) -> None:
        tag = element.tag
        if tag in _SILENT:
            _empty(element)
            return
        if tag in _CELLS:
            self._cells += 1
        elif _is_block(tag) and not self._cells:
            self.flush()
            self._heading = tag in _HEADINGS
        elif tag in _BREAKS:
            self._parts.append(" " if self._cells else "\n")
        self.add(element.text)

    def end(self, element: Element) -> None:
        tag = element.tag
        if tag in _CELLS:
            self._cells -= 1
            self._parts.append(" " if self._cells else "\t")
        elif _is_block(tag) and self._cells:
            self._parts.append(" ")
        elif _is_block(tag):
            self.flush()
            self._heading = False

    def flush(self) -> None:
        """End a block."""
        text = _SPACE.sub(" ", "".join(self._parts)).replace("\x00", "")
        text = _AROUND_BREAK.sub(r"\1", text).strip()
        self._parts.clear()
        if text and not (self._heading and self._skip is not None and same_text(text, self._skip)):
            self._composer.add(text, heading=self._heading)


def _is_block(tag: object) -> bool:
    return tag in _BLOCKS or tag in _ROWS or tag in _HEADINGS


def text_of(element: Element) -> str:
    """The text in an element on one line."""
    return " ".join("".join(element.itertext()).split())


def parsed_page(markup: str) -> Element | None:
    """The root of an HTML page, or None if there is nothing in it.

    Raises:
        UnreadableFile: Its elements are nested more deeply than any author nests them.
    """
    return _parsed(html.document_fromstring, markup)


def parsed_fragment(markup: str) -> Element | None:
    """The elements of a stretch of HTML, or None if there is nothing in it.

    Raises:
        UnreadableFile: As for a page.
    """
    return _parsed(html.fragment_fromstring, markup, create_parent="div")


def _parsed(parse: Callable[..., Element], markup: str, **arguments: str) -> Element | None:
    parser = html.HTMLParser()
    try:
        root = parse(markup, parser=parser, **arguments)
    except (MarkupError, ValueError):
        return None
    # The parser drops what lies deeper than it goes, and only says so in its log.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableFile(refusals.TOO_DEEP)
    return root


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return "".join(one.split()) == "".join(other.split())


def _empty(element: Element) -> None:
    """Take everything out of an element but what follows it."""
    tail = element.tail
    element.clear()
    element.tail = tail
