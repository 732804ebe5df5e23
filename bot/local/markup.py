"""Telegram's HTML: tags to entities, with Telegram's own words where it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from bot.local.entities import QUOTES, Entity, Formatted, utf16_length
from bot.local.links import checked_link, mentioned_user
from bot.local.moments import date_time
from bot.local.refusals import refuse, refuse_formatting

_KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-time": "date_time",
}
_ARGUMENTS: Final = {
    ("a", "href"): "",
    ("code", "class"): "language-",
    ("span", "class"): "tg-",
    ("tg-emoji", "emoji-id"): "",
    ("tg-time", "unix"): "",
    ("tg-time", "format"): "",
}
"""The attributes that say something, and the prefix their value must have."""

_SPACE: Final = " \t\n\r\v\f\0"
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_LONGEST_REFERENCE: Final = 9
_HIGHEST_CHARACTER: Final = 0x10FFFF


@dataclass(frozen=True, slots=True)
class _Open:
    """A start tag that still waits for its end; `more` is the second attribute where a tag has two."""

    name: str
    argument: str
    more: str
    offset: int
    position: int


def parse_html(source: str) -> Formatted:
    """The text and the entities of a piece of Telegram HTML.

    Raises:
        Refusal: as Telegram would refuse it. Byte offsets count UTF-8, as Telegram's do.
    """
    return _Scanner(source).run()


def unescape(source: str) -> str:
    """The text with its character references resolved; unknown ones stay as they are."""
    return _REFERENCE.sub(lambda match: _character(match) or match[0], source)


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, "")
    if len(match[0].removesuffix(";")) > _LONGEST_REFERENCE:
        return ""
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if 0 < number < _HIGHEST_CHARACTER else ""


class _Scanner:
    """One pass over the source, keeping the tags that are open."""

    def __init__(self, source: str) -> None:
        if "\0" in source:
            refuse("text must not contain null bytes")
        self._source = source
        self._at = 0
        self._pieces: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._quotes = 0
        self._entities: list[Entity] = []

    def run(self) -> Formatted:
        while self._at < len(self._source):
            start = self._source.find("<", self._at)
            end = len(self._source) if start < 0 else start
            self._take_text(self._source[self._at : end])
            self._at = end
            if start >= 0:
                self._take_tag()
        if self._open:
            name = self._open[-1].name
            refuse_formatting(f'Can\'t find end tag corresponding to start tag "{name}"')
        return Formatted("".join(self._pieces), tuple(self._entities))

    def _take_text(self, source: str) -> None:
        text = unescape(source)
        if any("\ud800" <= character <= "\udfff" for character in text):
            refuse_formatting(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self._pieces.append(text)
        self._units += utf16_length(text)

    def _take_tag(self) -> None:
        begin = self._at
        if self._source.startswith("</", begin):
            self._at += 2
            self._take_end(begin)
        else:
            self._at += 1
            self._take_start(begin)

    def _take_start(self, begin: int) -> None:
        name = self._word(">").lower()
        self._expect_more("Unclosed start tag", begin)
        if name not in _KINDS:
            self._refuse(f'Unsupported start tag "{name}"', begin)
        argument = more = ""
        while True:
            self._skip_space()
            if self._here() == ">":
                break
            attribute, value = self._take_attribute(name, begin)
            if attribute == "format":
                more = value or more
            else:
                argument = value or argument
        self._at += 1
        if name == "span" and argument != "spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        if name == "blockquote":
            if self._quotes:
                # Telegram drops the inner one without a word; here the mistake is told.
                self._refuse("Nested blockquote", begin)
            self._quotes += 1
        self._open.append(_Open(name, argument, more, self._units, len(self._pieces)))

    def _take_attribute(self, tag: str, begin: int) -> tuple[str, str]:
        attribute = self._word("=>/\"'")
        if not attribute:
            self._expect_more("Unclosed start tag", begin)
            self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_space()
        self._expect_more(f'Unclosed start tag "{tag}"', begin)
        value = ""
        if self._here() == "=":
            self._at += 1
            self._skip_space()
            self._expect_more(f'Unclosed start tag "{tag}"', begin)
            value = self._quoted() if self._here() in {"'", '"'} else self._token()
            self._expect_more("Unclosed start tag", begin)
        if (tag, attribute) == ("blockquote", "expandable"):
            return attribute, "expandable"
        prefix = _ARGUMENTS.get((tag, attribute))
        if prefix is None or not value.startswith(prefix):
            return attribute, ""
        return attribute, value.removeprefix(prefix)

    def _quoted(self) -> str:
        mark = self._here()
        start = self._at + 1
        end = self._source.find(mark, start)
        if end < 0:
            self._at = len(self._source)
            return ""
        self._at = end + 1
        return unescape(self._source[start:end])

    def _token(self) -> str:
        start = self._at
        match = re.compile(r"[A-Za-z0-9.-]*").match(self._source, start)
        self._at = match.end() if match else start
        if self._here() and self._here() not in _SPACE + ">":
            self._refuse("Unexpected end of name token", start)
        return self._source[start : self._at].lower()

    def _take_end(self, begin: int) -> None:
        if not self._open:
            self._refuse("Unexpected end tag", begin)
        name = self._word(">").lower()
        self._skip_space()
        if self._here() != ">":
            self._refuse("Unclosed end tag", begin)
        self._at += 1
        tag = self._open[-1]
        if name and name != tag.name:
            self._refuse("Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{name}>"')
        self._open.pop()
        self._quotes -= tag.name == "blockquote"
        if self._units > tag.offset:
            self._add(tag)

    def _add(self, tag: _Open) -> None:
        kind = _KINDS[tag.name]
        plain = Entity(kind, tag.offset, self._units - tag.offset)
        if kind == "text_link":
            entity = self._link(tag, plain)
        elif kind == "custom_emoji":
            entity = _custom_emoji(plain, tag.argument)
        elif kind == "date_time":
            entity = date_time(plain.offset, plain.length, tag.argument, tag.more)
        elif kind in QUOTES and tag.argument:
            entity = Entity("expandable_blockquote", plain.offset, plain.length)
        elif kind in {"pre", "code"}:
            entity = self._code(plain, tag.argument)
        else:
            entity = plain
        if entity is not None:
            self._entities.append(entity)

    def _link(self, tag: _Open, plain: Entity) -> Entity | None:
        address = tag.argument or "".join(self._pieces[tag.position :])
        user_id = mentioned_user(address)
        if user_id is not None:
            return Entity("text_mention", plain.offset, plain.length, user_id=user_id)
        url = checked_link(address)
        return None if url is None else Entity("text_link", plain.offset, plain.length, url=url)

    def _code(self, plain: Entity, language: str) -> Entity:
        """`pre` and `code` over the same text are one block with a language."""
        last = self._entities[-1] if self._entities else None
        same = last is not None and (last.offset, last.length) == (plain.offset, plain.length)
        if last is not None and same and {last.type, plain.type} == {"pre", "code"}:
            self._entities.pop()
            return Entity("pre", plain.offset, plain.length, language=language or last.language)
        return Entity(plain.type, plain.offset, plain.length, language=language or None)

    def _word(self, stops: str) -> str:
        start = self._at
        while self._at < len(self._source) and self._source[self._at] not in _SPACE + stops:
            self._at += 1
        return self._source[start : self._at]

    def _skip_space(self) -> None:
        while self._here() and self._here() in _SPACE:
            self._at += 1

    def _here(self) -> str:
        return self._source[self._at : self._at + 1]

    def _expect_more(self, otherwise: str, begin: int) -> None:
        if not self._here():
            self._refuse(otherwise, begin)

    def _refuse(self, what: str, position: int, more: str = "") -> NoReturn:
        """Refuse the source, saying where; Telegram counts the bytes of UTF-8."""
        offset = len(self._source[:position].encode(errors="surrogatepass"))
        refuse_formatting(f"{what} at byte offset {offset}{more}")


def _custom_emoji(plain: Entity, argument: str) -> Entity:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", argument):
        refuse_formatting("Invalid custom emoji identifier specified")
    return Entity("custom_emoji", plain.offset, plain.length, custom_emoji_id=argument)
