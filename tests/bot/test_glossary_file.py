"""The glossary file as it is changed: what it holds besides stays, and retrieval reads what was written."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CannotKeep
from bot.keeping.glossary_file import Flaw, GlossaryFile, NoTerm, Term, read_names, read_term
from retrieval.glossary import Glossary

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.knowledge import Knowledge


@pytest.fixture
def file(tmp_path: Path) -> GlossaryFile:
    return GlossaryFile(tmp_path / "terms.tsv")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("创新药 = innovative drug = 新药", ("创新药", "innovative drug", "新药")),
        ("innovative  drug＝创新药", ("创新药", "innovative drug")),
        ("PD-1抗体=PD-1 antibody", ("PD-1抗体", "PD-1 antibody")),
        ("a\t甲\tb\t乙", ("甲", "a", "乙", "b")),
        ("#创新药 = #new drug = 创新药", ("创新药", "new drug")),
    ],
)
def test_a_term_is_read_whatever_the_order(text: str, names: tuple[str, ...]) -> None:
    assert read_term(text).names == names


def test_names_that_are_added_may_be_listed() -> None:
    assert read_names("创新药", "new drug, novel drug；新药").names == (
        "创新药",
        "new drug",
        "新药",
        "novel drug",
    )


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", Flaw.PARTS),
        ("创新药", Flaw.PARTS),
        ("创新药 = 。", Flaw.PARTS),
        ("甲 = 乙", Flaw.ENGLISH),
        ("a = b", Flaw.CHINESE),
        (f"甲 = {'x' * 81}", Flaw.LONG),
        ("甲 = a\u202eb", Flaw.LONG),
        ("甲 = a\ud800b", Flaw.LONG),
        (" = ".join(["甲", *(f"w{number}" for number in range(12))]), Flaw.MANY),
    ],
)
def test_what_is_no_term_says_why(text: str, flaw: Flaw) -> None:
    with pytest.raises(NoTerm) as refused:
        read_term(text)
    assert refused.value.flaw is flaw


async def test_what_is_written_is_what_retrieval_reads(
    file: GlossaryFile, tmp_path: Path, knowledge: Knowledge
) -> None:
    glossary = Glossary(tmp_path / "terms.tsv", knowledge.analyzer)
    assert glossary.entries().translations(list("双抗"), chinese=True) is None
    assert await file.add(read_term("双抗 = bispecific antibody = 双特异性抗体"))
    assert not await file.add(read_term("双特异性抗体 = bispecific antibody = 双抗")), "the same names"
    entries = glossary.entries()
    assert entries.problems == ()
    assert entries.translations(list("双特异性抗体"), chinese=True) is not None
    (term,) = (await file.terms()).terms
    assert await file.remove(term.id) == term
    assert await file.remove(term.id) is None
    assert glossary.entries().translations(list("双抗"), chinese=True) is None


async def test_comments_and_what_cannot_be_used_stay(file: GlossaryFile, tmp_path: Path) -> None:
    before = "# 说明\n\n没有英文\n双抗\tbispecific\r\n"
    (tmp_path / "terms.tsv").write_bytes(b"\xef\xbb\xbf" + before.encode())
    held = await file.terms()
    assert (len(held.terms), held.unusable) == (1, 1)
    await file.add(read_term("甲 = a"))
    assert (tmp_path / "terms.tsv").read_bytes().decode() == before + "甲\ta\n"
    for term in (await file.terms()).terms:
        await file.remove(term.id)
    assert (tmp_path / "terms.tsv").read_bytes().decode() == "# 说明\n\n没有英文\n"


async def test_the_one_that_ships_is_copied_at_the_first_change(tmp_path: Path, knowledge: Knowledge) -> None:
    shipped, own = tmp_path / "shipped.tsv", tmp_path / "own.tsv"
    shipped.write_text("双抗\tbispecific\n", encoding="utf-8")
    file = GlossaryFile(own, shipped)
    glossary = Glossary(own, knowledge.analyzer, shipped)
    assert len((await file.terms()).terms) == 1
    assert glossary.entries().translations(list("双抗"), chinese=True) is not None
    await file.remove((await file.terms()).terms[0].id)
    assert own.read_text(encoding="utf-8") == ""
    assert glossary.entries().translations(list("双抗"), chinese=True) is None, "an empty one counts, too"
    assert shipped.read_text(encoding="utf-8") == "双抗\tbispecific\n"


async def test_many_at_once_lose_nothing(file: GlossaryFile) -> None:
    await asyncio.gather(*(file.add(read_term(f"第{number}项 = w{number}")) for number in range(20)))
    assert len((await file.terms()).terms) == 20


async def test_what_is_not_utf8_is_left_alone(file: GlossaryFile, tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_bytes("双抗\tx".encode("gb18030"))
    with pytest.raises(CannotKeep):
        await file.add(read_term("甲 = a"))


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=6))
def test_any_term_is_one_line_that_reads_as_the_same(names: list[str]) -> None:
    try:
        term = Term.of(names)
    except NoTerm:
        return
    assert len(term.line.splitlines()) == 1
    assert not term.line.startswith("#")
    assert Term.of(term.line.split("\t")) == term
