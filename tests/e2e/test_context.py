"""What a question is taken to mean: after another one, in a reply, with operators, forwarded, and edited."""

from datetime import datetime, timedelta

import pytest
from telegram import Message

from bot.local.wire import Upload
from tests.e2e.conftest import Stage
from tests.e2e.matters import report
from tests.e2e.messages import button, chips, labels, quotes, text_of
from tests.e2e.news import DEAL, PIPELINE

BRIDGE = "Egret Bridge will be 2,810 metres long and open to traffic in March 2027."
TUNNEL = "Larkspur Tunnel cost 640 million crowns. Larkspur Tunnel has 14 clinics for its workers."
HINT = "您想了解什么？请用几个词写下您的问题。"


class Later:
    """A clock that can be put forward."""

    def __init__(self, clock: object) -> None:
        self.clock = clock
        self.passed = timedelta()

    def __call__(self) -> datetime:
        assert callable(self.clock)
        now = self.clock()
        assert isinstance(now, datetime)
        return now + self.passed


async def reply(stage: Stage, text: str, to: Message) -> Message:
    """The answer to the reader's reply to a message."""
    said = await stage.telegram.say(stage.reader, text, reply_to=to)
    return await stage.telegram.wait_for_reply(stage.reader, after=said)


async def test_a_follow_up_refines_the_question_before(library: Stage) -> None:
    await library.ask(library.reader, "白鹭大桥2025年9月的进展")
    answer = await library.ask(library.reader, "那2025年10月呢？")
    assert quotes(answer)[0] == report(10)
    assert chips(answer)[0].startswith("接着问：白鹭大桥2025年9月")


async def test_a_follow_up_in_english_refines_too(library: Stage) -> None:
    await library.ask(library.alice, "How much did Larkspur Tunnel cost?")
    answer = await library.ask(library.alice, "and the clinics?")
    assert quotes(answer) == [TUNNEL]
    assert chips(answer)[0].startswith("following: How much did")


async def test_a_follow_up_of_a_follow_up_keeps_what_both_were_about(library: Stage) -> None:
    await library.ask(library.alice, "How much did Larkspur Tunnel cost?")
    await library.ask(library.alice, "and the clinics?")
    answer = await library.ask(library.alice, "how many of them does it have?")
    assert quotes(answer)[0] == TUNNEL
    assert chips(answer)[0].startswith("following: ")


async def test_a_new_topic_starts_afresh(library: Stage) -> None:
    await library.ask(library.reader, "白鹭大桥 来源:云汐日报")
    answer = await library.ask(library.reader, "BW1803 的海外授权总金额是多少？")
    assert chips(answer) == []
    assert quotes(answer)[0] == DEAL


async def test_a_follow_up_keeps_what_was_confined_and_adds_to_it(library: Stage) -> None:
    await library.ask(library.reader, "白鹭大桥2025年9月的进展 来源:云汐日报")
    answer = await library.ask(library.reader, "那2025年7月呢？ 排除:铁路")
    assert chips(answer)[1:] == ["来源：云汐日报", "不含：铁路"]
    assert quotes(answer)[0] == report(7)
    assert "虚构财经" not in text_of(answer)


async def test_a_context_that_is_taken_back_does_not_count(library: Stage) -> None:
    await library.ask(library.alice, "How much did Larkspur Tunnel cost?")
    answer = await library.ask(library.alice, "what about Egret Bridge?")
    await library.telegram.press(library.alice, answer, "following")
    alone = await library.telegram.wait_for_edit(answer)
    assert chips(alone) == []
    assert quotes(alone)[0] == BRIDGE
    assert TUNNEL not in quotes(alone)


async def test_what_one_reader_asked_is_not_anothers_context(library: Stage) -> None:
    await library.ask(library.reader, "/ask 白鹭大桥2025年9月的进展", library.group)
    answer = await library.ask(library.alice, "/ask and in 2024?", library.group)
    assert chips(answer) == []


async def test_a_context_is_forgotten_after_a_while(shelf: Stage) -> None:
    clock = Later(shelf.telegram.world.clock)
    shelf.telegram.world.clock = clock
    async with shelf.running():
        await shelf.ask(shelf.reader, "白鹭大桥2025年9月的进展")
    clock.passed = timedelta(minutes=59)
    async with shelf.running():
        assert chips(await shelf.ask(shelf.reader, "那2025年10月呢？"))
    clock.passed = timedelta(hours=3)
    async with shelf.running():
        assert chips(await shelf.ask(shelf.reader, "那2025年10月呢？")) == []


@pytest.mark.parametrize("text", ["那英文的呢", "只看英文的", "语言:英文"])
async def test_the_question_before_is_asked_of_the_news_in_another_language(
    library: Stage, text: str
) -> None:
    await library.ask(library.reader, "白鹭大桥什么时候通车")
    answer = await library.ask(library.reader, text)
    assert chips(answer) == ["只看英文"]
    assert quotes(answer) == [BRIDGE]


@pytest.mark.parametrize("text", ["只看虚构财经的", "来源:虚构财经", "来源：虚构财经"])
async def test_operators_alone_confine_the_question_before(library: Stage, text: str) -> None:
    first = await library.ask(library.reader, "白鹭大桥 自:2025-05")
    assert "云汐日报" in text_of(first)
    answer = await library.ask(library.reader, text)
    assert chips(answer) == ["来源：虚构财经", "自 2025-05"]
    assert "云汐日报" not in text_of(answer)
    assert "白鹭大桥" in quotes(answer)[0]


async def test_operators_alone_after_nothing_get_a_hint(library: Stage) -> None:
    assert (await library.ask(library.reader, "来源:虚构财经")).text == HINT


async def test_a_reply_asks_within_the_document_of_the_answer(library: Stage) -> None:
    first = await library.ask(library.reader, "白鹭大桥3月主跨合龙多少米？ 日期:2025-03")
    assert quotes(first)[0] == report(3)
    await library.ask(library.reader, "BW1803 的海外授权总金额是多少？")
    answer = await reply(library, "参建工人有多少名？", first)
    assert quotes(answer) == [report(3)]
    assert chips(answer) == ["仅限：白鹭大桥3月进展：主跨合龙…"]
    await library.telegram.press(library.reader, answer, "仅限")
    wider = await library.telegram.wait_for_edit(answer)
    assert chips(wider) == []
    assert len(quotes(wider)) == 3


async def test_a_reply_with_what_the_document_does_not_say_says_so(library: Stage) -> None:
    first = await library.ask(library.reader, "BW1803 的海外授权总金额是多少？")
    answer = await reply(library, "火星上的外星人喜欢跳什么舞", first)
    assert text_of(answer).startswith("这篇文章里没有找到相关内容。")
    assert chips(answer)[-1].startswith("仅限：蓝鲸生物海外授权")


async def test_a_reply_with_operators_alone_confines_the_answers_question(library: Stage) -> None:
    first = await library.ask(library.reader, "白鹭大桥2025年进展")
    await library.ask(library.reader, "BW1803 的海外授权总金额是多少？")
    answer = await reply(library, "只看虚构财经的", first)
    assert chips(answer) == ["来源：虚构财经"]
    assert "白鹭大桥" in quotes(answer)[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("白鹭大桥 来源:云汐日报", ["来源：云汐日报"]),
        ("白鹭大桥 来源：云汐日报", ["来源：云汐日报"]),
        (
            "白鹭大桥 from:云汐日报 since:2025-03 until:2025-06-30",
            ["来源：云汐日报", "自 2025-03", "至 2025-06"],
        ),
        ("白鹭大桥 日期:2025-03..2025-04", ["自 2025-03", "至 2025-04"]),
        ("白鹭大桥 lang:zh", ["只看中文"]),
        ("白鹭大桥 “主跨已合龙30米”", ["原文含“主跨已合龙30米”"]),
        ("白鹭大桥 排除:10月", ["不含：10月"]),
        ("只看云汐日报的，白鹭大桥合龙多少米", ["来源：云汐日报"]),
        ("白鹭大桥合龙多少米，不含10月", ["不含：10月"]),
        ("白鹭大桥合龙多少米，只看中文", ["只看中文"]),
    ],
)
async def test_operators_confine_and_are_shown_back(library: Stage, text: str, shown: list[str]) -> None:
    answer = await library.ask(library.reader, text)
    assert chips(answer) == shown
    assert "白鹭大桥" in quotes(answer)[0]
    days = [word for word in text_of(answer).split() if word.startswith("2025-")]
    if shown == ["自 2025-03", "至 2025-04"]:
        assert sorted(days) == ["2025-03-07", "2025-04-07"]
    if "来源：云汐日报" in shown:
        assert "虚构财经" not in text_of(answer)
    if "不含：10月" in shown:
        assert report(10) not in text_of(answer)
    if "30米" in shown[0]:
        assert quotes(answer) == [report(3)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Egret Bridge only from The Imaginary Ledger", "from: "),
        ("Egret Bridge, in English only", "only in English"),
        ('bridge "open to traffic"', "exactly “open to traff…”"),
        ("Egret Bridge -tunnel", "without: tunnel"),
        ("Egret Bridge since:2025-09", "since 2025-09"),
    ],
)
async def test_operators_in_english(library: Stage, text: str, shown: str) -> None:
    answer = await library.ask(library.alice, text)
    assert len(chips(answer)) == 1
    assert chips(answer)[0].startswith(shown)
    assert quotes(answer)[0] == BRIDGE


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("白鹭大桥 自:昨年某日", ["自:昨年某日"]),
        ("白鹭大桥 语言:法文 日期:2025-13", ["语言:法文", "日期:2025-13"]),
        ("bridge lang:klingon", ["lang:klingon"]),
    ],
)
async def test_operators_that_cannot_be_read_are_named(library: Stage, text: str, named: list[str]) -> None:
    told = text_of(await library.ask(library.reader, text))
    assert told.startswith("以下条件我没看懂，所以还没有查找。")
    assert told.split("\n\n")[1].split("\n") == named


async def test_a_forwarded_message_finds_news_about_it(library: Stage) -> None:
    post = await library.telegram.say(
        library.alice, "Friends say that Egret Bridge will open to traffic soon. source:nobody -bridge"
    )
    await library.idle()
    forwarded = await library.telegram.forward(library.reader, post)
    answer = await library.telegram.wait_for_reply(library.reader, after=forwarded)
    assert quotes(answer)[0] == BRIDGE
    assert chips(answer) == []


@pytest.mark.parametrize("length", [1001, 4000, 4096])
@pytest.mark.parametrize("place", [0, 1])
async def test_a_pasted_text_finds_news_about_it(library: Stage, length: int, place: int) -> None:
    news = (
        "昨天在会上，白鹭大桥工程指挥部宣布主跨已合龙100米，来源:无 -白鹭。记者在现场看到，工人们分三班作业。"
    )
    others = "".join(f"市政府第{number}次讨论另一条道路的走向，预算尚未确定。" for number in range(200))
    rest = others[: length - len(news) - 1]
    pasted = f"{news}\n{rest}" if place == 0 else f"{rest}\n{news}"
    assert len(pasted) == length
    answer = await library.ask(library.reader, pasted)
    assert quotes(answer)[0] == report(10)
    assert chips(answer) == []
    # The card's own buttons work for it too.
    await library.telegram.press(library.reader, answer, "更多结果")
    assert "白鹭大桥" in quotes(await library.telegram.wait_for_edit(answer))[0]


@pytest.mark.parametrize("text", ["今天下午天气不错，我们去公园野餐。" * 60, "🙂" * 1500 + "a"])
async def test_a_pasted_text_that_the_news_knows_nothing_of_is_told_so(library: Stage, text: str) -> None:
    assert text_of(await library.ask(library.reader, text)).startswith("在我收录的新闻里没有找到相关内容。")


async def test_after_a_pasted_text_one_can_ask_on(library: Stage) -> None:
    await library.ask(library.alice, "Larkspur Tunnel cost 640 million crowns, they wrote. " * 60)
    answer = await library.ask(library.alice, "and the clinics?")
    assert quotes(answer)[0].startswith("Larkspur Tunnel")
    assert chips(answer)[0].startswith("following: Larkspur")


async def test_an_edited_message_is_answered_again_in_the_same_reply(library: Stage) -> None:
    said = await library.telegram.say(library.reader, "BW1803 的海外授权总金额是多少？")
    answer = await library.telegram.wait_for_reply(library.reader, after=said)
    assert quotes(answer)[0] == DEAL
    await library.telegram.edit(library.reader, said, "白鹭大桥 来源:云汐日报")
    again = await library.telegram.wait_for_edit(answer)
    assert "白鹭大桥" in quotes(again)[0]
    assert chips(again) == ["来源：云汐日报"]
    await library.telegram.press(library.reader, again, "更多结果")
    assert "白鹭大桥" in quotes(await library.telegram.wait_for_edit(again))[0]
    assert library.sent("sendMessage") == 1


async def test_an_edited_follow_up_still_follows(library: Stage) -> None:
    await library.ask(library.reader, "白鹭大桥2025年9月的进展")
    said = await library.telegram.say(library.reader, "那2025年10月呢？")
    answer = await library.telegram.wait_for_reply(library.reader, after=said)
    await library.telegram.edit(library.reader, said, "那2025年8月呢？")
    again = await library.telegram.wait_for_edit(answer)
    assert quotes(again)[0] == report(8)
    assert chips(again)[0].startswith("接着问：")


async def test_an_edit_that_asks_the_same_changes_nothing(library: Stage) -> None:
    said = await library.telegram.say(library.reader, "BW1803 的海外授权总金额是多少？")
    await library.telegram.wait_for_reply(library.reader, after=said)
    for text in ("BW1803 的海外授权总金额是多少？ ", "？？"):
        await library.telegram.edit(library.reader, said, text)
        await library.idle()
    assert library.sent("editMessageText") == 0
    assert quotes(library.telegram.messages(library.reader)[1])[0] == DEAL


async def test_an_edit_of_a_message_that_had_no_answer_is_answered(library: Stage) -> None:
    said = await library.telegram.say(library.reader, "/ask")
    hint = await library.telegram.wait_for_reply(library.reader, after=said)
    assert hint.text == HINT
    await library.telegram.edit(library.reader, said, "/ask BW1803 的海外授权总金额是多少？")
    answer = await library.telegram.wait_for_reply(library.reader, after=hint)
    assert quotes(answer)[0] == DEAL


async def test_an_edit_in_a_group_counts_if_it_speaks_to_the_bot(library: Stage) -> None:
    said = await library.telegram.say(library.alice, "/ask How long is Egret Bridge?", library.group)
    answer = await library.telegram.wait_for_reply(library.group, after=said)
    await library.telegram.edit(library.alice, said, "/ask How much did Larkspur Tunnel cost?")
    again = await library.telegram.wait_for_edit(answer)
    assert quotes(again)[0].startswith("Larkspur Tunnel cost")
    await library.telegram.edit(library.alice, said, "never mind")
    await library.idle()
    assert library.telegram.messages(library.group)[-1].text == again.text


async def test_an_answer_deleted_meanwhile_is_given_anew_when_its_question_is_edited(library: Stage) -> None:
    said = await library.telegram.say(library.alice, "How long is Egret Bridge?")
    answer = await library.telegram.wait_for_reply(library.alice, after=said)
    library.telegram.acts.delete(library.telegram.world.chats[library.alice.id], answer.message_id)
    await library.telegram.edit(library.alice, said, "How many drugs are under research in Port Harmony?")
    again = await library.telegram.wait_for_reply(library.alice, after=answer)
    assert quotes(again)[0] == PIPELINE


@pytest.mark.parametrize("kind", ["voice", "sticker", "photo", "document"])
async def test_what_is_no_text_gets_a_line_and_no_more(library: Stage, kind: str) -> None:
    upload = Upload("x.bin", "application/octet-stream", b"x")
    said = await library.telegram.send_file(library.alice, upload, kind=kind)
    told = await library.telegram.wait_for_reply(library.alice, after=said)
    sense = "listen" if kind == "voice" else "only read text"
    assert sense in text_of(told)
    assert labels(told) == []


async def test_a_question_below_a_picture_is_answered(library: Stage) -> None:
    upload = Upload("x.png", "image/png", b"x")
    said = await library.telegram.send_file(
        library.alice, upload, kind="photo", caption="How long is Egret Bridge?"
    )
    answer = await library.telegram.wait_for_reply(library.alice, after=said)
    assert quotes(answer)[0] == BRIDGE
    assert button(answer, "📖")
