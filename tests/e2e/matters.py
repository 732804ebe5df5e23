"""Invented news with more in it: a matter reported month after month, and a document of many pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.news import write_document

if TYPE_CHECKING:
    from pathlib import Path

DAILY, LEDGER, FINANCE = "云汐日报", "The Imaginary Ledger", "虚构财经"
MONTHS = range(1, 11)
PARAGRAPHS = 60


def report(month: int) -> str:
    """What was reported of the bridge in a month of 2025."""
    return f"白鹭大桥工程指挥部{month}月宣布，白鹭大桥主跨已合龙{month}0米，参建工人{month}12名。"


def write_bridge(folder: Path) -> None:
    """Write ten reports on the building of a bridge, one a month, from two sources, and two in English."""
    for month in MONTHS:
        write_document(
            folder / f"bridge-{month:02}.md",
            report(month),
            title=f"白鹭大桥{month}月进展：主跨合龙{month}0米",
            source=DAILY if month % 2 else FINANCE,
            date=f"2025-{month:02}-07",
            url=f"https://news.example/bridge/{month}",
        )
    write_document(
        folder / "bridge-en.md",
        "Egret Bridge will be 2,810 metres long and open to traffic in March 2027.",
        title="Egret Bridge to open in 2027",
        source=LEDGER,
        date="2025-09-02",
    )
    write_document(
        folder / "tunnel-en.md",
        "Larkspur Tunnel cost 640 million crowns. Larkspur Tunnel has 14 clinics for its workers.",
        title="What Larkspur Tunnel cost",
        source=LEDGER,
        date="2025-10-11",
    )


def paragraph(number: int) -> str:
    """A paragraph of the chronicle, too long for many of them to fit a message."""
    return (
        f"第{number}年，雁荡天文台记录了{number}颗新彗星。"
        f"观测员在当年的日志里写道，镜面第{number}次镀银，圆顶转动了{number}百圈。"
        + "夜空晴朗的日子里，山上的人把每一次曝光都记在纸上，留给后来的人核对。"
        * 3
    )


def write_chronicle(folder: Path) -> Path:
    """Write a document of many passages, and return its path."""
    path = folder / "chronicle.md"
    text = "\n\n".join(
        (f"## 第{number // 20 + 1}卷\n\n" if number % 20 == 1 else "") + paragraph(number)
        for number in range(1, PARAGRAPHS + 1)
    )
    write_document(path, text, title="雁荡天文台纪事", source=DAILY, date="2025-06-01")
    return path
