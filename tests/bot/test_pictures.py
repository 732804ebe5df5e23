"""Pictures: of the size they name, in Chinese without boxes, whatever stands in them."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.keeping.charts import Chart, Form, Panel, Series
from bot.keeping.drawing import draw, drawable
from bot.keeping.pictures import Pictures

if TYPE_CHECKING:
    from pathlib import Path

DAYS = tuple(f"11月{day}日" for day in range(1, 8))
SERIES = (
    Series("虚构财经", (1, 2, 0, 4, 5, 1, 2), "#4c78a8"),
    Series("假想資本週報", (0, 1, 3, None, 1, 2, 9), "#f58518"),
    Series("🚀 𪚥 $x$ The Ledger", (2, 2, 2, 2, 2, 2, 2), "#54a24b"),
)


def chart(*panels: Panel) -> Chart:
    return Chart("每天的文章数", panels or (Panel("按来源", Form.STACKED, DAYS, SERIES),), "没有数据")


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.size


@pytest.mark.parametrize("form", Form)
def test_a_picture_has_its_size_and_a_glyph_for_every_character(form: Form) -> None:
    drawn = chart(Panel("按来源", form, DAYS, SERIES), Panel("回答用时", form, DAYS, SERIES, unit=" 秒"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that is missing
        assert size_of(draw(drawn)) == drawn.size


def test_a_picture_without_any_values_says_so() -> None:
    nothing = chart(Panel("按来源", Form.LINES, DAYS, (Series("a", (None,) * 7, "#000000"),)))
    assert draw(nothing) != draw(Chart(nothing.title, nothing.panels, ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("重慶创新药 GR1803", "重慶创新药 GR1803"),
        ("🚀🚀 上涨", "· 上涨"),
        ("𪚥字", "·字"),
        ("a\u200db\u0301", "ab"),
        ("行\n二", "行 二"),
    ],
)
def test_what_the_font_lacks_is_a_dot(text: str, shown: str) -> None:
    assert drawable(text) == shown


async def test_a_process_of_its_own_draws(tmp_path: Path) -> None:
    png = await Pictures(tmp_path / "fonts").draw(chart())
    assert png is not None
    assert size_of(png) == chart().size
