from __future__ import annotations

import pytest

from scripts.third_party import LOCK, PAGE, ROOT, differences, licence, page, pins


def test_the_page_lists_everything_wenxun_runs_on_with_its_licence() -> None:
    lock = (ROOT / LOCK).read_text(encoding="utf-8")

    assert differences(lock, (ROOT / PAGE).read_text(encoding="utf-8")) == []


def test_pins_are_counted_whatever_their_markers_and_hashes() -> None:
    lock = "click==8.3 \\\n    --hash=sha256:00\nNumPy==1.0 ; python_version < '3' \\\nnumpy==2.0\n# x==1\n"

    assert pins(lock) == {"click": 1, "numpy": 2}


def test_a_licence_is_read_from_whatever_field_has_it() -> None:
    assert licence("click") == "BSD-3-Clause"  # an SPDX expression
    assert licence("jieba") == "MIT"  # the older field
    assert licence("aiosqlite") == "MIT License"  # classifiers alone


def test_a_page_made_anew_has_no_differences() -> None:
    lock = "click==8.3 \\\nrich==1.0\n"

    assert differences(lock, page(lock)) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (("| click | BSD-3-Clause |\n", ""), "click: missing"),
        (("| click | BSD-3-Clause |", "| click | GPL-3.0 |"), "click: its licence is stated otherwise"),
        (("| click |", "| clack |"), "clack: not run on any more"),
        (("# What", "# Who"), "the text before the table of packages"),
    ],
)
def test_every_difference_is_told(change: tuple[str, str], difference: str) -> None:
    lock = "click==8.3 \\\nrich==1.0\n"

    assert difference in differences(lock, page(lock).replace(*change))


def test_a_package_that_is_not_installed_here_need_only_be_listed() -> None:
    lock = "only-on-another-platform==1.0\n"
    text = page("") + "| only-on-another-platform | MIT |\n"

    assert differences(lock, text) == []
    assert differences(lock, page("")) == ["only-on-another-platform: missing"]
