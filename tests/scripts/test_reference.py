from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.settings import Settings
from scripts.reference import PAGES, ROOT, commands_table, entries, env_example, with_table


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


def test_a_table_of_commands_is_renewed_and_the_rest_stays() -> None:
    table = commands_table("en", "zh")
    place = "<!-- commands: made by hand -->\n{}<!-- end of commands -->\n"
    renewed = with_table(f"before\n{place.format('old')}after\n", table)

    assert "| `/ask` | ask a question about the news | 就新闻提问 | private chats, groups |\n" in table
    assert renewed == f"before\n{place.format(f'{chr(10)}{table}{chr(10)}')}after\n"
    assert with_table(renewed, table) == renewed


@pytest.mark.parametrize("places", [0, 2])
def test_a_page_has_one_place_for_the_commands(places: int) -> None:
    with pytest.raises(ValueError, match=str(places)):
        with_table("<!-- commands: x -->\n<!-- end of commands -->\n" * places, "")
