"""The catalogues of the bot's words, and which of them a reader gets.

They are gettext files (`<locale>/LC_MESSAGES/wenxun.po`) with English msgids, read as they
are: there is no compiled form to forget. A translator's usual tools work on them.
`python scripts/catalogues.py` finds the msgids in the code (the arguments of `gettext` and
`ngettext`, and of `N_` where a message is only named and said later) and brings the files up
to date; so does `pybabel` with `bot/locale/babel.cfg`.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel.messages.catalog import Message

FOLDER = Path(__file__).parent
DOMAIN = "wenxun"

LOCALES = ("en", "zh", "zh_Hant")
"""What the bot can speak: English, and Chinese in simplified and in traditional writing."""

LANGUAGES = ("en", "zh")
"""The languages of these as Telegram's command menu tells them apart: two letters, no writing."""

FALLBACK = "en"

_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Name a message that is said later; the msgid itself comes back."""
    return msgid


def one_or_more(count: int) -> int:
    """Which plural form a count takes in English."""
    return int(count != 1)


@dataclass(frozen=True, slots=True)
class Words:
    """The bot's words in one locale.

    `messages` has the forms of each msgid (the singular one, of a plural); a message without
    plural has one form. `plural` tells which form a count takes.
    """

    locale: str
    messages: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int] = one_or_more

    @property
    def language(self) -> str:
        """The language of the locale, whichever way it is written: "zh" or "en"."""
        return self.locale.partition("_")[0]

    def gettext(self, msgid: str) -> str:
        """The message in this language; the English msgid where the catalogue has none."""
        return self.messages.get(msgid, (msgid,))[0]

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form of a message that a count takes; the count still has to be put in."""
        forms = self.messages.get(singular)
        return (singular, plural)[one_or_more(count)] if forms is None else forms[self.plural(count)]


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The words of every locale."""

    words: Mapping[str, Words]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogues:
        """Read the catalogues of all locales."""
        return cls({locale: _words(folder, locale) for locale in LOCALES})

    def speaking(self, language_code: str | None) -> Words:
        """The words for a reader whose Telegram has this IETF language tag, such as "zh-hans" or "pt-br"."""
        return self.words[locale_of(language_code)]


def locale_of(language_code: str | None) -> str:
    """Which of `LOCALES` an IETF language tag, or one of themselves, stands for.

    Chinese is simplified unless the tag says traditional, or a place that writes so and no other
    writing: "zh-TW" is traditional, "zh-Hans-HK" is not. Cantonese is written traditionally.
    """
    language, *subtags = (language_code or "").replace("_", "-").lower().split("-")
    if language == "yue" or (language == "zh" and "yue" in subtags):
        return "zh" if "hans" in subtags else "zh_Hant"
    if language == "zh" and "hans" not in subtags and not _TRADITIONAL.isdisjoint(subtags):
        return "zh_Hant"
    return language if language in LANGUAGES else FALLBACK


def catalogue_path(folder: Path, locale: str) -> Path:
    """Where the catalogue of a locale stands."""
    return folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def forms_of(message: Message) -> tuple[str, ...]:
    """The forms of a message in a catalogue; empty texts where it is not translated."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def msgid_of(message: Message) -> str:
    """What a message is looked up by: its msgid, the singular one if it has two; empty for the header."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _words(folder: Path, locale: str) -> Words:
    with catalogue_path(folder, locale).open("rb") as file:
        catalogue = read_po(file, locale=locale)
    messages = {
        msgid_of(message): forms_of(message)
        for message in catalogue
        if message.id and all(forms_of(message)) and not message.fuzzy
    }
    return Words(locale, messages, gettext.c2py(catalogue.plural_expr))
