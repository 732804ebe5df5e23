"""A JSON file: one document, a list of them, or an object with a list "documents"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.jsonlines import Keys
from corpus.formats.records import RecordError, draft_of, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.formats.base import Draft, SourceFile

_NAMED_FAULTS: Final = 3
_BOM: Final = b"\xef\xbb\xbf"


def read(file: SourceFile) -> Iterator[Draft]:
    """Read the documents of a JSON file; all of them are good, or none is given.

    Raises:
        UnreadableFile: It is not JSON, or one of its records is not a document.
    """
    try:
        value = parsed(file.read().removeprefix(_BOM))
        alone = isinstance(value, dict) and not isinstance(value.get("documents"), list)
        records = [value] if alone else value["documents"] if isinstance(value, dict) else value
        if not isinstance(records, list):
            draft_of(records, file.options.zone, 1)
    except RecordError as error:
        raise UnreadableFile(refusals.bad_record(error.fault)) from None
    if not records:
        raise UnreadableFile(refusals.NO_TEXT)
    yield from _drafts(records, file, alone=alone)


def _drafts(records: list[object], file: SourceFile, *, alone: bool) -> list[Draft]:
    keys = Keys()
    drafts: list[Draft] = []
    faults: list[str] = []
    for number, record in enumerate(records, start=1):
        try:
            drafts.append(keys.checked(draft_of(record, file.options.zone, number)))
        except RecordError as error:
            if alone:
                raise UnreadableFile(refusals.bad_record(error.fault)) from None
            faults.append(f"document {number}: {error.fault}")
    if faults:
        raise UnreadableFile(refusals.bad_records("documents", faults[:_NAMED_FAULTS], len(faults)))
    return drafts
