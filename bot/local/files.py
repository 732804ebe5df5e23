"""The files that people and the bot have sent, and the ids they are known by."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.local.refusals import refuse

if TYPE_CHECKING:
    from bot.local.wire import JsonObject, Upload

LARGEST_DOWNLOAD: Final = 20 * 2**20
LARGEST_UPLOAD: Final = 50 * 2**20
LARGEST_PHOTO: Final = 10 * 2**20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the server. `path` is where a bot with the token may fetch it."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes

    def as_json(self) -> JsonObject:
        """The three fields every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class FileShelf:
    """Files in memory, for as long as the server runs."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, upload: Upload, folder: str) -> StoredFile:
        """Keep a file; `folder` is Telegram's name for its kind ("documents", "photos")."""
        number = len(self._by_id)
        suffix = "".join(c for c in upload.name.rpartition(".")[2].lower() if c.isascii() and c.isalnum())
        extension = f".{suffix[:8]}" if suffix and "." in upload.name else ""
        file = StoredFile(
            file_id=f"BQ{secrets.token_urlsafe(24)}",
            unique_id=f"Ag{hashlib.sha256(upload.content).hexdigest()[:14]}",
            path=f"{folder}/file_{number}{extension}",
            name=upload.name.encode(errors="replace").decode() or f"file_{number}{extension}",
            mime_type=upload.mime_type or "application/octet-stream",
            content=upload.content,
        )
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile:
        """The file with this id.

        Raises:
            Refusal: there is none.
        """
        file = self._by_id.get(file_id)
        if file is None:
            refuse("wrong file_id or the file is temporarily unavailable")
        return file

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id, if there is one."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file a bot asks for by its path."""
        return self._by_path.get(path)
