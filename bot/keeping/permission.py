"""The gate: who may use the bot at all, and who may keep the corpus, in which chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.roles import Roles
    from bot.talk import Talk


class Gate:
    """Who may what with one bot.

    Methods that ask the database raise DatabaseError where it cannot be used.

    Args:
        roles: administrators and editors.
        admin_chat: the group in which they may keep the corpus; None for private chats only.
        readers: people and groups that may use the bot; None for everybody.
    """

    def __init__(
        self, roles: Roles, admin_chat: int | None = None, readers: Collection[int] | None = None
    ) -> None:
        self.roles = roles
        self._admin_chat = admin_chat
        self._readers = None if readers is None else frozenset(readers)

    async def admits(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody may use the bot in a chat.

        In a group that may, everybody in it does; whoever keeps the corpus may everywhere.
        """
        if self._readers is None or {chat_id, user_id} & self._readers or chat_id == self._admin_chat:
            return True
        return await self.roles.of(user_id) is not None

    async def allows(self, talk: Talk, needed: Role) -> bool:
        """Whether who speaks or presses may do here what needs a role."""
        return (talk.is_private or talk.chat_id == self._admin_chat) and await self.has(talk.user_id, needed)

    async def has(self, user_id: int, needed: Role) -> bool:
        """Whether somebody has a role, or one that includes it."""
        role = await self.roles.of(user_id)
        return role is not None and role in {needed, Role.ADMINISTRATOR}
