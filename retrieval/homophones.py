"""Homophones: the Chinese characters that sound like another, as an input method would offer them.

Sounds are toneless pinyin; the table (`data/sounds.tsv`, made by `scripts/build_sounds.py`)
has the characters of GB 2312, which is what simplified news are written in.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Sounds that many speakers do not tell apart.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


class Homophones:
    """Characters by their sound."""

    def __init__(self) -> None:
        table = files("retrieval").joinpath("data", "sounds.tsv").read_text(encoding="utf-8")
        self._usual: dict[str, str] = {}
        self._every: dict[str, str] = {}
        self._sound: dict[str, str] = {}
        self._sounds: defaultdict[str, list[str]] = defaultdict(list)
        for line in table.splitlines():
            sound, usual, second = line.split("\t")
            self._usual[sound], self._every[sound] = usual, usual + second
            self._sound.update(dict.fromkeys(usual, sound))
            for character in usual + second:
                self._sounds[character].append(sound)

    def alike(self, character: str) -> list[str]:
        """Other characters with the same toneless sound, in no order that matters."""
        sounds = self._sounds.get(character, ())
        found = dict.fromkeys(other for sound in sounds for other in self._every[sound])
        return [other for other in found if other != character]

    def near(self, character: str) -> list[str]:
        """Characters whose usual sound is easily taken for this one's: zh and z, n and l, ing and in."""
        near = _near(self._sound[character]) if character in self._sound else ()
        alike = self._sounds.get(character, ())
        return [other for sound in near if sound not in alike for other in self._usual.get(sound, "")]


def _near(sound: str) -> Iterator[str]:
    for long, short in _INITIALS:
        if sound.startswith(long):
            yield short + sound[len(long) :]
        elif sound.startswith(short):
            yield long + sound[len(short) :]
    for long, short in _FINALS:
        if sound.endswith(long):
            yield sound[: -len(long)] + short
        elif sound.endswith(short):
            yield sound[: -len(short)] + long
