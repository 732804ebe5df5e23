from __future__ import annotations

import shutil
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from bot.locale.catalogue import FOLDER, LOCALES, Catalogues
from scripts.catalogues import (
    ROOT,
    Entry,
    catalogue_text,
    catalogues,
    english,
    entries_of,
    messages_in,
    simplified,
    traditional,
)

if TYPE_CHECKING:
    from pathlib import Path

HELLO = Entry(("Hello",), ("",), ("bot/a.py",))
STONES = Entry(("{count} stone", "{count} stones"), ("", ""), ("bot/a.py", "bot/b.py"))


def checkout(folder: Path, code: str) -> Path:
    """A checkout with the catalogues of this one and other code."""
    shutil.copytree(FOLDER, folder / "bot" / "locale", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "bot" / "said.py").write_text(code, encoding="utf-8")
    return folder


def written(folder: Path) -> None:
    for path, text in list(catalogues(folder)):
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("index", range(1 + len(LOCALES)))
def test_the_files_are_what_the_code_says(index: int) -> None:
    path, text = list(catalogues(ROOT))[index]
    assert path.read_text(encoding="utf-8") == text, "run: python scripts/catalogues.py"


def test_a_new_message_is_in_every_file_and_waits_for_its_chinese(tmp_path: Path) -> None:
    root = checkout(tmp_path, 'words.gettext("Never said before.")\n')
    written(root)

    assert "Never said before." in (root / "bot" / "locale" / "wenxun.pot").read_text(encoding="utf-8")
    words = Catalogues.load(root / "bot" / "locale").words
    assert words["en"].messages == {"Never said before.": ("Never said before.",)}
    assert words["zh"].messages == {}
    assert words["zh_Hant"].gettext("Never said before.") == "Never said before."


def test_a_plural_is_said_in_each_language_as_it_counts(tmp_path: Path) -> None:
    root = checkout(tmp_path, 'words.ngettext("{count} stone", "{count} stones", 2)\n')
    written(root)
    po = root / "bot" / "locale" / "zh" / "LC_MESSAGES" / "wenxun.po"
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace('msgstr[0] ""', 'msgstr[0] "{count} 块石头"'), encoding="utf-8")
    written(root)

    words = Catalogues.load(root / "bot" / "locale").words
    said = {
        locale: [words[locale].ngettext("{count} stone", "{count} stones", count) for count in (1, 2)]
        for locale in LOCALES
    }
    assert said == {
        "en": ["{count} stone", "{count} stones"],
        "zh": ["{count} 块石头"] * 2,
        "zh_Hant": ["{count} 塊石頭"] * 2,
    }


def test_what_is_translated_stays_and_what_is_said_no_more_goes() -> None:
    known = {"Hello": Entry(("Hello",), ("您好",)), "Bye": Entry(("Bye",), ("再见",))}

    assert simplified((HELLO, STONES), known) == (
        Entry(("Hello",), ("您好",), ("bot/a.py",)),
        Entry(STONES.ids, ("",), STONES.files),
    )


def test_english_says_its_msgids() -> None:
    assert [entry.forms for entry in english((HELLO, STONES))] == [HELLO.ids, STONES.ids]


@pytest.mark.parametrize(
    ("simple", "hant"),
    [
        ("软件里的“信息”", "軟體裡的「資訊」"),
        ("发送命令，回复消息", "傳送指令，回覆訊息"),
        ("共 {count} 篇报道", "共 {count} 篇報導"),
        ("把代码告诉管理员", "把代碼告訴管理員"),
        ("", ""),
    ],
)
def test_traditional_chinese_is_made_from_simplified_with_taiwans_words(simple: str, hant: str) -> None:
    assert traditional((Entry(("m",), (simple,)),), {})[0].forms == (hant,)


def test_what_was_written_by_hand_stays_while_the_simplified_text_does() -> None:
    better = Entry(("Hello",), ("您好！",), notes=("by hand, from: 你好",))

    (kept,) = traditional((Entry(("Hello",), ("你好",)),), {"Hello": better})
    (renewed,) = traditional((Entry(("Hello",), ("您好",)),), {"Hello": better})

    assert (kept.forms, kept.notes) == (better.forms, better.notes)
    assert (renewed.forms, renewed.notes) == (("您好",), ())


def test_a_note_above_a_message_survives_being_written_and_read() -> None:
    note = "by hand, from: " + "这是一句很长的话，" * 20
    entry = Entry(("Hello",), ("這是一句很長的話",), ("bot/a.py",), (note,))

    read = entries_of(catalogue_text((entry,), "zh_Hant").encode())["Hello"]

    assert "".join("".join(read.notes).split()) == "".join(note.split())
    assert (
        traditional((Entry(("Hello",), ("这是一句很长的话，" * 20,)),), {"Hello": read})[0].forms
        == entry.forms
    )


def test_a_doubtful_translation_counts_as_none() -> None:
    text = catalogue_text((Entry(("Hello",), ("您好",)),), "zh").replace(
        'msgid "Hello"', '#, fuzzy\nmsgid "Hello"'
    )

    assert entries_of(text.encode())["Hello"].forms == ("",)


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_pass_babels_own_check(locale: str) -> None:
    text = dict(catalogues(ROOT))[FOLDER / locale / "LC_MESSAGES" / "wenxun.po"]
    catalogue = read_po(BytesIO(text.encode()), locale=locale)

    assert not [(message.id, errors) for message, errors in catalogue.check() if errors]


def test_pybabel_finds_the_same_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    pot = tmp_path / "wenxun.pot"

    CommandLineInterface().run(
        ["pybabel", "-q", "extract", "-F", "bot/locale/babel.cfg", "-o", str(pot), "."]
    )

    assert set(entries_of(pot.read_bytes())) == {entry.ids[0] for entry in messages_in(ROOT)}


def test_pybabel_updates_a_catalogue(tmp_path: Path) -> None:
    root = checkout(tmp_path, 'words.gettext("Never said before.")\n')
    (template, text), *_ = catalogues(root)
    template.write_text(text, encoding="utf-8")
    folder = root / "bot" / "locale"

    CommandLineInterface().run(
        ["pybabel", "-q", "update", "-D", "wenxun", "-i", str(template), "-d", str(folder), "-l", "zh"]
    )

    assert "Never said before." in entries_of((folder / "zh" / "LC_MESSAGES" / "wenxun.po").read_bytes())
