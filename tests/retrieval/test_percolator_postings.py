"""Postings and demands: no subscription that a passage can match is missed, and few others are looked at."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.breadth import Breadth
from retrieval.corpus_statistics import CorpusStatistics
from retrieval.demand import Bound, demand_of
from retrieval.glossary import Glossary
from retrieval.passage_lines import PassageLines, writing_terms
from retrieval.postings import BoundTable, Postings
from retrieval.profile import Profile, Profiler
from retrieval.relevance import Relevance, fitted
from retrieval.terms import Counter
from retrieval.vocabulary import Vocabulary
from retrieval.weighing import weighed
from retrieval.weights import Direction, Logistic
from tests.builders import build_document
from tests.retrieval.indexed import index_of
from tests.retrieval.percolating import DOCUMENTS, ENTRIES, RELEVANCE, passages_of, question
from tests.retrieval.texts import mixed
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from retrieval.analyzer import Analyzer

_TERMS = [f"w{number}" for number in range(12)]
_FREQUENCIES = {term: float(number * number) for number, term in enumerate(_TERMS)}
_bounds = st.lists(
    st.builds(
        Bound,
        st.dictionaries(st.sampled_from(_TERMS), st.floats(0, 1), min_size=1, max_size=3),
        st.floats(0, 3),
        st.floats(0, 1),
    ),
    max_size=8,
)


def added(bounds: list[Bound], passage: set[str], title: set[str]) -> float:
    """What a passage adds: of each bound the heaviest term that it has."""
    return sum(
        each.most * max((weight for term, weight in each.terms.items() if term in passage), default=0.0)
        + each.titled * max((weight for term, weight in each.terms.items() if term in title), default=0.0)
        for each in bounds
    )


def postings_of(
    *subscriptions: tuple[list[Bound], float], frequencies: Mapping[str, float], passages: int
) -> Postings:
    """The postings of subscriptions: what can add to each, and what it needs."""
    bounds = [(slot, each) for slot, (every, _) in enumerate(subscriptions) for each in every]
    rows = [(at, term, weight) for at, (_, each) in enumerate(bounds) for term, weight in each.terms.items()]
    numbers = list(frequencies)
    table = BoundTable(
        np.array([needed for _, needed in subscriptions]),
        np.array([slot for slot, _ in bounds], np.int64),
        np.array([each.most for _, each in bounds]),
        np.array([each.titled for _, each in bounds]),
        np.array([at for at, _, _ in rows], np.int64),
        np.array([numbers.index(term) for _, term, _ in rows], np.int64),
        np.array([weight for _, _, weight in rows]),
    )
    return Postings(table, np.array([int(each) for each in frequencies.values()], np.int64), passages)


def candidates(
    postings: Postings, frequencies: Mapping[str, float], terms: Collection[str], title: Collection[str] = ()
) -> list[int]:
    numbers = list(frequencies)
    found = postings.candidates(
        np.array([numbers.index(term) for term in terms], np.int64),
        np.array([numbers.index(term) for term in title], np.int64),
    )
    return [int(slot) for slot in found]


@given(
    st.lists(st.tuples(_bounds, st.floats(-1, 12)), max_size=20),
    st.sets(st.sampled_from(_TERMS)),
    st.sets(st.sampled_from(_TERMS)),
    st.integers(1, 3_000),
)
def test_whatever_reaches_what_it_needs_is_a_candidate(
    subscriptions: list[tuple[list[Bound], float]], body: set[str], title: set[str], passages: int
) -> None:
    postings = postings_of(*subscriptions, frequencies=_FREQUENCIES, passages=passages)
    passage = body | title
    reaching, near = set(), set()
    for slot, (bounds, needed) in enumerate(subscriptions):
        if not any(passage.intersection(each.terms) for each in bounds):
            continue
        reached = added(bounds, passage, title)
        if reached >= needed:
            reaching.add(slot)
        if reached >= needed - 1e-3:
            near.add(slot)
    found = set(candidates(postings, _FREQUENCIES, passage, title))
    assert reaching <= found <= near
    assert len(postings) == len(subscriptions)


def test_of_many_only_those_that_have_enough_are_candidates() -> None:
    frequencies = {f"w{number}": 1.0 for number in range(50)}
    many = [
        ([Bound({f"w{(slot + step) % 50}": 1.0}, 1.0, 0.0) for step in range(3)], 2.5)
        for slot in range(5_000)
    ]
    postings = postings_of(*many, frequencies=frequencies, passages=1_000)
    expected = [slot for slot in range(5_000) if slot % 50 == 7]
    assert candidates(postings, frequencies, ["w7", "w8", "w9"]) == expected
    assert candidates(postings, frequencies, ["w7", "w8"]) == []
    assert candidates(postings, frequencies, []) == []


def test_what_shares_only_common_terms_is_no_candidate() -> None:
    frequencies = {"rare": 1.0, "common": 900.0}
    bounds = [Bound({"rare": 1.0}, 2.0, 0.0), Bound({"common": 1.0}, 1.0, 0.0)]
    postings = postings_of((bounds, 1.5), frequencies=frequencies, passages=1_000)
    assert candidates(postings, frequencies, ["common"]) == []
    assert candidates(postings, frequencies, ["rare"]) == [0]


def test_what_common_terms_may_add_is_granted() -> None:
    frequencies = {"rare": 1.0, "common": 900.0}
    bounds = [Bound({"rare": 1.0}, 2.0, 0.5), Bound({"common": 1.0}, 1.0, 0.5)]
    postings = postings_of((bounds, 2.5), (bounds, 3.4), frequencies=frequencies, passages=1_000)
    assert candidates(postings, frequencies, ["rare", "common"]) == [0]
    assert candidates(postings, frequencies, ["rare"]) == []
    assert candidates(postings, frequencies, ["common"]) == []
    assert candidates(postings, frequencies, ["rare", "common"], ["rare"]) == [0, 1]


def test_what_no_passage_can_reach_is_never_a_candidate() -> None:
    frequencies = {"rare": 1.0}
    postings = postings_of(([Bound({"rare": 1.0}, 1.0, 0.0)], 1.5), frequencies=frequencies, passages=1_000)
    assert candidates(postings, frequencies, ["rare"]) == []


@pytest.fixture(scope="module")
def statistics(analyzer: Analyzer) -> CorpusStatistics:
    return CorpusStatistics(index_of(analyzer, DOCUMENTS).snapshot())


@pytest.fixture(scope="module")
def profiler(analyzer: Analyzer, tmp_path_factory: pytest.TempPathFactory) -> Profiler:
    return Profiler(analyzer, translator_of(analyzer, tmp_path_factory.mktemp("entries"), *ENTRIES))


@pytest.fixture(scope="module")
def analysis(
    analyzer: Analyzer, profiler: Profiler, statistics: CorpusStatistics
) -> tuple[Analyzer, Profiler, CorpusStatistics]:
    return analyzer, profiler, statistics


@given(asked=mixed, texts=st.tuples(mixed, mixed), direction=st.sampled_from(Direction))
def test_a_passage_never_has_more_than_its_parts_can_add(
    analysis: tuple[Analyzer, Profiler, CorpusStatistics],
    asked: str,
    texts: tuple[str, str],
    direction: Direction,
) -> None:
    analyzer, profiler, statistics = analysis
    demand = demand_of(profiler.profile(question(asked)), direction, statistics)
    document = build_document(title=texts[0], passages=[texts[1] + asked])
    passages = passages_of(analyzer, document)
    lines = PassageLines(passages[0].forms)
    features = demand.features(lines)
    if features is None:
        return
    assert all(-1e-9 <= features[name] <= 1 + 1e-9 for name in features if name != "terms")
    for relevance in (RELEVANCE, fitted()):
        model = relevance.models[direction]
        logit = model.intercept + sum(
            weight * features[name] for name, weight in model.features.items() if name in features
        )
        needed_for_this = Relevance(
            relevance.models,
            {each: dict.fromkeys(Breadth, 1 / (1 + math.exp(-logit))) for each in Direction},
        )
        most = added(relevance.bounds(demand), set(lines.terms), set(lines.title))
        assert most >= needed_for_this.needed(demand, Breadth.BROAD) - 1e-6


@given(texts=st.lists(mixed, min_size=1, max_size=6), direction=st.sampled_from(Direction))
def test_many_are_weighed_as_each_by_itself(
    analysis: tuple[Analyzer, Profiler, CorpusStatistics], texts: list[str], direction: Direction
) -> None:
    _, profiler, statistics = analysis
    profiles = [profiler.profile(question(text)) for text in texts]
    breadths = [breadth for breadth, _ in zip(itertools.cycle(Breadth), texts, strict=False)]
    for relevance in (RELEVANCE, fitted()):
        vocabulary = Vocabulary(statistics)
        table = weighed(profiles, breadths, direction, vocabulary, relevance)
        for slot, (profile, breadth) in enumerate(zip(profiles, breadths, strict=True)):
            demand = demand_of(profile, direction, statistics)
            assert table.needed[slot] == pytest.approx(relevance.needed(demand, breadth))
            at = np.flatnonzero(table.owners == slot)
            bounds = relevance.bounds(demand)
            assert len(at) == len(bounds)
            for place, bound in zip(at, bounds, strict=True):
                # Of equally rare terms each is granted what only two of them can add.
                assert table.most[place] >= bound.most - 1e-9
                assert table.titled[place] == pytest.approx(bound.titled)
                rows = np.flatnonzero(table.bounds == place)
                heaviest: dict[int, float] = {}
                for row in rows:
                    number = int(table.terms[row])
                    heaviest[number] = max(heaviest.get(number, 0.0), table.weights[row])
                assert heaviest == dict(
                    zip(vocabulary.numbers(bound.terms), bound.terms.values(), strict=True)
                )
            if not relevance.models[direction].features.get("rarest"):
                assert [table.most[place] for place in at] == pytest.approx([each.most for each in bounds])


def test_a_share_must_not_count_against_a_passage() -> None:
    models = {direction: Logistic(0.0, {"sentence": -1.0}) for direction in Direction}
    with pytest.raises(ValueError, match="bound"):
        Relevance(models, RELEVANCE.thresholds)


@given(text=mixed, title=mixed)
def test_lines_have_the_terms_that_counting_finds(analyzer: Analyzer, text: str, title: str) -> None:
    forms = passages_of(analyzer, build_document(title=title, passages=[text]))[0].forms
    lines = PassageLines(forms)
    counter = Counter(lines.terms)
    assert counter.count(forms).keys() == lines.terms.keys()
    by_line = counter.sentences(forms, lines.terms)
    assert len(by_line) == lines.count
    for number, terms in enumerate(by_line):
        assert set(terms) == {
            term for term, found in lines.terms.items() if found >> number & 1 and term[0] != "q"
        }


def test_a_writing_of_many_units_must_stand_as_it_is(analyzer: Analyzer) -> None:
    passages = passages_of(
        analyzer, build_document(title="重庆生物", passages=["重庆生物城。重庆生，庆生物。"])
    )
    lines = PassageLines(passages[0].forms)
    assert lines.having(writing_terms("重庆生物"), "重庆生物") == 0b011
    assert lines.having(writing_terms("重"), "重") == 0b111
    assert lines.having(writing_terms("生物园"), "生物园") == 0


@given(asked=mixed)
def test_a_profile_is_read_as_it_was_written(profiler: Profiler, asked: str) -> None:
    profile = profiler.profile(question(asked))
    assert Profile.from_json(profile.to_json()) == profile
    assert not any(term.startswith("d") for term in profile.terms)


@pytest.mark.parametrize("text", ["", "null", "{}", "[1, 2]", '["f", "zh", [], []]', '["f", "zh", {}, 3]'])
def test_what_is_no_profile_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"profile|Expecting|unpack"):
        Profile.from_json(text)


def test_a_profile_names_the_glossary_that_it_was_made_with(analyzer: Analyzer, tmp_path: Path) -> None:
    path = tmp_path / "glossary.tsv"
    glossary = Glossary(path, analyzer)
    profiler = Profiler(analyzer, translator_of(analyzer, tmp_path / "other", *ENTRIES), glossary)
    before = profiler.fingerprint
    assert profiler.profile(question("创新药")).fingerprint == before == profiler.fingerprint
    path.write_text("创新药\tnovel medicine\n", encoding="utf-8")
    assert profiler.fingerprint != before
    assert Profiler(analyzer).fingerprint != Profiler(analyzer, translator_of(analyzer, tmp_path)).fingerprint
