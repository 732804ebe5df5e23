"""What administrators see of a broadcast: the preview, how far it is, and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.locale.catalogue import N_
from bot.outbox import State
from bot.rendering.citation import one_line
from bot.rendering.fragments import Fragment, bold, joined, labelled, plain, quote, sendable
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.keeping.broadcast import Broadcast, Followed
    from bot.locale.catalogue import Words

PREFIX: Final = "bro:"
LONGEST: Final = 3_000
"""UTF-16 units of a broadcast: its preview has to say more than it does."""

MOST_TOPICS: Final = 6

EVERYBODY: Final = "everyone"
_DATA = re.compile(r"bro:([a-z]+):([A-Za-z0-9]{10})(?::([0-9a-f]{8}|everyone))?", re.ASCII)
_TOPIC_UNITS = 40

HOW_TO = N_(
    "Write /broadcast and what readers are to be told, or reply with /broadcast to a message with the text. "
    "It is shown to you before anything is sent."
)
TOO_LONG = N_("This is too long for one message. Please shorten it to 3,000 characters.")
NOBODY = N_("There is nobody to tell: no chat has asked anything yet, or all of them are away or paused.")
GONE = N_("This broadcast has been sent, cancelled or forgotten.")
CANCELLED = N_("Nothing was sent.")
_STATES = {
    State.SENT: N_("sent: {count}"),
    State.PENDING: N_("waiting: {count}"),
    State.SENDING: N_("being sent: {count}"),
    State.UNCERTAIN: N_("uncertain: {count}"),
    State.DEAD: N_("refused for good: {count}"),
}


class Act(StrEnum):
    """What a button about a broadcast does."""

    TO = "to"  # whom it is for
    SEND = "send"
    CANCEL = "cancel"
    SEE = "see"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about a broadcast; `mark` is that of the topic that is chosen, or `EVERYBODY`."""

    act: Act
    key: str
    mark: str = ""


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    act = Act(match[1])
    return Pressed(act, match[2], match[3] or "") if (act is Act.TO) == bool(match[3]) else None


def render_said(text: str, words: Words) -> Message:
    """One sentence."""
    return Message(plain(words.gettext(text)).html)


def render_preview(broadcast: Broadcast, count: int, followed: Sequence[Followed], words: Words) -> Message:
    """A broadcast before it is sent, with whom else it could be for.

    Args:
        broadcast: the draft.
        count: how many chats hear of it.
        followed: the topics that are followed.
        words: the language.
    """
    chats = _chats(count, words)
    parts = (
        bold(plain(words.gettext("This goes out:"))),
        quote(plain(broadcast.text)),
        labelled(words.gettext("To:"), plain(f"{_whom(broadcast, words)}, {chats}")),
        plain(
            words.gettext(
                "Chats that have quiet hours now get it when these are over. Chats that have blocked the "
                "bot or paused everything are left out."
            )
        ),
    )
    rows: list[tuple[Button, ...]] = []
    if count:
        send = Button(
            words.gettext("Send to {chats}").format(chats=chats), f"{PREFIX}{Act.SEND}:{broadcast.key}"
        )
        rows.append((send,))
    if broadcast.topic is not None:
        everybody = Button(words.gettext("To everybody"), f"{PREFIX}{Act.TO}:{broadcast.key}:{EVERYBODY}")
        rows.append((everybody,))
    others = [each for each in followed if each.name != broadcast.topic][:MOST_TOPICS]
    buttons = [
        Button(
            f"# {sendable(one_line(each.name, _TOPIC_UNITS))} ({each.chats})",
            f"{PREFIX}{Act.TO}:{broadcast.key}:{each.mark}",
        )
        for each in others
    ]
    rows.extend(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    rows.append((Button(words.gettext("Cancel"), f"{PREFIX}{Act.CANCEL}:{broadcast.key}"),))
    return Message(joined("\n\n", parts).html, tuple(rows))


def render_progress(broadcast: Broadcast, states: Mapping[State, int], words: Words) -> Message:
    """How far a broadcast is."""
    total = broadcast.chats or 0
    waits = states.get(State.PENDING, 0) + states.get(State.SENDING, 0)
    heading = words.gettext("It is going out.") if waits else words.gettext("It has gone out.")
    lines = [
        plain(words.gettext(said).format(count=states[state]))
        for state, said in _STATES.items()
        if states.get(state)
    ]
    if (left := total - sum(states.values())) > 0:
        lines.append(plain(words.gettext("not sent: {count}").format(count=left)))
    parts: tuple[Fragment, ...] = (
        bold(plain(heading)),
        labelled(words.gettext("To:"), plain(f"{_whom(broadcast, words)}, {_chats(total, words)}")),
        joined("\n", lines),
        quote(plain(broadcast.text)),
    )
    rows: tuple[tuple[Button, ...], ...] = ()
    if waits:
        see = Button(words.gettext("How far is it?"), f"{PREFIX}{Act.SEE}:{broadcast.key}")
        stop = Button(words.gettext("Send no more of it"), f"{PREFIX}{Act.STOP}:{broadcast.key}")
        rows = ((see, stop),)
    return Message(joined("\n\n", parts).html, rows)


def stopped(count: int, words: Words) -> str:
    """The notice when the rest of a broadcast is taken back."""
    said = words.ngettext("{count} chat is not told.", "{count} chats are not told.", count)
    return said.format(count=count)


def _whom(broadcast: Broadcast, words: Words) -> str:
    if broadcast.topic is None:
        return words.gettext("everybody")
    return words.gettext("who follows “{topic}”").format(topic=one_line(broadcast.topic, _TOPIC_UNITS))


def _chats(count: int, words: Words) -> str:
    return words.ngettext("{count} chat", "{count} chats", count).format(count=f"{count:,}")
