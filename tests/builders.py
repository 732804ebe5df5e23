"""Builders of the records everybody's tests need, with sensible defaults.

Only what a test is about needs to be named: `build_document(title="授权")` is a whole,
valid document. Equal arguments give equal records, and a change of anything a reader
could see gives another revision.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from corpus.model import Document, Passage, Precision, Published

if TYPE_CHECKING:
    from collections.abc import Iterable

ZONE = ZoneInfo("Asia/Shanghai")

_PRECISIONS = {
    4: Precision.YEAR,
    7: Precision.MONTH,
    10: Precision.DAY,
    16: Precision.MINUTE,
    19: Precision.SECOND,
}


def build_published(text: str = "2025-12-16 09:30", zone: ZoneInfo = ZONE) -> Published:
    """The date that `text` writes, exactly as far as it is written: "2025", "2025-12", "2025-12-16 09:30"."""
    earliest = text + "0001-01-01 00:00:00"[len(text) :]
    return Published(datetime.fromisoformat(earliest).replace(tzinfo=zone), _PRECISIONS[len(text)])


def build_passage(
    text: str = "重庆国际生物城的GR1803授权金额超过10亿美元。",
    *,
    document_id: str = "doc",
    ordinal: int = 0,
    section: str | None = None,
    marks: tuple[str, ...] = (),
) -> Passage:
    """A passage whose id is made as the contract says: document, ordinal, hash of the text."""
    return Passage(
        id=f"{document_id}#{ordinal}-{_digest(text)}",
        ordinal=ordinal,
        text=text,
        section=section,
        marks=marks,
    )


def build_document(  # noqa: PLR0913 - a builder has one argument for each field of the record
    id: str = "doc",  # noqa: A002 - named like the field it fills
    *,
    origin: str | None = None,
    title: str | None = "重庆创新药在研数量创新高",
    source: str | None = "重庆日报",
    published: Published | str | None = "2025-12-16 09:30",
    url: str | None = None,
    language: str = "zh",
    topics: tuple[str, ...] = (),
    passages: Iterable[str | Passage] = ("重庆国际生物城的GR1803授权金额超过10亿美元。",),
) -> Document:
    """A document; `passages` may be plain texts, `published` may be a date as written."""
    built = tuple(
        given if isinstance(given, Passage) else build_passage(given, document_id=id, ordinal=ordinal)
        for ordinal, given in enumerate(passages)
    )
    date = build_published(published) if isinstance(published, str) else published
    seen = repr((title, source, str(date), url, topics, [(p.section, p.marks, p.text) for p in built]))
    return Document(
        id=id,
        origin=origin if origin is not None else f"{id}.txt",
        title=title,
        source=source,
        published=date,
        url=url,
        language=language,
        topics=topics,
        revision=_digest(seen),
        passages=built,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
