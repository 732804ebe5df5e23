"""HTML: the article of a page, found by trafilatura, without what stands around it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

import trafilatura
from trafilatura.settings import use_config

from corpus import refusals
from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.formats.base import Composer, Draft
from corpus.formats.markup import add_markup, parsed_page
from corpus.formats.page import page_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.formats.base import SourceFile
    from corpus.formats.markup import Element

# A declaration of the encoding is wrong for a text that is decoded already.
_PROLOG: Final = re.compile(r"\s*<\?xml[^>]*\?>")
# A short Chinese notice is an article too; trafilatura expects 250 characters.
_SHORTEST_ARTICLE: Final = "20"
# A news page has a few thousand elements. trafilatura's time grows with their square.
_MOST_ELEMENTS: Final = 30_000


def read(file: SourceFile) -> Iterator[Draft]:
    """Read the article of a page.

    Raises:
        UnreadableFile: It cannot be decoded, or no text can be found in it.
    """
    text = _PROLOG.sub("", decode(file.read(), declares=True), count=1)
    if not text.strip():
        raise UnreadableFile(refusals.NO_TEXT)
    page = parsed_page(text)
    if page is None:
        raise UnreadableFile(refusals.NO_TEXT)
    if sum(1 for _ in islice(page.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise UnreadableFile(refusals.too_many("elements", _MOST_ELEMENTS))
    head = page_head(page, file.options.zone)
    composer = Composer()
    body = _article(page)
    if body is not None:
        add_markup(body, composer, skip=head.title)
    if not composer.blocks:
        add_markup(_visible(page), composer, skip=head.title)
    if not composer.body:
        raise UnreadableFile(refusals.NO_TEXT)
    yield Draft(
        composer.body,
        composer.blocks,
        title=head.title,
        source=head.source,
        published=head.published,
        url=head.url,
        topics=head.topics,
    )


def _article(page: Element) -> Element | None:
    """The element trafilatura makes of the article, in its own vocabulary, or None."""
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORTEST_ARTICLE)
    try:
        found = trafilatura.bare_extraction(
            page, include_comments=False, include_formatting=False, with_metadata=False, config=config
        )
    except RecursionError:
        raise UnreadableFile(refusals.TOO_DEEP) from None
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError):
        return None  # what is seen on the page is read instead
    return None if found is None or isinstance(found, dict) else found.body


def _visible(page: Element) -> Element:
    return next(page.iter("body"), page)
