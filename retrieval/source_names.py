"""Names of sources: what one is called in both languages, and what looks like one in a sentence."""

from __future__ import annotations

import re

# In normal form; each line is one source. A corpus names it in its own language, a reader in theirs.
_CALLED = (
    ("新华社", "新华网", "xinhua"),
    ("人民日报", "人民网", "people's daily"),
    ("中新社", "中国新闻社", "中新网", "中国新闻网", "china news service"),
    ("中国日报", "china daily"),
    ("环球时报", "global times"),
    ("央视", "中央电视台", "cctv", "cgtn"),
    ("光明日报", "guangming daily"),
    ("经济日报", "economic daily"),
    ("科技日报", "science and technology daily"),
    ("第一财经", "yicai"),
    ("财新", "caixin"),
    ("澎湃", "the paper"),
    ("上海日报", "shanghai daily"),
    ("北京日报", "beijing daily"),
    ("重庆日报", "chongqing daily"),
    ("南华早报", "south china morning post", "scmp"),
    ("路透", "reuters"),
    ("彭博", "bloomberg"),
    ("法新社", "afp", "agence france-presse"),
    ("美联社", "associated press"),
    ("金融时报", "financial times"),
    ("华尔街日报", "wall street journal"),
    ("纽约时报", "new york times"),
    ("卫报", "guardian"),
    ("经济学人", "the economist"),
    ("英国广播公司", "bbc"),
    ("cnn", "美国有线电视新闻网"),
)
_KNOWN = frozenset(name for names in _CALLED for name in names)
_LOOKS = re.compile(
    r"[\w·]{1,10}(?:通讯社|[^旅报]社|[日晚早周时导学商]报|[\w]报|新闻|新闻网|[^联]网|电视台|卫视|电台|周刊|杂志|财经|客户端)"
)
_NO_SOURCES = re.compile(
    r".*(?:旅行社|出版社|合作社|情报|海报|警报|天气预报|公报|财报|年报|季报|互联网|电网|平台)\Z"
)
_LATIN = re.compile(r"[a-z][\w'.&-]*(?: [a-z&][\w'.&-]*){0,4}")


def names_of(source: str) -> tuple[str, ...]:
    """What a source may be called, the given name first; all in normal form.

    Args:
        source: its name in normal form: "xinhua", "xinhua news agency", "新华社".
    """
    wanted = source.strip()
    others = [
        other
        for names in _CALLED
        if any(name in wanted for name in names if len(name) > 1)
        for other in names
    ]
    return tuple(dict.fromkeys((wanted, *others)))


def looks_like_source(text: str) -> bool:
    """Whether a text in normal form is the name of a source rather than of a subject."""
    text = text.strip()
    return bool(text) and (
        text in _KNOWN or (_LOOKS.fullmatch(text) is not None and _NO_SOURCES.match(text) is None)
    )


def is_latin_name(raw: str) -> bool:
    """Whether a text as written may be an English name: few words, the first and the last with a capital."""
    words = raw.split()
    return (
        _LATIN.fullmatch(raw.lower()) is not None and words[0][0].isupper() and words[-1][0].isupper()
    ) or raw.lower() in _KNOWN
