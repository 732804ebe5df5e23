"""Operators in plain words: "only from Xinhua", 「只看英文的」, each in a clause of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from retrieval.operator_values import LANGUAGES, days_of
from retrieval.source_names import is_latin_name, looks_like_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


class Kind(Enum):
    """What an operator confines."""

    SOURCE = auto()
    SINCE = auto()
    UNTIL = auto()
    DATE = auto()
    LANGUAGE = auto()
    PHRASE = auto()
    EXCLUDED = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """An operator with its value, at `start` to `end` of the text.

    The value is a name as written, days in ISO 8601 (of a date "first..last"), or a language.
    """

    kind: Kind
    value: str
    start: int
    end: int


ASKS = re.compile(
    r"什么|啥|哪|谁|多少|几[个家种次名位天年月人款项岁]|吗|呢|怎|如何|为何|是否|有没有|能否|[?？]"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how)\b"
    r"|^\s*(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should)\b"
)
"""What makes a text a question rather than some words to look for."""

_CLAUSE = re.compile(r"[^\s；。!?,;()\n]+")
_ONLY = r"(?:请|麻烦)?(?:[只仅](?:想|需)?(?:看看?|要|找|搜索?|查|限)|仅限于?)"
_NEWS = "(?:新闻|报道|消息|资料|文章|内容|结果|媒体|来源)"
_ENDING = rf"(?:的?{_NEWS})?的?(?:就行|就好|即可|吧)?"
_LANGUAGES = "|".join(name for name in LANGUAGES if not name.isascii())
_LANGUAGE = re.compile(rf"{_ONLY}(?P<language>{_LANGUAGES})版?{_ENDING}")
_DATED = re.compile(
    rf"(?P<only>{_ONLY})?(?:从|自)?(?P<days>[^的]{{2,16}}?)(?P<side>以来|之后|以后|后|起|至今|之前|以前|前)?{_ENDING}"
)
_UNTIL = ("之前", "以前", "前")
_SOURCE = re.compile(rf"{_ONLY}(?:来自)?(?P<source>[^的]{{2,14}}?)(?:报道|发布|发表|刊登|刊发)?{_ENDING}")
_SOURCE_BEFORE = re.compile(
    rf"(?:{_ONLY}(?:来自)?(?P<only>[^的]{{2,14}}?)(?:报道|发布|发表|刊登|刊发)?"
    r"|(?P<source>[^的]{2,14}?)(?:报道|刊登|刊发)过?)的(?!人|读者|观众|用户)(?=.{2})"
)
_WITHOUT = re.compile(
    rf"(?P<verb>不要|不看|不含|不包括|不包含|排除|去掉|除去|剔除|除了)(?P<word>[^的]{{1,12}}?)"
    rf"(?P<rest>(?:以外|之外|外)?(?:相关|有关)?的?{_NEWS}?的?吧?)"
)
# A wish that is a request as well where nothing follows: "do not eat".
_DOUBTFUL = ("不要", "不看")

_ONLY_FROM = re.compile(
    r"(?:^|[,;；]\s*|\s)(?:but )?only (?:from|by) (?:the )?(?P<source>[^,;；?!]{2,40}?)"
    r"(?=\s*[.?!]*\s*$|\s*[,;；:])"
)
_IN_LANGUAGE = re.compile(
    r"(?:^|[,;；(]\s*|(?<!published)(?<!written)(?<!available)(?<!spoken)(?<!aired)(?<!broadcast)(?<!released)"
    r"(?<!sung)(?<!taught)(?<!printed)(?<!offered)(?<!is)(?<!are)(?<!was)(?<!were)\s)"
    r"(?:only in (?P<one>english|chinese)|in (?P<two>english|chinese) only)(?=\s*[.?!)]*\s*$|\s*[,;；:])"
)
_DATED_ENGLISH = re.compile(
    r"(?P<apart>^|[,;；]\s*|\s)(?P<only>(?:but )?only )?(?P<side>since|after|before|until) "
    r"(?P<days>[\w ,./-]{3,24}?)(?=\s*[.?!]*\s*$)"
)
_WITHOUT_ENGLISH = re.compile(
    r"(?P<apart>[,;；]\s*|\s)(?:but )?(?P<verb>without|excluding|not about)"
    r"(?P<naming> (?:the words?|mentioning|any mention of))? "
    r"(?P<word>[\w'-]+(?: [\w'-]+){0,2})(?=\s*[.?!]*\s*$)"
)


def plain_findings(form: str, raw: str, today: date) -> Iterator[Finding]:
    """The operators in plain words.

    Args:
        form: the text's normal form; what was taken from it already is blank.
        raw: the text as written, as long.
        today: the reader's day.
    """
    clauses = [(match.group(), match.start(), match.end()) for match in _CLAUSE.finditer(form)]
    for place, (clause, start, end) in enumerate(clauses):
        others = form[:start] + form[end:]
        last = place == len(clauses) - 1
        finding = (
            _of_language(clause, start)
            or _of_source(clause, raw, start)
            or _of_days(clause, start, others, today, last=last)
            or _without(clause, raw, start, others, last=last and place > 0)
        )
        if finding is not None:
            yield finding
    yield from _english(form, raw, today)


def _of_language(clause: str, start: int) -> Finding | None:
    found = _LANGUAGE.fullmatch(clause)
    return Finding(Kind.LANGUAGE, LANGUAGES[found["language"]], start, start + len(clause)) if found else None


def _of_source(clause: str, raw: str, start: int) -> Finding | None:
    whole = _SOURCE.fullmatch(clause)
    if whole and looks_like_source(whole["source"]):
        first, last = whole.span("source")
        return Finding(Kind.SOURCE, raw[start + first : start + last], start, start + len(clause))
    before = _SOURCE_BEFORE.match(clause)
    if before is None:
        return None
    first, last = before.span("only" if before["only"] else "source")
    if not looks_like_source(clause[first:last]) or ASKS.search(clause[first:last]):
        return None
    return Finding(Kind.SOURCE, raw[start + first : start + last], start, start + before.end())


def _of_days(clause: str, start: int, others: str, today: date, *, last: bool) -> Finding | None:
    """Days with "only" before them, or "since" behind, as the last of some words that are no sentence."""
    found = _DATED.fullmatch(clause)
    if found is None or not (found["only"] or found["side"]):
        return None
    if not found["only"] and (not last or not others.strip() or not _apart(others)):
        return None
    days = days_of(found["days"], today)
    if days is None:
        return None
    end = start + len(clause)
    if found["side"] is None:
        return Finding(Kind.DATE, f"{days.first}..{days.last}", start, end)
    if found["side"] in _UNTIL:
        return Finding(Kind.UNTIL, str(days.last), start, end)
    return Finding(Kind.SINCE, str(days.first), start, end)


def _apart(others: str) -> bool:
    """Whether a question is whole without a clause: it asks itself, or it is none."""
    return not ASKS.search(others) or bool(ASKS.search(others.strip()[-8:]))


def _without(clause: str, raw: str, start: int, others: str, *, last: bool) -> Finding | None:
    found = _WITHOUT.fullmatch(clause)
    if found is None or not last or ASKS.search(found["word"]):
        return None
    if found["verb"] in _DOUBTFUL and "的" not in found["rest"] and ASKS.search(others):
        return None
    first, end = found.span("word")
    return Finding(Kind.EXCLUDED, raw[start + first : start + end], start, start + len(clause))


def _english(form: str, raw: str, today: date) -> Iterator[Finding]:
    taken = form
    match = _ONLY_FROM.search(taken)
    if match and is_latin_name(raw[slice(*match.span("source"))]):
        yield Finding(Kind.SOURCE, raw[slice(*match.span("source"))], match.start(), match.end())
        taken = _blanked(taken, match)
    if match := _IN_LANGUAGE.search(taken):
        yield Finding(Kind.LANGUAGE, LANGUAGES[match["one"] or match["two"]], match.start(), match.end())
        taken = _blanked(taken, match)
    if match := _WITHOUT_ENGLISH.search(taken):
        apart = match["apart"].strip() or match["naming"]
        if apart and taken[: match.start()].strip():
            first, last = match.span("word")
            yield Finding(Kind.EXCLUDED, raw[first:last], match.start(), match.end())
            taken = _blanked(taken, match)
    if match := _DATED_ENGLISH.search(taken):
        others = taken[: match.start()] + taken[match.end() :]
        sure = match["only"] or (match["apart"].strip() and match.start() > 0)
        if others.strip() and (sure or not ASKS.search(taken)):
            days = days_of(match["days"], today)
            if days is not None:
                since = match["side"] in ("since", "after")
                kind = Kind.SINCE if since else Kind.UNTIL
                yield Finding(kind, str(days.first if since else days.last), match.start(), match.end())


def _blanked(form: str, match: re.Match[str]) -> str:
    return form[: match.start()] + " " * len(match.group()) + form[match.end() :]
