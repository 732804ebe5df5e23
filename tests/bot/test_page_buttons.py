"""The buttons of topics, the history and privacy: what they carry is read back, and nothing else is."""

from datetime import UTC, datetime

import pytest

from bot.locale.catalogue import Catalogues
from bot.rendering import history, privacy, topics
from bot.rendering.dates import View
from tests.builders import ZONE, build_document

WORDS = Catalogues.load().words["en"]
VIEW = View(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), ZONE)


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        ("top:", topics.Pressed("")),
        ("top:cancer-drugs:0", topics.Pressed("cancer-drugs", 0)),
        ("top:0f3a:12", topics.Pressed("0f3a", 12)),
        *[
            (data, None)
            for data in ("", "t:x:1", "top", "top:a:b", "top:a:-1", "top:a:²", "top:a:1234567890")
        ],
    ],
)
def test_data_of_topics(data: str, pressed: topics.Pressed | None) -> None:
    assert topics.parse(data) == pressed


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        ("his:0", history.Pressed(history.Act.SHOW, 0)),
        ("his:20", history.Pressed(history.Act.SHOW, 20)),
        ("his:ask:Zk3vQ9xT0b", history.Pressed(history.Act.ASK, key="Zk3vQ9xT0b")),
        *[(data, None) for data in ("", "his:", "his:ask:", "his:-1", "his:1:2", "his:²", "his:1234567890")],
    ],
)
def test_data_of_the_history(data: str, pressed: history.Pressed | None) -> None:
    assert history.parse(data) == pressed


@pytest.mark.parametrize(
    ("data", "act"),
    [
        ("prv:forget", privacy.Act.FORGET),
        ("prv:forget:yes", privacy.Act.FORGET_YES),
        ("prv:no", privacy.Act.NO),
        *[(data, None) for data in ("", "prv:", "forget", "prv:forget:no", "prv:yes")],
    ],
)
def test_data_of_privacy(data: str, act: privacy.Act | None) -> None:
    assert privacy.parse(data) == act


@pytest.mark.parametrize(
    ("offset", "total", "carried"),
    [
        (0, 3, ["top:k:0:f", "top:"]),
        (0, 4, ["top:k:3", "top:k:0:f", "top:"]),
        (3, 6, ["top:k:0", "top:k:3:f", "top:"]),
        (2, 6, ["top:k:0", "top:k:5", "top:k:2:f", "top:"]),
    ],
)
def test_a_topics_pages_lead_to_those_beside_them(offset: int, total: int, carried: list[str]) -> None:
    page = topics.TopicPage("k", "创新药", [build_document()] * 3, offset, total)
    message = topics.render_topic(page, WORDS, VIEW)
    assert [button.data for row in message.keyboard for button in row] == carried
