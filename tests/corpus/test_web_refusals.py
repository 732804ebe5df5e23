"""The reasons why something is not fetched: sentences, and messages that can be translated."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract

from corpus import web_refusals
from corpus.web_refusals import Reason

REASONS = {name: value for name, value in vars(web_refusals).items() if isinstance(value, Reason)} | {
    "too_many_redirects": web_refusals.too_many_redirects(5),
    "oversize": web_refusals.oversize(10 * 2**20),
    "kind": web_refusals.kind("video/mp4", ["text/html", "text/plain"]),
    "status": web_refusals.status(418),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_is_a_sentence_and_its_message_gives_it(name: str) -> None:
    reason = REASONS[name]
    assert reason.message.format(**reason.values) == reason
    assert reason[0].isupper()
    assert reason.endswith(".")
    assert "{" not in reason


def test_the_catalogues_find_every_message() -> None:
    source = Path(web_refusals.__file__).read_bytes()
    found = {message for _, message, _, _ in extract("python", BytesIO(source), keywords={"N_": None})}
    assert found == {reason.message for reason in REASONS.values()}
    assert len(found) == len(REASONS) > 30


def test_values_are_put_in() -> None:
    assert REASONS["oversize"] == "It is too large: at most 10 MB are fetched."
    assert REASONS["kind"].values == {"found": "video/mp4", "wanted": "text/html, text/plain"}
    assert type(str(REASONS["kind"])) is str
