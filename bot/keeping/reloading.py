"""Reloading from the chat: dry runs, loads and undos, one at a time, shared by all who ask for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.errors import Overtaken
from bot.incidents import record_incident
from corpus.errors import DatabaseError
from corpus.joining import Joining
from corpus.load_report import LoadReport, UndoReport

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from bot.audit import Audit
    from corpus.joining import Tell
    from corpus.loader import Loader


@dataclass(frozen=True, slots=True)
class LostPin:
    """A pinned question that does not find its document any more; `expected` is the document's title."""

    question: str
    expected: str


PinCheck: TypeAlias = Callable[[LoadReport], Awaitable[Sequence[LostPin]]]
"""Which pinned questions a load loses: asked with a dry run's report, or with that of a load that is done."""


class Reloading:
    """Dry runs, loads and undos of one running bot. What waits here for another ends with the bot.

    Args:
        loader: does them.
        audit: where it is noted who did them.
        check: which pinned questions a load loses; None if there are no pins.
    """

    def __init__(self, loader: Loader, audit: Audit, check: PinCheck | None = None) -> None:
        self._loader = loader
        self._audit = audit
        self._check = check
        # The loader refuses a load while another kind of work runs; here it waits for its turn.
        self._turn = asyncio.Lock()
        self._plans: dict[bool, Joining[LoadReport]] = {False: Joining(), True: Joining()}
        self._loads = Joining[LoadReport]()
        self._undos = Joining[UndoReport]()
        self._loading = 0
        self._tasks: dict[asyncio.Task[None], tuple[int, int]] = {}

    @property
    def loads(self) -> bool:
        """Whether a load that was asked for here is running or waits for its turn."""
        return self._loading > 0

    async def plan(self, tell: Tell | None = None, *, include_undone: bool = False) -> LoadReport:
        """What a load would do now.

        Raises:
            CorpusError: as `Loader.plan`.
        """

        async def work(tell: Tell) -> LoadReport:
            async with self._turn:
                return await self._loader.plan(tell, include_undone=include_undone)

        return await self._plans[include_undone].run("plan", work, tell)

    async def load(
        self, actor: int | None, tell: Tell | None = None, *, include_undone: bool = False
    ) -> LoadReport:
        """Load, or join the load that is running, whatever it includes.

        Args:
            actor: who asks, for the audit; None for the program itself. Who joins is not noted.
            tell: is told how far it is.
            include_undone: whether what an undone load took is taken again.

        Raises:
            CorpusError: as `Loader.load`.
        """

        async def work(tell: Tell) -> LoadReport:
            async with self._turn:
                report = await self._loader.load(tell, include_undone=include_undone)
                if report.generation is not None:
                    await _noted(self._audit.note(actor, "load", asdict(report)))
                return report

        self._loading += 1
        try:
            return await self._loads.run("load", work, tell)
        finally:
            self._loading -= 1

    async def load_anew(
        self, actor: int | None, tell: Tell | None = None, *, include_undone: bool = False
    ) -> LoadReport:
        """A load that begins from now on, so that it sees what is in the folder now.

        Args and Raises: as of `load`.
        """
        while self.loads:
            async with self._turn:
                pass
            await asyncio.sleep(0)  # whoever waited for the load must notice that it has ended
        return await self.load(actor, tell, include_undone=include_undone)

    async def undo(self, actor: int, undone: int, tell: Tell | None = None) -> UndoReport:
        """Go back to what was served before a load.

        Args:
            actor: who asks, for the audit.
            undone: the load that is to be undone.
            tell: is told how far it is.

        Raises:
            Overtaken: it is not the last one any more.
            NothingToUndo: nothing is kept to go back to.
            CorpusError: as `Loader.undo`.
        """

        async def work(tell: Tell) -> UndoReport:
            async with self._turn:
                if (await self._loader.plan_undo()).undone != undone:
                    raise Overtaken
                report = await self._loader.undo(tell)
                await _noted(note_undo(self._audit, actor, report))
                return report

        return await self._undos.run(undone, work, tell)

    async def plan_undo(self) -> UndoReport:
        """What `undo` would do now.

        Raises:
            CorpusError: as `Loader.plan_undo`.
        """
        return await self._loader.plan_undo()

    async def lost(self, report: LoadReport) -> Sequence[LostPin]:
        """The pinned questions that a load loses, by a dry run's report or its own.

        None where they cannot be asked: that is no reason not to load, or to hide that it was done.
        """
        if self._check is None or report.generation is None:
            return ()
        try:
            return await self._check(report)
        except Exception as error:  # noqa: BLE001 - as said
            record_incident(error, "the pinned questions could not be asked")
            return ()

    def follows(self, place: tuple[int, int]) -> bool:
        """Whether a message, known by its chat and number, shows what comes of something."""
        return place in self._tasks.values()

    def begin(self, place: tuple[int, int], work: Coroutine[Any, Any, None]) -> None:
        """Let something go on while its chat does other things; it ends with the bot at the latest.

        Args:
            place: the message that shows what comes of it.
            work: what is to be done.
        """
        task = asyncio.create_task(work)
        self._tasks[task] = place
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Cut off what still goes on. What is served stays as it is."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            record_incident(error, "what was asked for in a chat came to no end")


async def note_undo(audit: Audit, actor: int | None, report: UndoReport) -> None:
    """Note that a load was undone, and by whom (None: on the command line)."""
    load = await audit.last("load")
    if load is not None and load.detail.get("generation") == report.undone:
        await audit.note_undone(load.id)
    await audit.note(actor, "undo", {"generation": report.generation, "undone": report.undone})


async def _noted(note: Awaitable[object]) -> None:
    """Note what was done; that this fails does not undo it."""
    try:
        await note
    except DatabaseError as error:
        record_incident(error, "what an administrator did could not be noted in the audit")
