"""Drawing: a chart becomes a PNG that shows Chinese. matplotlib is imported here, and only when it draws."""

from __future__ import annotations

import io
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.keeping.charts import Form

if TYPE_CHECKING:
    from bot.keeping.charts import Chart, Panel, Series

FONT: Final = Path(__file__).parents[1] / "fonts" / "NotoSansSC-subset.otf"
"""The font of all pictures; `bot/fonts/README.md` says which characters it has."""

_DPI: Final = 100
_COLOURS: Final = 128  # of the file: with flat areas nobody sees the difference, and it is a third in size
_MOST_TICKS: Final = 8
_LONGEST_NAME: Final = 18
_LEGEND_COLUMNS: Final = 4
_INK, _SOFT_INK, _GRID = "#333333", "#767676", "#e8e8e8"
_MISSING: Final = "·"


def draw(chart: Chart) -> bytes:
    """The chart as a PNG of the size it names."""
    from matplotlib import font_manager, rc_context  # noqa: PLC0415 - it takes a second that only pictures need
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    if not any(each.fname == str(FONT) for each in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(FONT)
    style: dict[Any, Any] = {  # the library lists the names of all its settings as a type
        "font.family": font_manager.FontProperties(fname=FONT).get_name(),
        "font.size": 15.0,
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "text.color": _INK,
        "axes.edgecolor": _GRID,
        "axes.labelcolor": _SOFT_INK,
        "axes.unicode_minus": False,
        "xtick.color": _SOFT_INK,
        "ytick.color": _SOFT_INK,
    }
    with rc_context(style):
        width, height = chart.size
        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor="white")
        figure.set_layout_engine("constrained", w_pad=0.18, h_pad=0.14)
        figure.suptitle(drawable(chart.title), fontsize=21)
        for place, panel in enumerate(chart.panels, 1):
            _draw_panel(figure.add_subplot(len(chart.panels), 1, place), panel, drawable(chart.empty))
        return _png(figure)


def drawable(text: str) -> str:
    """The text in characters that the font has; each run of others becomes one dot."""
    known = _known()
    shown: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if ord(character) in known:
            shown.append(character)
        elif unicodedata.category(character) in {"Cf", "Mn", "Me"}:
            continue  # invisible by itself, such as what joins the parts of an emoji
        elif character.isspace():
            shown.append(" ")
        elif shown[-1:] != [_MISSING]:
            shown.append(_MISSING)
    return "".join(shown)


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - as above

    return frozenset(FT2Font(str(FONT)).get_charmap())


def _draw_panel(axes: Any, panel: Panel, empty: str) -> None:  # noqa: ANN401 - matplotlib's types hold little here
    axes.set_title(drawable(panel.title), fontsize=17, loc="left", color=_INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    places = range(len(panel.labels))
    ticks = _ticks(len(panel.labels))
    axes.set_xticks(ticks, [drawable(panel.labels[place]) for place in ticks])
    axes.set_xlim(-0.6, max(len(panel.labels) - 0.4, 0.6))
    if not any(value for each in panel.series for value in each.values):
        axes.set_yticks([])
        axes.text(0.5, 0.5, empty, transform=axes.transAxes, ha="center", va="center", color=_SOFT_INK)
        return
    axes.grid(axis="y", color=_GRID, linewidth=1)
    axes.set_axisbelow(True)
    if panel.form is Form.STACKED:
        _draw_bars(axes, places, panel.series)
    else:
        _draw_lines(axes, places, panel.series)
    axes.set_ylim(bottom=0)
    whole = all(value is None or value == int(value) for each in panel.series for value in each.values)
    axes.locator_params(axis="y", nbins=5, integer=whole)
    axes.yaxis.set_major_formatter(lambda value, _: drawable(f"{value:,.10g}{panel.unit}"))
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.11),
        ncols=min(_LEGEND_COLUMNS, len(panel.series)),
        frameon=False,
        fontsize=14,
        handlelength=1.1,
        columnspacing=1.3,
    )


def _draw_bars(axes: Any, places: range, series: tuple[Series, ...]) -> None:  # noqa: ANN401 - as above
    below = [0.0] * len(places)
    for each in series:
        values = [value or 0.0 for value in each.values]
        axes.bar(places, values, bottom=below, width=0.82, color=each.colour, label=_name(each.name))
        below = [low + value for low, value in zip(below, values, strict=True)]


def _draw_lines(axes: Any, places: range, series: tuple[Series, ...]) -> None:  # noqa: ANN401 - as above
    # A value between two days without any would not be seen as a line.
    size = 5 if len(places) <= 31 else 3  # noqa: PLR2004 - a month
    for each in series:
        values = [float("nan") if value is None else value for value in each.values]
        axes.plot(
            places,
            values,
            color=each.colour,
            label=_name(each.name),
            linewidth=2.4,
            marker="o",
            markersize=size,
        )


def _ticks(count: int) -> list[int]:
    """Which places are labelled: all of a few, else some at even distances, always the last."""
    step = max(1, -(-count // _MOST_TICKS))
    return list(range(count - 1, -1, -step))[::-1]


def _name(text: str) -> str:
    shown = drawable(" ".join(text.split()))
    shown = shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"
    # What begins with an underscore is left out of a legend.
    return f" {shown}" if shown.startswith("_") else shown


def _png(figure: Any) -> bytes:  # noqa: ANN401 - as above
    from PIL import Image  # noqa: PLC0415 - as above

    raw = io.BytesIO()
    figure.savefig(raw, format="rgba", dpi=_DPI)
    width, height = (round(each * _DPI) for each in figure.get_size_inches())
    image = Image.frombytes("RGBA", (width, height), raw.getvalue()).convert("RGB")
    packed = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()
