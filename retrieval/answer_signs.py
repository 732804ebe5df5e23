"""Signs of an answer in a sentence: what could be a date, a number, a person, a reason.

Cheap patterns over the normal form, one set for each type of answer. *Candidates* are things
that could be the answer; *cues* are words that such an answer stands beside.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.answer_type import AnswerType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NUMERAL = "[〇零一二两三四五六七八九十百千万亿半几]"
ENGLISH_NUMBER = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?"
    "|billions?|half|third|quarter|dozens?|twice|once"
)
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_SURNAME = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_GIVEN = "[\u4e00-\u9fff]"
_NAME = r"[A-Z][\w.'’-]*"

# A date written out in one piece, or a word for a time.
_DATE = re.compile(
    r"(?:公元前?)?\d{1,4}\s*年代?(?:\d{1,2}月份?(?:\d{1,2}[日号])?)?(?!级)"
    r"|\d{1,2}月份?(?:\d{1,2}[日号])?|\d{1,2}[日号](?!线)"
    rf"|{NUMERAL}{{1,4}}(?:年|月)(?!级)|(?:\d{{1,2}}|{NUMERAL}{{1,3}})世纪(?:\d0年代)?|年代"
    "|今年|去年|昨[天日]|今[天日]|明年|前年"
    rf"|\b(?:\d{{1,2}} )?{_MONTH}\b(?: \d{{1,2}}(?!\d))?(?:,? \d{{4}})?|\b(?:1\d\d\d|20\d\d)s?\b"
    r"|\bcentur(?:y|ies)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:yesterday|today|ago)\b|\bbce?\b|\bad\b"
)
_LENGTH_OF_TIME = re.compile(
    rf"(?:\d[\d,.]*|{NUMERAL}+)(?:多|余)?个?半?(?:小时|分钟|秒|天|日|周|星期|月|年)(?![\d月])"
    rf"|\b(?:\d[\d,.]*|{ENGLISH_NUMBER})[ -](?:\w+ )?"
    r"(?:years?|days?|months?|weeks?|hours?|minutes?|seconds?|decades?|centuries)\b"
)
_NUMBER = re.compile(rf"\d[\d,]*(?:\.\d+)?%?|{NUMERAL}+(?=[^\W\d_])|\b(?:{ENGLISH_NUMBER})\b")

_CANDIDATES: Mapping[AnswerType, re.Pattern[str]] = {
    AnswerType.WHEN: _DATE,
    AnswerType.DURATION: _LENGTH_OF_TIME,
    AnswerType.QUANTITY: _NUMBER,
    AnswerType.ORGANISATION: re.compile(
        "公司|集团|大学|学院|中学|学校|小学|医院|银行|局|部|协会|研究[所院]|委员会|中心|队|俱乐部|球会|政府|法院|电视台"
        "|工作室|报社|出版社|党|组织|联盟|基金|厂|有限"
        r"|\b(?:inc|corp|corporation|university|college|company|institute|agency|association|group|league|church|bank|party"
        r"|school|department|council|commission)\b"
    ),
    AnswerType.PERSON: re.compile(
        rf"(?<!{_GIVEN}){_SURNAME}{_GIVEN}{{1,2}}(?!{_GIVEN})|{_GIVEN}{{2,}}[·‧]{_GIVEN}{{2,}}|[由与和及、]{_SURNAME}{_GIVEN}"
        rf"|{_SURNAME}{_GIVEN}{{1,2}}(?:说|表示|指出|介绍|称)"
        "|总统|主席|总理|首相|经理|董事长|总裁|创始人|导演|教练|教授|博士|医生|部长|[市省校]长|书记|主任|院长"
        "|记者|作家|作者|歌手|演员|先生|女士|国王|皇帝|天皇|将军"
    ),
    AnswerType.REASON: re.compile(
        "因为|因此|因而|由于|所以|为了|为避免|以便|以免|导致|使得|致使|原因|基于|鉴于|出于|是因|因[^此为素子而]"
        "|而(?=[^且言])|令"
        r"|\b(?:because|due|since|as a result|in order|so that|therefore|thus|reasons?|caus\w+|led to"
        r"|leads? to|result\w* (?:in|from)|to avoid|prevent\w*)\b"
    ),
    AnswerType.NAME: re.compile(
        '[又亦也别]称|[又别取命]名|称为|称作|称之|名为|叫做|叫作|名叫|俗称|简称|全称|原名|本名|译名|学名|昵称|绰号|[“「《『"]'
        r"|\b(?:called|named|known as|termed|referred to|nicknamed|dubbed|term|names?)\b"
    ),
}
# Capital letters are only in the text itself.
_IN_CAPITALS: Mapping[AnswerType, re.Pattern[str]] = {
    AnswerType.PERSON: re.compile(
        rf"\b(?:Mr|Mrs|Ms|Dr|Sir|Lord|King|Queen|President|Prof)\.? {_NAME}"
        rf"|{_NAME} (?:[A-Z]\. )?(?:de |von |van |al-)?{_NAME}"
    ),
    AnswerType.PLACE: re.compile(rf"\b(?:in|at|near|from|of|to) (?:the )?{_NAME}"),
}
_CUES: Mapping[AnswerType, re.Pattern[str]] = {
    AnswerType.PLACE: re.compile(
        r"位于|坐落|地处|分布|境内|籍|[市县省区]人[，。,;；]|原产|产于|出生[于在]|总部|交界"
        r"|\b(?:located|born|based|lies|situated|headquarter\w*)\b"
    ),
    AnswerType.WHEN: re.compile(
        r"[于在自从]\d{1,4}年|\b(?:in|on|since|by|until|during|from) (?:the )?(?:\d|early|late|mid|"
        + _MONTH
        + ")"
    ),
    AnswerType.PERSON: re.compile(r"由[^，。]{1,12}[所创编著作导担设执饰发]|师从|之[妻子女父母]|\bby [a-z]"),
    AnswerType.DEFINITION: re.compile(
        r"是一|是指|指的是|是[^，。]{1,40}(?:之一|的一[种个]|的)[，。]|\b(?:is|are) (?:an?|the)\b"
    ),
}
_FIRM = frozenset((AnswerType.WHEN, AnswerType.DURATION, AnswerType.QUANTITY, AnswerType.ORGANISATION))


def is_firm(kind: AnswerType) -> bool:
    """Whether candidates of this type are seldom anything else."""
    return kind in _FIRM


def candidates(kind: AnswerType, text: str, normal: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where in `text[start:end]` something of a type stands, as offsets into `text` and its `normal` form."""
    if pattern := _CANDIDATES.get(kind):
        for match in pattern.finditer(normal, start, end):
            yield match.span()
    if pattern := _IN_CAPITALS.get(kind):
        for match in pattern.finditer(text, start, end):
            yield match.span()


def has_cue(kind: AnswerType, normal: str, start: int, end: int) -> bool:
    """Whether `normal[start:end]` has a word that answers of this type stand beside."""
    pattern = _CUES.get(kind)
    return pattern is not None and pattern.search(normal, start, end) is not None
