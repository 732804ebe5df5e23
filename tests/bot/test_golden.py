"""What the bot's messages look like, in both languages, as files that a person can read.

After a change that is meant, `UPDATE_GOLDEN=1 make test ARGS=tests/bot/test_golden.py` writes
them anew; what changed is then seen in the commit.
"""

import os
from pathlib import Path

import pytest

from bot.examples import Example
from bot.local.markup import parse_html
from bot.locale.catalogue import Catalogues, Words
from bot.rendering import notices
from bot.rendering.documents import render_documents
from bot.rendering.message import Button, Message
from tests.bot.answer_messages import VIEW, answer_messages
from tests.builders import build_document

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
CATALOGUES = Catalogues.load()

DOCUMENTS = [
    build_document("a", title="云汐设立30亿元生物医药产业基金", url="https://news.example/a"),
    build_document("b", title=None, source=None, published=None),
    build_document("c", title="HD-27 & <b>friends</b>", source="The Imaginary Ledger", published="2024-09"),
]
EXAMPLES = [
    Example("0123456789abcdef0", "云汐生物谷二季度融资多少亿元？"),
    Example("f0", "PC-301: what happened?"),
]


def messages(words: Words) -> dict[str, Message]:
    """Every kind of message there is."""
    return {
        "latest": render_documents(DOCUMENTS, 10, 33, words, VIEW),
        "latest-only-page": render_documents(DOCUMENTS, 0, 3, words, VIEW),
        "latest-empty": render_documents([], 0, 0, words, VIEW),
        "welcome": notices.render_welcome(EXAMPLES, words),
        "welcome-without-examples": notices.render_welcome([], words),
        "how-to-ask": notices.render_how_to_ask(EXAMPLES, words),
        "text-only": notices.render_text_only(words, spoken=False),
        "text-only-spoken": notices.render_text_only(words, spoken=True),
        "outdated-example": notices.render_outdated_example(words),
        "unknown-command": notices.render_unknown_command(words),
        "crowded": notices.render_crowded(10, words),
        "apology": notices.render_apology("K7WQ2M", words),
        **answer_messages(words),
    }


def as_text(message: Message) -> str:
    """A message as it stands in a golden file: its HTML, then a line for each row of buttons."""
    rows = ("".join(f"[{button.label}|{does(button)}]" for button in row) for row in message.keyboard)
    return "\n".join((message.html, *rows)) + "\n"


def does(button: Button) -> str:
    """What a button does, as one text."""
    if button.data is not None:
        return button.data
    return f"copy: {button.copy}" if button.copy is not None else str(button.url or button.switch_inline)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(messages(CATALOGUES.words["en"])))
def test_a_message_looks_as_it_did(language: str, name: str) -> None:
    message = messages(CATALOGUES.words[language])[name]
    parse_html(message.html)
    path = GOLDEN / language / f"{name}.html"
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(message), encoding="utf-8", newline="")
    assert path.read_bytes().decode() == as_text(message)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_golden_file_is_left_over(language: str) -> None:
    names = {path.stem for path in (GOLDEN / language).iterdir()}
    assert names == set(messages(CATALOGUES.words[language]))


def test_every_button_fits_telegrams_64_bytes() -> None:
    for message in messages(CATALOGUES.words["zh"]).values():
        assert all(len((button.data or "").encode()) <= 64 for row in message.keyboard for button in row)
