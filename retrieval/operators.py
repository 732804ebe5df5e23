"""Operators: what a question is confined to by its own words, in short form and in plain words.

What may be part of the question itself stays in it: a short form stands apart and has its
colon, plain words stand in a clause of their own, and quoted words stand apart from the rest.
A pasted text has no operators at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from retrieval.normalizer import Normalizer
from retrieval.operator_values import LANGUAGES, days_of, range_of
from retrieval.plain_operators import ASKS, Finding, Kind, plain_findings
from retrieval.question_words import ENGLISH
from retrieval.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

# A longer text is pasted news; "来源：新华社" below it is no wish.
_LONGEST = 200

_KEYS = {
    Kind.SOURCE: ("source", "from", "来源"),
    Kind.SINCE: ("since", "自"),
    Kind.UNTIL: ("until", "至"),
    Kind.DATE: ("date", "日期"),
    Kind.LANGUAGE: ("lang", "language", "语言"),
    Kind.EXCLUDED: ("exclude", "排除"),
}
_KIND_OF = {key: kind for kind, keys in _KEYS.items() for key in keys}
# In the working form a comma is one that was typed narrow, as in a list without spaces.
_WIDE = str.maketrans(dict.fromkeys("，；", "；"))
_APART = r"(?<![^\s；。!?,;()])"
_QUOTED = r'"[^"\n]{1,80}"|“[^”\n]{1,80}”|「[^」\n]{1,80}」|『[^』\n]{1,80}』'
_VALUE = rf"(?:{_QUOTED})|[^\s；。!?;()\"“”「」『』]+"
_SHORT = re.compile(rf"{_APART}(?P<key>{'|'.join(_KIND_OF)}):(?P<space>[ \u3000]?)(?P<value>{_VALUE}|)")
_MINUS = re.compile(rf"(?<!\S)-(?P<value>{_QUOTED}|[^\W\d_][^\s；。!?;]*)")
_PHRASE = re.compile(rf"(?<!\S)(?:{_QUOTED})(?!\S)")
_LISTED = re.compile(r"[,、|]")
_MARKS = ' \u3000"“”「」『』,、|'
_EDGES = " \u3000,，;；、:：\n"
_SPACES = re.compile(r"[ \u3000]{2,}")
# What was taken parted the question from its mark.
_LOOSE_MARK = re.compile(r"\s+(?=[?？!！。.]\Z)")
_SHORTEST_PHRASE = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """An operator that could not be read: its name as written ("since"), and its value."""

    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question parted from its operators.

    `text` is what is left to ask, empty if nothing is; the words of an exact phrase stay in it.
    `problems` are the operators that could not be read; they are left out of the text.
    """

    text: str
    scope: Scope
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Work:
    """A text being read: what was written, its working form, and what was found in it so far."""

    raw: str
    form: str
    today: date
    found: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    cut: list[tuple[int, int]] = field(default_factory=list)

    def take(self, start: int, end: int) -> None:
        """Leaves a stretch out of the question."""
        self.cut.append((start, end))
        self.form = self.form[:start] + " " * (end - start) + self.form[end:]


def read_operators(text: str, today: date) -> Reading:
    """Parts a question from its operators.

    Args:
        text: what the reader wrote.
        today: the reader's day, from which "since last month" is reckoned.
    """
    if len(text) > _LONGEST:
        return Reading(text.strip(), Scope())
    raw = text
    normal = _normalizer().normalise(raw)
    wide = raw.translate(_WIDE)
    form = "".join("；" if one == "；" else other for one, other in zip(wide, normal, strict=True))
    work = _Work(raw, form, today)
    _read_short(work)
    _read_excluded(work)
    for finding in plain_findings(work.form, work.raw, today):
        work.found.append(finding)
        work.take(finding.start, finding.end)
    _read_phrases(work)
    if not work.cut:
        return Reading(text.strip(), Scope())
    return Reading(_rest(work), _scope(work), tuple(work.problems))


@cache
def _normalizer() -> Normalizer:
    return Normalizer()


def _read_short(work: _Work) -> None:
    for match in _SHORT.finditer(work.form):
        key, value = match["key"], match["value"].rstrip(",、|")
        if value.startswith("//") or (match["space"] and (not value or value in ENGLISH)):
            continue  # an address, or a heading before a sentence
        kind = _KIND_OF[key]
        end = match.start("value") + len(value)
        values = list(_values(kind, work.raw[match.start("value") : end], value, work.today))
        if not values:
            if match["space"]:
                continue
            work.problems.append(
                Problem(_written(work.raw, match.span("key")), work.raw[match.start("value") : end])
            )
        for given in values:
            work.found.append(Finding(kind, given, match.start(), end))
        work.take(match.start(), end)


def _values(kind: Kind, raw: str, value: str, today: date) -> Iterator[str]:
    """What a short form's value says, by kind: names as written, days in ISO 8601, a language."""
    match kind:
        case Kind.SOURCE | Kind.EXCLUDED:
            whole = raw[:1] in '"“「『'
            for part in [raw] if whole else _LISTED.split(raw):
                if part.strip(_MARKS):
                    yield part.strip(_MARKS)
        case Kind.LANGUAGE:
            if (language := LANGUAGES.get(value.strip(_MARKS))) is not None:
                yield language
        case Kind.DATE:
            if (days := range_of(value, today)) is not None:
                yield f"{days.first}..{days.last}"
        case Kind.SINCE | Kind.UNTIL:
            if (days := days_of(value, today)) is not None:
                yield str(days.first if kind is Kind.SINCE else days.last)


def _read_excluded(work: _Work) -> None:
    """Words behind a minus that stands apart: at the end, or among words that are no sentence."""
    several_lines = "\n" in work.form.strip()
    for match in reversed(list(_MINUS.finditer(work.form))):
        before, after = work.form[: match.start()], work.form[match.end() :]
        if several_lines and not before.rpartition("\n")[2].strip():
            continue  # an item of a list
        rest = before + after
        if not rest.strip(_EDGES) or (after.strip(_EDGES + "?？。!！") and ASKS.search(rest)):
            continue
        value = work.raw[match.start("value") : match.end("value")].strip(_MARKS)
        work.found.insert(0, Finding(Kind.EXCLUDED, value, match.start(), match.end()))
        work.take(*match.span())


def _read_phrases(work: _Work) -> None:
    """Quoted words that stand apart. They stay in the question, without their marks."""
    for match in _PHRASE.finditer(work.form):
        before, after = work.form[: match.start()], work.form[match.end() :]
        value = work.raw[match.start() + 1 : match.end() - 1].strip()
        if len(value) < _SHORTEST_PHRASE or value[-1] in "?？!！":
            continue
        inside = before.strip() and after.strip()
        if inside and ASKS.search(before + after):
            continue
        work.found.append(Finding(Kind.PHRASE, value, match.start(), match.end()))
        work.cut += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]


def _written(raw: str, span: tuple[int, int]) -> str:
    return raw[span[0] : span[1]]


def _rest(work: _Work) -> str:
    """The text without what was taken, and without the commas that parted it."""
    kept = list(work.raw)
    for start, end in work.cut:
        kept[start:end] = " " * (end - start)
    text = _LOOSE_MARK.sub("", _SPACES.sub(" ", "".join(kept)).strip(_EDGES))
    return text if re.search(r"\w", text) else ""


def _scope(work: _Work) -> Scope:
    values: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for finding in work.found:
        values[finding.kind].append(finding.value)
    since, until = values[Kind.SINCE], values[Kind.UNTIL]
    for days in values[Kind.DATE]:
        first, _, last = days.partition("..")
        since.append(first)
        until.append(last)
    begin, end = (type(work.today).fromisoformat(days[-1]) if days else None for days in (since, until))
    if begin and end and end < begin:
        work.problems.append(Problem("until", end.isoformat()))
        end = None
    return Scope(
        tuple(dict.fromkeys(values[Kind.SOURCE])),
        begin,
        end,
        values[Kind.LANGUAGE][-1] if values[Kind.LANGUAGE] else None,
        tuple(dict.fromkeys(values[Kind.PHRASE])),
        tuple(dict.fromkeys(values[Kind.EXCLUDED])),
    )
