"""Bring the catalogues of the bot's words up to date with the code.

`python scripts/catalogues.py` writes `bot/locale/wenxun.pot` with every message of the code and
merges it into each locale's catalogue: English gets its msgids, simplified Chinese keeps its
translations (what has none is named, and a test fails until it has), and traditional Chinese is
made from simplified by OpenCC with Taiwan's words. Whoever knows better words writes them into
the traditional catalogue and above them `# by hand, from: …` with the simplified text; they stay
for as long as the simplified text does.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

from bot.locale.catalogue import DOMAIN, FALLBACK, LOCALES, catalogue_path, forms_of, msgid_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
SIMPLIFIED, TRADITIONAL = "zh", "zh_Hant"
BY_HAND = "by hand, from:"

# Files outside of `bot/` whose messages chats are told.
_ELSEWHERE = ("corpus/web_refusals.py",)

_PLURALS = {"en": "nplurals=2; plural=(n != 1);", "zh": "nplurals=1; plural=0;"}
_HEADER = """\
# The words of Wenxun's bot. `python scripts/catalogues.py` finds the msgids in the code.
msgid ""
msgstr ""
"Project-Id-Version: Wenxun 0.1\\n"
{language}\
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_LANGUAGE = '"Language: {locale}\\n"\n"Plural-Forms: {plurals}\\n"\n'
_WIDTH = 100
# What OpenCC leaves as it is in mainland China, or takes for another word than a chat means.
_IN_TAIWAN = (
    ("“", "「"),
    ("”", "」"),
    ("命令", "指令"),
    ("回復", "回覆"),
    ("報道", "報導"),
    ("采用", "採用"),
    ("瞭解", "了解"),
    ("私聊", "私訊"),
    ("程式碼", "代碼"),
    ("新增任何", "添加任何"),
    ("運營", "營運"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its msgid or msgids, the forms of its translation, where it is said, notes above it."""

    ids: tuple[str, ...]
    forms: tuple[str, ...]
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def messages_in(root: Path) -> tuple[Entry, ...]:
    """Every message of the code, in the order of the files."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    messages = [
        (f"bot/{name}", line, message)
        for name, line, message, _, _ in extract_from_dir(root / "bot", method_map=[("**.py", "python")])
    ]
    for path in filter(lambda path: (root / path).is_file(), _ELSEWHERE):
        for line, message, _, _ in extract_from_file("python", root / path):
            messages.append((path, line, message))
    for path, _, message in sorted(messages, key=lambda each: each[:2]):
        ids = (message,) if isinstance(message, str) else tuple(message[:2])
        files = found.get(ids, ())
        found[ids] = files if path in files else (*files, path)
    return tuple(Entry(ids, ("",) * len(ids), files) for ids, files in found.items())


def entries_of(text: bytes) -> dict[str, Entry]:
    """The messages of a catalogue, by msgid; doubtful ones count as not translated."""
    return {
        msgid_of(message): Entry(
            (message.id,) if isinstance(message.id, str) else tuple(message.id),
            tuple("" for _ in forms_of(message)) if message.fuzzy else forms_of(message),
            notes=tuple(message.user_comments),
        )
        for message in read_po(BytesIO(text))
        if message.id
    }


def english(template: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The English catalogue: a message says what its msgid says."""
    return tuple(replace(entry, forms=entry.ids) for entry in template)


def simplified(template: tuple[Entry, ...], known: Mapping[str, Entry]) -> tuple[Entry, ...]:
    """The simplified Chinese catalogue: what is translated stays, what is new is empty."""
    return tuple(
        replace(entry, forms=(known[entry.ids[0]].forms[0],), notes=known[entry.ids[0]].notes)
        if entry.ids[0] in known
        else replace(entry, forms=("",))
        for entry in template
    )


def traditional(simple: tuple[Entry, ...], known: Mapping[str, Entry]) -> tuple[Entry, ...]:
    """The traditional Chinese catalogue: converted, but for what was written by hand from the same text."""
    converter = OpenCC("s2twp")

    def converted(form: str) -> str:
        form = converter.convert(form)
        for mainland, taiwan in _IN_TAIWAN:
            form = form.replace(mainland, taiwan)
        return form

    return tuple(
        replace(entry, forms=before.forms, notes=before.notes)
        if (before := known.get(entry.ids[0])) is not None and _still_stands(before, entry)
        else replace(entry, forms=tuple(map(converted, entry.forms)), notes=())
        for entry in simple
    )


def catalogue_text(entries: tuple[Entry, ...], locale: str | None) -> str:
    """A catalogue as its file holds it; without a locale it is the template."""
    catalogue = Catalog(locale)
    for entry in entries:
        plural = len(entry.ids) > 1
        catalogue.add(
            entry.ids if plural else entry.ids[0],
            entry.forms if plural else entry.forms[0],
            locations=[(file, 0) for file in entry.files],
            user_comments=entry.notes,
            flags={"python-brace-format"} if any("{" in said for said in entry.ids) else (),
        )
    body = BytesIO()
    write_po(body, catalogue, width=_WIDTH, omit_header=True, include_lineno=False)
    language = ""
    if locale is not None:
        language = _LANGUAGE.format(locale=locale, plurals=_PLURALS[locale.partition("_")[0]])
    return _HEADER.format(language=language) + body.getvalue().decode().strip("\n") + "\n"


def catalogues(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file and what should stand in it."""
    folder = root / "bot" / "locale"
    known = {locale: entries_of(catalogue_path(folder, locale).read_bytes()) for locale in LOCALES}
    template = messages_in(root)
    simple = simplified(template, known[SIMPLIFIED])
    yield folder / f"{DOMAIN}.pot", catalogue_text(template, None)
    yield catalogue_path(folder, FALLBACK), catalogue_text(english(template), FALLBACK)
    yield catalogue_path(folder, SIMPLIFIED), catalogue_text(simple, SIMPLIFIED)
    hant = traditional(simple, known[TRADITIONAL])
    yield catalogue_path(folder, TRADITIONAL), catalogue_text(hant, TRADITIONAL)


def _still_stands(entry: Entry, simple: Entry) -> bool:
    """Whether an entry was written by hand from the simplified text there is now."""
    note = "".join("".join(entry.notes).split())
    return note == "".join(f"{BY_HAND}{simple.forms[0]}".split()) and all(entry.forms)


def main() -> int:
    """Write the files; 1 if simplified Chinese lacks a message."""
    missing = []
    for path, text in list(catalogues(ROOT)):
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(ROOT)}")
        if path == catalogue_path(ROOT / "bot" / "locale", SIMPLIFIED):
            missing = [msgid for msgid, entry in entries_of(text.encode()).items() if not all(entry.forms)]
    for msgid in missing:
        print(f"not translated: {msgid}", file=sys.stderr)
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
