"""Small whole numbers as dates write them: days, months, counts of units, ordinals."""

from __future__ import annotations

from retrieval import numerals

_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
# What only dates write: the twenties and thirties of a lunar month, and January.
_OF_DATES = str.maketrans({"廿": "二十", "卅": "三十", "元": "一"})
_ENGLISH = "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty an a".split()
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
    return int(numerals.chinese_number(text.translate(_OF_DATES)) or 0)


def chinese_digits(text: str) -> int:
    """The value of digits that are read one by one: "二〇二五"."""
    return int("".join(_DIGITS[digit] for digit in text))


def english_number(text: str) -> int:
    """The value of digits or of an English number: "12", "twelve", "a"."""
    if text.isdecimal():
        return int(text)
    return 1 if text == "an" else int(numerals.english_number(text) or 0)


def ordinal_number(text: str) -> int:
    """The value of an ordinal: "14th", "fourteenth"."""
    return _ORDINALS.index(text) + 1 if text in _ORDINALS else int(text[:-2])
