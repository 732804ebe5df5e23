"""Finding amounts: numbers in digits, in Chinese and in English words, and what only looks like them.

This runs over every passage of a load, so it is one search for numerals and a few look-ups
around each; only what look-ups cannot read has a pattern of its own.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.amount_context import COUNTERS, Amount, read_around, read_bounds, read_unit
from retrieval.measures import (
    COUNT,
    DEGREE,
    LABELS,
    MEASURES,
    MONTH,
    NAMING_AFTER,
    NAMING_BEFORE,
    PERCENT,
    RATIO,
    SECOND,
    WEEKDAY_BEFORE,
)
from retrieval.numerals import (
    CHINESE_NUMERALS,
    ENGLISH_NUMERAL,
    ENGLISH_VAGUE,
    SCALES,
    chinese_number,
    english_number,
    vague_chinese,
    vague_english,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The first character is consumed before anything is asked of it: a pattern that starts with a
# set of characters is searched for many times faster than one that starts with a choice.
_NUMBER = re.compile(
    rf"[0-9{CHINESE_NUMERALS}几数半翻](?:"
    r"(?<=[0-9])(?P<date>[0-9]{3}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]?(?:[日号]|月(?!龄)(?:[0-9]{1,2}[日号])?))"
    r"|(?<=[0-9])(?P<digits>(?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]*)(?:\.[0-9]+)?)"
    rf"|(?<=[{CHINESE_NUMERALS}])(?P<chinese>[{CHINESE_NUMERALS}点几]+|(?=[{COUNTERS}余多分半成]))"
    r"|(?<=[几数])(?P<vague>[十百千万亿]+)"
    r"|(?<=翻)(?P<times>[了上]?[一两二三四]?[番倍])"
    r"|(?<=半)(?P<half>数|年|个月|小时|个小时|(?<=过半)(?![年百个])))"
)
_WORDS = re.compile(
    r"\b(?:(?P<part>(?:one|two|three|a)[ -](?:third|fifth|tenth)s?\b|(?:a|one|three) quarters? of\b"
    r"|(?<!first )(?<!second )half of\b(?! (?:19|20)\d\d)|(?:a|one|by) half\b)"
    r"|(?P<half>half (?:a |an )(?:million|billion|trillion|dozen|hour|year|day)|half-year)\b"
    r"|(?P<times>doubl(?:ed|es|ing)|tripl(?:ed|es|ing)|quadrupl(?:ed|es|ing)|halv(?:ed|es|ing)"
    r"|(?:two|three|four|five|ten)fold)\b"
    rf"|(?P<vague>{ENGLISH_VAGUE})|(?P<number>{ENGLISH_NUMERAL})\b)"
)
_NUMERATOR = re.compile(
    rf"[0-9]+(?:\.[0-9]+)?|(?P<chinese>[{CHINESE_NUMERALS}]+(?:点[{CHINESE_NUMERALS}]+)?)"
)
_HAS_WORDS = re.compile("[a-z]{3}")
_POWERS = frozenset("百千万亿")
_LARGEST_IN_NAMES = 20
_MULTIPLES: Mapping[str, str] = {
    "do": "2", "tw": "2", "tr": "3", "th": "3", "qu": "4", "fo": "4", "fi": "5", "te": "10", "ha": "0.5",
}  # fmt: skip
_PARTS: Mapping[str, int] = {"one": 1, "a": 1, "two": 2, "three": 3, "by": 1, "half": 1}
_WHOLES: Mapping[str, int] = {"hal": 2, "thi": 3, "qua": 4, "fif": 5, "ten": 10}
# Longer digits without commas, unit or scale are a number that names: a telephone, a stock code.
_LONGEST_COUNT = 5
_LONGEST_NUMBER = 32
_ZERO = Decimal(0)
_PER_CENT = Decimal(100)
_HALF = Decimal("0.5")
_RECKONING = ("前", "后", "之前", "之后", "以前", "以后", "以来", "来", " ago")
_DATING = frozenset("在于自从到")
_OF_A_YEAR = frozenset("度底末初春夏秋冬代版届")
# 同一年, 哪一天 and 每一个 count nothing.
_WHICH_ONE = frozenset("同哪那这每某另统唯单任进") | NAMING_BEFORE
_AFTER_NAMES = frozenset("大国届五世别不") | NAMING_AFTER


def find_amounts(normal: str) -> list[Amount]:
    """Everything that looks like an amount, in order; `name` is set where it is none."""
    found = list(_numerals(normal))
    if _HAS_WORDS.search(normal):
        found += _worded(normal)
        found.sort(key=lambda amount: amount.start)
    return found


def _numerals(normal: str) -> Iterator[Amount]:
    """Numbers in digits and in Chinese."""
    done = 0
    for match in _NUMBER.finditer(normal):
        start, end = match.span()
        if start < done:
            continue
        kind = match.lastgroup
        amount: Amount | None
        if kind == "date":
            # Most numerals of a news text; only kept because of "1-11月", which is no range.
            amount = Amount(_ZERO, _ZERO, start, end, digits=True, name=True)
        elif kind == "digits":
            amount = _in_digits(normal, start, end)
        elif kind == "chinese":
            amount = _in_chinese(normal, start, end)
        elif kind == "times":
            amount = _multiplied(match.group(), start, end)
        elif kind == "half":
            amount = _halved(normal, match["half"], start, end)
        else:
            amount = _vague(normal, start, end)
        if amount is not None:
            done = amount.end
            yield amount


def _in_digits(normal: str, start: int, end: int) -> Amount:
    before = normal[start - 1 : start]
    text = normal[start:end]
    if len(text) > _LONGEST_NUMBER or _continues_a_name(normal, start, before):
        return Amount(_ZERO, _ZERO, start, end, digits=True, name=True)
    value = Decimal(text.replace(",", ""))
    amount = Amount(value, value, start, end, digits=True)
    read_around(normal, amount)
    if before in ("时", "点") and normal[end : end + 1] == "分":
        amount.name = True  # 8时30分
    elif amount.unit is None and amount.scale == 1 and amount.bound is None:
        amount.name = amount.name or _names(normal, start, end, text)
    elif amount.unit == MONTH and amount.scale == 1 and normal[end : end + 1] == "年":
        # "2025年" and "24年底" are dates, "90年代" a decade; "20年" is how long.
        follows = normal[end + 1 : end + 2]
        amount.name = (
            len(text) == 4  # noqa: PLR2004 - the digits of a year
            or text[0] == "0"
            or follows.isdigit()
            or follows in _OF_A_YEAR
            or (len(text) == 2 and before in _DATING)  # noqa: PLR2004 - "在19年" is 2019
        )
    amount.name = amount.name or _reckons(normal, amount)
    return amount


def _reckons(normal: str, amount: Amount) -> bool:
    """Whether a time is a date reckoned back or on: 三年前, 10天后, five years ago."""
    after = normal[amount.end : amount.end + 4]
    return amount.unit in (MONTH, SECOND) and amount.scale == 1 and after.startswith(_RECKONING)


def _continues_a_name(normal: str, start: int, before: str) -> bool:
    """Whether digits are the end of something longer: gr1803, pd-1, v1.2.3, 8:35, #1, 第3."""
    if not before:
        return False
    if before in NAMING_BEFORE or ("a" <= before <= "z") or before in "_/:.@":
        # "us500m" is money, and so is "rmb500m".
        return not any(normal.startswith(code, start - len(code)) for code in ("rmb", "cny", "usd", "us"))
    if before in "-–":
        earlier = normal[start - 2 : start - 1]
        return "a" <= earlier <= "z" or earlier in ")_"
    return False


def _names(normal: str, start: int, end: int, text: str) -> bool:
    """Whether a bare number is a year, a code, a mark, a label or half of a date."""
    follows, before = normal[end : end + 1], normal[start - 1 : start]
    if len(text) == 4 and (text[0] == "1" or text[:2] == "20"):  # noqa: PLR2004 - a year
        return True
    if (len(text) > _LONGEST_COUNT and text.isdigit()) or (text[0] == "0" and text[1:2].isdigit()):
        return True
    if follows and (follows in NAMING_AFTER or (follows in "/:.·" and normal[end + 1 : end + 2].isdigit())):
        return True
    if (before in ("[", "(") and follows in ("]", ")")) or (
        before in ("", "\n") and follows and follows in ".、)"
    ):
        return True
    if before == "-" and normal[start - 2 : start - 1].isdigit():
        return True  # unless it ends a range, which is found out when they are joined
    return _labelled(normal, start)


def _in_chinese(normal: str, start: int, end: int) -> Amount | None:
    text = normal[start:end].rstrip("点")
    end = start + len(text)
    if len(text) > _LONGEST_NUMBER:
        return None
    if normal.startswith("分之", end):
        return _fraction(normal, text, start, end)
    if "几" in text:
        return _vague(normal, start, end)
    before = normal[max(start - 2, 0) : start]
    value = chinese_number(text)
    named = before[-1:] in (_WHICH_ONE if text == "一" else NAMING_BEFORE) or before.endswith(WEEKDAY_BEFORE)
    if value is None or named:
        return None
    if text == "一" and normal[end : end + 1] == "半":
        return Amount(_PER_CENT / 2, _PER_CENT / 2, start, end + 1, unit=PERCENT)
    amount = Amount(value, value, start, end)
    read_around(normal, amount)
    counts = _counts(normal[end : end + 1], amount, text, value) and not _reckons(normal, amount)
    return amount if counts else None


def _counts(follows: str, amount: Amount, text: str, value: Decimal) -> bool:
    """Whether a Chinese numeral counts something and is not half a word: 十分, 百度, 十一, 二十大, 一个."""
    if amount.name or (follows == "分" and amount.unit == COUNT):
        return False
    if amount.bound is not None or amount.unit == PERCENT:
        return True
    if amount.unit is None:
        return len(text) > 1 and value > _LARGEST_IN_NAMES and follows not in _AFTER_NAMES
    return text not in _POWERS and (value != 1 or amount.unit not in (COUNT, DEGREE))


def _fraction(normal: str, whole: str, start: int, end: int) -> Amount | None:
    """百分之三十, 千分之三, 三分之二, as per cent."""
    match = _NUMERATOR.match(normal, end + 2)
    of = chinese_number(whole)
    if match is None or not of or len(match.group()) > _LONGEST_NUMBER:
        return None
    text = match.group()
    part = chinese_number(text) if match.lastgroup else Decimal(text)
    if part is None:
        return None
    value = part * _PER_CENT / of
    amount = Amount(value, value, start, end + 2 + len(text), unit=PERCENT)
    read_bounds(normal, amount)
    return amount


def _multiplied(text: str, start: int, end: int) -> Amount:
    """翻一番, 翻倍 and 翻了两番: how many times as much it is then."""
    power = chinese_number(text[-2]) if text[-2] in CHINESE_NUMERALS else None
    value = 2 ** (power or 1) if text[-1] == "番" else max(power or 2, Decimal(2))
    return Amount(Decimal(value), Decimal(value), start, end, unit=RATIO)


def _halved(normal: str, what: str, start: int, end: int) -> Amount | None:
    before = normal[start - 1 : start]
    if what in ("数", ""):
        amount = Amount(_PER_CENT / 2, _PER_CENT / 2, start, end, unit=PERCENT)
        read_bounds(normal, amount)
        return amount
    if before and before in "上下前后一":
        return None
    unit, factor = MEASURES[what]
    amount = Amount(_HALF, _HALF, start, end, unit=unit, factor=factor)
    return None if _reckons(normal, amount) else amount


def _vague(normal: str, start: int, end: int) -> Amount | None:
    bounds = vague_chinese(normal[start:end])
    if bounds is None:
        return None
    amount = Amount(*bounds, start, end, vague=True)
    read_unit(normal, amount)
    return amount


def _worded(normal: str) -> Iterator[Amount]:
    """Numbers in English words."""
    for match in _WORDS.finditer(normal):
        start, end = match.span()
        text = match.group()
        kind = match.lastgroup
        if kind == "number":
            value = english_number(text)
            if value is None:
                continue
            amount = Amount(value, value, start, end)
            read_around(normal, amount)
            # "One" alone is hardly ever a number; "phase two" is a name.
            if (
                not amount.name
                and not (value == 1 and not amount.unit)
                and not (_labelled(normal, start) or _reckons(normal, amount))
            ):
                yield amount
        elif kind == "vague":
            yield Amount(*vague_english(text), start, end, vague=True)
        elif kind == "times":
            value = Decimal(_MULTIPLES[text[:2]])
            yield Amount(value, value, start, end, unit=RATIO)
        elif kind == "part":
            words = re.split("[ -]", text)
            whole = next(_WHOLES[word[:3]] for word in words if word[:3] in _WHOLES)
            value = Decimal(100 * _PARTS[words[0]]) / whole
            end = end - 3 if text.endswith(" of") else end
            amount = Amount(value, value, start, end, unit=PERCENT)
            read_bounds(normal, amount)
            yield amount
        else:
            word = re.split("[ -]", text)[-1]
            unit, factor = MEASURES.get(word, (None, Decimal(1)))
            scale = {"dozen": 12}.get(word) or SCALES.get(word, 1)
            amount = Amount(_HALF * scale, _HALF * scale, start, end, unit=unit, factor=factor, scale=scale)
            if unit is None:
                read_unit(normal, amount)
            yield amount


def _labelled(normal: str, start: int) -> bool:
    return normal[max(start - 12, 0) : start].rstrip(" -").rpartition(" ")[2] in LABELS
