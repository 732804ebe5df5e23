"""The buttons under an answer: each says what it does, and carries what it needs."""

from dataclasses import replace

import pytest

from bot.inquiry import Inquiry
from bot.locale.catalogue import Words
from bot.rendering.card_buttons import REASONS, Shown, card_keyboard
from bot.rendering.dates import View
from bot.rendering.message import MAX_ROWS, Button
from retrieval.answer import Order
from retrieval.scope import Scope
from retrieval.suggestions import Suggestion
from tests.bot.answer_builders import ASKED, build_answer, build_excerpt
from tests.builders import ZONE

EN = Words("en", {})
VIEW = View(ASKED, ZONE)
KEY = "Zk3vQ9xT0b"
SHOWN = Shown(KEY, Inquiry("授权金额是多少", ASKED))
EXCERPT = build_excerpt()


def buttons(count: int, total: int, offset: int = 0, shown: Shown = SHOWN) -> dict[str, Button]:
    """The buttons under so many excerpts, by their labels."""
    answer = build_answer([EXCERPT] * count, total=total, offset=offset)
    rows = card_keyboard(answer.excerpts, answer, shown, EN, VIEW)
    return {button.label: button for row in rows for button in row}


def test_one_excerpt_has_buttons_in_words() -> None:
    found = buttons(1, 1)
    assert list(found) == ["📖 Read around", "📋 Copy citation", "🔔 Follow", "👍", "👎", "Why this?"]
    assert found["📖 Read around"].data == f"a:{KEY}:0:0"
    assert found["📋 Copy citation"].copy is not None


@pytest.mark.parametrize(("count", "read", "cite"), [(3, "📖 Read 6", "📋 Cite 6"), (4, "📖 6", "📋 6")])
def test_several_excerpts_have_a_button_each_with_their_place_among_all(
    count: int, read: str, cite: str
) -> None:
    found = buttons(count, 20, offset=5)
    assert found[read].data == f"a:{KEY}:5:5"
    assert found[read.replace("6", "8")].data == f"a:{KEY}:7:5"
    assert cite in found


def test_no_more_than_five_excerpts_have_buttons() -> None:
    found = buttons(8, 8)
    assert "📖 5" in found
    assert "📖 6" not in found


def test_pages_turn_as_far_as_there_are_any() -> None:
    assert not {"◀ Back"} & set(buttons(3, 3))
    assert buttons(3, 9)["More results (6) ▶"].data == f"m:{KEY}:3"
    last = buttons(3, 9, offset=6)
    assert last["◀ Back"].data == f"m:{KEY}:3"
    assert not any(label.startswith("More") for label in last)
    assert buttons(3, 9, offset=2)["◀ Back"].data == f"m:{KEY}:0"


def test_the_other_order_is_offered() -> None:
    assert buttons(1, 2)["🕒 Newest first"].data == f"o:{KEY}:1"
    newest = replace(SHOWN, inquiry=replace(SHOWN.inquiry, order=Order.NEWEST))
    assert buttons(1, 2, shown=newest)["⭐ Best first"].data == f"o:{KEY}:0"
    assert "📈 Timeline" not in buttons(1, 1)
    assert buttons(1, 2)["📈 Timeline"].data == f"t:{KEY}:0"


def test_following_can_be_ended() -> None:
    assert buttons(1, 1)["🔔 Follow"].data == f"f:{KEY}:1:0"
    assert buttons(1, 1, shown=replace(SHOWN, following=True))["🔔 Following"].data == f"f:{KEY}:0:0"


def test_an_opinion_is_ticked() -> None:
    assert {"👍 ✓", "👎"} < set(buttons(1, 1, shown=replace(SHOWN, opinion=1)))
    assert {"👍", "👎 ✓"} < set(buttons(1, 1, shown=replace(SHOWN, opinion=-1)))


def test_reasons_take_the_place_of_other_results() -> None:
    found = buttons(3, 9, shown=replace(SHOWN, opinion=-1, asking_reason=True))
    assert [found[reason].data for reason in REASONS] == [
        f"r:{KEY}:{index}:0" for index in range(len(REASONS))
    ]
    assert "📈 Timeline" not in found


def test_terms_that_may_be_meant_take_a_row_of_what_was_assumed() -> None:
    meant = tuple(Suggestion(f"w{n}", f"m{n}", f"q{n}") for n in range(4))
    narrow = replace(SHOWN.inquiry, scope=Scope(phrases=tuple("甲乙丙丁戊己庚")))
    shown = replace(SHOWN, inquiry=narrow, suggestions=meant)
    answer = build_answer([EXCERPT] * 3, total=9)
    rows = card_keyboard(answer.excerpts, answer, shown, EN, VIEW)
    assert len(rows) == MAX_ROWS
    assert [button.label for button in rows[2]] == ["w0 → m0", "w1 → m1"]
    assert len(card_keyboard(answer.excerpts, answer, replace(shown, suggestions=()), EN, VIEW)) == MAX_ROWS


def test_the_answers_address_can_be_copied() -> None:
    found = buttons(1, 1, shown=replace(SHOWN, username="wenxun_bot"))
    assert found["🔗 Link"].copy == f"https://t.me/wenxun_bot?start=r_{KEY}"
