"""The chat page: its files, and the live connection over which it shows and acts."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aiohttp import WSMsgType, web

from bot.local.files import LARGEST_UPLOAD
from bot.local.membership import ImpossibleAct
from bot.local.snapshot import snapshot
from bot.local.visit import Visit
from bot.local.wire import Upload, as_json, read_json

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from bot.local.acts import Acts
    from bot.local.wire import JsonObject
    from bot.local.world import World

_KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Files a browser may show; all others are only ever saved."""
_LARGEST_ACT: Final = 64 * 1024
_HEARTBEAT: Final = 20.0


class Page:
    """Serves the page and its connection."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts
        self._static: Traversable = files("bot.local") / "static"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page's addresses into a server."""
        router.add_get("/", self._index)
        router.add_get("/static/{name:[a-z_]+\\.(?:css|js|svg)}", self._file)
        router.add_get("/page/live", self._live)
        router.add_get("/page/files/{file_id:[A-Za-z0-9_-]+}", self._download)
        router.add_post("/page/upload", self._upload)

    async def _index(self, _request: web.Request) -> web.Response:
        return self._served("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return self._served(request.match_info["name"])

    def _served(self, name: str) -> web.Response:
        file = self._static / name
        if not file.is_file():
            raise web.HTTPNotFound
        return web.Response(
            text=file.read_text(encoding="utf-8"),
            content_type=_KINDS[name[name.rindex(".") :]],
            charset="utf-8",
            headers={"Cache-Control": "no-cache"},
        )

    async def _download(self, request: web.Request) -> web.Response:
        file = self._world.files.find(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        shown = file.mime_type if file.mime_type in _SHOWN else "application/octet-stream"
        response = web.Response(body=file.content, content_type=shown)
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if shown not in _SHOWN or "save" in request.query:
            response.headers["Content-Disposition"] = _attachment(file.name)
        return response

    async def _upload(self, request: web.Request) -> web.Response:
        """A person sends a file; a form, because files do not belong into the live connection."""
        form = await request.post()
        field = form.get("file")
        if not isinstance(field, web.FileField):
            return _told("there is no file")
        upload = Upload(field.filename, field.content_type, field.file.read(LARGEST_UPLOAD))
        try:
            person = self._world.cast.person(int(str(form.get("person"))))
            chat = self._world.chats[int(str(form.get("chat")))]
            kind = str(form.get("kind") or ("photo" if upload.mime_type in _SHOWN else "document"))
            thread = str(form.get("thread") or "")
            caption = str(form.get("caption", ""))
            self._acts.send_file(
                person, chat, upload, kind=kind, caption=caption, thread_id=int(thread) if thread else None
            )
        except (ImpossibleAct, KeyError, ValueError) as error:
            return _told(str(error))
        return web.json_response({"ok": True})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        """The live connection: the page acts, the server tells what happens."""
        if "Origin" not in request.headers:
            raise web.HTTPForbidden  # only a browser's page belongs here, and it always says where it is from
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_LARGEST_ACT)
        await socket.prepare(request)
        with self._world.changes.watch() as changes:
            await socket.send_json(snapshot(self._world), dumps=as_json)
            telling = asyncio.create_task(self._tell(socket, changes))
            try:
                await self._listen(socket, Visit(self._world, self._acts))
            finally:
                telling.cancel()
        return socket

    async def _tell(self, socket: web.WebSocketResponse, changes: asyncio.Queue[JsonObject | None]) -> None:
        while (change := await changes.get()) is not None:
            if change["kind"] in {"commands", "profile", "chat"}:
                change = snapshot(self._world)  # rare; the page draws itself anew from it
            await socket.send_json(change, dumps=as_json)
        await socket.close()

    async def _listen(self, socket: web.WebSocketResponse, visit: Visit) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                wanted = read_json(frame.data)
            except ValueError:
                continue
            if isinstance(wanted, dict):
                await socket.send_json(visit.act(wanted), dumps=as_json)


def _attachment(name: str) -> str:
    """A Content-Disposition that no name can break out of."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def _told(reason: str) -> web.Response:
    return web.json_response({"ok": False, "reason": reason}, status=HTTPStatus.BAD_REQUEST)
