"""Everything that can go wrong in retrieval.

RetrievalError
├── IndexUnavailable   the index cannot be opened or read
├── IndexLocked        another process is writing to the index
├── EncoderUnavailable sentence vectors cannot be made
│   └── EncoderMissing the package that makes them is not installed
├── VectorsUnavailable the file of sentence vectors cannot be read or written
└── InvalidQuestionSet a question set to evaluate with is not in the BEIR layout
"""

from __future__ import annotations


class RetrievalError(Exception):
    """Base of the package's errors; its text is fit for an operator to read."""


class IndexUnavailable(RetrievalError):
    """The index cannot be opened or read."""


class IndexLocked(RetrievalError):
    """Another process is writing to the index."""


class EncoderUnavailable(RetrievalError):
    """The encoder of sentence vectors cannot be loaded, or does not do what one must."""


class EncoderMissing(EncoderUnavailable):
    """No encoder is named and the usual one is not installed; everything works without."""


class VectorsUnavailable(RetrievalError):
    """The file of sentence vectors cannot be read or written."""


class InvalidQuestionSet(RetrievalError):
    """A question set is missing a file, or a line of it is not what BEIR prescribes."""
