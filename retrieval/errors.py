"""Everything that can go wrong in retrieval.

RetrievalError
├── IndexUnavailable   the index cannot be opened or read
├── IndexLocked        another process is writing to the index
└── InvalidQuestionSet a question set to evaluate with is not in the BEIR layout
"""

from __future__ import annotations


class RetrievalError(Exception):
    """Base of the package's errors; its text is fit for an operator to read."""


class IndexUnavailable(RetrievalError):
    """The index cannot be opened or read."""


class IndexLocked(RetrievalError):
    """Another process is writing to the index."""


class InvalidQuestionSet(RetrievalError):
    """A question set is missing a file, or a line of it is not what BEIR prescribes."""
