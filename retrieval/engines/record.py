"""How an engine stores a passage and its citation: compact JSON."""

from __future__ import annotations

import json
from datetime import datetime

from corpus.model import Passage, Precision, Published
from retrieval.answer import Citation


def encode(passage: Passage, citation: Citation) -> bytes:
    """A passage and its citation as UTF-8 JSON."""
    published = citation.published
    return json.dumps(
        [
            [passage.id, passage.ordinal, passage.text, passage.section, passage.marks],
            [citation.document_id, citation.title, citation.source, citation.url, citation.language],
            [published.at.isoformat(), published.precision] if published else None,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def decode(record: bytes) -> tuple[Passage, Citation]:
    """What `encode` was given."""
    (passage_id, ordinal, text, section, marks), (document_id, title, source, url, language), dated = (
        json.loads(record)
    )
    published = Published(datetime.fromisoformat(dated[0]), Precision(dated[1])) if dated else None
    return (
        Passage(passage_id, ordinal, text, section, tuple(marks)),
        Citation(document_id, title, source, published, url, language),
    )
