"""The tables of the feeds: what is watched, and what came of each item."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from corpus.database import UtcDateTime, metadata

feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("etag", Text),  # what the server gave to ask for changes with; none: ask for everything
    Column("modified", Text),
    Column("paused", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),  # the server says for good that it is there no more
    Column("failures", Integer, nullable=False),  # since it last went well
    Column("failing_since", UtcDateTime),
    Column("reason", Text),  # of the last failure
    Column("reported", UtcDateTime),  # when it was last told that it keeps failing
    Column("added", UtcDateTime, nullable=False),
    Column("checked", UtcDateTime),  # when the server was last asked
    Column("changed", UtcDateTime),  # when something new last came from it
    Column("next_try", UtcDateTime, nullable=False),
    UniqueConstraint("url"),
)
Index(None, feeds.c.next_try)

feed_items = Table(
    "feed_items",
    metadata,
    Column("id", Text, primary_key=True),  # a hash of its address, the same in every feed
    Column("feed_id", Text, nullable=False),  # the feed it was first seen in
    Column("entry", Text, nullable=False),  # a hash of what the feed says: another one means a new version
    Column("content", Text),  # a hash of title and text, where there is enough of it to tell a copy by
    Column("origin", Text),  # its file; none: not fetched yet, or a copy of another item
    Column("tries", Integer, nullable=False),  # times that its article could not be fetched
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
)
Index(None, feed_items.c.feed_id)
Index(None, feed_items.c.content)
