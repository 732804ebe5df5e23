"""Publication: what else commits together with a new generation, such as whom to tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from corpus.store import CorpusStore


class Writes(Protocol):
    """What is written in the transaction that turns the pointer to the new generation."""

    @property
    def notified(self) -> int:
        """How many notifications it makes."""

    def write(self, connection: Connection) -> None:
        """Write it all; it may wait for nothing but the database."""

    def withdraw(self, connection: Connection) -> None:
        """Take back what nobody has seen yet, in the transaction that turns the pointer back."""


class Publication(Protocol):
    """Who prepares what is written with a new generation."""

    async def begin(self, store: CorpusStore, base: int | None, *, notify: bool) -> None:
        """Get ready, before the index is given anything.

        Args:
            store: where the generations are.
            base: the generation that is served; None at a first load.
            notify: tell of a first load, too.
        """

    async def prepare(self, store: CorpusStore, base: int | None, generation: int) -> Writes | None:
        """What to write with a generation, once its rows are there and the index has analysed them."""

    async def settled(self, store: CorpusStore) -> None:
        """The generation is published: make up for what happened meanwhile."""

    async def abandon(self) -> None:
        """Forget everything since `begin`."""
