"""The profile: what a subscription's question asks with, whatever corpus it is matched in.

Reading a question takes a millisecond; a profile is what comes of it, so that it can be kept
and need not be read again at every start.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from retrieval.concepts import Concept, Variant
from retrieval.dates import question_dates
from retrieval.question import LANGUAGES, Interpreter
from retrieval.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.language import Language
    from retrieval.analyzer import Analyzer
    from retrieval.answer import Question
    from retrieval.glossary import Entries, Glossary
    from retrieval.question import Query
    from retrieval.translation import Translator

# Raised with every change that reads the same question otherwise.
PROFILE_VERSION = "1"

# What parts words, in place of a date.
_BREAK = ","
_SAYS_SOMETHING = re.compile(r"\w")
_TOLD = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """What a question asks with.

    Attributes:
        fingerprint: names the reading that it comes from; one of another reading is of no use.
        language: the question's.
        terms: how much each term counts, as in `retrieval.question.Query`; no dates.
        concepts: the terms as the other language writes them.
    """

    fingerprint: str
    language: Language
    terms: Mapping[str, float]
    concepts: tuple[Concept, ...]

    def to_json(self) -> str:
        """The profile as compact JSON, about two kilobytes."""
        concepts = [
            [each.text, each.weight, [[" ".join(one.units), one.weight] for one in each.variants]]
            for each in self.concepts
        ]
        record = [self.fingerprint, self.language, self.terms, concepts]
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Profile:
        """What `to_json` gave.

        Raises:
            ValueError: it is no profile.
        """
        try:
            fingerprint, language, terms, concepts = cast("list[Any]", json.loads(text))
            return cls(
                str(fingerprint),
                language,
                {str(term): float(weight) for term, weight in terms.items()},
                tuple(
                    Concept(
                        name,
                        tuple(Variant(tuple(units.split(" ")), float(one)) for units, one in variants),
                        float(weight),
                    )
                    for name, weight, variants in concepts
                ),
            )
        except (TypeError, AttributeError) as error:
            msg = "this is no profile"
            raise ValueError(msg) from error


class Profiler:
    """Makes profiles. Thread-safe.

    Args:
        analyzer: the analysis that passages are matched by.
        translator: finds what terms are called in the other language; None does without.
        glossary: what the translator knows beside its lexicon; profiles change with it.
    """

    def __init__(
        self, analyzer: Analyzer, translator: Translator | None = None, glossary: Glossary | None = None
    ) -> None:
        self._analyzer = analyzer
        self._glossary = glossary
        self._interpreter = Interpreter(analyzer, translator)
        self._languages = () if translator is None else LANGUAGES
        self._digest: tuple[Entries | None, str] = (None, "")

    @property
    def fingerprint(self) -> str:
        """Names the reading: it changes with the analysis and with the glossary."""
        translated = "translated" if self._languages else "plain"
        parts = [PROFILE_VERSION, self._analyzer.fingerprint, translated]
        if self._glossary is not None:
            entries = self._glossary.entries()
            known, digest = self._digest
            if known is not entries:
                told = repr((sorted(entries.chinese.items()), sorted(entries.english.items())))
                digest = hashlib.blake2b(told.encode(), digest_size=_TOLD).hexdigest()
                self._digest = (entries, digest)
            parts.append(digest)
        return "/".join(parts)

    def undated(self, question: Question) -> Question:
        """A question without its dates: what is followed is what is yet to come.

        Neither the dates in its words nor the days that its scope demands are left, unless it
        is nothing but dates.
        """
        scope = replace(question.scope, since=None, until=None)
        context = question.context and self._without_dates(question, question.context)
        return replace(
            question, text=self._without_dates(question, question.text), context=context, scope=scope
        )

    def query(self, question: Question) -> Query:
        """A question, its dates left out, as the index understands it."""
        return self._interpreter.read(self.undated(question), self._languages)

    def profile(self, question: Question) -> Profile:
        """The profile of a question."""
        query = self.query(question)
        terms = {term: weight for term, weight in query.weights.items() if term[0] != Kind.DATE}
        return Profile(self.fingerprint, query.language, terms, query.concepts)

    def _without_dates(self, question: Question, text: str) -> str:
        kept = list(text)
        for found in question_dates(self._analyzer.normalise(text), question.asked).expressions:
            kept[found.start : found.end] = _BREAK * (found.end - found.start)
        rest = "".join(kept)
        return rest if _SAYS_SOMETHING.search(rest) else text
