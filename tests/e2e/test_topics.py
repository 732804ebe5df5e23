"""`/topics`: what the news is about, and the newest news of a topic with its key points."""

import json

import pytest
from telegram import Message

from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, text_of
from tests.e2e.pressing import forge, newest, press

TITLES = [f"灯塔工程第{number}期" for number in range(1, 6)]


async def load_topics(stage: Stage, topic: str = "灯塔") -> None:
    """Put five documents about a topic among the news, with key points, sections and marks."""
    records = [
        {
            "id": f"lighthouse-{number}",
            "title": title,
            "source": "云汐日报",
            "published": f"2026-0{number}-01",
            "topics": [topic, "工程"],
            "passages": [
                {"text": f"第{number}期完成<塔身>。", "section": "第一组", "marks": ["[1]", "[2]"]},
                {"text": f"第{number}期用去{number}00万元。", "section": "第二组"},
            ],
        }
        for number, title in enumerate(TITLES, 1)
    ]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (stage.services.settings.corpus / "lighthouses.jsonl").write_text(lines, encoding="utf-8")
    await stage.services.loader.load()


async def opened(stage: Stage, name: str) -> Message:
    """The page of a topic, in the place of the list."""
    return await press(stage, stage.alice, await stage.ask(stage.alice, "/topics"), name)


async def test_topics_are_buttons_with_how_many_documents_each_has(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        shown = await stage.ask(stage.alice, "/topics")
    assert text_of(shown).startswith("What the news here is about")
    # A document that names no topics counts where it speaks of one, as on the topic's page.
    assert {"灯塔 · 6", "工程 · 5"} <= set(labels(shown))


async def test_a_topics_page_has_its_newest_news_with_key_points_and_marks(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        page = await opened(stage, "灯塔")
    text = text_of(page)
    assert "1 to 3 of 6" in text
    assert [title for title in TITLES if title in text] == TITLES[2:]
    assert text.index(TITLES[4]) < text.index(TITLES[3]) < text.index(TITLES[2])
    assert "云汐日报 · 2026-05-01" in text
    assert "第一组\n• 第5期完成<塔身>。 [1] [2]\n第二组\n• 第5期用去500万元。" in text


async def test_its_pages_go_back_and_forth_and_to_all_topics(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        first = await opened(stage, "灯塔")
        second = await press(stage, stage.alice, first, "older ▶")
        assert "4 to 6 of 6" in text_of(second)
        assert TITLES[0] in text_of(second)
        assert labels(second) == ["◀ newer", "🔔 Follow", "◀ All topics"]
        assert text_of(await press(stage, stage.alice, second, "◀ newer")) == text_of(first)
        back = await press(stage, stage.alice, newest(stage, first), "◀ All topics")
        assert text_of(back).startswith("What the news here is about")
        assert len(stage.said(stage.alice)) == 1


async def test_a_topic_that_is_gone_after_a_reload_leads_to_those_there_are(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        listed = await stage.ask(stage.alice, "/topics")
        page = await press(stage, stage.alice, listed, "灯塔")
        await load_topics(stage, "港口")
        again = await press(stage, stage.alice, page, "older ▶")
        assert "港口 · 5" in labels(again)
        assert "灯塔 · 6" not in labels(again)


async def test_new_news_are_among_the_topics_without_a_restart(stage: Stage) -> None:
    async with stage.running():
        assert "灯塔 · 6" not in labels(await stage.ask(stage.alice, "/topics"))
        await load_topics(stage)
        assert "灯塔 · 6" in labels(await stage.ask(stage.alice, "/topics"))


async def test_buttons_of_topics_work_after_a_restart(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        listed = await stage.ask(stage.alice, "/topics")
    async with stage.running():
        assert TITLES[4] in text_of(await press(stage, stage.alice, listed, "灯塔"))


async def test_a_place_behind_the_end_is_the_last_page(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        page = await opened(stage, "灯塔")
        key = str(button(page, "older").callback_data).split(":")[1]
        await forge(stage, stage.alice, page, f"top:{key}:999999999")
        assert "4 to 6 of 6" in text_of(newest(stage, page))


@pytest.mark.parametrize(
    "data", ["top:x", "top:x:-1", "top:x:9999999999", "top:x:٣", "top:" + "x" * 20 + ":0"]
)
async def test_a_forged_topic_changes_nothing(stage: Stage, data: str) -> None:
    await load_topics(stage)
    async with stage.running():
        page = await opened(stage, "灯塔")
        assert (await forge(stage, stage.alice, page, data))["text"] == "This button no longer works."
        assert text_of(newest(stage, page)) == text_of(page)


async def test_in_a_group_topics_quote_who_asked(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        said = await stage.telegram.say(stage.alice, "/topics", stage.group)
        shown = await stage.telegram.wait_for_reply(stage.group, after=said)
        assert shown.reply_to_message is not None
        assert shown.reply_to_message.message_id == said.message_id
        assert TITLES[4] in text_of(await press(stage, stage.alice, shown, "灯塔"))


async def test_without_any_news_there_are_no_topics(stage: Stage) -> None:
    for file in stage.services.settings.corpus.iterdir():
        file.unlink()
    await stage.services.loader.load(allow_empty=True)
    async with stage.running():
        assert text_of(await stage.ask(stage.alice, "/topics")) == "There is no news here yet."
        assert text_of(await stage.ask(stage.alice, "/help"))


async def test_a_topic_written_in_another_case_is_the_same_topic(stage: Stage) -> None:
    records = [
        {
            "id": f"agency-{number}",
            "title": f"消息{number}",
            "published": f"2026-0{number}-01",
            "topics": [topic],
        }
        | {"text": f"第{number}条消息。"}
        for number, topic in enumerate(("FDA", "fda", "FDA ", "fda", "FDA"), 1)
    ]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (stage.services.settings.corpus / "agency.jsonl").write_text(lines, encoding="utf-8")
    await stage.services.loader.load()
    async with stage.running():
        listed = await stage.ask(stage.alice, "/topics")
        name = next(each for each in labels(listed) if each.casefold().startswith("fda"))
        page = text_of(await press(stage, stage.alice, listed, name))
    assert name.endswith("· 5")
    assert all(f"消息{number}" in page for number in (5, 4, 3))
