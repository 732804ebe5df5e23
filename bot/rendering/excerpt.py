"""A verbatim excerpt as a block quote, matched terms bold and the answer underlined.

Nothing but characters of the source, unchanged and in one stretch, ever stands inside the
block quote. Where an excerpt is too long to be shown whole, a "…" on a line of its own, outside
the quote, says at which end something is left out. As the quote is a paragraph of its own, a
directional mark in it ends with it (UAX #9), so nothing has to be added inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.fragments import Fragment, bold, joined, plain, quote, underlined, utf16_units
from bot.rendering.graphemes import boundary_after, end_within, is_boundary
from corpus.sentences import sentence_spans
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.answer import Excerpt

EXCERPT_UNITS = 1500
ELLIPSIS = "…"

_WORD_REACH = 40
_CONTEXT_SHARE = 4


def overhead_entities(excerpt: Excerpt) -> int:
    """How many entities an excerpt may need beside its matches: the quote, links, and the answer.

    An underlined answer may cut two matches in two.
    """
    links = [excerpt.citation, excerpt.corrects, excerpt.corrected_by]
    return 1 + sum(link is not None for link in links) + (3 if excerpt.answer else 0)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A block quote with the marks of what is left out; `span` is what of the passage stands in it."""

    fragment: Fragment
    span: Span


def quotation(excerpt: Excerpt, bolds: int, units: int = EXCERPT_UNITS) -> Quotation:
    """The excerpt as a block quote, without its citation.

    Args:
        excerpt: what to show.
        bolds: how many stretches may be bold; later matches stay plain.
        units: the longest quote, in UTF-16 units. What is longer is cut to the sentences with the
            answer, if it is certain, or else with the first match.
    """
    text = excerpt.passage.text
    whole = trimmed(text, excerpt.span)
    anchors = excerpt.matches if excerpt.answer is None else (excerpt.answer,)
    shown = window(text, whole, anchors, units)
    return Quotation(
        marked_cuts(quote(highlighted(text, shown, excerpt.matches, excerpt.answer, bolds)), whole, shown),
        shown,
    )


def marked_cuts(quoted: Fragment, whole: Span, shown: Span) -> Fragment:
    """A quote of `shown`, with "…" on a line of its own at each end where `whole` goes on."""
    return joined(
        "\n",
        (
            plain(ELLIPSIS) if shown.start > whole.start else Fragment(),
            quoted,
            plain(ELLIPSIS) if shown.end < whole.end else Fragment(),
        ),
    )


def highlighted(text: str, shown: Span, matches: Iterable[Span], answer: Span | None, bolds: int) -> Fragment:
    """The shown stretch with up to `bolds` matches bold and the answer, where it is certain, underlined."""
    return _emphasised(text, shown, _stretches(text, shown, matches)[:bolds], answer)


def _emphasised(text: str, shown: Span, stretches: Sequence[Span], answer: Span | None) -> Fragment:
    """The shown stretch with matches bold and the answer, where it is certain, underlined."""
    if answer is None or answer.start < shown.start or answer.end > shown.end:
        return _bolded(text, shown, stretches)
    return (
        _bolded(text, Span(shown.start, answer.start), stretches)
        + underlined(_bolded(text, answer, stretches))
        + _bolded(text, Span(answer.end, shown.end), stretches)
    )


def _bolded(text: str, part: Span, stretches: Iterable[Span]) -> Fragment:
    fragment, place = Fragment(), part.start
    for stretch in stretches:
        start, end = max(stretch.start, part.start), min(stretch.end, part.end)
        if start < end:
            fragment += plain(text[place:start]) + bold(plain(text[start:end]))
            place = end
    return fragment + plain(text[place : part.end])


def _stretches(text: str, shown: Span, matches: Iterable[Span]) -> list[Span]:
    """The matches inside `shown`; those with nothing but blanks between them become one."""
    stretches: list[Span] = []
    for match in matches:
        start, end = max(match.start, shown.start), min(match.end, shown.end)
        if start >= end:
            continue
        if stretches and not text[stretches[-1].end : start].strip():
            stretches[-1] = Span(stretches[-1].start, end)
        else:
            stretches.append(Span(start, end))
    return stretches


def trimmed(text: str, span: Span) -> Span:
    """The span without blanks at its ends, which Telegram would drop anyway."""
    stretch = text[span.start : span.end]
    start = span.start + len(stretch) - len(stretch.lstrip())
    return Span(start, max(start, span.start + len(stretch.rstrip())))


def window(text: str, whole: Span, matches: tuple[Span, ...], units: int) -> Span:
    """The part of `whole` to show: all of it if it is short enough, else around its first match."""
    if utf16_units(text[whole.start : whole.end]) <= units:
        return whole
    sentences = [
        Span(whole.start + start, whole.start + end)
        for start, end in sentence_spans(text[whole.start : whole.end])
    ]
    start = _start(text, whole, matches, sentences, units)
    end = end_within(text, start, whole.end, units)
    ends = (sentence.end for sentence in sentences if start < sentence.end <= end)
    last = max((place for place in ends if is_boundary(text, place)), default=start)
    if last > start:
        end = last
    elif end < whole.end:
        end = _word_end(text, start, end)
    return trimmed(text, Span(start, end))


def _start(text: str, whole: Span, matches: tuple[Span, ...], sentences: list[Span], units: int) -> int:
    """Where to begin so that the first match is seen: as early as possible, at a sentence if possible."""
    if not matches or matches[0].end <= end_within(text, whole.start, whole.end, units):
        return whole.start
    first = matches[0]
    starts = (sentence.start for sentence in sentences if sentence.start <= first.start)
    sentence = max((place for place in starts if is_boundary(text, place)), default=whole.start)
    if first.end <= end_within(text, sentence, whole.end, units):
        return sentence
    near = max(sentence, first.start - units // _CONTEXT_SHARE)
    boundary = boundary_after(text, _word_start(text, near, first.start))
    return boundary if boundary <= first.start else near  # a pile of marks has no boundary near


def _word_start(text: str, start: int, furthest: int) -> int:
    """On to the next word, if the cut would fall inside one and the next begins near."""
    if start > 0 and _inside_word(text, start):
        blank = text.find(" ", start, min(furthest, start + _WORD_REACH))
        return blank + 1 if blank >= 0 else start
    return start


def _inside_word(text: str, place: int) -> bool:
    """Whether a Latin letter or digit stands on both sides."""
    return all(each.isascii() and each.isalnum() for each in text[place - 1 : place + 1])


def _word_end(text: str, start: int, end: int) -> int:
    """Back to the blank before, if the cut would fall inside a word and a blank is near."""
    if _inside_word(text, end):
        near = max(start + 1, end - _WORD_REACH)
        blank = max(text.rfind(" ", near, end), text.rfind("\n", near, end))
        return blank if blank > start else end
    return end
