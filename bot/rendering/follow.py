"""What is said when something is followed, changed or refused: notices of at most 200 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.fragments import plain
from bot.rendering.message import Message
from bot.rendering.plans import schedule_text

if TYPE_CHECKING:
    from bot.locale.catalogue import Words
    from bot.schedule import Schedule


def followed_topic(schedule: Schedule, words: Words) -> str:
    """The notice when the chat follows a topic now."""
    said = words.gettext(
        "You will be told of what is new on this topic: {schedule}. /subscriptions changes it."
    )
    return said.format(schedule=schedule_text(schedule, words))


def too_many(most: int, words: Words) -> str:
    """The notice when a chat follows as much as it may."""
    said = words.ngettext(
        "A chat can follow {count} question. Delete another one first: /subscriptions",
        "A chat can follow {count} questions. Delete another one first: /subscriptions",
        most,
    )
    return said.format(count=most)


def only_admins_follow(words: Words) -> str:
    """The notice in a group to who does not run it."""
    return words.gettext(
        "Only administrators of the group can change what it follows. In a private chat you can follow "
        "whatever you like."
    )


def nothing_to_match(words: Words) -> str:
    """The notice when a question has no words that news could have."""
    return words.gettext("To follow something I need words that the news can have.")


def too_long(most: int, words: Words) -> str:
    """The notice when a question is too long to be followed."""
    said = words.gettext("That is too long to be followed: write it in at most {most} characters.")
    return said.format(most=most)


def already_followed(words: Words) -> str:
    """What is said of a question that the chat follows already."""
    return words.gettext("This question is followed here already.")


def paused(words: Words) -> str:
    """The notice when a subscription is paused."""
    return words.gettext("Paused. /subscriptions goes on with it.")


def render_notice(text: str) -> Message:
    """A notice as a message of its own."""
    return Message(plain(text).html)
