"""The characters of a file: which encoding its bytes are in.

In this order: a byte order mark, what the file declares of itself, strict UTF-8, then
detection. A declaration is not believed against the evidence: browsers save pages as UTF-8
and leave "gb2312" standing in them, and bytes that make a good deal of valid UTF-8 are
UTF-8. Trial decoding is never used: most Big5 bytes are also valid GB 18030, and
the result would be nonsense that looks like Chinese.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import chardet

from corpus import refusals
from corpus.errors import UnreadableFile

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Pages say "gb2312" and use characters of its extensions; likewise Big5 and Latin-1.
_WIDER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}
_DECLARED: Final = re.compile(
    rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
# So many bytes beyond one a character do not fall into UTF-8's pattern by chance.
_EVIDENT: Final = 16
_WHOLE_FOR_BROKEN: Final = 20
_LOOKS: Final = "it looks as if it were in"
_DECLARED_WITHIN: Final = 4096
_DETECTION_SAMPLE: Final = 256 * 1024
# Short Chinese texts score 0.18 and more, English in Windows-1252 0.07, noise 0.02.
_SURE_ENOUGH: Final = 0.05

# A tab, line ends and form feeds occur in text; other control characters hardly do.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL: Final = 0.02


def decode(data: bytes, *, declares: bool = False) -> str:
    """The text of a file's bytes.

    Args:
        data: The whole file.
        declares: Whether the format names its encoding in its first lines (HTML, XML).

    Raises:
        UnreadableFile: The bytes are not text in an encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strict(data[len(mark) :], encoding, "its byte order mark says"))
    plain = _as_utf8(data)
    if declares and (found := _DECLARED.search(data[:_DECLARED_WITHIN])):
        name = (found[1] or found[2]).decode("ascii", "replace")
        evident = plain is not None and len(data) - len(plain) >= _EVIDENT
        text = plain if evident else _as_declared(data, name)
        if text is not None:
            return _checked(text)
    return _checked(_detected(data) if plain is None else plain)


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _as_declared(data: bytes, name: str) -> str | None:
    """The text in the declared encoding, or None if the declaration is no use."""
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        return None
    if encoding.startswith(("utf-16", "utf-32")):
        return None  # a declaration readable as ASCII proves it wrong
    encoding = _WIDER.get(encoding, encoding)
    try:
        return data.decode(encoding)
    except LookupError:
        return None
    except UnicodeError:
        if encoding != "utf-8" and _is_damaged(data, encoding):
            raise UnreadableFile(refusals.undecodable(encoding, "it declares")) from None
        return None


def _detected(data: bytes) -> str:
    if _is_damaged(data, "utf-8"):
        # Detection would find an encoding in which every byte is something: nonsense.
        raise UnreadableFile(refusals.undecodable("utf-8", _LOOKS))
    guess = chardet.detect(data[:_DETECTION_SAMPLE])
    encoding = guess.get("encoding")
    if not encoding or (guess.get("confidence") or 0.0) < _SURE_ENOUGH:
        raise UnreadableFile(refusals.UNKNOWN_ENCODING)
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableFile(refusals.UNKNOWN_ENCODING) from None
    return _strict(data, _WIDER.get(name, name), _LOOKS)


def _is_damaged(data: bytes, encoding: str) -> bool:
    """Whether nearly all of it is in this encoding of several bytes a character, which is no chance."""
    text = data.decode(encoding, "replace")
    damage = text.count("\ufffd")
    return _WHOLE_FOR_BROKEN * damage < len(data) - len(text)


def _strict(data: bytes, encoding: str, why: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        raise UnreadableFile(refusals.undecodable(encoding, why)) from None


def _checked(text: str) -> str:
    """The text itself, unless it is no text at all."""
    control = len(_CONTROL.findall(text))
    if "\x00" in text or control > _MOST_CONTROL * len(text):
        raise UnreadableFile(refusals.NOT_TEXT)
    return text
