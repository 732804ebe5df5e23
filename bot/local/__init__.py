"""The local chat: a server on loopback that speaks the Bot API, and a chat page on it."""

from bot.local.server import LocalTelegram

__all__ = ["LocalTelegram"]
