"""Delivers the outbox of a database until it is killed, or told to stop by the end of its input."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from bot.token_bucket import TokenBuckets
from corpus.database import Database
from tests.delivering import QUICK, Post, calling


async def deliver(database_url: str, api_url: str, token: str, claimant: str) -> None:
    database = await Database.open(database_url)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(sys.stdin, stop.set)
    async with calling(token, api_url, 10) as bot:
        buckets = TokenBuckets(loop.time, QUICK, QUICK, QUICK)
        await Post(database, bot, claimant, lease=timedelta(seconds=20), buckets=buckets).delivery.run(stop)
    await database.close()


if __name__ == "__main__":
    asyncio.run(deliver(*sys.argv[1:]))
