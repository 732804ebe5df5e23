"""A chart: what a picture shows, as plain values that another process can draw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WIDTH: Final = 1080
"""The width of every picture, in pixels: a phone's."""

_TITLE_HEIGHT, _PANEL_HEIGHT, _ONE_OF_MANY = 60, 480, 380
_FEW = 2


class Form(StrEnum):
    """How the values of a panel are drawn."""

    STACKED = "stacked"  # bars, the series on top of one another
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each place on the horizontal axis; None where there is none."""

    name: str
    values: tuple[float | None, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One diagram of a picture. `unit` stands behind the numbers of its vertical axis."""

    title: str
    form: Form
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: panels below one another. `empty` is what stands in a panel without any values."""

    title: str
    panels: tuple[Panel, ...]
    empty: str

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in pixels."""
        panel = _PANEL_HEIGHT if len(self.panels) <= _FEW else _ONE_OF_MANY
        return WIDTH, _TITLE_HEIGHT + panel * len(self.panels)
