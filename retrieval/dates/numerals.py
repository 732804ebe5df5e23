"""Small numbers in words, as dates use them."""

from __future__ import annotations

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "元": 1,
}
_TENS = {"廿": 20, "卅": 30}
_ENGLISH = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(), 1
    )
} | {"a": 1, "an": 1}
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth"
).split()

# "Several" is at least and at most so many.
FEWEST, MOST = 2, 9

_ONES = "[一二三四五六七八九]"
CHINESE_NUMBER = rf"(?:\d{{1,3}}|{_ONES}?百|{_ONES}?十{_ONES}?|{_ONES}|两)"
ENGLISH_NUMBER = "(?:" + "|".join([r"\d{1,3}", *sorted(_ENGLISH, key=len, reverse=True)]) + ")"
ORDINAL = "(?:" + "|".join([r"\d{1,2}(?:st|nd|rd|th)", *_ORDINALS]) + ")"


def chinese_number(text: str) -> int:
    """The value of digits or of a Chinese numeral below 1000: "23", "二十三", "廿三", "两"."""
    if text.isdecimal():
        return int(text)
    total, pending = 0, 0
    for character in text:
        if character in _DIGITS:
            pending = _DIGITS[character]
        elif character == "十":
            total, pending = total + 10 * (pending or 1), 0
        elif character == "百":
            total, pending = total + 100 * (pending or 1), 0
        else:
            total += _TENS[character]
    return total + pending


def chinese_digits(text: str) -> int:
    """The value of digits that are read one by one: "二〇二五"."""
    return int("".join(str(_DIGITS[digit]) for digit in text))


def english_number(text: str) -> int:
    """The value of digits or of an English number up to fifteen; "a" is one."""
    return int(text) if text.isdecimal() else _ENGLISH[text]


def ordinal_number(text: str) -> int:
    """The value of an ordinal: "14th", "fourteenth"."""
    return _ORDINALS.index(text) + 1 if text in _ORDINALS else int(text[:-2])
