"""A dozen short documents to ask about, all of them invented."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DEAL = "蓝鲸生物以双抗药物BW1803首次实现海外授权，总金额7.12亿美元，首付款6000万美元。"
PIPELINE = "There are over 100 innovative drugs under research in Port Harmony, with 42 in clinical trials."
HOSTILE = '代码 <b>BW9</b> & \u202e"引号" </blockquote> 的价格为 <script>88元</script>。'
BARE = "无名小城的灯塔高度为39米。"


def write_news(folder: Path) -> None:
    """Write the document about the deal as a file of its own, and thirteen more in another."""
    folder.mkdir()
    write_document(
        folder / "deal.md",
        DEAL,
        title="蓝鲸生物海外授权7.12亿美元",
        source="虚构财经",
        date="2025-05-20 08:05",
        url="https://news.example/deal?a=1&b=2",
    )
    ledger = {
        "title": "Port Harmony counts its drugs",
        "source": "The Imaginary Ledger",
        "published": "2025-12-16",
    }
    odd = {"title": '<i>标题</i> & "更多"', "source": "来源 <u>", "published": "2025-01-02"}
    records = [ledger | {"text": PIPELINE}, odd | {"text": HOSTILE}, {"text": BARE}]
    records += [
        {
            "title": f"港城园区{month}月融资{month}3亿元",
            "source": "虚构财经",
            "published": f"2024-{month:02}-15",
            "text": f"港城园区第{month}个月的融资额为{month}3亿元。",
        }
        for month in range(1, 11)
    ]
    lines = (json.dumps(record | {"id": str(n)}, ensure_ascii=False) for n, record in enumerate(records))
    (folder / "others.jsonl").write_text("\n".join(lines), encoding="utf-8")


def write_document(
    path: Path,
    text: str,
    *,
    title: str | None = None,
    source: str | None = None,
    date: str | None = None,
    url: str | None = None,
) -> None:
    """Write a Markdown file with front matter for what is given."""
    given = {"title": title, "source": source, "date": date, "url": url}
    quoted = (f"{name}: '{value}'" for name, value in given.items() if value is not None)
    path.write_text("\n".join(("---", *quoted, "---", "", text, "")), encoding="utf-8")
