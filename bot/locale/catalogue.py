"""The catalogues of the bot's words, and which of them a reader gets.

They are gettext files (`<language>/LC_MESSAGES/wenxun.po`) with English msgids, read as they
are: there is no compiled form to forget. A translator's usual tools work on them, and
`pybabel extract bot` finds the msgids: the arguments of `gettext`, and of `N_` where a
message is only named and said later.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
DOMAIN = "wenxun"
LANGUAGES = ("en", "zh")
FALLBACK = "en"


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Name a message that is said later; the msgid itself comes back."""
    return msgid


@dataclass(frozen=True, slots=True)
class Words:
    """The bot's words in one language ("zh" or "en")."""

    language: str
    messages: Mapping[str, str]

    def gettext(self, msgid: str) -> str:
        """The message in this language; the English msgid where the catalogue has none."""
        return self.messages.get(msgid) or msgid


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The words of every language."""

    words: Mapping[str, Words]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogues:
        """Read the catalogues of all languages."""
        return cls({language: Words(language, _messages(folder, language)) for language in LANGUAGES})

    def speaking(self, language_code: str | None) -> Words:
        """The words for a reader whose Telegram has this IETF language tag, such as "zh-hans" or "pt-br"."""
        primary = (language_code or "").replace("_", "-").partition("-")[0].lower()
        return self.words.get(primary, self.words[FALLBACK])


def catalogue_path(folder: Path, language: str) -> Path:
    """Where the catalogue of a language stands."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _messages(folder: Path, language: str) -> dict[str, str]:
    with catalogue_path(folder, language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
