"""The one process that makes vectors in the background, at the lowest priority."""

from __future__ import annotations

import logging
import multiprocessing
import os
from typing import TYPE_CHECKING

from retrieval.encoder import Encoder, open_encoder
from retrieval.errors import EncoderUnavailable, RetrievalError
from retrieval.passage_vectors import PassageVectors, vectors_of
from retrieval.quantizer import Quantizer
from retrieval.worker_process import follow_parent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

_LOWEST_PRIORITY = 19

_LOG = logging.getLogger(__name__)


class WorkerEnded(RetrievalError):
    """The process that makes vectors was ended by something else."""


class VectorWorker:
    """A process with its own encoder.

    It is a process because making vectors is Python and arithmetic without a pause: in a
    thread it would take turns with readers' questions. It is ended as soon as there is
    nothing to do, which gives its memory back.

    Args:
        encoder: the name of the encoder, as for `open_encoder`.
    """

    def __init__(self, encoder: str) -> None:
        # Spawned, not forked: this process has threads.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, encoder), daemon=True)
        try:
            self._process.start()
        finally:
            # Else the end of the process would not be seen here.
            theirs.close()
        self._is_ready = False

    def encode(self, texts: Sequence[str]) -> list[PassageVectors | None]:
        """The vectors of passages; None for a text that the encoder cannot take. It blocks.

        Raises:
            EncoderUnavailable: the encoder cannot be opened there.
            WorkerEnded: the process is gone.
        """
        try:
            if not self._is_ready:
                refused: str | None = self._connection.recv()
                if refused is not None:
                    raise EncoderUnavailable(refused)
                self._is_ready = True
            self._connection.send(list(texts))
            made: list[PassageVectors | None] = self._connection.recv()
        except (EOFError, OSError) as error:
            msg = "the process that makes them was ended"
            raise WorkerEnded(msg) from error
        return made

    def kill(self) -> None:
        """Ends the process at once, and with it an `encode` in another thread. Nothing is lost."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process, and gives back all it held here. No thread may be in `encode`."""
        self.kill()
        self._process.join()
        self._process.close()
        self._connection.close()


def _work(connection: Connection, name: str) -> None:
    """What the process does: tells whether it is ready, then makes vectors until the other end closes."""
    follow_parent()
    os.nice(_LOWEST_PRIORITY)
    try:
        encoder = open_encoder(name)
    except EncoderUnavailable as error:
        connection.send(str(error))
        return
    quantizer = Quantizer(encoder.dimension)
    connection.send(None)
    while True:
        try:
            texts: list[str] = connection.recv()
        except EOFError:
            return
        connection.send(_made(encoder, quantizer, texts))


def _made(encoder: Encoder, quantizer: Quantizer, texts: list[str]) -> list[PassageVectors | None]:
    """The vectors of texts. One that an operator's encoder cannot take is not to hold up the others."""
    try:
        return list(vectors_of(encoder, quantizer, texts))
    except Exception:  # noqa: BLE001 - an operator's encoder may raise anything
        if len(texts) == 1:
            _LOG.exception("A passage is left without vectors: the encoder cannot take it.")
            return [None]
        return [made for text in texts for made in _made(encoder, quantizer, [text])]
