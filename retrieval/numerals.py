"""Numerals: reading numbers that are written in words, Chinese or English.

A number is a `Decimal`; a vague one ("几十", "dozens") is the range that it can mean.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGITS: Mapping[str, int] = {
    digit: value
    for value, digits in enumerate("零〇 一 二两 三 四 五 六 七 八 九".split())
    for digit in digits
}
_TENS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS: Mapping[str, int] = {"万": 10_000, "亿": 100_000_000}
CHINESE_NUMERALS = "".join((*_DIGITS, *_TENS, *_MYRIADS))

# What can stand after a number in digits and multiplies it. The lookaheads are kilogrammes,
# kilometres and kilowatts.
SCALES: Mapping[str, int] = {
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "个亿": 100_000_000,
    "十亿": 1_000_000_000,
    "百亿": 10_000_000_000,
    "千亿": 100_000_000_000,
    "万亿": 1_000_000_000_000,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "mln": 1_000_000,
    "mn": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "tn": 1_000_000_000_000,
    "trn": 1_000_000_000_000,
}
SCALE = (
    r"\s?(?:个亿|[百千万十]?亿|[百十]?万|千万|千(?![克米瓦卡帕])|百(?![分年]))"
    r"|[ -]?(?:hundred|thousand|million|billion|trillion|mln|mn|bn|trn|tn)(?![a-z])"
)

_VAGUE = re.compile(
    rf"(?P<tens>[一二三四五六七八九]?十)几(?P<scale>[万亿]*)|[几数](?P<power>[{''.join(_TENS)}万亿]+)"
)

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS: Mapping[str, int] = {
    **{word: value for value, word in enumerate(_SMALL)},
    **{word: 10 * value for value, word in enumerate(_ROUND, 2)},
    "a": 1,
}
_POWERS: Mapping[str, int] = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_WORD = "|".join(sorted((*_SMALL, *_ROUND), key=len, reverse=True))
_POWER = "|".join(_POWERS)
ENGLISH_NUMERAL = rf"(?:{_WORD}|a(?= (?:{_POWER})\b))(?:(?:[ -]| and )(?:{_WORD}|{_POWER})\b)*"

_PLURALS: Mapping[str, int] = {"tens": 10, "dozens": 12, "scores": 20} | {
    f"{word}s": value for word, value in _POWERS.items() if word != "dozen"
}
ENGLISH_VAGUE = rf"(?:{'|'.join(_PLURALS)})(?= of\b)(?: of (?:thousands|millions|billions)(?= of\b))?"


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral such as 三百二十, 两百万, 一万五 or 三点五亿; None if it is none.

    A power without a digit counts once (百万 is a million). Digits in a row (二〇二五, 一二)
    are years and names, not numbers.
    """
    whole, point, rest = text.partition("点")
    if not point:
        value = _chinese_integer(whole)
        return None if value is None else Decimal(value)
    fraction = rest.rstrip("百千万亿")
    value = _chinese_integer(whole)
    scale = _chinese_integer(rest[len(fraction) :] or "一")
    if value is None or scale is None or not fraction or any(digit not in _DIGITS for digit in fraction):
        return None
    return Decimal(f"{value}.{''.join(str(_DIGITS[digit]) for digit in fraction)}") * scale


def _chinese_integer(text: str) -> int | None:
    total = section = power = 0
    digit: int | None = None
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _TENS:
            power = _TENS[character]
            section += (1 if digit is None else digit or 1) * power
            digit = None
        elif character in _MYRIADS:
            power = _MYRIADS[character]
            # 亿 multiplies all before it (三万亿), 万 only what is its own (一亿零一万).
            before, own = (total, 0) if character == "亿" else (0, total)
            total = own + (before + section + (digit or 0) or 1) * power
            section, digit = 0, None
        else:
            return None
    if digit and power >= 100 and text[-2:-1] not in "零〇":  # noqa: PLR2004 - 三百五 is 350, but 十五 is 15
        digit *= power // 10
    return total + section + (digit or 0) if text else None


def vague_chinese(text: str) -> tuple[Decimal, Decimal] | None:
    """The range of 十几, 二十几, 几百, 数千万 and the like."""
    match = _VAGUE.fullmatch(text)
    if match is None:
        return None
    if match["power"]:
        power = chinese_number(match["power"])
        return None if power is None else (2 * power, 10 * power - 1)
    tens = chinese_number(match["tens"])
    scale = chinese_number(match["scale"] or "一")
    return None if tens is None or scale is None else ((tens + 1) * scale, (tens + 9) * scale)


def english_number(text: str) -> Decimal | None:
    """The value of "forty-two", "one hundred and five", "two million", "a dozen"; None if it is none."""
    total = section = 0
    last = 0
    for word in re.split(r"[ -]", text):
        if word == "and":
            continue
        value = _WORDS.get(word)
        if value is not None:
            # "Twenty-one" is a number; "two three" and "ten five" are two.
            if last and not (20 <= last <= 90 and 0 < value < 10):  # noqa: PLR2004 - tens, then units
                return None
            section += value
            last = value
            continue
        power, last = _POWERS[word], 0
        if power < 1_000:  # noqa: PLR2004 - hundreds stay below a thousand
            section = (section or 1) * power
        else:
            total += (section or 1) * power
            section = 0
    return Decimal(total + section)


def vague_english(text: str) -> tuple[Decimal, Decimal]:
    """The range of "dozens", "hundreds" or "tens of thousands"."""
    power = 1
    for word in text.split(" of "):
        power *= _PLURALS[word]
    return Decimal(2 * power), Decimal(10 * power - 1)
