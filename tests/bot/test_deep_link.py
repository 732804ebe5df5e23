"""An answer's address, and the answer that it opens as it was given."""

import pytest

from bot.local.entities import utf16_slice
from bot.local.markup import parse_html
from bot.locale.catalogue import Words
from bot.rendering.dates import View
from bot.rendering.deep_link import Opened, Since, address, place_of, render_expired, render_opened
from bot.rendering.message import Message
from tests.bot.answer_builders import ASKED, build_citation
from tests.builders import ZONE

EN = Words("en", {})
KEY = "Zk3vQ9xT0b"


def opened(*excerpts: Opened) -> Message:
    return render_opened("授权金额是多少", KEY, excerpts, EN, View(ASKED, ZONE))


def test_an_address_opens_what_it_was_made_of() -> None:
    made = address("wenxun_bot", KEY)
    assert made == f"https://t.me/wenxun_bot?start=r_{KEY}"
    payload = made.partition("start=")[2]
    assert len(payload) <= 64
    assert place_of(payload) == (KEY, 0)


def test_a_further_page_has_an_address_of_its_own() -> None:
    made = address("wenxun_bot", KEY, 6)
    assert made == f"https://t.me/wenxun_bot?start=r_{KEY}_6"
    assert place_of(made.partition("start=")[2]) == (KEY, 6)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "r_",
        "r_bad key",
        f"x_{KEY}",
        KEY,
        f"r_{KEY}\n",
        "r_" + "k" * 25,
        f"r_{KEY}_",
        f"r_{KEY}_x",
        f"r_{KEY}_1000",
    ],
)
def test_other_payloads_are_left_alone(payload: str) -> None:
    assert place_of(payload) is None


def test_the_same_document_needs_no_word() -> None:
    message = opened(Opened("总金额[7.12]亿美元。", build_citation("出海"), Since.SAME))
    assert message.html.startswith("<b>授权金额是多少</b>\n\n<blockquote>总金额[7.12]亿美元。</blockquote>\n")
    assert "出海" in message.html
    assert message.keyboard[0][0].data == f"b:{KEY}:0"


def test_a_change_is_said_and_the_quote_stands_as_it_was() -> None:
    message = opened(
        Opened("总金额7亿。", build_citation("出海"), Since.CHANGED),
        Opened("旧文。", build_citation("旧闻"), Since.GONE),
    )
    text = parse_html(message.html).text
    assert "⚠️ The document has changed since. It said:\n总金额7亿。\nXin Hua Cai Jing" in text
    gone = text.partition("⚠️ The document is no longer in the news. It said:\n旧文。\n")[2]
    assert gone.startswith("Xin Hua Cai Jing")
    assert gone.endswith("旧闻")


def test_a_long_quote_is_cut_at_a_marked_place() -> None:
    text = parse_html(opened(Opened("很长的一句话。" * 200, build_citation("长文"), Since.SAME)).html).text
    assert "很长的一句话。\n…\nXin Hua Cai Jing" in text


def test_what_does_not_fit_is_counted() -> None:
    many = [Opened("长" * 590, build_citation("标" * 200), Since.SAME)] * 20
    formatted = parse_html(opened(*many).html)
    shown = [entity for entity in formatted.entities if entity.type == "blockquote"]
    assert formatted.text.endswith(f"\n\n{20 - len(shown)} more excerpts")
    assert utf16_slice(formatted.text, shown[-1].offset, shown[-1].end) == "长" * 590


def test_an_answer_of_nothing_and_one_that_is_gone() -> None:
    assert "I found nothing" in opened().html
    assert "Please ask again" in render_expired(EN).html
