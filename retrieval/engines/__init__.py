"""The candidate engines, and opening one by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import IndexUnavailable

if TYPE_CHECKING:
    from retrieval.engines.base import Index


def open_index(url: str, fingerprint: str) -> Index:
    """Opens an index: `tantivy:<folder>`, or `memory:` for one that dies with the process.

    Args:
        url: which engine, and where it keeps its index.
        fingerprint: names what the index is for: the analysis and the database.

    Raises:
        IndexUnavailable: the URL names no engine, or the index cannot be opened.
    """
    scheme, _, place = url.partition(":")
    if scheme == "memory" and not place:
        from retrieval.engines.memory import MemoryIndex  # noqa: PLC0415 - only the engine in use is imported

        return MemoryIndex()
    if scheme == "tantivy" and place:
        from retrieval.engines.tantivy import TantivyIndex  # noqa: PLC0415 - as above

        return TantivyIndex(Path(place), fingerprint)
    msg = f"No engine is called {url!r}. There are tantivy:<folder> and memory:."
    raise IndexUnavailable(msg)
