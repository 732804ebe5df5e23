"""What administrators see of the feeds: a new one before it is watched, the list, and what keeps failing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.locale.catalogue import N_
from bot.rendering.citation import SEPARATOR, one_line
from bot.rendering.dates import age, dated
from bot.rendering.fragments import Fragment, bold, code, joined, labelled, plain
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.feed_store import Feed
    from corpus.feeds import Addition, Preview
    from corpus.web_refusals import Reason

PREFIX: Final = "fee:"
PAGE: Final = 5
"""Feeds on a page."""

_DATA = re.compile(r"fee:([a-z]+)(?::([A-Za-z0-9_-]{1,16}))?(?::([0-9]{1,6}))?", re.ASCII)
_SHOWN = 5  # entries of a new feed
_TITLE_UNITS = 100
_REASON_UNITS = 200
_LONGEST_ADDRESS = 1_500


class Act(StrEnum):
    """What a button about feeds does."""

    SHOW = "show"
    ADD = "add"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    ASK = "ask"  # whether it is to be removed
    REMOVE = "remove"


_OF_ONE = frozenset({Act.PAUSE, Act.RESUME, Act.ASK, Act.REMOVE})


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about feeds: what it does, to which feed, on the page that begins at `offset`."""

    act: Act
    feed_id: str | None = None
    offset: int = 0


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    act = Act(match[1])
    if act in _OF_ONE:
        return Pressed(act, match[2], int(match[3])) if match[2] and match[3] else None
    if match[3] is not None:
        return None
    if act is Act.SHOW:
        return Pressed(act, None, int(match[2])) if match[2] and match[2].isdecimal() else None
    return Pressed(act) if match[2] is None else None


def render_preview(preview: Preview, words: Words, view: View) -> Message | None:
    """What a feed has now, with the buttons to watch it or not; None if its address is too long to be kept.

    The address stands in the message as code: pressing the button reads it there.
    """
    if len(preview.address) > _LONGEST_ADDRESS:
        return None
    entries = preview.content.entries
    title = one_line(preview.content.title, _TITLE_UNITS) or words.gettext("untitled")
    count = words.ngettext("{count} entry", "{count} entries", len(entries)).format(count=len(entries))
    parts = [
        bold(plain(title)) + plain(f"{SEPARATOR}{count}") + plain("\n") + code(plain(preview.address)),
        joined(
            "\n", (_entry(each.draft.title, each.draft.published, words, view) for each in entries[:_SHOWN])
        ),
        plain(words.gettext("Watch this feed? Its articles are fetched and loaded from then on.")),
    ]
    watch = Button(words.gettext("Watch"), f"{PREFIX}{Act.ADD}")
    return Message(
        joined("\n\n", parts).html, ((watch, Button(words.gettext("Cancel"), f"{PREFIX}{Act.CANCEL}")),)
    )


def render_added(added: Addition, words: Words) -> Message:
    """A feed is watched from now on, or was already."""
    name = _name(added.feed, words)
    if not added.is_new:
        return _said(
            words.gettext("“{feed}” is watched already. /feeds shows how it goes.").format(feed=name)
        )
    text = words.gettext(
        "“{feed}” is watched. Its newest articles are being fetched now, and what is new is asked for every "
        "half hour to six hours. /feeds shows how it goes."
    )
    return _said(text.format(feed=name))


def render_feeds(
    feeds: Sequence[Feed], counts: dict[str, int], offset: int, words: Words, view: View
) -> Message:
    """A page of the list."""
    heading = bold(plain(words.gettext("Feeds")))
    how = plain(
        words.gettext("To watch one, write /feeds with its address, or with that of a page which names it.")
    )
    if not feeds:
        none = plain(words.gettext("None is watched yet."))
        return Message(joined("\n\n", (heading, none, how)).html)
    page = feeds[offset : offset + PAGE]
    entries = (
        _feed(place, feed, counts.get(feed.id, 0), words, view) for place, feed in enumerate(page, offset + 1)
    )
    html = joined("\n\n", (heading + plain(f"{SEPARATOR}{len(feeds)}"), *entries, how)).html
    return Message(html, tuple(_rows(page, offset, len(feeds), words)))


def render_removal(feed: Feed, count: int, offset: int, words: Words) -> Message:
    """Whether a feed is really to be removed."""
    asked = words.gettext("Watch “{feed}” no more?").format(feed=_name(feed, words))
    stays = words.ngettext(
        "The {count} article that it brought stays.", "The {count} articles that it brought stay.", count
    )
    parts = [bold(plain(asked)), code(plain(one_line(feed.url, _LONGEST_ADDRESS)))]
    if count:
        parts.append(plain(stays.format(count=f"{count:,}")))
    remove = Button(words.gettext("Remove"), f"{PREFIX}{Act.REMOVE}:{feed.id}:{offset}")
    return Message(
        joined("\n\n", parts).html, ((remove, Button(words.gettext("Keep"), f"{PREFIX}{Act.SHOW}:{offset}")),)
    )


def render_refused(reason: str, words: Words) -> Message:
    """A feed that cannot be had, and why."""
    why = plain(reason_in(reason, words))
    again = plain(words.gettext("Nothing was changed."))
    return Message(joined("\n\n", (bold(plain(words.gettext("I cannot have this feed."))), why, again)).html)


CANCELLED = N_("This feed is not watched.")
TOO_OLD = N_("I cannot read this message any more. Please send the address again.")
TOO_LONG = N_("This address is too long to be kept.")
NO_SUCH = N_("This feed is not watched any more.")
SAMPLE = N_(
    "Nothing can be added to the sample news that comes with Wenxun. "
    "Set WENXUN_CORPUS to a folder of your own."
)


def render_said(text: str, words: Words) -> Message:
    """One of the sentences above."""
    return _said(words.gettext(text))


def feed_trouble(feed: Feed, reason: str, words: Words, *, is_gone: bool) -> str:
    """What administrators are told unasked: a feed has failed for a week, or is gone for good."""
    name = _name(feed, words)
    if is_gone:
        said = words.gettext("The feed “{feed}” is gone, its host says. It is not asked for any more.")
        return "\n".join((said.format(feed=name), feed.url, words.gettext("/feeds lets you remove it.")))
    said = words.gettext("The feed “{feed}” has failed for a week or more. It is tried again once a day.")
    why = one_line(reason_in(reason, words), _REASON_UNITS)
    return "\n".join(
        (said.format(feed=name), feed.url, why, words.gettext("/feeds lets you pause or remove it."))
    )


def reason_in(reason: str | Reason, words: Words) -> str:
    """Why something cannot be had, in the reader's language where that is known."""
    message = getattr(reason, "message", reason)
    if not message:
        return ""
    values = getattr(reason, "values", {})
    said = words.gettext(message)
    return said.format(**values) if values else said


def _feed(place: int, feed: Feed, count: int, words: Words, view: View) -> Fragment:
    host = urlsplit(feed.url).hostname or ""
    head = plain(f"{place}. ") + bold(plain(_name(feed, words))) + plain(f"{SEPARATOR}{one_line(host, 60)}")
    articles = words.ngettext("{count} article", "{count} articles", count).format(count=f"{count:,}")
    facts = [_state(feed, words, view), plain(articles)]
    if feed.changed is not None:
        facts.append(labelled(words.gettext("last new:"), plain(_since(feed.changed, words, view))))
    lines = [head, joined(SEPARATOR, facts)]
    if feed.reason and feed.failures and not feed.paused:
        lines.append(plain(one_line(reason_in(feed.reason, words), _REASON_UNITS)))
    return joined("\n", lines)


def _state(feed: Feed, words: Words, view: View) -> Fragment:
    if feed.paused:
        return plain("⏸ " + words.gettext("paused"))
    if feed.gone:
        return plain("✕ " + words.gettext("gone, its host says"))
    if feed.failures and feed.failing_since is not None:
        since = _since(feed.failing_since, words, view)
        return plain("⚠ " + words.gettext("failing since {since}").format(since=since))
    if feed.checked is None:
        return plain("… " + words.gettext("not asked yet"))
    return plain("✓ " + words.gettext("asked {since}").format(since=_since(feed.checked, words, view)))


def _rows(page: Sequence[Feed], offset: int, total: int, words: Words) -> Iterator[tuple[Button, ...]]:
    for place, feed in enumerate(page, offset + 1):
        if feed.paused or feed.gone:
            change = Button(f"▶ {place}", f"{PREFIX}{Act.RESUME}:{feed.id}:{offset}")
        else:
            change = Button(f"⏸ {place}", f"{PREFIX}{Act.PAUSE}:{feed.id}:{offset}")
        yield (change, Button(f"🗑 {place}", f"{PREFIX}{Act.ASK}:{feed.id}:{offset}"))
    beside = []
    if offset > 0:
        beside.append(Button("◀", f"{PREFIX}{Act.SHOW}:{max(0, offset - PAGE)}"))
    if offset + len(page) < total:
        beside.append(Button("▶", f"{PREFIX}{Act.SHOW}:{offset + PAGE}"))
    beside.append(Button(words.gettext("Look again"), f"{PREFIX}{Act.SHOW}:{offset}"))
    yield tuple(beside)


def _entry(title: str | None, published: Published | None, words: Words, view: View) -> Fragment:
    shown = plain("· " + (one_line(title, _TITLE_UNITS) or words.gettext("untitled")) + SEPARATOR)
    return shown + dated(published, words, view)


def _name(feed: Feed, words: Words) -> str:
    return (
        one_line(feed.title, _TITLE_UNITS)
        or one_line(urlsplit(feed.url).hostname, 60)
        or words.gettext("untitled")
    )


def _since(moment: datetime, words: Words, view: View) -> str:
    return age(Published(moment, Precision.MINUTE), words, view)


def _said(text: str) -> Message:
    return Message(plain(text).html)
