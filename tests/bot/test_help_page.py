"""What `/help` teaches is true: every example is read by the operators as it says."""

from datetime import date

import pytest

from bot.local.markup import parse_html
from bot.locale.catalogue import LOCALES, Catalogues
from bot.rendering.help import HelpExamples, operators, render_help
from retrieval.operators import read_operators
from retrieval.scope import Scope

CATALOGUES = Catalogues.load()
TODAY = date(2026, 1, 5)
MONTH = date(2025, 11, 1)
LAST_DAY = date(2025, 11, 30)
QUESTION = {"en": "How much was raised?", "zh": "融资多少亿元？", "zh_Hant": "融資多少億元？"}
TERMS = ["GR1803", "创新药", "clinical trial"]


def read(operator: str, locale: str) -> tuple[str, Scope]:
    reading = read_operators(f"{QUESTION[locale]} {operator}", TODAY)
    assert not reading.problems
    return reading.text, reading.scope


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("source", ["新华社", "Xin Hua Cai Jing", "Reuters", "The Imaginary Ledger", "36氪"])
@pytest.mark.parametrize("term", TERMS)
def test_every_operator_does_what_the_help_says(locale: str, source: str, term: str) -> None:
    taught = operators(HelpExamples(source, MONTH, term), CATALOGUES.words[locale])
    scopes = [
        Scope(sources=(source,)),
        Scope(since=MONTH),
        Scope(until=LAST_DAY),
        Scope(since=MONTH, until=LAST_DAY),
        Scope(language="en"),
        Scope(phrases=(term,)),
        Scope(excluded=(term,)),
    ]
    assert [read(operator.short, locale)[1] for operator in taught] == scopes


@pytest.mark.parametrize("locale", LOCALES)
def test_plain_words_do_the_same_as_the_operators_beside_them(locale: str) -> None:
    for source, term in (("新华社", "GR1803"), ("Reuters", "疫苗")):
        for operator in operators(HelpExamples(source, MONTH, term), CATALOGUES.words[locale]):
            if operator.plain:
                comma = ", " if locale == "en" else "，"
                reading = read_operators(f"{QUESTION[locale]}{comma}{operator.plain}", TODAY)
                assert reading.scope == read(operator.short, locale)[1], operator.plain


@pytest.mark.parametrize("locale", LOCALES)
def test_an_example_that_the_news_does_not_give_is_left_out(locale: str) -> None:
    words = CATALOGUES.words[locale]
    assert len(operators(HelpExamples(), words)) == 1
    for source in ("\u202e \n", 'The "Ledger"', "甲、乙", "Re: news", "长" * 41, "News ", ""):
        assert len(operators(HelpExamples(source=source, term=source), words)) == 1
    assert len(operators(HelpExamples(term="GR1803"), words)) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_the_help_names_every_command_and_example(locale: str) -> None:
    words = CATALOGUES.words[locale]
    examples = HelpExamples("新华社", MONTH, "GR1803")
    text = parse_html(
        render_help([("ask", "the newest news"), ("x", "y")], "wenxun_bot", examples, words).html
    ).text
    assert f"/ask – {words.gettext('the newest news')}\n/x – y" in text
    assert "@wenxun_bot" in text
    for operator in operators(examples, words):
        assert operator.short in text
        assert operator.plain in text
