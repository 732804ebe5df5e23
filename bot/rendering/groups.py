"""What is said in groups: only to whoever did something, and only as a reply or a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.fragments import plain
from bot.rendering.message import Message

if TYPE_CHECKING:
    from bot.locale.catalogue import Words


def render_only_admins_ask(words: Words) -> Message:
    """The reply to a question in a group where only administrators may ask."""
    return Message(
        plain(
            words.gettext("In this group only administrators may ask me. You can ask me in a private chat.")
        ).html
    )


def only_admins_ask(words: Words) -> str:
    """The same as the notice for a pressed button."""
    return words.gettext("In this group only administrators may ask me.")


def only_admins_change(words: Words) -> str:
    """The notice when somebody else presses a button of the group's settings."""
    return words.gettext("Only administrators of the group can change its settings.")


def only_the_asker(words: Words) -> str:
    """The notice when somebody presses a button that belongs to another reader."""
    return words.gettext("This button belongs to whoever asked. Ask me yourself with /ask.")


def render_only_in_private(command: str, words: Words) -> Message:
    """The reply in a group to a command that would show a reader's own things to everybody."""
    text = words.gettext(
        "What I keep about you is nobody else's business: send me {command} in a private chat."
    )
    return Message(plain(text.format(command=command)).html)
