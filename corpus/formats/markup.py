"""The text of HTML elements, block by block.

Only white space is changed: runs of it become one space, as a browser shows them, and a
block's end becomes a line's end. Cells of a table row are divided by tabs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml import html as lxml_html

if TYPE_CHECKING:
    from corpus.formats.base import Composer

_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "item", "li", "list", "main",
        "ol", "p", "pre", "quote", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "ul",
    }
)  # fmt: skip
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_ROWS: Final = frozenset({"tr", "row"})
_CELLS: Final = frozenset({"td", "th", "cell"})
_BREAKS: Final = frozenset({"br", "lb"})
_SILENT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "button", "select", "graphic"}
)
_SPACE: Final = re.compile(r"[^\S\u00a0\u3000\n]+")
_AROUND_BREAK: Final = re.compile(r" ?\n ?")


def add_markup(root: etree._Element, composer: Composer, *, skip: str | None = None) -> None:
    """Add the blocks of an element to a body, in order.

    Args:
        root: The element; HTML, or trafilatura's own small vocabulary.
        composer: Where they go.
        skip: A heading with this text, the document's title, is left out.
    """
    parts: list[str] = []
    heading = False

    def flush() -> None:
        text = _AROUND_BREAK.sub("\n", _SPACE.sub(" ", "".join(parts)).replace("\x00", "")).strip()
        parts.clear()
        if text and not (heading and skip is not None and same_text(text, skip)):
            composer.add(text, heading=heading)

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event in ("comment", "pi") or not tag:
            parts.append(_inline(element.tail))
            continue
        block = tag in _BLOCKS or tag in _ROWS or tag in _HEADINGS
        in_row = tag in _CELLS or (block and _in_row(element))
        if event == "start":
            if tag in _SILENT:
                _empty(element)
                continue
            if block and not in_row:
                flush()
                heading = tag in _HEADINGS
            if tag in _BREAKS:
                parts.append("\n")
            parts.append(_inline(element.text))
            continue
        if tag in _CELLS:
            parts.append("\t")
        elif block and not in_row:
            flush()
            heading = False
        elif block:
            parts.append(" ")
        if element is not root:
            parts.append(_inline(element.tail))
    flush()


def text_of(element: etree._Element) -> str:
    """The text in an element on one line."""
    return " ".join("".join(element.itertext()).split())


def parsed_fragment(markup: str) -> etree._Element | None:
    """The elements of a stretch of HTML, or None if there is nothing in it."""
    try:
        return lxml_html.fragment_fromstring(markup, create_parent="div")
    except (etree.LxmlError, ValueError):
        return None


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return "".join(one.split()) == "".join(other.split())


def _inline(text: str | None) -> str:
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ") if text else ""


def _in_row(element: etree._Element) -> bool:
    parent = element.getparent()
    while parent is not None:
        if parent.tag in _CELLS:
            return True
        parent = parent.getparent()
    return False


def _empty(element: etree._Element) -> None:
    """Take everything out of an element but what follows it."""
    tail = element.tail
    element.clear()
    element.tail = tail
