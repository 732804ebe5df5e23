from __future__ import annotations

import json
import re
from pathlib import Path

from corpus import refusals
from corpus.formats.kinds import ENDINGS
from tests.corpus.newsroom import read_one

ROOT = Path(__file__).parents[2]
DOCUMENTED = (ROOT / "docs" / "formats.md").read_text("utf-8")

EXAMPLES = [
    refusals.oversize(2**26, 2**20),
    refusals.long_line(2**20),
    refusals.unopened(PermissionError(13, "Permission denied")),
    refusals.mismatch("a PDF", "HTML"),
    refusals.mismatch("HTML", None),
    refusals.unknown_kind("doc", [".txt"]),
    refusals.unknown_kind("", [".txt"]),
    refusals.too_many("pages", 1000),
    refusals.bad_front_matter("it is not YAML"),
    refusals.undecodable("utf-8", "its byte order mark says"),
    refusals.bad_record("it is not JSON"),
    refusals.bad_records("lines", ["line 1: it is not JSON"], 1),
    refusals.bad_records("documents", ["document 1: it is not JSON"], 3),
]
REASONS = [value for name, value in vars(refusals).items() if name.isupper() and isinstance(value, str)]


def documented_forms() -> list[re.Pattern[str]]:
    table = DOCUMENTED.partition("## Every reason")[2]
    reasons = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][2:]
    return [
        re.compile(".*".join(re.escape(part) for part in reason.split("…")) + r"\Z") for reason in reasons
    ]


def test_every_reason_is_documented() -> None:
    forms = documented_forms()
    for reason in [*REASONS, *EXAMPLES]:
        if reason != refusals.OLD_OFFICE:  # a part of one
            assert any(form.match(reason) for form in forms), reason
    assert refusals.OLD_OFFICE in DOCUMENTED


def test_every_documented_reason_is_given() -> None:
    for form in documented_forms():
        assert any(form.match(reason) for reason in [*REASONS, *EXAMPLES]), form.pattern


def test_every_ending_is_documented() -> None:
    assert all(f"`{ending.removesuffix('.gz')}`" in DOCUMENTED for ending in ENDINGS)


def test_the_documented_examples_are_read_as_documented() -> None:
    seed = DOCUMENTED[DOCUMENTED.index("创新药产业生态圈\n") :].split("```")[0]
    record = DOCUMENTED.split("```json\n")[1].split("```")[0]
    document = read_one("seed.txt", seed)
    assert [(passage.section, passage.marks) for passage in document.passages] == [
        ("Group 1", ("[1]",)),
        ("Group 1", ("[1]",)),
        ("Group 2", ("[2]", "[3]")),
    ]
    document = read_one("a.json", record)
    assert document.title == json.loads(record)["title"]
    assert document.id == "https://news.example/daily/hd-27-filing"


def test_reasons_are_sentences_without_jargon() -> None:
    for reason in [*REASONS, *EXAMPLES]:
        if reason == refusals.OLD_OFFICE:
            continue
        assert not reason[0].islower()
        assert "Error" not in reason
        assert "Exception" not in reason
