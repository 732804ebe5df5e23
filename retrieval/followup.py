"""Follow-ups: whether something said only makes sense after the question before, and both put together.

A question that names its own subject is a new topic, whatever it begins with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from retrieval.dates import question_dates
from retrieval.normalizer import Normalizer
from retrieval.operator_values import LANGUAGES
from retrieval.quantities import quantities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_CHARACTERS = 24
_MOST_WORDS = 9

_END = r"\W*\Z"
# 那英, 那不勒斯, 那曲 are names; 那年, 那次, 那个 point back to something that is said beside them.
_THEN = re.compile(
    r"\A(?:那么|那(?!英(?!文|语|国|镑)|不勒斯|曲|拉提|玛|达尔|坡里|鸿|慕尼|须|时|年|天|次|场|些年|几年))[,，、\s]*(?P<rest>.+)"
)
_AND_WHAT_OF = re.compile(r"(?P<rest>[^,，。?？]{1,24}?)呢" + _END)
_MORE = re.compile(
    r"\A(?:(?:请|再|能)?(?:说|讲|介绍)?得?(?:更?详细|更?具体)(?:一?点|一?些)?(?:的?信息|内容|情况)?(?:呢|吗)?"
    r"|还有(?:呢|吗|别的吗|其他的?吗|其它的?吗|更多的?吗)?|然后呢?|后来呢?|继续|更多|接着说?|换成?.{1,16}"
    r"|(?:tell me |show me |give me )?more(?: details?| about (?:it|that|this|them))?(?: please)?"
    r"|go on|anything else|what else|and then|in (?:more )?detail)" + _END
)
_ASKING_ALONE = re.compile(
    r"\A(?:为什么|为何|什么时候|何时|在?哪里|在哪儿?|谁|是谁|多少|多少钱|多久|怎么样|怎么办|如何"
    r"|具体时间|什么原因|真的吗|确定吗|是吗"
    r"|why(?: not)?|when|where|who|how(?: much| many| long| so| come)?|which(?: one)?s?|since when|really"
    r"|by whom|how is that)" + _END
)
_POINTING = re.compile(
    r"\A(?:(?:它们?|他们|她们)(?:的|是|在|有|会|能|将|为什么|何时|什么|怎么|今年|去年|还|又|现在|后来|一共|花|卖|由|和|与|对|从)"
    r"|[他她](?:的|是|在|有|会|能|将|为什么|何时|什么|怎么|还|又|现在|后来|由|和|与|对)"
    r"|(?:这|那)(?:个|款|种|家|项|件|笔|位|些|次|场|篇|条)?(?:药物?|公司|企业|项目|事情?|人|交易|产品|消息|报道|新闻|数字|金额|比赛|会议)(?=.)"
    r"|(?:这|那)是(?:什么|谁|哪|为|怎|多少)|其中(?!国)|对此|此后|之后呢|同期)"
)
_WHAT_ABOUT = re.compile(
    r"\A(?:and |but |so |ok(?:ay)?,? |well,? )*(?:what|how) about .+"
    r"|\A(?:and|but|or) (?P<then>(?!so\b).+)"
)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|him|his|she|her|this one|that one|those|these)\b")
# "Is it true that ...", "what time is it", "when did it rain": nothing is meant by it.
_EMPTY_IT = re.compile(
    r"\bit(?:'s| is| was)? (?:true|possible|legal|safe|good|better|ok|raining|snowing|cold|hot|called|when"
    r"|that|to\b|rain|snow|take)"
    r"|\bis it (?:true|possible|legal|safe|good|better|ok|that|to\b|when|called|a |an |the )"
    r"|\btime is it|\bwhat is it (?:like|called)|\b(?:day|year) is it|\bit take"
)
_FIRST_WORDS = re.compile(
    r"\A(?:and |but |so )?(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can"
    r"|could|will|would|has|have|had)\b"
)
_NAME = re.compile(r"[a-z]+-?\d+|\d+-?[a-z]{2,}|[a-z]{3,}", re.ASCII)
_CAPITALISED = re.compile(r"(?<!\A)(?<![.?!] )\b[A-Z][\w-]+")
_LATIN = re.compile(r"[a-z]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LANGUAGE = re.compile(
    rf"(?:in |用|看)?(?P<language>{'|'.join(LANGUAGES)})"
    rf"(?:版|报道|新闻|的| ones?| news| sources?| articles?)*{_END}"
)
_ASKED_WORD = re.compile(
    r"什么|哪|谁|多少|几|怎|如何|为何|何时|是否|吗|\b(?:what|which|who|whom|whose|when|where|why|how)\b"
)
_FRAME_BEFORE = re.compile(
    r"\A(?:那么|那|and |but |so |ok(?:ay)?,? |(?:what|how) about |换成?|or |[,，、\s])+"
)
_FRAME_BEHIND = re.compile(r"(?:的?呢|的?吧)?[\s?？。.!！]*\Z")
# What is left of "in 2024" and 「2024年的」 without the date.
_EMPTY_RESTS = ("", "in", "on", "since", "for", "during", "的", "从", "在")
_MARK = re.compile(r"[\s?？。.!！]+\Z")


def refines(said: str, previous: str) -> bool:
    """Whether what is said only makes sense after the question before it.

    Args:
        said: what a reader says now.
        previous: the question before; empty if there is none.
    """
    normal = _normalise(said).strip()
    if not normal or not previous.strip() or len(normal) > 2 * _MOST_CHARACTERS + _MOST_WORDS:
        return False
    if _MORE.match(normal) or _ASKING_ALONE.match(normal) or _LANGUAGE.fullmatch(normal) or _is_time(normal):
        return True
    if _CHINESE.search(normal):
        return _refines_in_chinese(normal)
    return _refines_in_english(normal, said.strip())


def _refines_in_chinese(normal: str) -> bool:
    if len(normal) > _MOST_CHARACTERS:
        return False
    if then := _THEN.match(normal):
        rest = then["rest"]
        return _AND_WHAT_OF.fullmatch(rest) is not None or not _names_a_subject(rest)
    return (
        (_AND_WHAT_OF.fullmatch(normal) is not None and not _ASKED_WORD.search(normal))
        or _POINTING.match(normal) is not None
        or (normal.startswith("还有") and len(normal) <= _MOST_CHARACTERS // 2)
    )


def _refines_in_english(normal: str, said: str) -> bool:
    words = normal.split()
    if len(words) > _MOST_WORDS:
        return False
    found = _WHAT_ABOUT.match(normal)
    if found is not None:
        then = found["then"]
        return then is None or not (_FIRST_WORDS.match(then) and _CAPITALISED.search(said))
    if re.match(r"(?:in|on|during|since|before|after|for|from|by) ", normal) and normal.endswith("?"):
        return not _FIRST_WORDS.search(normal) and not _ASKED_WORD.search(normal)
    return (
        _FIRST_WORDS.match(normal) is not None
        and _PRONOUN.search(normal) is not None
        and _EMPTY_IT.search(normal) is None
        and _CAPITALISED.search(said) is None
        and len(words) <= _MOST_WORDS - 2
    )


def _names_a_subject(rest: str) -> bool:
    """Whether what stands behind 那 is a question with a name of its own."""
    return _NAME.search(rest) is not None or (
        len(rest) > _MOST_CHARACTERS // 2 and bool(_ASKED_WORD.search(rest))
    )


def _is_time(normal: str) -> bool:
    """Whether a text is a date and nothing else: "2024?", 「去年的」."""
    text = _FRAME_BEHIND.sub("", _FRAME_BEFORE.sub("", normal)).removesuffix("的").strip()
    text = text.removeprefix("in ").removeprefix("on ").removeprefix("since ")
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return True
    found = question_dates(text, _ANY_TIME).expressions
    return len(found) == 1 and found[0].start == 0 and found[0].end == len(text)


_ANY_TIME = datetime.combine(date(2025, 1, 15), time(), UTC)


@dataclass(frozen=True, slots=True)
class Refined:
    """A question put together with the one that it refines.

    `text` can be understood by itself; `new` is what the context did not ask, dates that took
    the place of others left out, and empty if that was all.
    """

    text: str
    new: str


def refined(said: str, context: str, asked: datetime, normalise: Callable[[str], str]) -> Refined:
    """The question before with what is said now.

    Dates and quantities of the context give way to those that are said now.

    Args:
        said: what a reader says now.
        context: the question that it refines, which may be put together itself.
        asked: when, for relative dates.
        normalise: makes the normal form of a text, as long as the text.
    """
    part = _bare(said, normalise)
    base = _MARK.sub("", context.strip())
    now, before = normalise(part), normalise(base)
    times = question_dates(now, asked).expressions
    old_times = question_dates(before, asked).expressions
    if len(times) == 1 and len(old_times) == 1:
        # In its place, so that the question stays one: "2023年有什么新闻" becomes "2024年有什么新闻".
        time_said, time_before = times[0], old_times[0]
        base = base[: time_before.start] + part[time_said.start : time_said.end] + base[time_before.end :]
        part = (part[: time_said.start] + part[time_said.end :]).strip()
    elif times and old_times:
        base = _without(base, ((each.start, each.end) for each in old_times))
    elif len(times) == 1 and _only_ties(part, times[0].start, times[0].end):
        # Nothing to replace: the time is one more thing that is asked.
        return Refined(f"{base} {part[times[0].start : times[0].end]}", "")
    if quantities(normalise(part)):
        base = _without(base, ((each.start, each.end) for each in quantities(normalise(base))))
    part = "" if part.strip() in _EMPTY_RESTS else part.strip()
    return Refined(f"{base} {part}" if part and base else part or base, part)


def language_meant(said: str) -> str | None:
    """The language, if a follow-up asks for one and nothing else: "the English ones?", 「那英文的呢」."""
    bare = _normalise(_bare(said, _normalise)).removeprefix("the ")
    found = _LANGUAGE.fullmatch(bare)
    return LANGUAGES[found["language"]] if found else None


def _only_ties(part: str, start: int, end: int) -> bool:
    """Whether nothing stands beside a stretch but words that tie it."""
    return part[:start].strip().lower() in _EMPTY_RESTS and part[end:].strip() in _EMPTY_RESTS


def _bare(said: str, normalise: Callable[[str], str]) -> str:
    """What is said without the words that only tie it to the question before."""
    text = said.strip()
    normal = normalise(text)
    start = match.end() if (match := _FRAME_BEFORE.match(normal)) else 0
    behind = _FRAME_BEHIND.search(normal, start)
    return text[start : behind.start() if behind else len(text)].strip()


def _without(text: str, spans: Iterator[tuple[int, int]]) -> str:
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return re.sub(r" {2,}", " ", "".join(kept)).strip()


@cache
def _normalizer() -> Normalizer:
    return Normalizer()


def _normalise(text: str) -> str:
    return _normalizer().normalise(text)
