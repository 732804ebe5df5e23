"""The guard rails of the test run itself: what conftest.py promises to every test."""

import os
import socket
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import build_document, build_published


def test_no_setting_and_no_proxy_of_the_machine_is_seen() -> None:
    names = [name.upper() for name in os.environ]
    assert not [name for name in names if name.startswith("WENXUN_") or name.endswith("_PROXY")]


def test_a_test_runs_in_a_folder_of_its_own(tmp_path: Path) -> None:
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_the_network_is_out_of_reach(host: str) -> None:
    with pytest.raises(BaseException, match=r"tests use 127\.0\.0\.1 only"):
        socket.create_connection((host, 80), timeout=0.1)


def test_a_socket_open_to_others_is_refused() -> None:
    with socket.socket() as server, pytest.raises(BaseException, match=r"tests use 127\.0\.0\.1 only"):
        server.bind(("0.0.0.0", 0))  # noqa: S104 - that it is refused is the point


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


@given(st.integers())
def test_properties_can_be_tested_in_these_surroundings(number: int) -> None:
    assert isinstance(number, int)


async def test_there_is_a_postgresql_to_test_with(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await connection.close()


@pytest.mark.parametrize(
    "written", ["2025", "2025-12", "2025-12-16", "2025-12-16 09:30", "2025-12-16 09:30:59"]
)
def test_a_built_date_is_as_exact_as_it_is_written(written: str) -> None:
    assert str(build_published(written)) == written


def test_equal_documents_have_equal_revisions_and_others_have_not() -> None:
    assert build_document() == build_document()
    assert build_document(passages=["一"]).revision != build_document(passages=["二"]).revision
    assert build_document(published="2025").revision != build_document(published="2025-01").revision
