"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.local.delivery import Delivery
from bot.local.faults import Fault, Moment
from bot.local.methods import METHODS
from bot.local.refusals import Refusal, refuse
from bot.local.wire import Parameters, Upload, as_json, read_json
from bot.local.world import Call, World

_LOG = logging.getLogger(__name__)

TOKEN: Final = re.compile(r"\d{5,16}:[A-Za-z0-9_-]{30,64}")
_GATEWAY_PAGE: Final = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr></body>\r\n</html>\r\n"
)

Answering = Callable[[Parameters], Awaitable[object]]


class BotApi:
    """Answers the bot's calls."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self.delivery = Delivery(world, self._hooked)
        self._delivering: dict[str, Answering] = {
            "getupdates": self.delivery.get_updates,
            "setwebhook": self.delivery.set_webhook,
            "deletewebhook": self.delivery.delete_webhook,
            "getwebhookinfo": self.delivery.get_webhook_info,
            "logout": self.delivery.log_out,
            "close": self.delivery.log_out,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the API's addresses into a server."""
        for verb in ("GET", "POST"):
            router.add_route(verb, "/bot{token:[^/]+}/{method:[^/]+}", self._call)
        router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            self._check_token(request.match_info["token"])
            parameters = await _parameters(request)
        except Refusal as refusal:
            return _refused(refusal).response()
        fault = self._world.faults.take(method.lower()) or Fault()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        outcome = await self._outcome(method, parameters, fault)
        self._note(method, parameters, outcome)
        if fault.hang:
            await asyncio.get_running_loop().create_future()  # until the caller gives up
        if fault.cut and request.transport is not None:
            request.transport.abort()
        return outcome.response()

    async def _outcome(self, method: str, parameters: Parameters, fault: Fault) -> _Outcome:
        if not fault.strikes:
            return await self._answer(method, parameters)
        result = None
        if fault.moment is Moment.AFTER:
            result = (await self._answer(method, parameters)).result
        if fault.refusal is not None:
            return replace(_refused(fault.refusal), result=result)
        if fault.gateway is not None:
            return _Outcome(fault.gateway, _GATEWAY_PAGE, "text/html", "Bad Gateway", result)
        return _Outcome(0, "", description="no answer", result=result)

    async def _answer(self, method: str, parameters: Parameters) -> _Outcome:
        name = method.lower()
        if name in self._delivering:
            return await self._attempt(method, self._delivering[name](parameters))
        return await self._attempt(method, self._run(name, parameters))

    async def _attempt(self, method: str, running: Awaitable[object]) -> _Outcome:
        try:
            result = await running
        except Refusal as refusal:
            return _refused(refusal)
        except Exception:  # noqa: BLE001 - a mistake here must not look like a dead server
            _LOG.exception("the local server failed at %s", method)
            return _refused(Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error"))
        return _Outcome(200, as_json({"ok": True, "result": result}), result=result)

    async def _run(self, name: str, parameters: Parameters) -> object:
        if name not in METHODS:
            raise not_found()
        return METHODS[name](self._world, parameters)

    async def _hooked(self, method: str, parameters: Parameters) -> None:
        """Run the call that a webhook gave as the answer to an update; nobody hears how it went."""
        outcome = await self._attempt(method, self._run(method.lower(), parameters))
        self._note(method, parameters, outcome)

    def _note(self, method: str, parameters: Parameters, outcome: _Outcome) -> None:
        self._world.note(
            Call(
                method=method,
                parameters=parameters.as_log(),
                at=self._world.clock(),
                code=outcome.code,
                description=outcome.description,
                result=outcome.result,
            )
        )

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
        except Refusal as refusal:
            return _refused(refusal).response()
        file = self._world.files.by_path(request.match_info["path"])
        if file is None:
            return _refused(not_found()).response()
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise not_found()
        if not secrets.compare_digest(token, self._token):
            raise Refusal(HTTPStatus.UNAUTHORIZED, "Unauthorized")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a call comes to. `code` 0 means that nothing is answered."""

    code: int
    body: str
    content_type: str = "application/json"
    description: str = ""
    result: object = None

    def response(self) -> web.Response:
        return web.Response(
            status=self.code or HTTPStatus.BAD_GATEWAY, text=self.body, content_type=self.content_type
        )


def not_found() -> Refusal:
    """There is no such method, file or bot."""
    return Refusal(HTTPStatus.NOT_FOUND, "Not Found")


def _refused(refusal: Refusal) -> _Outcome:
    return _Outcome(refusal.code, as_json(refusal.as_answer()), description=refusal.description)


async def _parameters(request: web.Request) -> Parameters:
    """The parameters of a call from its query, its form, its parts or its JSON.

    Raises:
        Refusal: they cannot be read.
    """
    values: dict[str, object] = dict(request.query)
    uploads: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            body = await request.text()
            content = read_json(body) if body.strip() else {}
            if not isinstance(content, dict):
                refuse("object expected as request body")
            values.update(content)
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    uploads[name] = Upload(value.filename, value.content_type, value.file.read())
                else:
                    values[name] = value if isinstance(value, str) else bytes(value).decode()
    except web.HTTPRequestEntityTooLarge as error:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large") from error
    except UnicodeDecodeError:
        refuse("strings must be encoded in UTF-8")
    except (ValueError, LookupError):
        refuse("can't parse request body")
    return Parameters(values, uploads)
