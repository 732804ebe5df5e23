"""What is said when a question is followed or no longer followed: notices of at most 200 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.locale.catalogue import Words


def followed(words: Words) -> str:
    """The notice when the chat follows a question now."""
    return words.gettext("The question is noted. Press the button again to stop following it.")


def unfollowed(words: Words) -> str:
    """The notice when it does no longer."""
    return words.gettext("You no longer follow this question.")


def too_many_follows(most: int, words: Words) -> str:
    """The notice when a chat follows as many questions as it may."""
    said = words.ngettext(
        "A chat can follow {count} question. Stop following another one first.",
        "A chat can follow {count} questions. Stop following another one first.",
        most,
    )
    return said.format(count=most)
