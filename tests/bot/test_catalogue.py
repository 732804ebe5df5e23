"""The catalogues: complete in every language, with the same placeholders, and nothing unused."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot.locale.catalogue import FOLDER, LANGUAGES, Catalogues, catalogue_path

CATALOGUES = Catalogues.load()


def in_code() -> set[str]:
    """The msgids in the code, found as a translator's tools find them."""
    found = extract_from_dir(Path(bot.__file__).parent, method_map=[("**.py", "python")])
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def placeholders(message: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def test_there_are_messages() -> None:
    assert len(in_code()) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_said_in_every_language_and_none_is_left_over(language: str) -> None:
    assert set(CATALOGUES.words[language].messages) == in_code()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    for msgid, said in CATALOGUES.words[language].messages.items():
        assert placeholders(said) == placeholders(msgid), msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_doubtful(language: str) -> None:
    with catalogue_path(FOLDER, language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    assert not [message.id for message in catalogue if message.id and (message.fuzzy or not message.string)]
    assert not catalogue.obsolete


def test_chinese_is_chinese_and_english_is_not() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    assert all(han.search(said) for said in CATALOGUES.words["zh"].messages.values())
    assert not any(han.search(said) for said in CATALOGUES.words["en"].messages.values())


@pytest.mark.parametrize(
    ("language_code", "language"),
    [
        ("zh", "zh"),
        ("zh-hans", "zh"),
        ("zh-TW", "zh"),
        ("ZH_cn", "zh"),
        ("en", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("zha", "en"),  # Zhuang
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_reader_is_spoken_to_in_the_language_of_their_telegram(
    language_code: str | None, language: str
) -> None:
    assert CATALOGUES.speaking(language_code).language == language


def test_a_message_without_translation_is_said_in_english() -> None:
    assert CATALOGUES.words["zh"].gettext("Never written.") == "Never written."
