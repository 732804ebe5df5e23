"""Why this: what was understood of a question, and what each excerpt was found by, in plain words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.rendering.button_data import Act, data
from bot.rendering.citation import SEPARATOR, cited, one_line
from bot.rendering.fragments import Fragment, bold, joined, labelled, plain
from bot.rendering.message import Button, Message
from retrieval.terms import is_cjk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Citation
    from retrieval.concepts import Concept
    from retrieval.explanation import Explanation
    from retrieval.question import Query

MOST_EXCERPTS = 5

_MOST_WORDS = 12
_MOST_TRANSLATED = 6
_MOST_VARIANTS = 3
_MOST_REASONS = 6
_WORD_UNITS = 40
_QUESTION_UNITS = 200
_TITLE_UNITS = 80
_ANY = ("character", "bigram")
_LEAST_SHARE = 0.01


def render_why(
    query: Query,
    explained: Sequence[tuple[Citation, Explanation]],
    key: str,
    offset: int,
    words: Words,
    view: View,
) -> Message:
    """What was understood of a question, and what counted for each excerpt of a page.

    Args:
        query: the question as it was understood.
        explained: for each excerpt of the page its document and why it was found.
        key: of the reply it belongs to.
        offset: of the page: the place of its first excerpt.
        words: the language of everything that is not quoted.
        view: when and where it is read.
    """
    understood = joined("\n", _understood(query, explained, words))
    found = [
        _found(offset + index + 1, citation, explanation, query, words, view)
        for index, (citation, explanation) in enumerate(explained[:MOST_EXCERPTS])
    ]
    heading = bold(plain(words.gettext("Why this answer")))
    text = joined("\n\n", (heading, understood, *found))
    back = Button(words.gettext("↩ Back to the answer"), data(Act.BACK, key, offset))
    return Message(text.html, ((back,),))


def _understood(
    query: Query, explained: Sequence[tuple[Citation, Explanation]], words: Words
) -> Iterator[Fragment]:
    yield _listed(words.gettext("I looked for:"), [word.raw for word in query.subject], _MOST_WORDS)
    if query.read_as is not None:
        read_as = plain(one_line(query.read_as, _QUESTION_UNITS))
        yield labelled(words.gettext("I read it as:"), read_as)
    if query.published is not None:
        yield labelled(words.gettext("Published:"), plain(_days(*query.published)))
    dates = [_days(each.range.first, each.range.last) for each in query.dates.expressions]
    yield _listed(words.gettext("Dates I understood:"), dates, _MOST_WORDS)
    for concept in _whole(query.concepts)[:_MOST_TRANSLATED]:
        variants = list(filter(None, (_translation(each.units, query.language) for each in concept.variants)))
        label = words.gettext("Translated “{word}”:").format(word=one_line(concept.text, _WORD_UNITS))
        yield _listed(label, variants[:_MOST_VARIANTS], _MOST_VARIANTS)
    missing = dict.fromkeys(term for _, explanation in explained for term in explanation.missing)
    yield _listed(words.gettext("Not in the news at all:"), list(missing), _MOST_WORDS)


def _whole(concepts: Sequence[Concept]) -> list[Concept]:
    """The concepts that are no part of a longer one: who reads of a name need not read of its characters."""
    return [
        each for each in concepts if not any(each.text != c.text and each.text in c.text for c in concepts)
    ]


def _found(
    number: int, citation: Citation, explanation: Explanation, query: Query, words: Words, view: View
) -> Fragment:
    """An excerpt: its document, how sure it is, and what share of it each reason has."""
    sure = words.gettext("Sure that it answers: {percent}%")
    shares = _shares(explanation, query, words)
    counted = [f"{reason} {round(100 * share)}%" for reason, share in shares[:_MOST_REASONS]]
    return joined(
        "\n",
        (
            plain(f"{number}. ") + cited(citation, words, _TITLE_UNITS, view),
            plain(sure.format(percent=round(100 * explanation.confidence))),
            labelled(words.gettext("What counted:"), plain(SEPARATOR.join(counted)))
            if counted
            else Fragment(),
        ),
    )


def _shares(explanation: Explanation, query: Query, words: Words) -> list[tuple[str, float]]:
    """Reasons in plain words with their shares of all that counted for the excerpt, largest first."""
    # A term is a stem; the question's own word is what its reader knows.
    raw = {word.form: word.raw for word in query.subject}
    points: defaultdict[str, float] = defaultdict(float)
    for each in explanation.contributions:
        if each.points > 0:
            points[_reason(each.kind, each.text, raw, words)] += each.points
    total = sum(points.values())
    shares = [(reason, value / total) for reason, value in points.items()]
    return sorted((each for each in shares if each[1] >= _LEAST_SHARE), key=lambda each: -each[1])


def _reason(kind: str, text: str, raw: Mapping[str, str], words: Words) -> str:
    known = _known(text, raw)
    match kind:
        case "meaning":
            return words.gettext("nearness in meaning")
        case "together":
            return words.gettext("words standing together")
        case "date":
            return words.gettext("the date {date}").format(date=known)
        case "quantity":
            return words.gettext("the amount")
        case _ if kind in _ANY:
            return words.gettext("parts of words")
        case _:
            return known or words.gettext("parts of words")


def _known(text: str, raw: Mapping[str, str]) -> str:
    """A term as the question writes it, fit for a line."""
    if text in raw:
        return one_line(raw[text], _WORD_UNITS)
    parts = [raw.get(part, part) for part in text.split(" ")]
    return one_line(("" if _is_chinese(parts) else " ").join(parts), _WORD_UNITS)


def _is_chinese(parts: Sequence[str]) -> bool:
    return all(part and is_cjk(part) for part in parts)


def _translation(units: Sequence[str], language: str) -> str:
    """A translation as it is read; nothing for a word that the other language writes alike.

    English words are looked for by their stems, so "licens…" stands for all their forms.
    """
    if _is_chinese(units):
        return "".join(units)
    return f"{' '.join(units)}…" if language == "zh" else ""


def _listed(label: str, values: Sequence[str], most: int) -> Fragment:
    """A label with values, each once; nothing where there are none."""
    shown = [text for each in dict.fromkeys(values) if (text := one_line(each, _WORD_UNITS))]
    more = ["…"] if len(shown) > most else []
    return labelled(label, plain(SEPARATOR.join((*shown[:most], *more)))) if shown else Fragment()


def _days(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
