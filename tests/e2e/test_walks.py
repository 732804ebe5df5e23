"""Walks through the page with the real bot on the sample news: what a reader does with one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.walking import Walk

pytest_plugins = ["tests.e2e.browser", "tests.e2e.walking"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAYMENT = "灯笼鱼医药为PC-301付了多少首付款？"
LICENCE = "纸鹤生物PC-301海外授权总额最高9.18亿美元"


async def test_a_newcomer_presses_an_example(walk: Walk) -> None:
    await walk.browser.click("#start")
    await walk.browser.find(".message.bot .key")
    examples = await walk.keys()
    assert examples
    answer = await walk.press(examples[0], reply=True)
    assert answer.startswith(examples[0])  # nobody has written it, so the answer says what was asked
    assert await walk.quotes()


async def test_an_answer_and_its_further_results(walk: Walk) -> None:
    first = await walk.ask(PAYMENT)
    assert "首付款6000万美元" in (await walk.quotes())[0]
    assert "1. 虚构财经 · 25/05/20 08:05 (17 个月前) · " + LICENCE in first
    title = "return $('.bot .text a').textContent"
    assert await walk.browser.script(title) == LICENCE
    assert (
        await walk.browser.script("return $$('.bot blockquote strong').map((e) => e.innerText)[1]")
        == "首付款"
    )
    await walk.picture("screenshot.png")
    await walk.picture("screenshot-phone.png", phone=True, dark=True)

    folded = "return $('.expandable-body').offsetHeight"
    before = await walk.browser.script(folded)
    await walk.browser.click(".expand", "展开")
    assert await walk.browser.script(folded) > before

    second = await walk.press("更多结果")
    assert "\n4. " in second
    assert "\n1. " not in second
    again = await walk.press("◀ 上一页")
    assert again.startswith(first[:200])


async def test_a_matter_day_by_day(walk: Walk) -> None:
    answer = await walk.ask("PC-301 临床试验进展")
    shown = await walk.press("📈 时间线")
    assert "█▁" in shown
    assert "2024-03-12 – 2026-03-18 · 5 篇报道" in shown
    assert shown.index("\n2026-03-18 · “") < shown.index("\n2025-02-20 · “") < shown.index("\n2024-03-12 · “")
    await walk.picture("screenshot-timeline.png", dark=True)
    assert await walk.press("↩") == answer


async def test_why_this_answer(walk: Walk) -> None:
    answer = await walk.ask(PAYMENT)
    shown = await walk.press("为什么？")
    assert "我查找的词：" in shown
    assert "“首付款”译作：upfront payment… · upfront…" in shown
    assert "“鱼”译作" not in shown  # of a word, its characters are not told too
    assert "它回答了问题的把握：85%" in shown
    assert await walk.press("↩") == answer


async def test_reading_around_and_the_whole_document(walk: Walk) -> None:
    answer = await walk.ask(PAYMENT)
    around = await walk.press("📖 上下文 1")
    assert around.index("把双特异性抗体PC-301") < around.index("首付款6000万美元")
    assert around.index("首付款6000万美元") < around.index("亚洲权益留在手里")
    marked = await walk.browser.script("return $('.bot blockquote strong').innerText")
    assert "首付款6000万美元" in str(marked)
    await walk.picture("screenshot-reading.png", phone=True)
    await walk.press("📄 全文")
    assert await walk.keys() == ["↩ 回到答案"]
    assert await walk.press("↩") == answer


async def test_a_reply_asks_within_the_document(walk: Walk) -> None:
    await walk.ask(PAYMENT)
    await walk.browser.click(".bot .tool.reply")
    shown = await walk.ask("里程碑付款呢？")
    assert "合计最高8.58亿美元" in shown
    assert "样刊日报" not in shown  # another document tells of a milestone payment too
    (within,) = [key for key in await walk.keys() if key.startswith("仅限：")]
    assert "样刊日报" in await walk.press(within)


async def test_a_follow_up_and_what_it_assumes(walk: Walk) -> None:
    await walk.ask("云汐生物谷一季度融资多少？")
    await walk.ask("那三季度呢？ 来源:虚构财经 自:2025-01")
    chips = ["接着问：云汐生物谷一季度融资多少？ ✕", "来源：虚构财经 ✕", "自 2025-01 ✕"]
    assert (await walk.keys())[:3] == chips
    await walk.picture("screenshot-buttons.png", phone=True, end=True)
    await walk.press("自 2025-01")
    assert (await walk.keys())[:3] == [*chips[:2], "📖 上下文 1"]
    await walk.press("来源：")
    await walk.press("接着问：")
    assert not [key for key in await walk.keys() if key.endswith("✕")]


async def test_following_and_an_opinion(walk: Walk) -> None:
    await walk.ask(PAYMENT)
    await walk.press("👎")
    await walk.browser.find(".toast", "谢谢您的反馈。")
    assert {"找错了新闻", "太旧了", "答非所问", "截取不当"} <= set(await walk.keys())
    await walk.press("太旧了")
    assert "👎 ✓" in await walk.keys()
    assert "太旧了" not in await walk.keys()
    draft = await walk.press("🔔 关注", reply=True)
    assert PAYMENT in draft
    assert await walk.quotes()
    await walk.picture("screenshot-draft.png", phone=True, end=True)
    page = await walk.press("✅")
    assert PAYMENT in page
    assert {"🗑", "◀"} <= {key[0] for key in await walk.keys()}
    listed = await walk.press("◀")
    assert f"1. {PAYMENT}" in listed
    await walk.press("1")
    deleted = await walk.press("🗑")
    assert PAYMENT in deleted
    await walk.press("↩")
    await walk.ask(PAYMENT)
    assert "🔔 已关注" in await walk.keys()
