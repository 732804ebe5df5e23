"""The index on disk: opened again, shared with other processes, killed while written, and damaged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.answerer import Answerer
from retrieval.engines import open_index
from retrieval.errors import IndexLocked, IndexUnavailable
from retrieval.indexing import analyse
from tests.retrieval.indexed import DEAL, FUND, INDEX, ask, found, index_of

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index

ROOT = Path(__file__).resolve().parents[2]


def test_an_index_on_disk_is_there_again_when_it_is_opened(analyzer: Analyzer) -> None:
    index_of(analyzer, [DEAL, FUND], "tantivy:deep/folder").close()
    snapshot = open_index("tantivy:deep/folder", analyzer.fingerprint).snapshot()
    assert (snapshot.generation, snapshot.passages) == (1, 3)
    assert found(snapshot, "w授权") == {"deal", "fund"}


def test_an_index_of_another_analysis_is_another_index(analyzer: Analyzer) -> None:
    index_of(analyzer, [DEAL], "tantivy:index")
    newer = open_index("tantivy:index", "analysis-999")
    assert newer.snapshot().generation is None
    # Until the newer has something to show, the older is kept.
    assert open_index("tantivy:index", analyzer.fingerprint).snapshot().passages == 2
    writer = newer.writer()
    writer.add(analyse(analyzer, [FUND]))
    writer.commit(1)
    assert open_index("tantivy:index", analyzer.fingerprint).snapshot().generation is None


def run(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Starts a program in another process."""
    command = [sys.executable, "-c", program, *arguments]
    environment = {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


HOLD_A_WRITER = """
import sys
from retrieval.engines import open_index
writer = open_index("tantivy:index", sys.argv[1]).writer()
writer.clear()
print("writing", flush=True)
sys.stdin.read()
writer.commit(9)
"""


def test_a_writer_in_another_process_is_respected_and_its_commit_seen(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    index = index_of(analyzer, [DEAL], f"tantivy:{tmp_path}/index")
    with run(HOLD_A_WRITER, analyzer.fingerprint) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(IndexLocked):
            index.writer()
        assert index.snapshot().generation == 1
        other.communicate()
        assert other.returncode == 0
    index.writer().rollback()
    assert open_index("tantivy:index", analyzer.fingerprint).snapshot().generation == 9


def test_a_writer_that_was_killed_leaves_the_old_generation_and_no_lock(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    index = index_of(analyzer, [DEAL], f"tantivy:{tmp_path}/index")
    with run(HOLD_A_WRITER, analyzer.fingerprint) as other:
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages) == (1, 2)
    writer = index.writer()
    writer.add(analyse(analyzer, [FUND]))
    writer.commit(2)
    assert found(index.snapshot(), "w授权") == {"deal", "fund"}


def index_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


@pytest.mark.parametrize("damage", ["no JSON", "cut", "empty", "another index"])
def test_a_damaged_index_is_unavailable(analyzer: Analyzer, tmp_path: Path, damage: str) -> None:
    index_of(analyzer, [DEAL], "tantivy:index").close()
    (meta,) = tmp_path.glob("index/*/meta.json")
    whole = meta.read_text()
    damaged = {
        "no JSON": "][",
        "cut": whole[:100],
        "empty": "",
        "another index": whole.replace("terms", "words"),
    }
    meta.write_text(damaged[damage])
    with pytest.raises(IndexUnavailable, match="index"):
        open_index("tantivy:index", analyzer.fingerprint).snapshot()


def test_a_file_where_the_index_should_be(analyzer: Analyzer, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("no folder")
    with pytest.raises(IndexUnavailable, match="index"):
        open_index("tantivy:index", analyzer.fingerprint)


@pytest.mark.parametrize("damage", ["gone", "cut", "empty"])
def test_an_index_that_lost_a_file_is_unavailable(analyzer: Analyzer, tmp_path: Path, damage: str) -> None:
    index_of(analyzer, [DEAL, FUND, INDEX], "tantivy:index").close()
    segments = [path for path in index_files(tmp_path / "index") if not path.name.endswith(".json")]
    assert len(segments) > 3
    for path in segments:
        whole = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"")
        with pytest.raises(IndexUnavailable):
            use(open_index("tantivy:index", analyzer.fingerprint), analyzer)
        path.write_bytes(whole)
    use(open_index("tantivy:index", analyzer.fingerprint), analyzer)


def use(index: Index, analyzer: Analyzer) -> None:
    Answerer(index, analyzer).answer(ask("GR1803授权金额和产业基金"))


def test_what_is_not_an_index_is_left_alone(analyzer: Analyzer, tmp_path: Path) -> None:
    stranger = tmp_path / "data" / "uploads" / "precious.txt"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("precious")
    index_of(analyzer, [DEAL], f"tantivy:{tmp_path}/data")
    assert stranger.exists()


def test_what_another_opening_commits_is_seen_by_the_next_question(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    reader = open_index(f"tantivy:{tmp_path}/index", analyzer.fingerprint)
    assert reader.snapshot().generation is None
    index_of(analyzer, [DEAL], f"tantivy:{tmp_path}/index")
    assert found(reader.snapshot(), "w授权") == {"deal"}
