"""Writes question sets in the BEIR layout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def lines_of(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_set(
    folder: Path,
    corpus: Iterable[Mapping[str, Any]],
    queries: Iterable[Mapping[str, Any]],
    judgements: Iterable[tuple[str, str, float]],
) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(lines_of(corpus), "utf-8")
    (folder / "queries.jsonl").write_text(lines_of(queries), "utf-8")
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, each)) for each in judgements)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder
