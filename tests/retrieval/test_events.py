"""Events: what is compared, and that no chain ties different events together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.events import Events
from retrieval.indexing import analyse
from tests.builders import build_document
from tests.retrieval.indexed import index_of

if TYPE_CHECKING:
    from corpus.model import Document
    from retrieval.analyzer import Analyzer

ONE = "Papercrane licensed PC-301 to Lanternfish for 60 million dollars, Quillfeather said in Saltmarsh."
OTHER = "Lanternfish of Saltmarsh gets PC-301 from Papercrane; Quillfeather put it at 60 million dollars."
FOOTER = "Subscribe to Wirestory Premium, Podcast, Alerts, Newsdesk Digest and Marketpulse Letter, Gazette."


def _usual(term: str) -> float:
    return 0.05 if term[1:] in {"to", "for", "in", "of", "the", "at", "and", "said", "gets", "put"} else 0.001


def leaders(analyzer: Analyzer, *documents: Document) -> list[int | None]:
    passages = list(analyse(analyzer, documents))
    return Events(_usual).leaders(passages, index_of(analyzer, documents).snapshot())


def report(name: str, text: str, day: str | None = "2025-11-03", language: str = "en") -> Document:
    return build_document(name, title=None, published=day, language=language, passages=[text])


def test_the_same_event_in_other_words_follows(analyzer: Analyzer) -> None:
    assert leaders(analyzer, report("a", ONE), report("b", OTHER)) == [None, 0]
    assert leaders(analyzer, report("b", OTHER), report("a", ONE)) == [None, 0]
    assert leaders(analyzer) == []


@pytest.mark.parametrize(
    ("day", "leader"), [("2025-11-01", 0), ("2025-11-05", 0), ("2025-11-06", None), (None, None)]
)
def test_only_news_of_near_days_are_compared(analyzer: Analyzer, day: str | None, leader: int | None) -> None:
    assert leaders(analyzer, report("a", ONE), report("b", OTHER, day)) == [None, leader]


def test_a_document_does_not_follow_itself(analyzer: Analyzer) -> None:
    both = build_document("a", title=None, published="2025-11-03", language="en", passages=[ONE, OTHER])
    assert leaders(analyzer, both) == [None, None]


def test_sentences_that_both_have_to_the_letter_prove_nothing(analyzer: Analyzer) -> None:
    one = report("a", f"Papercrane closed a plant in Alderbrook on Friday evening. {FOOTER}")
    other = report("b", f"Heatwave warnings reached Brightwater and Coldharbour. {FOOTER}")
    assert leaders(analyzer, one, other) == [None, None]


def test_titles_on_other_matters_keep_reports_apart(analyzer: Analyzer) -> None:
    titled = [
        build_document("a", title="Papercrane deal", published="2025-11-03", language="en", passages=[ONE]),
        build_document(
            "b", title="Hurricane Wilhelmina", published="2025-11-03", language="en", passages=[OTHER]
        ),
    ]
    assert leaders(analyzer, *titled) == [None, None]


def test_who_follows_leads_nobody(analyzer: Analyzer) -> None:
    third = OTHER.replace("Lanternfish of Saltmarsh", "Alderbrook, Coldharbour and Brightwater: Saltmarsh")
    found = leaders(analyzer, report("a", ONE), report("b", OTHER), report("c", third))
    assert all(leader is None or found[leader] is None for leader in found)
    assert found[1] == 0
