"""The catalogues: complete in every locale, with the same placeholders, and nothing unused."""

import ast
import re
import string

import pytest
from babel.messages.pofile import read_po

from bot.locale.catalogue import FOLDER, LANGUAGES, LOCALES, Catalogues, Words, catalogue_path, forms_of
from scripts.catalogues import ROOT, messages_in

CATALOGUES = Catalogues.load()
IN_CODE = messages_in(ROOT)


def in_code() -> set[str]:
    """The msgids in the code, found as a translator's tools find them."""
    return {entry.ids[0] for entry in IN_CODE}


def placeholders(message: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def test_there_are_messages() -> None:
    assert len(in_code()) > 20


def test_the_extraction_misses_no_message() -> None:
    # Python below 3.12 hides from it what stands inside an f-string.
    named = set()
    for path in (*(ROOT / "bot").rglob("*.py"), ROOT / "corpus" / "web_refusals.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", None))
                if name in {"gettext", "ngettext", "N_"}:
                    named.add(node.args[0].value)
    assert named == in_code()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_said_in_every_locale_and_none_is_left_over(locale: str) -> None:
    assert set(CATALOGUES.words[locale].messages) == in_code()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_form_has_the_placeholders_of_its_message(locale: str) -> None:
    for entry in IN_CODE:
        forms = CATALOGUES.words[locale].messages[entry.ids[0]]
        assert len(forms) == (2 if len(entry.ids) > 1 and locale == "en" else 1)
        assert [placeholders(form) for form in forms] == [placeholders(entry.ids[-1])] * len(forms), entry.ids


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_doubtful(locale: str) -> None:
    with catalogue_path(FOLDER, locale).open("rb") as file:
        catalogue = read_po(file, locale=locale)
    doubtful = [message.id for message in catalogue if message.id and message.fuzzy]
    assert not doubtful
    assert not [message.id for message in catalogue if not all(forms_of(message))]
    assert not catalogue.obsolete


def test_chinese_is_chinese_and_english_is_not() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    for locale in ("zh", "zh_Hant"):
        for msgid, said in CATALOGUES.words[locale].messages.items():
            speaks = any(character.isalpha() for character in re.sub(r"\{\w*\}", "", msgid))
            assert all(han.search(form) for form in said) or not speaks, msgid
    assert not any(han.search(form) for said in CATALOGUES.words["en"].messages.values() for form in said)


def test_a_language_is_a_locale_without_its_writing() -> None:
    assert set(LANGUAGES) == {CATALOGUES.words[locale].language for locale in LOCALES}


@pytest.mark.parametrize(
    ("language_code", "locale"),
    [
        ("zh", "zh"),
        ("zh-hans", "zh"),
        ("zh-Hans-HK", "zh"),
        ("ZH_cn", "zh"),
        ("zh-SG", "zh"),
        ("zh-hant", "zh_Hant"),
        ("zh_Hant", "zh_Hant"),
        ("zh-hant-tw", "zh_Hant"),
        ("zh-TW", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("zh-mo", "zh_Hant"),
        ("yue", "zh_Hant"),
        ("zh-yue", "zh_Hant"),
        ("yue-Hans", "zh"),
        ("en", "en"),
        ("en-GB", "en"),
        ("en-HK", "en"),
        ("de", "en"),
        ("zha", "en"),  # Zhuang
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_reader_is_spoken_to_in_the_language_of_their_telegram(
    language_code: str | None, locale: str
) -> None:
    assert CATALOGUES.speaking(language_code).locale == locale


def test_a_count_takes_its_form() -> None:
    one, two = "{count} stone", "{count} stones"
    english = Words("en", {one: (one, two)}, CATALOGUES.words["en"].plural)
    chinese = Words("zh", {one: ("{count} 块石头",)}, CATALOGUES.words["zh"].plural)
    assert [english.ngettext(one, two, count) for count in (0, 1, 2)] == [two, one, two]
    assert {chinese.ngettext(one, two, count) for count in (0, 1, 2)} == {"{count} 块石头"}


def test_a_plural_without_translation_is_said_in_english() -> None:
    words = CATALOGUES.words["zh"]
    assert [words.ngettext("a stone", "stones", count) for count in (1, 2)] == ["a stone", "stones"]


def test_a_message_without_translation_is_said_in_english() -> None:
    assert CATALOGUES.words["zh"].gettext("Never written.") == "Never written."
