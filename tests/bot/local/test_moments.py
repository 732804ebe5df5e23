"""Moments in a text: `<tg-time>` and `date_time` entities."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from telegram import MessageEntity
from telegram.constants import MessageEntityDateTimeFormats

from bot.local.entities import Entity, settled
from bot.local.markup import parse_html
from bot.local.refusals import Refusal

if TYPE_CHECKING:
    from telegram import Bot

    from tests.bot.local.conftest import Raw

READER = 1001
UNIX = 1_764_547_200


@pytest.mark.usefixtures("met")
@pytest.mark.parametrize("shape", ["", *MessageEntityDateTimeFormats])
async def test_every_format_arrives(bot: Bot, shape: str) -> None:
    given = f' format="{shape}"' if shape else ""
    html = f'<b>于 <tg-time unix="{UNIX}"{given}>2025-12-01</tg-time></b>'
    sent = await bot.send_message(READER, html, parse_mode="HTML")
    (moment,) = (entity for entity in sent.entities if entity.type == "date_time")
    assert (moment.offset, moment.length) == (2, 10)
    assert moment.unix_time == datetime(2025, 12, 1, tzinfo=UTC)
    assert (moment.date_time_format or "") == shape
    assert sent.text_html == html
    again = await bot.send_message(READER, sent.text, entities=sent.entities)
    assert again.entities == sent.entities
    assert again.text_html == html


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("", 'Invalid Unix time "" specified'),
        ('unix="0"', 'Invalid Unix time "0" specified'),
        ('unix="-5"', 'Invalid Unix time "-5" specified'),
        ('unix="2147483648"', 'Invalid Unix time "2147483648" specified'),
        ('unix="٣"', 'Invalid Unix time "٣" specified'),
        ('unix="2025-12-01"', 'Invalid Unix time "2025-12-01" specified'),
        ('unix="5" format="rt"', 'Invalid date-time format "rt" specified'),
        ('unix="5" format="dD"', 'Invalid date-time format "dD" specified'),
        ('unix="5" format="td"', 'Invalid date-time format "td" specified'),
        ('format="x" unix="5"', 'Invalid date-time format "x" specified'),
    ],
)
def test_what_is_no_moment_is_refused(attributes: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_html(f"<tg-time {attributes}>x</tg-time>")
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.usefixtures("met")
async def test_a_listed_moment_is_checked_too(raw: Raw) -> None:
    entity = {"type": "date_time", "offset": 0, "length": 1, "unix_time": UNIX, "date_time_format": "dd"}
    reason = await raw.refused("sendMessage", chat_id=READER, text="x", entities=[entity])
    assert reason == 'Bad Request: can\'t parse entities: Invalid date-time format "dd" specified'
    no_time = {"type": MessageEntity.DATE_TIME, "offset": 0, "length": 1}
    assert "Invalid Unix time" in await raw.refused(
        "sendMessage", chat_id=READER, text="x", entities=[no_time]
    )


def test_a_moment_stands_in_a_quote_but_not_in_a_link_or_in_code() -> None:
    moment = f'<tg-time unix="{UNIX}" format="d">x</tg-time>'

    def kinds(source: str) -> list[str]:
        return [entity.type for entity in settled(parse_html(source)).entities]

    assert kinds(f"<blockquote>a{moment}</blockquote>") == ["blockquote", "date_time"]
    assert kinds(f"<b>a{moment}</b>") == ["bold", "date_time"]
    assert kinds(f'<a href="https://example.com">a{moment}</a>') == ["text_link"]
    assert kinds(f"<code>a{moment}</code>") == ["code"]
    assert parse_html(moment).entities == (Entity("date_time", 0, 1, unix_time=UNIX, date_time_format="d"),)
