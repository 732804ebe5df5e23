"""The commands: complete, well-formed, and the same in the documentation as in the code."""

import re
from pathlib import Path

import pytest

from bot.locale.catalogue import LANGUAGES, Catalogues
from bot.menu import COMMANDS, Scope

CATALOGUES = Catalogues.load()
PAGE = Path(__file__).parents[2] / "docs" / "telegram.md"


def test_the_table_in_the_documentation_is_true() -> None:
    rows = ["| command | English | Chinese | offered in |", "| --- | --- | --- | --- |"]
    for command in COMMANDS:
        english, chinese = (
            CATALOGUES.words[language].gettext(command.description) for language in ("en", "zh")
        )
        scopes = ", ".join(scope for scope in Scope if scope in command.scopes)
        rows.append(f"| `/{command.name}` | {english} | {chinese} | {scopes} |")
    assert "\n\n" + "\n".join(rows) + "\n\n" in PAGE.read_text(encoding="utf-8")


def test_the_tests_that_the_documentation_names_exist() -> None:
    root = PAGE.parents[1]
    text = PAGE.read_text(encoding="utf-8")
    for path in re.findall(r"`(tests/[\w/]+\.py)`", text):
        assert (root / path).is_file(), path
    for name, path in re.findall(r"`(test_\w+)` in\s+`(tests/[\w/]+\.py)`", text):
        assert f"def {name}(" in (root / path).read_text(encoding="utf-8"), name


def test_names_are_unique_and_such_as_telegram_takes() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z0-9_]{1,32}", name) for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_are_as_long_as_telegram_takes(language: str) -> None:
    for command in COMMANDS:
        assert 1 <= len(CATALOGUES.words[language].gettext(command.description)) <= 256


def test_every_command_is_offered_somewhere() -> None:
    assert all(command.scopes for command in COMMANDS)
