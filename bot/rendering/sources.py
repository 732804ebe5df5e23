"""Lines below an excerpt: who else reported it, and which documents correct which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.citation import cited, is_web_address, one_line
from bot.rendering.fragments import Fragment, joined, labelled, link, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Citation, Excerpt

_MOST_NAMED = 4
_NAME_UNITS = 40
_TITLE_UNITS = 120


def sources_line(excerpt: Excerpt, words: Words) -> Fragment:
    """How many sources reported it and which came first: "3 sources, the earliest first: …".

    Copies of the text and reports of the same event in other words count alike. A source is
    named once, with the day of its first report. Nothing where there is only one.
    """
    first: dict[str | None, Citation] = {}
    for citation in sorted((excerpt.citation, *excerpt.also, *excerpt.reports), key=_time):
        first.setdefault(one_line(citation.source, _NAME_UNITS) or None, citation)
    if len(first) < 2:  # noqa: PLR2004 - "several" means two
        return Fragment()
    said = words.ngettext(
        "{count} source, the earliest first:", "{count} sources, the earliest first:", len(first)
    )
    named = [_named(name, citation, words) for name, citation in list(first.items())[:_MOST_NAMED]]
    more = plain("…") if len(first) > _MOST_NAMED else Fragment()
    return labelled(f"👥 {said.format(count=len(first))}", joined(", ", (*named, more)))


def correction_lines(excerpt: Excerpt, words: Words, view: View) -> Iterator[Fragment]:
    """A line for the document that corrects this one, and for the one that it corrects."""
    for label, citation in (
        (words.gettext("Corrected by:"), excerpt.corrected_by),
        (words.gettext("Corrects:"), excerpt.corrects),
    ):
        if citation is not None:
            yield labelled(f"⚠️ {label}", cited(citation, words, _TITLE_UNITS, view))


def _time(citation: Citation) -> tuple[bool, float]:
    published = citation.published
    return (published is None, published.at.timestamp() if published is not None else 0.0)


def _named(name: str | None, citation: Citation, words: Words) -> Fragment:
    shown = plain(name or words.gettext("no source given"))
    if citation.url is not None and is_web_address(citation.url):
        shown = link(shown, citation.url)
    published = citation.published
    return shown + plain(f" {str(published)[:10]}" if published is not None else "")
