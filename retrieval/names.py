"""Names by their sound: how English writes a Chinese name that no dictionary has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypinyin import Style, pinyin

from retrieval.concepts import Variant

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORTEST = 2
_LONGEST = 4

# The hundred most common surnames are those of 85 % of all Chinese.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤"
)


def name_variants(characters: str) -> tuple[Variant, ...]:
    """How a name of two to four characters may be written; nothing for any other.

    恒瑞 is Hengrui or Heng Rui; 张伟明, whose first character is a surname, also Zhang Weiming
    and Weiming Zhang. Units are syllables in lower case, without tones.
    """
    if not _SHORTEST <= len(characters) <= _LONGEST:
        return ()
    syllables = [each[0] for each in pinyin(characters, style=Style.NORMAL, errors="ignore")]
    if len(syllables) != len(characters):
        return ()
    family, given = syllables[0], "".join(syllables[1:])
    ways: list[Sequence[str]] = [["".join(syllables)], syllables]
    if characters[0] in _SURNAMES:
        ways = [[family, given], [given, family], *ways]
    return tuple(Variant(units, 1.0) for units in dict.fromkeys(map(tuple, ways)))
