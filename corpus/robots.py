"""What a host lets programs fetch: its robots.txt, read as RFC 9309 says.

Rules are matched in linear time. A regular expression made of a hostile rule ("/*a*a*a*a*b")
would not be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

MOST_BYTES: Final = 500 * 1024
"""As much of a robots.txt is read; RFC 9309 asks for no less."""

_MOST_RULES: Final = 10_000
_LONGEST_RULE: Final = 2_000
_LONGEST_DELAY: Final = 30.0
_LINE: Final = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_PRODUCT: Final = re.compile(r"[A-Za-z_-]+")
_EVERYBODY: Final = "*"
# Kept as they are when a path is put into one form: reserved characters and the wildcards' own.
_KEPT: Final = "/?:@!$&'()*+,;=~-._%"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line "Allow" or "Disallow": the path it means, in one form, and what it says."""

    path: str
    allows: bool

    def matches(self, target: str) -> bool:
        """Whether the rule is about a target (path and query, in one form)."""
        pattern = self.path
        ends = pattern.endswith("$")
        first, *rest = (pattern[:-1] if ends else pattern).split("*")
        if not target.startswith(first):
            return False
        if not rest:
            return not ends or target == first
        place = len(first)
        *middle, last = rest
        for part in middle:
            found = target.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        if ends:
            return len(target) - place >= len(last) and target.endswith(last)
        return target.find(last, place) >= 0


@dataclass(frozen=True, slots=True)
class Robots:
    """What one program may fetch from one host, and how many seconds it is to wait between."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0

    def allows(self, target: str) -> bool:
        """Whether a target (path and query) may be fetched: the longest rule decides, a draw allows."""
        if not self.rules:
            return True
        target = _one_form(target)
        if target == "/robots.txt":
            return True
        found = max(
            ((len(rule.path), rule.allows) for rule in self.rules if rule.matches(target)),
            default=(0, True),
        )
        return found[1]


ALLOWED: Final = Robots()
"""No robots.txt: all may be fetched."""

CLOSED: Final = Robots((Rule("/", allows=False),))
"""Nothing may be fetched."""


def robots_of(text: str, product: str) -> Robots:
    """Read a robots.txt for the program that calls itself `product`.

    The groups that name it count, all of them together; where none does, those for everybody.
    """
    mine: list[Rule] = []
    everybodys: list[Rule] = []
    delays = {True: 0.0, False: 0.0}
    named = False  # whether any group names the program
    agents: set[str] = set()
    in_rules = True
    for line in text[:MOST_BYTES].splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        name, value = found[1].lower(), found[2].strip()
        if name == "user-agent":
            if in_rules:
                agents, in_rules = set(), False
            agents.add(_agent(value))
            named = named or product.lower() in agents
            continue
        if name not in {"allow", "disallow", "crawl-delay"}:
            continue
        in_rules = True
        for is_mine, agent, rules in ((True, product.lower(), mine), (False, _EVERYBODY, everybodys)):
            if agent not in agents:
                continue
            if name == "crawl-delay":
                delays[is_mine] = _seconds(value)
            elif value and len(value) <= _LONGEST_RULE and len(rules) < _MOST_RULES:
                rules.append(Rule(_one_form(value), allows=name == "allow"))
    return Robots(tuple(mine if named else everybodys), delays[named])


def _agent(value: str) -> str:
    if value == _EVERYBODY:
        return value
    product = _PRODUCT.match(value)
    return product[0].lower() if product else ""


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return min(seconds, _LONGEST_DELAY) if seconds > 0 else 0.0


def _one_form(path: str) -> str:
    """A path in the one form that rules and targets are compared in: escaped only what must be."""
    parts = re.split(r"(%[0-9A-Fa-f]{2})", path)
    return "".join(
        _escape(part) if place % 2 else quote(part, safe=_KEPT) for place, part in enumerate(parts)
    )


def _escape(escape: str) -> str:
    byte = unquote_to_bytes(escape)
    return byte.decode("ascii") if byte.isalnum() or byte in b"-._~" else escape.upper()
