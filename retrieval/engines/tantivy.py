"""The default engine: tantivy, an index on disk that is memory-mapped and grows in place.

One text field holds the distinct terms of a passage; its stored fields hold the forms and
the record. A commit is atomic, and one passage-less "manifest" in it names the generation,
so that the index always knows what it reflects.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import tantivy

from retrieval.analyzer import distinct_terms
from retrieval.engines.base import EVERYTHING, Candidate, Filter, IndexedPassage
from retrieval.engines.record import decode, encode
from retrieval.errors import IndexLocked, IndexUnavailable
from retrieval.terms import Forms, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# Raised when the schema or the records change: an index of another layout is built anew.
_LAYOUT = "2"

_HEAP_BYTES = 128_000_000
_SEPARATOR = "\x1f"
_MANIFEST = "manifest"
_FOLDER_NAME = re.compile(r"\d+-analysis-[\w-]+")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Terms are distinct, so neither frequencies nor positions are worth their space.
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("length", fast=True, stored=True)
    builder.add_unsigned_field("published", fast=True, indexed=True)
    builder.add_bytes_field("forms", stored=True)
    builder.add_bytes_field("record", stored=True)
    builder.add_bytes_field("manifest", stored=True)
    return builder.build()


@dataclass(slots=True)
class _Found:
    """A candidate read from the index. Its record is decoded the first time that it is asked for."""

    passage_id: str
    forms: Forms
    _record: bytes = field(repr=False)
    _decoded: IndexedPassage | None = field(default=None, repr=False, compare=False)

    def record(self) -> IndexedPassage:
        if self._decoded is None:
            self._decoded = IndexedPassage(*decode(self._record), self.forms)
        return self._decoded


@dataclass(frozen=True, slots=True)
class _Totals:
    generation: int | None
    passages: int
    mean_length: float


def _stored(document: tantivy.Document, name: str) -> bytes:
    """A stored bytes field of a document."""
    return bytes(document.get_first(name) or b"")


class TantivySnapshot:
    """A generation of the index, as long as it is needed."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, totals: _Totals) -> None:
        self._schema = schema
        self._searcher = searcher
        self.generation = totals.generation
        self.passages = totals.passages
        self.mean_length = totals.mean_length

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each term occurs, removed ones included until segments merge."""
        return {term: self._searcher.doc_freq("terms", term) for term in terms}

    def candidates(
        self, weights: Mapping[str, float], limit: int, allowed: Filter = EVERYTHING
    ) -> Sequence[Candidate]:
        """The best passages by tantivy's own BM25 with boosts."""
        if not weights:
            return []
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(term), weight))
            for term, weight in weights.items()
        ]
        query = tantivy.Query.boolean_query(clauses)
        required = self._required(allowed)
        if required:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (query, *required)])
        hits = self._searcher.search(query, limit=limit, count=False).hits
        return [self._read(address) for _, address in hits]

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "terms", term, index_option="basic")

    def _required(self, allowed: Filter) -> list[tantivy.Query]:
        """What a passage must be beside matching; it adds nothing to its score."""
        required = [self._term(term) for term in sorted(allowed.required)]
        if allowed.document_id is not None:
            required.append(
                tantivy.Query.term_query(self._schema, "document", allowed.document_id, index_option="basic")
            )
        if allowed.language is not None:
            required.append(self._term(Kind.LANGUAGE + allowed.language))
        if allowed.published is not None:
            first, last = (day.toordinal() for day in allowed.published)
            required.append(
                tantivy.Query.range_query(self._schema, "published", tantivy.FieldType.Unsigned, first, last)
            )
        return [tantivy.Query.const_score_query(each, 0.0) for each in required]

    def _read(self, address: tantivy.DocAddress) -> _Found:
        stored = self._searcher.doc(address)
        passage_id, units, words, dates, quantities = _stored(stored, "forms").decode().split(_SEPARATOR)
        length = int(stored.get_first("length") or 0)
        forms = Forms(units, words, dates, quantities, length)
        return _Found(passage_id, forms, _stored(stored, "record"))


class TantivyIndex:
    """An index in a folder.

    Args:
        folder: where the index lives; every fingerprint has a folder of its own in it.
        fingerprint: names the analysis and the database it comes from. What is indexed under
            another one cannot be matched, so its folder is deleted when this one commits.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._parent = folder
        self.folder = folder / f"{_LAYOUT}-{fingerprint}"
        self._schema = _schema()
        self._seen = (0, 0)
        self._totals_lock = threading.Lock()
        self._totals: tuple[bytes, _Totals] | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(self.folder))
        except (OSError, ValueError) as error:
            msg = (
                f"The index in {self.folder} cannot be opened ({error}). "
                "If the disk is not full, delete it: it is rebuilt from the database."
            )
            raise IndexUnavailable(msg) from error

    def snapshot(self) -> TantivySnapshot:
        """The newest complete generation."""
        try:
            self._follow()
            searcher = self._index.searcher()
            return TantivySnapshot(self._schema, searcher, self._read_totals(searcher))
        except (OSError, ValueError) as error:
            msg = f"The index in {self.folder} cannot be read."
            raise IndexUnavailable(msg) from error

    def writer(self) -> TantivyWriter:
        """Begins to write; tantivy's own lock file keeps other processes out."""
        try:
            writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        except (OSError, ValueError) as error:
            if "lock" in str(error).lower():
                msg = "Another load is writing to the index."
                raise IndexLocked(msg) from error
            msg = f"The index in {self.folder} cannot be written."
            raise IndexUnavailable(msg) from error
        return TantivyWriter(self, writer)

    def close(self) -> None:
        """Nothing is held open but maps, which go with the object."""

    def refresh(self) -> None:
        """Shows the newest commit at once, and drops what other fingerprints left."""
        self._index.reload()
        for other in self._parent.iterdir():
            # Only what is certainly an index of ours: the folder may be shared with anything.
            ours = _FOLDER_NAME.fullmatch(other.name) and (other / "meta.json").is_file()
            if ours and other != self.folder:
                shutil.rmtree(other, ignore_errors=True)

    def _follow(self) -> None:
        """Takes in what another process has committed; tantivy's own watch would notice later."""
        state = (self.folder / "meta.json").stat()
        seen = (state.st_ino, state.st_mtime_ns)
        if seen != self._seen:
            self._index.reload()
            self._seen = seen

    def _read_totals(self, searcher: tantivy.Searcher) -> _Totals:
        """Counts of this generation; the mean length is computed once for each manifest."""
        query = tantivy.Query.exists_query("length")
        hits = searcher.search(
            tantivy.Query.term_query(self._schema, "kind", _MANIFEST, index_option="basic"),
            limit=1,
            count=False,
        ).hits
        if not hits:
            return _Totals(None, 0, 1.0)
        manifest = _stored(searcher.doc(hits[0][1]), "manifest")
        with self._totals_lock:
            if self._totals is None or self._totals[0] != manifest:
                result = searcher.aggregate(query, {"length": {"stats": {"field": "length"}}})["length"]
                count = int(result["count"])
                mean = float(result["avg"]) if count else 1.0
                self._totals = (manifest, _Totals(json.loads(manifest)["generation"], count, max(mean, 1.0)))
            return self._totals[1]


class TantivyWriter:
    """Writes one generation."""

    def __init__(self, index: TantivyIndex, writer: tantivy.IndexWriter) -> None:
        self._index = index
        self._writer = writer

    def add(self, passages: Sequence[IndexedPassage]) -> None:
        """Adds passages."""
        for each in passages:
            forms = each.forms
            counted = _SEPARATOR.join(
                (each.passage.id, forms.units, forms.words, forms.dates, forms.quantities)
            )
            document = tantivy.Document()
            document.add_text("terms", " ".join(distinct_terms(forms)))
            document.add_text("document", each.citation.document_id)
            document.add_unsigned("length", forms.length)
            day = each.citation.day
            if day is not None:
                document.add_unsigned("published", day.toordinal())
            document.add_bytes("forms", counted.encode())
            document.add_bytes("record", encode(each.passage, each.citation))
            self._writer.add_document(document)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Removes all passages of these documents."""
        for document_id in document_ids:
            self._writer.delete_documents_by_term("document", document_id)

    def clear(self) -> None:
        """Removes what was there before."""
        self._writer.delete_all_documents()

    def commit(self, generation: int) -> None:
        """Commits, with a manifest that names the generation."""
        self._writer.delete_documents_by_term("kind", _MANIFEST)
        manifest = tantivy.Document()
        manifest.add_text("kind", _MANIFEST)
        manifest.add_bytes("manifest", json.dumps({"generation": generation, "commit": uuid4().hex}).encode())
        self._writer.add_document(manifest)
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.refresh()

    def rollback(self) -> None:
        """Drops everything since the last commit."""
        self._writer.rollback()
        self._writer.wait_merging_threads()
