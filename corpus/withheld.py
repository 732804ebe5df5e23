"""What undoing holds back: files whose state in the folder is not to be served until it changes again.

An undone load would come back with the next one, since the folder still holds what it
read. So each file that it took is remembered in the state it had then; a load leaves such
a file alone, and serves what is served of it, for as long as it finds it in that state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, Table, Text, delete, insert, select

from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.database import Database
    from corpus.file_reading import Stamp

withheld = Table(
    "withheld",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("sha256", Text),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("undone", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class WithheldFile:
    """A file and the state of it that is held back.

    `sha256` is of its bytes, `size` and `mtime_ns` are its stamp; all three are None where
    the undone load found that it was gone. `undone` is that load's generation.
    """

    origin: str
    sha256: str | None
    size: int | None
    mtime_ns: int | None
    undone: int
    since: datetime

    @property
    def is_absence(self) -> bool:
        """Whether it is the file's being gone that is held back."""
        return self.sha256 is None

    def has_stamp(self, stamp: Stamp) -> bool:
        """Whether the file is surely in the state that is held back, without it being opened."""
        return (stamp.size, stamp.mtime_ns) == (self.size, self.mtime_ns)


async def withheld_files(database: Database) -> dict[str, WithheldFile]:
    """Every file that is held back, by its origin in the order of origins."""
    statement = select(withheld).order_by(withheld.c.origin)
    async with database.connection() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return {row["origin"]: WithheldFile(**row) for row in rows}


async def withhold(connection: AsyncConnection, files: Iterable[WithheldFile]) -> None:
    """Hold these back. A file that is held back already stays so in the state that was noted first.

    What was noted first is what the folder holds: later loads have left the file alone.
    """
    known = set((await connection.execute(select(withheld.c.origin))).scalars())
    rows = [
        {name: getattr(file, name) for name in WithheldFile.__slots__}
        for file in files
        if file.origin not in known
    ]
    if rows:
        await connection.execute(insert(withheld), rows)


async def release(connection: AsyncConnection, origins: Iterable[str]) -> None:
    """Hold these back no longer: the next load takes them as they are."""
    wanted = sorted(origins)
    for start in range(0, len(wanted), _AT_A_TIME):
        part = wanted[start : start + _AT_A_TIME]
        await connection.execute(delete(withheld).where(withheld.c.origin.in_(part)))


async def release_undone(connection: AsyncConnection, generation: int) -> None:
    """Hold nothing back any more for having undone this generation, for that has failed."""
    await connection.execute(delete(withheld).where(withheld.c.undone == generation))
