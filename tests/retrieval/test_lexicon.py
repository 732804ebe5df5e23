"""The lexicon: unpacking its data once and safely, and looking terms up."""

from __future__ import annotations

import lzma
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from retrieval.concepts import Variant
from retrieval.lexicon import Lexicon
from retrieval.lexicon_file import LexiconUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.analyzer import Analyzer

DATA = """\
[chinese]
t细	;胞,300,t cell
银	;,400,silver
银行	;,533,bank,bank hous:45;家,300,banker
[english]
bank	;,银行,岸:50,atm 机:30;note,钞票
[background]
c银	120
"""
OTHER = DATA.replace("银行,岸:50", "岸")


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "lexicon.tsv.xz"
    path.write_bytes(lzma.compress(DATA.encode()))
    return path


@pytest.fixture
def lexicon(tmp_path: Path, packed: Path) -> Iterator[Lexicon]:
    opened = Lexicon.open(tmp_path / "data", packed)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shipped(prepared: Path) -> Iterator[Lexicon]:
    opened = Lexicon.open(prepared / "lexicon")
    yield opened
    opened.close()


def _unpacked(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def test_every_headword_that_a_text_begins_with_is_found_shortest_first(lexicon: Lexicon) -> None:
    found = lexicon.chinese("银行家们")

    assert [("".join(each.units), each.log10) for each in found] == [
        ("银", pytest.approx(-5)),
        ("银行", pytest.approx(-3.67)),
        ("银行家", pytest.approx(-6)),
    ]
    assert found[1].variants == (Variant(("bank",), 1.0), Variant(("bank", "hous"), 0.45))


def test_nothing_is_found_for_what_is_not_a_headword(lexicon: Lexicon) -> None:
    assert lexicon.chinese("行") == []
    assert lexicon.chinese("") == []
    assert lexicon.english(["not"]) == []
    assert lexicon.english([]) == []


def test_a_term_of_both_scripts_is_looked_up_by_its_units(lexicon: Lexicon) -> None:
    assert [each.units for each in lexicon.chinese(["t", "细", "胞", "的"])] == [("t", "细", "胞")]


def test_english_phrases_are_found_by_their_stems(lexicon: Lexicon) -> None:
    word, phrase = lexicon.english(["bank", "note", "issu"])

    assert word.variants == (
        Variant(("银", "行"), 1.0),
        Variant(("岸",), 0.5),
        Variant(("atm", "机"), 0.3),
    )
    assert phrase.units == ("bank", "note")
    assert phrase.variants == (Variant(("钞", "票"), 1.0),)


def test_background_frequencies_are_shares(lexicon: Lexicon) -> None:
    assert lexicon.background.frequency("c银") == pytest.approx(0.012)
    assert lexicon.background.frequency("c行") == 0


def test_it_is_unpacked_once(tmp_path: Path, packed: Path, lexicon: Lexicon) -> None:
    [unpacked] = _unpacked(tmp_path / "data")
    before = unpacked.stat()

    again = Lexicon.open(tmp_path / "data", packed)

    assert again.english(["bank"]) == lexicon.english(["bank"])
    assert unpacked.stat().st_ino == before.st_ino
    again.close()


def test_other_data_is_unpacked_beside_and_the_old_removed(tmp_path: Path, packed: Path) -> None:
    Lexicon.open(tmp_path / "data", packed).close()
    packed.write_bytes(lzma.compress(OTHER.encode()))

    opened = Lexicon.open(tmp_path / "data", packed)

    assert opened.english(["bank"])[0].variants[0].units == ("岸",)
    assert len(_unpacked(tmp_path / "data")) == 1
    opened.close()


def test_a_file_that_is_no_database_is_unpacked_anew(tmp_path: Path, packed: Path) -> None:
    Lexicon.open(tmp_path / "data", packed).close()
    [unpacked] = _unpacked(tmp_path / "data")
    unpacked.write_bytes(b"not a database" * 1000)

    opened = Lexicon.open(tmp_path / "data", packed)

    assert opened.chinese("银")
    opened.close()


def test_damage_that_is_met_later_is_mended_too(tmp_path: Path) -> None:
    packed = tmp_path / "lexicon.tsv.xz"
    rows = "".join(f"{chr(code)}\t;,100,{'x' * 200}\n" for code in range(0x4E00, 0x5E00))
    packed.write_bytes(lzma.compress(f"[chinese]\n{rows}[english]\n[background]\n".encode()))
    Lexicon.open(tmp_path / "data", packed).close()
    [unpacked] = _unpacked(tmp_path / "data")
    content = bytearray(unpacked.read_bytes())
    # The beginning is sound, so that opening it finds nothing.
    content[100_000:-60_000] = bytes(len(content) - 160_000)
    unpacked.write_bytes(content)

    opened = Lexicon.open(tmp_path / "data", packed)

    assert [opened.chinese(chr(code))[0].log10 for code in range(0x4E00, 0x5E00, 50)] == [-8] * 82
    assert len(_unpacked(tmp_path / "data")) == 1
    opened.close()


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"not compressed",
        lzma.compress(DATA.encode())[:-20],
        lzma.compress(b"[english]\n"),
        lzma.compress(DATA.replace("银行\t", "银行").encode()),
    ],
    ids=["missing", "not compressed", "cut off", "another format", "a line without a value"],
)
def test_data_that_cannot_be_unpacked_is_told_and_leaves_nothing(
    tmp_path: Path, packed: Path, content: bytes | None
) -> None:
    if content is None:
        packed.unlink()
    else:
        packed.write_bytes(content)

    with pytest.raises(LexiconUnavailable, match=r"lexicon.* cannot be"):
        Lexicon.open(tmp_path / "data", packed)

    assert not (tmp_path / "data").exists() or _unpacked(tmp_path / "data") == []


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, packed: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(LexiconUnavailable):
        Lexicon.open(tmp_path / "data", packed)


def test_two_processes_can_start_at_once(tmp_path: Path, packed: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from retrieval.lexicon import Lexicon;"
        "print(Lexicon.open(Path(sys.argv[1]), Path(sys.argv[2])).chinese('银行')[1].cells)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "data"), str(packed)]

    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603 - our own program

    assert [process.communicate()[0].strip() for process in started] == ["bank,bank hous:45"] * 2
    assert len(_unpacked(tmp_path / "data")) == 1


def test_threads_can_look_up_at_once(lexicon: Lexicon) -> None:
    def look_up(_: int) -> int:
        return len(lexicon.chinese("银行家")) + len(lexicon.english(["bank", "note"]))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look_up, range(400))) == {5}


def test_the_lexicon_that_ships_knows_the_trade_in_both_directions(
    shipped: Lexicon, analyzer: Analyzer
) -> None:
    def english(term: str) -> set[str]:
        return {" ".join(variant.units) for variant in shipped.chinese(term)[-1].variants}

    def chinese(term: str) -> set[str]:
        stems = [analyzer.stem(word) for word in term.split()]
        return {"".join(variant.units) for variant in shipped.english(stems)[-1].variants}

    assert "antibodi" in english("抗体")
    assert "clinic trial" in english("临床试验")
    assert {"bank"} <= english("银行")
    assert "单克隆抗体" in chinese("monoclonal antibody")
    assert "临床试验" in chinese("clinical trials")
    assert {"公司", "企业"} <= chinese("companies")


def test_the_lexicon_that_ships_was_made_with_the_stemmer_in_use(
    shipped: Lexicon, analyzer: Analyzer
) -> None:
    words = """
        abilities agreement announcement antibodies approval banking biology business clinical
    commercialize company     competitiveness development economies efficacy financing generally
    hopefulness independence industrial innovation     investor licensing manufacturing medicines
    national operational organization patients pharmaceutical quickly     relational revenues royalties
    safety shares singing subsidiary technological traditional treatments university
    """.split()

    assert [word for word in words if not shipped.english([analyzer.stem(word)])] == []


def test_the_lexicon_that_ships_gives_at_most_twelve_translations_the_first_weighing_one(
    shipped: Lexicon,
) -> None:
    for term in "打 人 银行 中国 研究 上市".split():
        for headword in shipped.chinese(term):
            weights = [variant.weight for variant in headword.variants]
            assert weights == sorted(weights, reverse=True)
            assert weights[0] == 1
            assert len(weights) <= 12


def test_the_background_that_ships_tells_common_words_from_rare(shipped: Lexicon) -> None:
    background = shipped.background

    assert background.frequency("w的") > 0.9 > background.frequency("w公司") > background.frequency("w抗体")
    assert background.frequency("wthe") > 0.9 > background.frequency("wcompani") > 0.05
    assert background.frequency("c|compani|") == background.frequency("wcompani")
