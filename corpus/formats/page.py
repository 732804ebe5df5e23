"""What an HTML page says about itself: title, source, date, address, topics.

Only what is declared or plainly visible counts. Guessing (a year in the footer, a date in
an address, the name of the host) is what libraries for this do, and what a citation must
not rest on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from corpus.formats.byline import Byline, byline_of
from corpus.formats.markup import text_of
from corpus.published import published_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from corpus.formats.markup import Element
    from corpus.model import Published

_DATES: Final = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "publicationdate", "parsely-pub-date",
    "sailthru.date", "article.published", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "date", "weibo:article:create_at", "citation_publication_date", "cxenseparse:recs:publishtime",
)  # fmt: skip
_SOURCES: Final = (
    "og:site_name",
    "contentsource",
    "source",
    "dc.publisher",
    "dcterms.publisher",
    "article:publisher",
)
_TITLES: Final = ("og:title", "twitter:title", "articletitle", "dc.title", "citation_title")
_TOPICS: Final = ("article:tag", "article:section")
_ARTICLE: Final = re.compile(r"Article|Report|BlogPosting|NewsArticle")
_BYLINE_BLOCKS: Final = 40
_LONGEST_BYLINE: Final = 100
_DIVIDERS: Final = r"\s*[-_|–—·]\s*"


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a page declares; None or empty where it does not."""

    title: str | None
    source: str | None
    published: Published | None
    url: str | None
    topics: tuple[str, ...]


def page_head(page: Element, zone: tzinfo) -> PageHead:
    """Read a page's declarations: its meta elements, JSON-LD, time elements and byline."""
    metas = _metas(page)
    linked = list(_linked_data(page))
    byline = _byline(page, zone)
    source = _first(metas, _SOURCES) or _publisher(linked) or byline.source
    if source is not None and source.startswith(("http://", "https://")):
        source = byline.source
    return PageHead(
        title=_title(page, metas, linked, source),
        source=source,
        published=_published(page, metas, linked, zone) or byline.published,
        url=_url(page, metas),
        topics=_topics(metas),
    )


def _metas(page: Element) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for meta in page.iter("meta"):
        content = (meta.get("content") or "").strip()
        names = [meta.get(attribute) for attribute in ("property", "name", "itemprop")]
        found += [(name.strip().casefold(), content) for name in names if name and content]
    return found


def _first(metas: list[tuple[str, str]], names: Iterable[str]) -> str | None:
    return next((content for wanted in names for name, content in metas if name == wanted), None)


def _linked_data(page: Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article."""
    for script in page.iter("script"):
        if (script.get("type") or "").strip().casefold() != "application/ld+json":
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop()
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                if _ARTICLE.search(str(item.get("@type"))[:200]):
                    yield item
                waiting.append(item.get("@graph"))


def _publisher(linked: list[dict[str, Any]]) -> str | None:
    for item in linked:
        publisher = item.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else publisher
        if isinstance(name, str) and name.strip():
            return name.strip()
    return None


def _published(
    page: Element, metas: list[tuple[str, str]], linked: list[dict[str, Any]], zone: tzinfo
) -> Published | None:
    candidates = [content for wanted in _DATES for name, content in metas if name == wanted]
    candidates += [str(item["datePublished"]) for item in linked if item.get("datePublished")]
    candidates += [
        time.get("datetime") or text_of(time)
        for time in page.iter("time")
        if time.get("pubdate") is not None or time.get("itemprop") == "datePublished"
    ]
    dates = (published_of(candidate, zone) for candidate in candidates if len(candidate) <= _LONGEST_BYLINE)
    return next((date for date in dates if date), None)


def _title(
    page: Element, metas: list[tuple[str, str]], linked: list[dict[str, Any]], source: str | None
) -> str | None:
    declared = _first(metas, _TITLES) or next(
        (item["headline"].strip() for item in linked if isinstance(item.get("headline"), str)), None
    )
    if declared:
        return " ".join(declared.split())
    headings = [text for heading in page.iter("h1") if (text := text_of(heading))]
    if len(headings) == 1:
        return headings[0]
    title = next((text_of(element) for element in page.iter("title")), "")
    if source:
        title = re.sub(f"{_DIVIDERS}{re.escape(source)}\\s*$", "", title)
    return title or None


def _url(page: Element, metas: list[tuple[str, str]]) -> str | None:
    canonical = next((link.get("href") for link in page.iter("link") if link.get("rel") == "canonical"), None)
    for url in (canonical, _first(metas, ("og:url",))):
        if url and url.strip().startswith(("http://", "https://")):
            return url.strip()
    return None


def _topics(metas: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(content for name, content in metas if name in _TOPICS))


def _byline(page: Element, zone: tzinfo) -> Byline:
    """What a visible line near the headline says."""
    source: str | None = None
    published: Published | None = None
    for text in _lines_near_headline(page):
        if found := byline_of(text, zone):
            source, published = source or found.source, published or found.published
            if source and published:
                break
    return Byline(source, published)


def _lines_near_headline(page: Element) -> Iterator[str]:
    start = next(page.iter("h1"), None)
    if start is None:
        start = next(page.iter("body"), page)
    following = start.iter() if start.tag != "h1" else start.xpath("following::*")
    for count, element in enumerate(following):
        if count >= _BYLINE_BLOCKS:
            return
        if element.tag in (
            "p",
            "div",
            "span",
            "time",
            "td",
            "li",
            "h2",
            "h3",
            "em",
            "i",
            "small",
            "header",
            "section",
        ):
            text = text_of(element)
            if 0 < len(text) <= _LONGEST_BYLINE:
                yield text
