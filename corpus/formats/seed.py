"""The shape of the article the project began from: a page of summarised news saved as text.

    Workflow                                  navigation, no part of the news
    创新药产业生态圈                            a topic (there may be several, or none)
    icon                                      navigation
    Search documents                          navigation
    重庆国际生物城创新药产业生态圈建设驶入“快车道”    the title
    Xin Hua Cai Jing· 2025-12-16 08:35        source and date
    Group 1 - point [1] - point [1] Group 2 - point [2]

Each point is a passage, with its group as the section and the source's marks apart. A
point ends in a mark, so a dash inside one ("PD-1 - based") does not cut it. The groups
may stand on one line or on several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpus.formats.base import Block, Draft
from corpus.formats.byline import Byline, byline_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

_NAVIGATION: Final = frozenset({"workflow", "icon", "search documents"})
_FIRST_GROUP: Final = re.compile(r"^[ \t]*Group \d+ -\s", re.MULTILINE)
_MARK: Final = r"\[\d+(?:\s*[,，、–-]\s*\d+)*\]"
_GROUP: Final = re.compile(r"(?:^|(?<=\])|(?<=\n))\s*(Group \d+) -\s+")
_POINT_END: Final = re.compile(rf"\s*((?:{_MARK}\s*)+)(?:-\s+|\Z)")
_ONE_MARK: Final = re.compile(_MARK)
_LONGEST_TOPIC: Final = 40


def draft_of(text: str, zone: tzinfo) -> Draft | None:
    """The draft of a text in this shape, or None if it is not."""
    first = _FIRST_GROUP.search(text)
    if first is None or not _ONE_MARK.search(text, first.start()):
        return None
    lines = [line.strip() for line in text[: first.start()].splitlines()]
    lines = [line for line in lines if line and line.casefold() not in _NAVIGATION]
    title, byline, topics = _head(lines, zone)
    if title is None and byline is None:
        return None
    return Draft(
        text,
        tuple(_points(text, first.start())),
        title=title,
        source=byline.source if byline else None,
        published=byline.published if byline else None,
        topics=topics,
    )


def _head(lines: list[str], zone: tzinfo) -> tuple[str | None, Byline | None, tuple[str, ...]]:
    """The title, the byline and the topics among the lines above the groups."""
    byline: Byline | None = None
    rest: list[str] = []
    for line in lines:
        found = byline_of(line, zone) if byline is None else None
        if found:
            byline = found
        else:
            rest.append(line)
    if not rest:
        return None, byline, ()
    return rest[-1], byline, tuple(line for line in rest[:-1] if len(line) <= _LONGEST_TOPIC)


def _points(text: str, start: int) -> Iterator[Block]:
    """Each point of each group, without its marks."""
    groups = list(_GROUP.finditer(text, start))
    for group, following in zip(groups, [*groups[1:], None], strict=True):
        end = following.start() if following else len(text)
        position = group.end()
        while position < end:
            match = _POINT_END.search(text, position, end)
            stop, after = (match.start(), match.end()) if match else (end, end)
            if text[position:stop].strip():
                marks = tuple(_ONE_MARK.findall(match.group(1))) if match else ()
                yield Block(position, stop, group.group(1), marks, fixed=True)
            position = after
