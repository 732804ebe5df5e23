"""What a sentence cannot stand without: the one that its pronoun means, its heading, its table's header.

Passages keep tables as lines of cells with tabs between, and lists as lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.passage_sentences import Sentences

_LEANING = re.compile(
    r"\s*[“「『\"(（]?(?:[该其此这那他她它]|前者|后者|[两二]者|双方|另外|同时|[但而并也还]|因此|所以|不过|然而|之后|随[后着即]|后来|对此|据此"
    r"|(?:it|they|this|these|those|he|she|its|their|his|her|such|however|but|also|both)\b)"
)
_ITEM = re.compile(r"\s*(?:[-•*·●▪◦]\s|\d{1,2}[.、)）]|[(（][一二三四五六七八九十\d]{1,2}[)）]|[①-⑳])")
_ENDED = re.compile(r"[。！？!?.…；;][”’」』）)\"']*\s*\Z")
_INTRODUCES = re.compile(r"[：:]\s*\Z")
_STRUCTURED = re.compile(r"[\n\t：:•●▪◦①-⑳]|[-*·]\s|\d[.、)）]|[(（][一二三四五六七八九十\d]{1,2}[)）]")
_LONGEST_HEADING = 40


class Role(Enum):
    """What a sentence is in the layout of its passage."""

    PROSE = auto()
    HEADING = auto()
    INTRODUCTION = auto()
    HEADER = auto()
    ROW = auto()
    ITEM = auto()


@dataclass(frozen=True, slots=True)
class Layout:
    """The roles of a passage's sentences, in order, and which of them lean on the one before."""

    roles: tuple[Role, ...]
    leaning: tuple[bool, ...]

    def opening(self, index: int) -> int:
        """Where that begins which a sentence cannot be understood without; itself if it can stand alone."""
        role = self.roles[index]
        if role in (Role.ROW, Role.ITEM):
            first = index
            while first and self.roles[first] is role:
                first -= 1
            return (
                first
                if self.roles[first] in (role, Role.HEADER, Role.INTRODUCTION, Role.HEADING)
                else first + 1
            )
        if index and (self.leaning[index] or self.roles[index - 1] in (Role.HEADING, Role.INTRODUCTION)):
            return index - 1
        return index

    def awaits_more(self, index: int) -> bool:
        """Whether a sentence only announces what follows: a heading, an introduction, a table's header."""
        return self.roles[index] in (Role.HEADING, Role.INTRODUCTION, Role.HEADER) and index + 1 < len(
            self.roles
        )

    def goes_on(self, index: int) -> bool:
        """Whether the next sentence is one more row or item of the same table or list."""
        following = self.roles[index + 1] if index + 1 < len(self.roles) else Role.PROSE
        return (self.roles[index] is following or self.awaits_more(index)) and following in (
            Role.ROW,
            Role.ITEM,
        )


def leans(normal: str, start: int) -> bool:
    """Whether the sentence that starts there begins with a pronoun or connective."""
    return _LEANING.match(normal, start) is not None


def layout(sentences: Sentences) -> Layout:
    """The layout of a passage."""
    normal = sentences.normal
    leaning = tuple(sentences.leaning)
    if not _STRUCTURED.search(normal):
        return Layout((Role.PROSE,) * len(leaning), leaning)
    texts = [normal[start:end] for start, end in sentences.spans]
    roles: list[Role] = []
    for index, text in enumerate(texts):
        last = index + 1 == len(texts)
        bare = (last or "\n" in text[len(text.rstrip()) :]) and not _ENDED.search(text)
        roles.append(_role(text, roles[-1] if roles else Role.PROSE, bare=bare, last=last))
        # A line alone is a heading; lines one after the other are a list.
        if roles[-1] is Role.HEADING and index and roles[-2] is Role.HEADING:
            roles[-2:] = Role.ITEM, Role.ITEM
    return Layout(tuple(roles), leaning)


def _role(text: str, before: Role, *, bare: bool, last: bool) -> Role:
    if "\t" in text.strip():
        return Role.ROW if before in (Role.HEADER, Role.ROW) else Role.HEADER
    if _is_marked(text) or (bare and before in (Role.INTRODUCTION, Role.ITEM)):
        return Role.ITEM
    if _INTRODUCES.search(text):
        return Role.INTRODUCTION
    if bare and not last and len(text) <= _LONGEST_HEADING:
        return Role.HEADING
    return Role.PROSE


def _is_marked(text: str) -> bool:
    return _ITEM.match(text) is not None
