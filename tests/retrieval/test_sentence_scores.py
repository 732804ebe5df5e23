"""The evidence for each sentence, and what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.passage_sentences import UnitWriter
from retrieval.question import Interpreter
from retrieval.sentence_scores import Evidence, fitted, gather, score
from retrieval.sought import sought
from tests.retrieval.indexed import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.analyzer import Analyzer


def evidence(
    analyzer: Analyzer, text: str, question: str, title: str = "", meaning: Sequence[float] | None = None
) -> list[Evidence]:
    query = Interpreter(analyzer).read(ask(question))
    writer = UnitWriter(analyzer)
    asked = sought(writer, query, query.weights)
    return gather(writer.sentences(text), asked, writer.string(analyzer.normalise(title)), meaning)


def test_shares_of_what_is_looked_for(analyzer: Analyzer) -> None:
    whole, half, none = evidence(analyzer, "授权金额。金额很大。天气好。", "授权金额")
    assert (whole.characters, whole.pairs) == (pytest.approx(1.0), pytest.approx(1.0))
    assert half.characters == pytest.approx(0.5)
    assert 0 < half.pairs < 0.5
    assert (none.characters, none.pairs, none.worth) == (0.0, 0.0, 0.0)
    assert whole.worth == pytest.approx(2 * half.worth)


def test_what_the_title_says_is_not_looked_for(analyzer: Analyzer) -> None:
    (first, second) = evidence(analyzer, "授权很快。金额不小。", "授权金额", title="授权")
    assert (first.characters, second.characters) == (0.0, pytest.approx(1.0))
    assert 0 < first.opens_titled < 1
    assert second.opens_titled == 0.0
    assert (first.begins, second.begins) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("question", "text", "signs"),
    [
        ("工厂何时建成", "工厂建成于2019年。", (1, 0, 0, 1)),
        ("工厂何时建成", "工厂建成。", (0, 0, 0, 0)),
        ("工厂2019年何时建成", "工厂2019年建成。", (0, 0, 0, 0)),
        ("工厂有几台设备", "工厂有3台设备。", (1, 0, 1, 0)),
        ("工厂有几台设备", "工厂有3名工人。", (1, 0, 0, 0)),
        ("how many drugs are there?", "There are 66 approved drugs.", (1, 0, 1, 0)),
        ("谁创办了工厂", "李明说，工厂由王芳创办。", (0, 1, 0, 1)),
        ("工厂在哪里", "工厂位于海州。", (0, 0, 0, 1)),
        ("工厂为什么停工", "因为缺电，工厂停工。", (0, 1, 0, 0)),
        ("工厂怎么样", "2019年，因为缺电，李明说工厂位于海州。", (0, 0, 0, 0)),
    ],
)
def test_signs_of_the_expected_type(
    analyzer: Analyzer, question: str, text: str, signs: tuple[int, int, int, int]
) -> None:
    (found,) = evidence(analyzer, text, question)
    assert (found.firm, found.loose, found.unit, found.cue) == signs


def test_the_surroundings_of_the_question_word(analyzer: Analyzer) -> None:
    both, near, apart = evidence(
        analyzer, "甲方收购了乙厂的股份。收购了丙。收的购了股的份。", "甲方收购了哪家厂的股份"
    )
    assert both.before == 1.0
    assert both.after == 1.0
    assert near.before == 0.75
    assert near.after == 0.0
    assert apart.before == 0.5


def test_dates_in_either_language(analyzer: Analyzer) -> None:
    text = "It opened on May 6. 五月开放。5月6日开放。It opened in June."
    english, written, numbers, other = evidence(analyzer, text, "2019年5月6日开放的是什么")
    assert english.dates > written.dates
    assert numbers.dates == pytest.approx(english.dates)
    assert other.dates == 0.0


def test_what_stands_around_a_sentence(analyzer: Analyzer) -> None:
    first, second, third = evidence(analyzer, "授权金额很大。该公司扩建。商店营业。", "授权金额")
    assert (first.opens, second.opens) == (1.0, 0.0)
    assert (first.previous, first.leans) == (0.0, 0.0)
    assert second.previous == second.leans > 0
    assert (third.previous, third.leans) == (0.0, 0.0)


def test_closeness_in_meaning(analyzer: Analyzer) -> None:
    assert [each.meaning for each in evidence(analyzer, "甲。乙。", "丙", meaning=[0.5, 0.25])] == [0.5, 0.25]
    assert [each.meaning for each in evidence(analyzer, "甲。乙。", "丙")] == [0.0, 0.0]


def test_the_score_is_the_weighted_sum() -> None:
    one = Evidence(*[0.0] * len(Evidence._fields))
    weights = Evidence(*map(float, range(len(Evidence._fields))))
    assert score(one._replace(pairs=2.0, worth=3.0), weights) == 2.0 * 1 + 3.0 * 2


def test_the_weights_that_ship() -> None:
    weights = fitted()
    assert weights.same.characters > 0
    assert weights.same.firm > 0
    assert weights.other.clues > weights.other.characters
    assert min(weights.same.meaning, weights.other.meaning) > 0
