"""Where the sentences of a text begin and end, in Chinese, English and both mixed.

A sentence ends after 。！？ (and ｡), after …… where no punctuation follows, after . ! ?
before a space and something that can begin a sentence, and at the end of a line. It
never ends inside quotation marks or brackets, a number ("3.5"), an abbreviation
("Inc.", "U.S."), or after a list mark ("1."). A semicolon ends a sentence only where
the sentence would otherwise be longer than `LONG_SENTENCE`.

Three decisions keep damaged text from doing harm. An opening mark counts only if its
closing mark follows in the same block of lines within `_LONGEST_QUOTATION` characters,
so an unbalanced quotation mark swallows nothing. A line break inside a sentence that an
editor wrapped (the next line goes on in lower case, or a full line of English runs on)
is not an end. Where a rule is in doubt the sentence goes on: one sentence too long is
still a true quotation, half a sentence may not be.
"""

from __future__ import annotations

import re
from typing import Final

LONG_SENTENCE: Final = 240
_LONGEST_QUOTATION: Final = 500
_WRAPPED_LINE: Final = 60

_QUOTES: Final = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"'}
_BRACKETS: Final = {"（": "）", "(": ")", "[": "]", "【": "】", "《": "》", "〈": "〉", "{": "}"}
_PAIRS: Final = _QUOTES | _BRACKETS

_CJK: Final = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ENDING: Final = "。！？｡!?.…"
_CHINESE_ENDING: Final = frozenset("。！？｡")

_BREAK: Final = re.compile(r"[\n\r\v\f\x85\u2028\u2029]\s*")
_POINT: Final = re.compile(r"(?P<open>[“‘「『（(\[【《〈{\"])|(?P<end>[。！？｡!?.…]+)|(?P<semicolon>；)")
_CLOSERS: Final = re.compile(r"(?:[”’」』）)\]】》〉}]|[\"'](?=\s|\Z))*")
_SPACE: Final = re.compile(r"\s*")
_GOES_ON: Final = re.compile(r"\s*[，、,；;：:。！？!?.…）)\]】》〉]|\s+[a-z]|[a-z]")
_IS_CJK: Final = re.compile(f"[{_CJK}]")
_BEGINS: Final = re.compile(rf"[A-Z0-9\u00c0-\u00de“‘「『（(\[【《\"'$€£¥{_CJK}]")
_LIST_MARK: Final = re.compile(r"\s*[(（\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\Z")
_LAST_WORD: Final = re.compile(r"[A-Za-z][A-Za-z.]*\Z")

# “…。”他说。 and "…." Smith said. : the speaker belongs to what was said.
_SPEAKER: Final = re.compile(
    r"[^。！？，：“”\n]{0,20}?(?:说|表示|指出|称|问|答|道|写道|介绍|强调|认为|透露|补充|坦言|告诉)[^。！？“”\n]{0,12}?[。，：]"
    r"|\s+(?:[A-Z][\w.'’-]*\s+){1,4}(?:said|says|told|added|asked|wrote|noted|explained|argued)\b"
    r"|\s+(?:said|says|told|added|asked|wrote|noted|explained|argued)\b"
)

# Never at the end of a sentence.
_ABBREVIATIONS: Final = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "gen",
        "col",
        "lt",
        "capt",
        "sen",
        "rep",
        "gov",
        "pres",
        "hon",
        "rev",
        "messrs",
        "vs",
        "v",
        "cf",
        "e.g",
        "i.e",
        "eg",
        "ie",
        "viz",
        "al",
        "approx",
        "ca",
        "fig",
        "figs",
        "eq",
        "sec",
        "vol",
        "vols",
        "ed",
        "eds",
        "pp",
        "est",
        "dept",
        "univ",
        "assn",
        "bros",
        "mt",
        "ave",
        "blvd",
        "ph.d",
        "m.d",
        "b.sc",
        "m.sc",
    }
)
# Before a number, not at the end: "No. 5", "Dec. 16".
_BEFORE_NUMBERS: Final = frozenset(
    {
        "no",
        "nos",
        "p",
        "art",
        "ch",
        "para",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    }
)
# Perhaps at the end: what follows decides.
_PERHAPS: Final = frozenset(
    {
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "plc",
        "s.a",
        "n.v",
        "b.v",
        "u.s",
        "u.k",
        "e.u",
        "u.n",
        "u.s.a",
        "p.r.c",
        "d.c",
        "a.m",
        "p.m",
        "etc",
        "jr",
        "sr",
        "intl",
    }
)
_STARTERS: Final = re.compile(
    r"(?:The|This|That|These|Those|It|Its|In|On|At|As|By|For|From|He|She|They|We|You|His|Her|Their|Our|But|And|"
    r"However|Meanwhile|Although|While|When|After|Before|If|An|A|There|Since|According|Last|Both|All|Analysts|"
    r"Shares|Patients)\b"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Cut a text into sentences.

    The spans cover the text: the first starts at 0, each ends where the next starts, the
    last ends at `len(text)`. White space after a sentence belongs to it. An empty text
    has none.
    """
    spans: list[tuple[int, int]] = []
    for start, end in hard_lines(text):
        _cut_block(text, start, end, spans)
    # White space before the first sentence has no sentence before it to belong to.
    if len(spans) > 1 and not text[: spans[0][1]].strip():
        spans[:2] = [(0, spans[1][1])]
    return spans


def hard_lines(text: str) -> list[tuple[int, int]]:
    """Cut a text at the line breaks that end something; those inside a wrapped sentence do not.

    The spans cover the text; white space after a line belongs to it.
    """
    spans: list[tuple[int, int]] = []
    start = line = 0
    for match in _BREAK.finditer(text):
        if not _is_wrapped(text, line, match):
            spans.append((start, match.end()))
            start = match.end()
        line = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _is_wrapped(text: str, line: int, match: re.Match[str]) -> bool:
    """Whether a line break only wraps a sentence that goes on."""
    after = match.end()
    if after >= len(text) or match.start() == line or match.group().count("\n") > 1:
        return False
    before, following = text[match.start() - 1], text[after]
    if before in _ENDING or before in "：:":
        return False
    if "a" <= following <= "z":
        return before.isascii()
    return match.start() - line >= _WRAPPED_LINE and _is_latin(before) and _is_latin(following)


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in ",-$\"'(")


def _cut_block(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Append the spans of one block of lines, `start` to `end`."""
    soft: list[int] = []
    position = start
    while match := _POINT.search(text, position, end):
        kind = match.lastgroup
        if kind == "open":
            position, ends = _after_pair(text, start, match.start(), end)
        elif kind == "end":
            position, ends = _after_ending(text, start, match, end)
        else:
            position, ends = match.end(), False
            soft.append(position)
        if ends:
            _append(start, position, soft, spans)
            start, soft = position, []
    if start < end:
        _append(start, end, soft, spans)


def _append(start: int, end: int, soft: list[int], spans: list[tuple[int, int]]) -> None:
    """Append one sentence, cut at its semicolons if it is very long."""
    if end - start > LONG_SENTENCE:
        for index, cut in enumerate(soft):
            following = soft[index + 1] if index + 1 < len(soft) else end
            if following - start > LONG_SENTENCE and cut < end:
                spans.append((start, cut))
                start = cut
    spans.append((start, end))


def _closing(text: str, opening: int, end: int) -> int:
    """Where the pair opened at `opening` closes, or -1 if it does not."""
    opener = text[opening]
    closer = _PAIRS[opener]
    limit = min(end, opening + _LONGEST_QUOTATION)
    if opener == '"' and (opening + 1 >= end or text[opening + 1].isspace()):
        return -1
    close = text.find(closer, opening + 1, limit)
    if opener == "‘":
        # The same character is the apostrophe.
        while close != -1 and close + 1 < end and text[close - 1].isalpha() and text[close + 1].isalpha():
            close = text.find(closer, close + 1, limit)
    if close == -1 or opener == '"':
        return close
    inner = text.find(opener, opening + 1, close)
    if inner == -1:
        return close
    # Quotation marks of one kind do not nest: the first one was left open. Brackets do, once.
    return -1 if opener in _QUOTES else text.find(closer, close + 1, limit)


def _after_pair(text: str, start: int, opening: int, end: int) -> tuple[int, bool]:
    """Go past a quotation or bracket; tell whether a sentence ends with it."""
    close = _closing(text, opening, end)
    if close == -1:
        return opening + 1, False
    position = close + 1
    last = text[close - 1]
    inside = text[close - 2] if last in "”’」』" and close - 2 > opening else last
    if inside not in _ENDING or (text[opening] in _BRACKETS and text[start:opening].strip()):
        return position, False
    if text[opening] in "《〈" or _GOES_ON.match(text, position, end) or _SPEAKER.match(text, position, end):
        return position, False
    after = _space_after(text, position, end)
    if after == position and after < end:
        # Text follows at once: “谁来买单？”成为话题 goes on, 他说：“好。”会后 does not.
        introduced = text[opening - 1] in "：:，," if opening > start else False
        if not _IS_CJK.match(text, position) or not (inside == "。" or introduced):
            return position, False
    elif after < end and not _BEGINS.match(text, after):
        return position, False
    return after, True


def _after_ending(text: str, start: int, match: re.Match[str], end: int) -> tuple[int, bool]:
    """Go past a run of final punctuation; tell whether the sentence ends with it."""
    run = match.group()
    closed = _closers_after(text, match.end(), end)
    after = _space_after(text, closed, end)
    if after == end:
        return end, True
    if not _CHINESE_ENDING.isdisjoint(run):
        ends = text[closed] not in "，、；：,;:"
    elif _GOES_ON.match(text, closed, end):
        ends = False
    elif after == closed:
        ends = _ends_between_characters(text, start, match, after)
    else:
        ends = bool(_BEGINS.match(text, after)) and not (
            run == "." and _is_abbreviation(text, start, match.start(), after)
        )
    return (after, True) if ends else (match.end(), False)


def _ends_between_characters(text: str, start: int, match: re.Match[str], after: int) -> bool:
    """Whether ASCII punctuation without a space is an end: only between Chinese characters."""
    run = match.group()
    if not (_IS_CJK.match(text, after) or text[after] in "“‘「『（《【"):
        return False
    if run[0] == "…" or run == "...":
        return len(run) > 1
    return match.start() > start and bool(_IS_CJK.match(text, match.start() - 1))


def _closers_after(text: str, position: int, end: int) -> int:
    match = _CLOSERS.match(text, position, end)
    return match.end() if match else position


def _space_after(text: str, position: int, end: int) -> int:
    match = _SPACE.match(text, position, end)
    return match.end() if match else position


def _is_abbreviation(text: str, start: int, point: int, after: int) -> bool:
    """Whether the full stop at `point` belongs to an abbreviation, an initial or a list mark."""
    if _LIST_MARK.match(text, start, point):
        return True
    word = _LAST_WORD.search(text, max(start, point - 12), point)
    if word is None:
        return False
    found = word.group()
    lowered = found.lower()
    if lowered in _ABBREVIATIONS:
        return True
    if lowered in _BEFORE_NUMBERS:
        return text[after].isdigit()
    initial = len(found) == 1 and found.isupper()
    dotted = "." in found and all(len(part) == 1 for part in found.split("."))
    if initial or dotted or lowered in _PERHAPS:
        return not (_STARTERS.match(text, after) or _IS_CJK.match(text, after))
    return False
