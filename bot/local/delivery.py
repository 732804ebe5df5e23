"""How updates reach the bot: by its own polling, or by a webhook it has set."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import aiohttp

from bot.local.refusals import Refusal, conflict, refuse
from bot.local.wire import JsonObject, Parameters

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.local.world import World

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_PATIENCE: Final = aiohttp.ClientTimeout(total=30)

_WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_LAST_ERROR: Final = ("last_error_date", "last_error_message")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str
    max_connections: int


class Delivery:
    """The methods that concern the delivery of updates, and the task that posts to a webhook.

    `answer` runs the call that a webhook may give as the answer to its update.
    """

    def __init__(self, world: World, answer: Callable[[str, Parameters], Awaitable[None]]) -> None:
        self._world = world
        self._answer = answer
        self._webhook: Webhook | None = None
        self._posting: asyncio.Task[None] | None = None
        self._last_error: JsonObject = {}

    async def get_updates(self, parameters: Parameters) -> list[JsonObject]:
        """`getUpdates`."""
        if self._webhook is not None:
            raise conflict(_WEBHOOK_ACTIVE)
        queue = self._world.updates
        queue.allow(parameters.json_list("allowed_updates"))
        timeout = max(0, parameters.integer("timeout"))
        return await queue.poll(parameters.integer("offset"), parameters.integer("limit", 100), timeout)

    async def set_webhook(self, parameters: Parameters) -> bool:
        """`setWebhook`; without an address it takes the webhook away."""
        url = parameters.text("url")
        if not url:
            return await self.delete_webhook(parameters)
        _check_address(url)
        secret = parameters.text("secret_token")
        if secret and not _SECRET.fullmatch(secret):
            refuse("secret token contains unallowed characters")
        await self._stop()
        self._world.updates.allow(parameters.json_list("allowed_updates"))
        if parameters.boolean("drop_pending_updates"):
            self._world.updates.clear()
        self._world.updates.interrupt(conflict("terminated by setWebhook request"))
        self._webhook = Webhook(url, secret, parameters.integer("max_connections", 40))
        self._posting = asyncio.create_task(self._post_all(self._webhook))
        return True

    async def delete_webhook(self, parameters: Parameters) -> bool:
        """`deleteWebhook`."""
        await self._stop()
        if parameters.boolean("drop_pending_updates"):
            self._world.updates.clear()
        return True

    async def get_webhook_info(self, _parameters: Parameters) -> JsonObject:
        """`getWebhookInfo`."""
        info: JsonObject = {
            "url": self._webhook.url if self._webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates.pending),
        }
        if self._webhook:
            info |= {"max_connections": self._webhook.max_connections, "ip_address": "127.0.0.1"}
        if self._world.updates.allowed:
            info["allowed_updates"] = list(self._world.updates.allowed)
        return info | self._last_error

    async def log_out(self, _parameters: Parameters) -> bool:
        """`logOut` and `close`: there is nothing to log out of."""
        return True

    async def close(self) -> None:
        """End every delivery that is under way."""
        await self._stop()
        self._world.updates.interrupt(Refusal(HTTPStatus.BAD_GATEWAY, "Bad Gateway"))

    async def _stop(self) -> None:
        self._webhook = None
        self._last_error = {}
        if self._posting is not None:
            self._posting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._posting
            self._posting = None

    async def _post_all(self, webhook: Webhook) -> None:
        """Post one update after the other; one that is not accepted is posted again."""
        pause = _FIRST_PAUSE
        async with aiohttp.ClientSession(timeout=_PATIENCE, trust_env=False) as session:
            while True:
                await self._world.updates.arrival()
                update = self._world.updates.pending[0]
                trouble = await self._post(session, webhook, update)
                if trouble is None:
                    self._world.updates.confirm(update["update_id"] + 1)
                    pause = _FIRST_PAUSE
                    continue
                self._last_error = dict(zip(_LAST_ERROR, (self._world.timestamp(), trouble), strict=True))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _post(self, session: aiohttp.ClientSession, webhook: Webhook, update: JsonObject) -> str | None:
        """Post an update; returns what went wrong."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with session.post(
                webhook.url, json=update, headers=headers, allow_redirects=False
            ) as response:
                if not response.ok or response.status >= HTTPStatus.MULTIPLE_CHOICES:
                    return f"Wrong response from the webhook: {response.status} {response.reason}"
                await self._run_answer(response)
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"
        return None

    async def _run_answer(self, response: aiohttp.ClientResponse) -> None:
        """Run the call in the answer, if it is one. Nobody is told how it went."""
        if response.content_type != "application/json":
            return
        with contextlib.suppress(ValueError):
            call = await response.json()
            if isinstance(call, dict) and isinstance(method := call.pop("method", None), str):
                await self._answer(method, Parameters(call))


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        refuse("bad webhook: invalid URL specified")
    if parts.scheme not in {"http", "https"}:
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        refuse("bad webhook: the local server delivers to loopback addresses only")
