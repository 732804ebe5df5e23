"""Rules: a table of patterns, tried together at a place of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.dates.mentions import Make, Mention, Rules

_NAMED_GROUP = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rules compiled into one pattern, which tells the rule; the rule's own then reads its parts."""

    together: re.Pattern[str]
    rules: Sequence[tuple[re.Pattern[str], Make]]

    def read(self, normal: str, start: int) -> Mention | None:
        """What the first rule that applies at a place makes of it."""
        found = self.together.match(normal, start)
        return None if found is None else self._make(normal, found)

    def search(self, normal: str) -> Iterator[Mention]:
        """What the rules make of a text, from left to right."""
        for found in self.together.finditer(normal):
            mention = self._make(normal, found)
            if mention is not None:
                yield mention

    def _make(self, normal: str, found: re.Match[str]) -> Mention | None:
        pattern, make = self.rules[int((found.lastgroup or "r0")[1:])]
        match = pattern.match(normal, found.start())
        return None if match is None else make(match)


def compiled(rules: Rules) -> RuleTable:
    """A table of rules; earlier ones come first where several apply."""
    together = "|".join(
        f"(?P<r{number}>{_NAMED_GROUP.sub('(?:', pattern)})" for number, pattern in enumerate(rules)
    )
    return RuleTable(re.compile(together), [(re.compile(pattern), make) for pattern, make in rules.items()])
