"""What operators see of the outbox: how it stands, and the messages they must decide about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.claims import PROGRAM_ENDED
from bot.dispatch import STOPPED, TIMED_OUT
from bot.locale.catalogue import N_
from bot.outbox import Kind, State
from bot.rendering.citation import one_line
from bot.rendering.dates import age
from bot.rendering.fragments import Fragment, bold, code, joined, labelled, plain
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.backlog import Doubtful, Overview
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View

PREFIX = "out:"
PAGE = 5
"""Messages on a page."""

_DATA = re.compile(r"out:([a-z]+)(?::([0-9a-f]{16}))?:([0-9]{1,6})", re.ASCII)
_REASON_UNITS = 120
_COUNTS = {
    State.PENDING: N_("waiting: {count}"),
    State.SENDING: N_("being sent: {count}"),
    State.SENT: N_("sent: {count}"),
    State.UNCERTAIN: N_("uncertain: {count}"),
    State.DEAD: N_("refused for good: {count}"),
}
_STATES = {State.UNCERTAIN: N_("uncertain"), State.DEAD: N_("refused for good")}
_REASONS = {
    TIMED_OUT: N_("Telegram did not answer"),
    PROGRAM_ENDED: N_("the program ended while it was being sent"),
    STOPPED: N_("the program was stopped while it was being sent"),
}
_KINDS = {Kind.NEWS: N_("news"), Kind.CORRECTION: N_("correction"), Kind.NOTICE: N_("notice")}


class Act(StrEnum):
    """What a button of this page does."""

    SHOW = "show"
    RETRY = "retry"
    DISCARD = "discard"
    RETRY_ALL = "retryall"
    DISCARD_ALL = "discardall"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of this page: what it does, to which message, on the page that begins at `offset`."""

    act: Act
    key: str | None
    offset: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A message to decide about, and what the log calls its chat."""

    message: Doubtful
    chat_name: str


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    act = Act(match[1])
    if (act in {Act.RETRY, Act.DISCARD}) != (match[2] is not None):
        return None
    return Pressed(act, match[2], int(match[3]))


def render_outbox(
    overview: Overview, listed: Sequence[Listed], offset: int, total: int, words: Words, view: View
) -> Message:
    """How the outbox stands, with a page of the messages that are uncertain or refused for good."""
    parts = [bold(plain(words.gettext("Notifications"))), _counts(overview, words, view)]
    parts.extend(_entry(place, each, words, view) for place, each in enumerate(listed, offset + 1))
    if listed:
        parts.append(
            plain(
                words.gettext(
                    "↻ sends it again; what is uncertain is marked as something the chat may have already. "
                    "✕ leaves it."
                )
            )
        )
    return Message(joined("\n\n", parts).html, tuple(_buttons(listed, offset, total, words)))


def render_alarm(overview: Overview, words: Words, view: View) -> Message:
    """What administrators are told unasked when notifications do not get through."""
    parts = [
        bold(plain(words.gettext("Notifications need your attention."))),
        _counts(overview, words, view),
        plain(words.gettext("/outbox shows which, and lets you decide.")),
    ]
    return Message(joined("\n\n", parts).html)


def _counts(overview: Overview, words: Words, view: View) -> Fragment:
    lines = [
        plain(words.gettext(said).format(count=overview.counts[state]))
        for state, said in _COUNTS.items()
        if overview.counts.get(state)
    ]
    if overview.oldest is not None:
        lines.append(labelled(words.gettext("due longest:"), plain(_since(overview.oldest, words, view))))
    if overview.stuck:
        lines.append(plain(words.gettext("tried in vain many times: {count}").format(count=overview.stuck)))
    return joined("\n", lines) if lines else plain(words.gettext("There are none."))


def _entry(place: int, listed: Listed, words: Words, view: View) -> Fragment:
    message = listed.message
    kinds = ", ".join(words.gettext(_KINDS[kind]) for kind in message.kinds)
    head = plain(f"{place}. {words.gettext(_STATES[message.state])} · {kinds} × {message.rows} · ")
    reason = _REASONS.get(message.reason)
    why = words.gettext(reason) if reason is not None else one_line(message.reason, _REASON_UNITS)
    return joined(
        "\n",
        (
            head + code(plain(listed.chat_name)),
            joined(" · ", (plain(_since(message.since, words, view)), plain(why))),
        ),
    )


def _buttons(listed: Sequence[Listed], offset: int, total: int, words: Words) -> list[tuple[Button, ...]]:
    rows = [
        (
            Button(f"↻ {place}", f"{PREFIX}{Act.RETRY}:{each.message.key}:{offset}"),
            Button(f"✕ {place}", f"{PREFIX}{Act.DISCARD}:{each.message.key}:{offset}"),
        )
        for place, each in enumerate(listed, offset + 1)
    ]
    if total > 1:
        rows.append(
            (
                Button(words.gettext("↻ all"), f"{PREFIX}{Act.RETRY_ALL}:0"),
                Button(words.gettext("✕ all"), f"{PREFIX}{Act.DISCARD_ALL}:0"),
            )
        )
    beside = []
    if offset > 0:
        beside.append(Button(words.gettext("◀ newer"), f"{PREFIX}{Act.SHOW}:{max(0, offset - PAGE)}"))
    if offset + len(listed) < total:
        beside.append(Button(words.gettext("older ▶"), f"{PREFIX}{Act.SHOW}:{offset + len(listed)}"))
    beside.append(Button(words.gettext("Look again"), f"{PREFIX}{Act.SHOW}:{offset}"))
    return [*rows, tuple(beside)]


def _since(moment: datetime, words: Words, view: View) -> str:
    return age(Published(moment, Precision.MINUTE), words, view)
