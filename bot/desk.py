"""The desk: what every handler works with, made once when the application is built."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.answer import Answer, Question

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.examples import Examples
    from bot.locale.catalogue import Catalogues
    from bot.logs import Pseudonyms
    from corpus.store import CorpusStore
    from retrieval.answerer import Answerer


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that answer readers.

    `menu` is what `/help` lists: each command's name and the msgid of what it does.
    `excerpts` is how many an answer has at most; `zone` is where "today" is.
    """

    answerer: Answerer
    store: CorpusStore
    examples: Examples
    catalogues: Catalogues
    names: Pseudonyms
    menu: tuple[tuple[str, str], ...]
    excerpts: int
    zone: ZoneInfo
    clock: Callable[[], datetime]

    async def answer(self, text: str, asked: datetime) -> Answer:
        """Answer a question asked at a moment, without holding up anybody else."""
        question = Question(text, asked.astimezone(self.zone))
        return await asyncio.to_thread(self.answerer.answer, question, self.excerpts)
