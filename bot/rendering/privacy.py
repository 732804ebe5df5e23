"""What is kept about a reader, and the ways to have it and to be rid of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.rendering.fragments import Fragment, bold, joined, plain
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from bot.locale.catalogue import Words

PREFIX = "prv:"
FILE_NAME = "wenxun.json"
"""What the file of `/export` is called."""


class Act(StrEnum):
    """What a button about privacy does."""

    FORGET = "forget"  # ask whether to delete everything
    FORGET_YES = "forget:yes"  # delete everything
    NO = "no"  # delete nothing


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Attributes:
        answers: a question with its answer and an opinion on it, since it was last used.
        updates: the number of a message and when it came, once it is handled.
        notifications: a notification, once it is sent.
        away: all of it, once the chat has blocked the bot.
    """

    answers: timedelta
    updates: timedelta
    notifications: timedelta
    away: timedelta


def parse(data: str) -> Act | None:
    """What a button's data says; None if it is none of these."""
    written = data.removeprefix(PREFIX)
    return Act(written) if data.startswith(PREFIX) and written in set(Act) else None


def render_privacy(retention: Retention, counts: Mapping[str, int] | None, words: Words) -> Message:
    """What is kept and for how long, how much there is now, and how to have it or be rid of it.

    Args:
        retention: how long.
        counts: how much there is, under the names of `bot.personal.counts`; None where others
            would read it.
        words: the language.
    """
    now = tuple(_counted(counts, words)) if counts is not None else ()
    asked = words.ngettext(
        "Your questions with their answers, and what you thought of them (👍 👎): for {count} day after "
        "they were last used. The buttons under answers, follow-up questions and /history need them.",
        "Your questions with their answers, and what you thought of them (👍 👎): for {count} days after "
        "they were last used. The buttons under answers, follow-up questions and /history need them.",
        retention.answers.days,
    )
    numbers = words.ngettext(
        "The number of a message and when it came: for {count} day, so that nothing is answered twice.",
        "The number of a message and when it came: for {count} days, so that nothing is answered twice.",
        retention.updates.days,
    )
    told = words.ngettext(
        "What I have told you about it, so that nothing comes twice: for {count} day.",
        "What I have told you about it, so that nothing comes twice: for {count} days.",
        retention.notifications.days,
    )
    away = words.ngettext(
        "If you block me: all of this for at most {count} day, in case you come back.",
        "If you block me: all of this for at most {count} days, in case you come back.",
        retention.away.days,
    )
    kept = (
        asked.format(count=retention.answers.days),
        words.gettext("What you follow: until you stop following it."),
        told.format(count=retention.notifications.days),
        words.gettext("The settings of this chat: until you delete them."),
        numbers.format(count=retention.updates.days),
        away.format(count=retention.away.days),
    )
    without = words.gettext(
        "With them stand the numbers that Telegram gives you and the chat. I keep no name and no phone "
        "number, and the log has no questions. The database belongs to whoever runs this bot."
    )
    html = joined(
        "\n\n",
        (
            bold(plain(words.gettext("What I keep about you"))),
            _list(kept),
            plain(without),
            _at_the_moment(now, words) if counts is not None else Fragment(),
            plain(words.gettext("/export sends you all of it as a file. /forget deletes it.")),
        ),
    ).html
    return Message(html, ((_forget_button(words),),) if now else ())


def render_forget(counts: Mapping[str, int], words: Words) -> Message:
    """What would be deleted, with the question whether to."""
    now = tuple(_counted(counts, words))
    if not now:
        return Message(plain(words.gettext("I keep nothing about you, so there is nothing to delete.")).html)
    html = joined(
        "\n\n",
        (
            _titled(words.gettext("This deletes for ever:"), now),
            plain(
                words.gettext(
                    "The buttons under my earlier answers will stop working. The messages themselves stay in "
                    "the chat; you can delete them there."
                )
            ),
        ),
    ).html
    return Message(
        html,
        (
            (Button(words.gettext("🗑 Yes, delete all of it"), f"{PREFIX}{Act.FORGET_YES}"),),
            (Button(words.gettext("No, keep it"), f"{PREFIX}{Act.NO}"),),
        ),
    )


def render_forgotten(counts: Mapping[str, int], words: Words) -> Message:
    """What was deleted; `counts` is what `bot.personal.forget` returned."""
    now = tuple(_counted(counts, words))
    if not now:
        return Message(plain(words.gettext("I keep nothing about you, so there is nothing to delete.")).html)
    return Message(_titled(words.gettext("Deleted:"), now).html)


def render_not_forgotten(words: Words) -> Message:
    """The reply when the reader would rather not."""
    return Message(plain(words.gettext("Nothing was deleted.")).html)


def render_export(counts: Mapping[str, int], words: Words) -> Message:
    """What stands with the file of `/export`: short enough for a caption."""
    now = tuple(_counted(counts, words))
    if not now:
        return Message(plain(words.gettext("At the moment I keep nothing about you.")).html)
    title = words.gettext("Everything I keep about you, as JSON:")
    return Message(_titled(title, now).html)


def _counted(counts: Mapping[str, int], words: Words) -> Iterator[str]:
    """A line for each kind of record there is any of."""
    questions, opinions, subscriptions, notifications, drafts, settings = (
        counts.get(name, 0)
        for name in ("questions", "opinions", "subscriptions", "notifications", "drafts", "settings")
    )
    if questions:
        said = words.ngettext(
            "{count} question with its answer", "{count} questions with their answers", questions
        )
        yield said.format(count=questions)
    if opinions:
        said = words.ngettext("{count} opinion on an answer", "{count} opinions on answers", opinions)
        yield said.format(count=opinions)
    if subscriptions:
        said = words.ngettext("{count} subscription", "{count} subscriptions", subscriptions)
        yield said.format(count=subscriptions)
    if notifications:
        said = words.ngettext(
            "{count} notification of news, sent or waiting",
            "{count} notifications of news, sent or waiting",
            notifications,
        )
        yield said.format(count=notifications)
    if drafts:
        said = words.ngettext("{count} draft of news", "{count} drafts of news", drafts)
        yield said.format(count=drafts)
    if settings:
        yield words.gettext("the settings of this chat")


def _at_the_moment(now: Sequence[str], words: Words) -> Fragment:
    if not now:
        return plain(words.gettext("At the moment I keep nothing about you."))
    return _titled(words.gettext("At the moment:"), now)


def _titled(title: str, lines: Iterable[str]) -> Fragment:
    return joined("\n", (plain(title), _list(lines)))


def _list(lines: Iterable[str]) -> Fragment:
    return joined("\n", (plain(f"• {line}") for line in lines))


def _forget_button(words: Words) -> Button:
    return Button(words.gettext("🗑 Delete all of it…"), f"{PREFIX}{Act.FORGET}")
