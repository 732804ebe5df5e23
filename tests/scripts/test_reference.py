from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.settings import Settings
from scripts.reference import PAGES, ROOT, entries, env_example


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_program_says(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), "run: python scripts/reference.py"


def test_every_setting_is_described_with_an_example() -> None:
    listed = list(entries())

    assert [entry.name for entry in listed] == [f"WENXUN_{name.upper()}" for name in Settings.model_fields]
    assert all(entry.description.endswith(".") and entry.example for entry in listed)


def test_the_example_as_it_comes_sets_nothing() -> None:
    Path(".env").write_text(env_example(), encoding="utf-8")

    assert Settings.load({}) == Settings.load({}, None)


def test_every_line_of_the_example_is_right_once_its_mark_is_taken_away() -> None:
    Path("news").mkdir()
    lines = env_example().replace("\n#WENXUN_", "\nWENXUN_")
    Path(".env").write_text(lines, encoding="utf-8")

    Settings.load({})

    assert set(Settings.variables({}).found) == set(Settings.model_fields)


def test_every_command_has_its_section() -> None:
    page = PAGES["docs/cli.md"]()

    for name in COMMANDS:
        assert f"\n## wenxun {name}\n" in page
        assert f"Usage: wenxun {name} [OPTIONS]" in page


def test_the_pages_name_no_path_of_this_machine() -> None:
    for text in PAGES.values():
        assert str(ROOT) not in text()
