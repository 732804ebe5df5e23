"""Whatever happens to the folder, what is served is what a simple description says it must be."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.database import Database
from corpus.store import CorpusStore
from tests.corpus.desk import Desk

# A state of the folder: what each file holds by key, or None for a file that cannot be read.
CONTENT = st.none() | st.dictionaries(st.sampled_from("xyz"), st.sampled_from("一二"), min_size=1)
FOLDER = st.dictionaries(st.sampled_from(["a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"]), CONTENT)
# Each state, and whether the index fails once before it is loaded.
HISTORY = st.lists(st.tuples(FOLDER, st.booleans()), min_size=2, max_size=5)

State = dict[str, dict[str, str] | None]


class Description:
    """What must be served: for each key the text, and the file it comes from."""

    def __init__(self) -> None:
        self.served: dict[str, tuple[str, str]] = {}

    def load(self, folder: State) -> None:
        before, self.served = self.served, {}
        for origin in sorted(folder):
            # What cannot be read now goes on with what it had.
            content = folder[origin] or {key: text for key, (text, of) in before.items() if of == origin}
            for key, text in content.items():
                self.served.setdefault(key, (text, origin))

    @property
    def texts(self) -> dict[str, str]:
        return {key: text for key, (text, _) in self.served.items()}


@given(history=HISTORY)
@settings(max_examples=20)
def test_what_is_served_follows_the_folder(migrated_file: Path, history: list[tuple[State, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(follow(Path(folder), migrated_file, history))


async def follow(folder: Path, migrated_file: Path, history: list[tuple[State, bool]]) -> None:
    shutil.copy(migrated_file, folder / "wenxun.db")
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/wenxun.db")
    desk, description = Desk(folder / "news", CorpusStore(database)), Description()
    try:
        for state, fails in history:
            change(desk, state)
            if fails:
                await fail_to_load(desk)
                assert await desk.served() == description.texts
            description.load(state)
            report = await desk.load(allow_empty=True)
            assert await desk.served() == description.texts
            assert {origin for origin, content in state.items() if content is None} <= {
                rejection.origin for rejection in report.rejected
            }
            again = await desk.load(allow_empty=True)
            assert again.generation is None
            assert again.rejected == report.rejected
            assert desk.sink.added == desk.sink.removed == []
    finally:
        await database.close()


def change(desk: Desk, state: State) -> None:
    for path in desk.folder.iterdir():
        path.unlink()
    for origin, content in state.items():
        if content is None:
            desk.write(origin, "{nonsense")
        else:
            desk.lines(origin, content)


async def fail_to_load(desk: Desk) -> None:
    def fail(step: str) -> None:
        if step == "publish":
            raise ZeroDivisionError

    desk.sink._at = fail
    try:
        await desk.load(allow_empty=True)
    except ZeroDivisionError:
        pass
    finally:
        desk.sink._at = lambda _: None
