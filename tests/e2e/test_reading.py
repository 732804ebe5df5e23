"""Reading on: around an excerpt, through its whole document, and an answer by its address."""

import re

import pytest
from telegram import Message

from tests.e2e.conftest import Stage
from tests.e2e.matters import PARAGRAPHS, paragraph, report, write_chronicle
from tests.e2e.messages import bolds, button, folded, labels, links, quotes, text_of
from tests.e2e.news import write_document
from tests.e2e.pressing import forge, newest

QUESTION = "雁荡天文台第33年记录了多少颗新彗星？"
CHANGED = "⚠️ 这篇文章后来改过。当时的原文是："
GONE = "⚠️ 这篇文章已不在新闻库中。当时的原文是："


async def pressed(stage: Stage, message: Message, label: str) -> Message:
    """The reader's message after a button was pressed that changes it."""
    await stage.telegram.press(stage.reader, message, label)
    return await stage.telegram.wait_for_edit(message)


def years(message: Message) -> list[int]:
    """Which paragraphs of the chronicle stand in a message, in their order."""
    found = [re.search(r"第(\d+)年", quote) for quote in quotes(message)]
    return [int(each[1]) for each in found if each]


def address_of(message: Message) -> str:
    """The address of an answer, from the button that copies it."""
    copied = button(message, "🔗").copy_text
    assert copied is not None
    return copied.text


async def opened(stage: Stage, address: str) -> Message:
    """What an address opens in Alice's chat."""
    assert address.startswith(f"https://t.me/{stage.telegram.username}?start=")
    return await stage.ask(stage.alice, f"/start {address.partition('start=')[2]}")


async def rewritten(stage: Stage, old: str, new: str) -> None:
    """Change the chronicle, and load it anew."""
    path = stage.services.settings.corpus / "chronicle.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    await stage.services.loader.load()


async def rewritten_bridge(stage: Stage, old: str, new: str) -> None:
    """Change a report of the bridge, and load it anew."""
    for path in stage.services.settings.corpus.glob("bridge-*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")
    await stage.services.loader.load()


async def test_the_paragraph_of_an_excerpt_is_folded_below_it(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    assert quotes(answer)[0] == "第33年，雁荡天文台记录了33颗新彗星。"
    assert folded(answer)[0] == paragraph(33)
    assert "第 1 条的整段原文：" in text_of(answer)


async def test_an_excerpt_is_read_in_its_surroundings(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    around = await pressed(library, answer, "📖 上下文 1")
    assert quotes(around) == [paragraph(32), paragraph(33), paragraph(34)]
    assert bolds(around) == ["第33年，雁荡天文台记录了33颗新彗星。"]
    assert text_of(around).startswith("云汐日报 · 2025-06-01 (")
    assert labels(around) == ["◀ 前文", "后文 ▶", "📄 全文", "↩ 回到答案"]


async def test_reading_goes_on_before_and_after(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    around = await pressed(library, answer, "📖 上下文 1")
    before = await pressed(library, around, "◀ 前文")
    assert years(before)[-1] < 33
    assert years(before)[0] < 32
    after = await pressed(library, await pressed(library, before, "后文"), "后文")
    assert years(after)[-1] > 34


async def test_reading_ends_at_both_ends_of_the_document(library: Stage) -> None:
    answer = await library.ask(library.reader, "雁荡天文台第2年记录了多少颗新彗星？")
    page = await pressed(library, answer, "📖 上下文 1")
    while "◀ 前文" in labels(page):
        page = await pressed(library, page, "◀ 前文")
    assert years(page)[0] == 1
    answer = await library.ask(library.reader, f"雁荡天文台第{PARAGRAPHS}年记录了多少颗新彗星？")
    page = await pressed(library, answer, "📖 上下文 1")
    while "后文 ▶" in labels(page):
        page = await pressed(library, page, "后文 ▶")
    assert years(page)[-1] == PARAGRAPHS


async def test_the_whole_document_is_read_page_by_page(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    page = await pressed(library, await pressed(library, answer, "📖 上下文 1"), "📄 全文")
    assert 33 in years(page)
    assert bolds(page) == ["第33年，雁荡天文台记录了33颗新彗星。"]
    while "◀ 上一页" in labels(page):
        page = await pressed(library, page, "◀ 上一页")
    seen = years(page)
    pages = int(re.findall(r"第 1 页，共 (\d+) 页", text_of(page))[0])
    for number in range(2, pages + 1):
        page = await pressed(library, page, "下一页 ▶")
        assert f"第 {number} 页，共 {pages} 页" in text_of(page)
        seen += years(page)
    assert seen == list(range(1, PARAGRAPHS + 1))
    assert "下一页 ▶" not in labels(page)


async def test_the_way_back_leads_to_the_page_one_came_from(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    second = await pressed(library, answer, "更多结果")
    around = await pressed(library, second, "📖 上下文 5")
    assert quotes(second)[1] in " ".join(quotes(around))
    whole = await pressed(library, around, "📄 全文")
    again = await pressed(library, whole, "↩ 回到答案")
    assert (again.text, labels(again)) == (second.text, labels(second))
    assert len(library.said(library.reader)) == 1


async def test_a_short_document_has_nothing_before_or_after(library: Stage) -> None:
    answer = await library.ask(library.alice, "When will Egret Bridge open?")
    await library.telegram.press(library.alice, answer, "📖")
    around = await library.telegram.wait_for_edit(answer)
    assert labels(around) == ["📄 Whole document", "↩ Back to the answer"]
    await library.telegram.press(library.alice, around, "📄")
    # The page has the same text, so only its buttons tell that it is another one.
    whole = await library.telegram.wait_for_edit(around)
    assert labels(whole) == ["↩ Back to the answer"]


async def test_a_document_that_changed_elsewhere_is_read_as_it_is_now(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    await rewritten(library, "镜面第34次镀银", "镜面第34次抛光")
    around = await pressed(library, answer, "📖 上下文 1")
    assert "镜面第34次抛光" in quotes(around)[2]


async def test_a_document_whose_quoted_words_changed_says_what_stood_there(library: Stage) -> None:
    answer = await library.ask(library.reader, QUESTION)
    await rewritten(library, "雁荡天文台记录了33颗新彗星", "雁荡天文台记录了35颗新彗星")
    told = await pressed(library, answer, "📖 上下文 1")
    assert CHANGED in text_of(told)
    assert quotes(told) == ["第33年，雁荡天文台记录了33颗新彗星。"]
    assert "雁荡天文台纪事" in text_of(told)
    again = await pressed(library, told, "🔄 重新提问")
    assert "雁荡天文台记录了35颗新彗星" in quotes(again)[0]


@pytest.mark.parametrize("steps", [("📖 上下文 1",), ("📖 上下文 1", "📄 全文")])
async def test_a_document_that_is_gone_says_what_stood_there(library: Stage, steps: tuple[str, ...]) -> None:
    message = await library.ask(library.reader, QUESTION)
    for step in steps[:-1]:
        message = await pressed(library, message, step)
    (library.services.settings.corpus / "chronicle.md").unlink()
    await library.services.loader.load()
    told = await pressed(library, message, steps[-1])
    assert GONE in text_of(told)
    assert quotes(told) == ["第33年，雁荡天文台记录了33颗新彗星。"]
    again = await pressed(library, told, "🔄 重新提问")
    assert "雁荡天文台" not in " ".join(quotes(again))


async def test_a_document_that_shrank_is_read_to_its_new_end(library: Stage) -> None:
    answer = await library.ask(library.reader, "雁荡天文台第2年记录了多少颗新彗星？")
    page = await pressed(library, await pressed(library, answer, "📖 上下文 1"), "📄 全文")
    path = write_chronicle(library.services.settings.corpus)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("第5年")], encoding="utf-8")
    await library.services.loader.load()
    last = await pressed(library, page, "下一页")
    assert years(last) == [1, 2, 3, 4]
    assert labels(last) == ["↩ 回到答案"]


async def test_an_address_opens_the_same_excerpts_in_another_chat(library: Stage) -> None:
    answer = await library.ask(library.reader, "白鹭大桥10月主跨合龙多少米？")
    copy = await opened(library, address_of(answer))
    assert bolds(copy)[0] == "白鹭大桥10月主跨合龙多少米？"
    assert quotes(copy) == quotes(answer)
    assert links(copy) == links(answer)
    assert "⚠️" not in text_of(copy)
    assert labels(copy) == ["🔄 Ask again"]


async def test_who_opened_an_answer_asks_on_without_changing_it(library: Stage) -> None:
    answer = await library.ask(library.reader, "白鹭大桥10月主跨合龙多少米？")
    copy = await opened(library, address_of(answer))
    await library.telegram.press(library.alice, copy, "🔄")
    again = await library.telegram.wait_for_edit(copy)
    assert text_of(again).startswith("白鹭大桥10月主跨合龙多少米？\n\n")
    assert quotes(again) == quotes(answer)
    await library.telegram.press(library.alice, again, "🕒")
    await library.telegram.wait_for_edit(again)
    assert quotes(await opened(library, address_of(answer))) == quotes(answer)
    assert library.telegram.messages(library.reader)[-1].text == answer.text


async def test_an_address_says_which_documents_have_changed_since(library: Stage) -> None:
    answer = await library.ask(library.reader, "白鹭大桥10月主跨合龙多少米？")
    folder = library.services.settings.corpus
    assert quotes(answer)[0] == report(10)
    changed = report(10).replace("100", "99")
    address = "https://news.example/bridge/10"
    write_document(folder / "bridge-10.md", changed, title="白鹭大桥10月更正", url=address)
    (folder / "bridge-01.md").unlink()
    await library.services.loader.load()
    copy = await opened(library, address_of(answer))
    assert quotes(copy) == quotes(answer)
    lines = text_of(copy).split("\n")
    assert lines[lines.index(report(10)) - 1] == "⚠️ The document has changed since. It said:"
    assert lines[lines.index(report(10)) + 1] == "no source given · no date given · 白鹭大桥10月更正"
    assert lines[lines.index(report(1)) - 1] == "⚠️ The document is no longer in the news. It said:"
    assert lines[lines.index(report(1)) + 1].endswith("白鹭大桥1月进展：主跨合龙10米")
    assert text_of(copy).count("⚠️") == 2


async def test_an_address_works_after_a_restart_and_each_page_has_its_own(shelf: Stage) -> None:
    async with shelf.running():
        first = await shelf.ask(shelf.reader, QUESTION)
        second = await pressed(shelf, first, "更多结果")
    assert address_of(second) != address_of(first)
    async with shelf.running():
        for page in (first, second):
            assert quotes(await opened(shelf, address_of(page))) == quotes(page)


async def test_an_address_opens_what_was_given_whatever_the_message_shows_since(library: Stage) -> None:
    given = await library.ask(library.reader, "白鹭大桥合龙 自:2025-02")
    latest = await pressed(library, given, "🕒")
    wider = await pressed(library, latest, "自 ")
    assert len({address_of(each) for each in (given, latest, wider)}) == 3
    for shown in (given, latest, wider):
        assert quotes(await opened(library, address_of(shown))) == quotes(shown)


async def test_after_a_reload_the_old_address_opens_what_was_given(library: Stage) -> None:
    given = await library.ask(library.reader, "白鹭大桥10月主跨合龙多少米？")
    await rewritten_bridge(library, report(10), report(10).replace("100", "99"))
    now = await pressed(library, given, "👍")
    assert quotes(now)[0] == report(10).replace("100", "99")
    assert quotes(await opened(library, address_of(given)))[0] == report(10)
    assert address_of(now) != address_of(given)


async def test_a_button_of_a_page_that_is_not_shown_any_more_opens_its_own_excerpt(library: Stage) -> None:
    first = await library.ask(library.reader, "白鹭大桥合龙")
    second = await pressed(library, first, "更多结果")
    read = button(first, "📖")
    assert read.callback_data is not None
    await forge(library, library.reader, second, read.callback_data)
    await library.idle()
    around = newest(library, second)
    assert quotes(first)[0] in text_of(around)
    assert quotes(second)[0] not in text_of(around)


async def test_a_reply_to_a_document_that_is_read_asks_within_it(library: Stage) -> None:
    answer = await library.ask(library.reader, "白鹭大桥合龙")
    around = await pressed(library, answer, "📖 上下文 2")
    said = await library.telegram.say(library.reader, "参建工人有多少名？", reply_to=around)
    told = await library.telegram.wait_for_reply(library.reader, after=said)
    assert quotes(told) == [quotes(answer)[1]]
    back = await pressed(library, around, "↩")
    said = await library.telegram.say(library.reader, "参建工人有多少名？", reply_to=back)
    told = await library.telegram.wait_for_reply(library.reader, after=said)
    assert quotes(told) == [quotes(answer)[0]]


@pytest.mark.parametrize("payload", ["r_AAAAAAAAAA", "r_A"])
async def test_an_address_that_is_no_longer_kept_says_so(library: Stage, payload: str) -> None:
    told = await library.ask(library.alice, f"/start {payload}")
    assert told.text == "This answer is too old: I no longer have it. Please ask again."


@pytest.mark.parametrize("payload", ["r_", "r_../..", "r_" + "A" * 25, "other"])
async def test_an_address_of_something_else_is_a_welcome(library: Stage, payload: str) -> None:
    assert "Wenxun answers questions" in text_of(await library.ask(library.alice, f"/start {payload}"))


async def test_a_citation_is_copied_in_the_style_of_its_language(library: Stage) -> None:
    chinese = await library.ask(library.reader, "白鹭大桥10月主跨合龙多少米？")
    english = await library.ask(library.alice, "When will Egret Bridge open?")
    copied = [button(message, "📋").copy_text for message in (chinese, english)]
    assert all(copied)
    first, second = (each.text for each in copied if each)
    assert re.fullmatch(
        r"白鹭大桥10月进展：主跨合龙100米\[.+\]\..*虚构财经.*2025-10-07.*https://news\.example/bridge/10\.?",
        first,
    )
    assert second == "Egret Bridge to open in 2027. (2025, September 2). The Imaginary Ledger."
