"""Writes `retrieval/data/sounds.tsv`: the characters of GB 2312 by their toneless pinyin.

A line is a sound, the characters that usually have it, and those for which it is the second
most usual; rarer readings mislead more than they help.

The readings are pypinyin's (MIT), which has them from the pinyin-data project (MIT). Reading
them there takes most of a second; the file is read in a few milliseconds.

    python -m scripts.build_sounds
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "retrieval" / "data" / "sounds.tsv"


def toneless(reading: str) -> str:
    """zhòng is zhong, lǜ is lv."""
    plain = unicodedata.normalize("NFD", reading).replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(letter for letter in plain if letter.isascii())


def is_common(character: str) -> bool:
    """Whether simplified Chinese news are likely to write it: whether GB 2312 has it."""
    try:
        return len(character.encode("gb2312")) == 2  # noqa: PLR2004 - bytes of a character there
    except UnicodeEncodeError:
        return False


def table() -> str:
    """The file's contents."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - heavy, and only needed here

    characters: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for code, readings in sorted(PINYIN_DICT.items()):
        if is_common(chr(code)):
            sounds = [sound for sound in dict.fromkeys(map(toneless, readings.split(","))) if sound]
            for rank, sound in enumerate(sounds[:2]):
                characters[sound][rank].append(chr(code))
    return "".join(
        f"{sound}\t{''.join(usual)}\t{''.join(second)}\n"
        for sound, (usual, second) in sorted(characters.items())
    )


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
    print(TARGET, TARGET.stat().st_size, "bytes")
