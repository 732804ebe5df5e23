"""The line under a headline that names the source and the date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.published import find_published, published_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from corpus.model import Published

_LONGEST: Final = 100
_LONGEST_SOURCE: Final = 40
_SOURCE: Final = r"来源|來源|稿源|消息来源|文章来源|信息来源|媒体|Source"
_DATE: Final = (
    r"发布日期|发布时间|發布日期|發佈時間|发表时间|刊发日期|发稿时间|日期|时间|日期时间|"
    r"Publication date|Published on|Published|Date"
)
_LABEL: Final = re.compile(rf"(?:(?P<source>{_SOURCE})|(?P<date>{_DATE}))\s*[：:]\s*", re.IGNORECASE)
_SEPARATORS: Final = " \t\u00a0\u3000|｜·•,，;；/—–-()（）[]【】"
# "Xin Hua Cai Jing· 2025-12-16 08:35": what stands before must look like a name.
_NAME: Final = re.compile(r"[^\s。！？!?：:“”][^。！？!?：:“”]*\Z")
_DIVIDED: Final = re.compile(r"(?:\s*[|｜·•]|\s{2,}|\t|\s*[—–]|\s+-)\s*\Z")


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says; at least one of the two is there."""

    source: str | None = None
    published: Published | None = None


def byline_of(line: str, zone: tzinfo) -> Byline | None:
    """Read a line that is nothing but a byline, or give None.

    Understood: labels ("来源：X 日期：2025-12-16", "Source: X | Date: 16 Dec 2025"), a name, a
    divider and a date ("X· 2025-12-16 08:35"), a date alone. A date that does not exist is
    taken for missing.
    """
    line = line.strip()
    if not line or len(line) > _LONGEST:
        return None
    if _LABEL.match(line):
        return _labelled(line, zone)
    found = find_published(line, zone)
    if found is None or line[found[2] :].strip(_SEPARATORS):
        return None
    published, start, _ = found
    before = line[:start]
    name = before.strip(_SEPARATORS)
    named = _DIVIDED.search(before) and len(name) <= _LONGEST_SOURCE and _NAME.match(name)
    return Byline(name or None, published) if named or not name else None


def _labelled(line: str, zone: tzinfo) -> Byline | None:
    labels = list(_LABEL.finditer(line))
    source: str | None = None
    published: Published | None = None
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        value = line[label.end() : following.start() if following else len(line)].strip(_SEPARATORS)
        if label["date"]:
            published = published or published_of(value, zone)
            continue
        # "来源：X 2025年12月16日": the date may follow without a label of its own.
        if (found := find_published(value, zone)) and not value[found[2] :].strip(_SEPARATORS):
            published = published or found[0]
            value = value[: found[1]].strip(_SEPARATORS)
        if len(value) > _LONGEST_SOURCE:
            return None
        source = source or value or None
    return Byline(source, published) if source or published else None


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines of a text say, and how many lines of it they take up."""

    title: str | None
    source: str | None
    published: Published | None
    lines: int


_TITLE_LABEL: Final = re.compile(r"(?:标题|標題|题目|Title|Headline)\s*[：:]\s*", re.IGNORECASE)
_LONGEST_TITLE: Final = 120
_UNTITLED: Final = "。．.；;，,、：:"
_BYLINES_WITHIN: Final = 4


def head_of(lines: Sequence[str], zone: tzinfo, *, title: str | None = None) -> Head:
    """Read a title and bylines off the first lines of a text.

    The first line is the title if it is short, does not end like a sentence and is
    followed by more.

    Args:
        lines: The text's first lines, empty ones included.
        zone: The zone of dates that name none.
        title: The title, when it is known already: then the first line is only taken
            off if it repeats it.
    """
    filled = [number for number, line in enumerate(lines) if line.strip()]
    source: str | None = None
    published: Published | None = None
    taken = 0
    known = title
    for place, number in enumerate(filled[: _BYLINES_WITHIN + 1]):
        line = lines[number].strip()
        more = place + 1 < len(filled)
        if byline := byline_of(line, zone):
            source, published = source or byline.source, published or byline.published
        elif known is not None and line == known and place <= 1:
            title = known
        elif title is None and (label := _TITLE_LABEL.match(line)) and line[label.end() :].strip():
            title = line[label.end() :].strip()
        elif title is None and more and place <= 1 and is_title(line):
            title = line
        else:
            break
        taken = number + 1
    return Head(title, source, published, taken)


def is_title(line: str) -> bool:
    """Whether a line looks like a headline: short, and not a sentence."""
    line = line.strip()
    if not line or len(line) > _LONGEST_TITLE or line[-1] in _UNTITLED:
        return False
    return "。" not in line and "\t" not in line
