"""A channel that people read: its posts are there to be forwarded to the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.local.wire import JsonObject


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a channel, as HTML."""

    id: int
    html: str
    age: int
    """How old it is, in hours."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel. The bot is not in it and knows only what is forwarded."""

    id: int
    title: str
    username: str
    posts: tuple[Post, ...]

    def as_chat(self) -> JsonObject:
        """The channel as the Bot API's Chat."""
        return {"id": self.id, "title": self.title, "username": self.username, "type": "channel"}

    def post(self, post_id: int) -> Post:
        """The post with this id.

        Raises:
            KeyError: there is none.
        """
        for post in self.posts:
            if post.id == post_id:
                return post
        raise KeyError(post_id)


DAILY: Final = Channel(
    -1001000003001,
    "虚构日报 · Fictional Daily",
    "fictional_daily",
    (
        Post(
            11,
            "<b>蓝鲸生物首次实现海外授权</b>\n"
            "虚构财经 5 月 20 日电，蓝鲸生物以双抗药物首次实现海外授权，首付款一亿美元。\n\n"
            '<a href="https://news.example/deal">全文</a>',
            30,
        ),
        Post(
            12,
            "<b>Innovative drugs in Chongqing</b>\n"
            "How many innovative drugs are under research in Chongqing? A reader wants to know.",
            3,
        ),
    ),
)
"""The channel of the local chat. It is made up, as the news is that comes with the project."""
