"""The program as people start and stop it: a process of its own, with its output, signals and exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.local import LocalTelegram
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
ARTICLE = (
    "---\ntitle: 青松药业获批上市\nsource: 中财快讯\ndate: 2026-03-02\n---\n\n新药QS-101定价为每盒{}元。\n"
)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")


@pytest.fixture
def env(tmp_path: Path, prepared: Path) -> dict[str, str]:
    """The environment of an installation with one article."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "article.md").write_text(ARTICLE.format(1280), encoding="utf-8")
    installed(prepared, tmp_path / "data")
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "WENXUN_CORPUS": str(news),
        "WENXUN_DATA": str(tmp_path / "data"),
        "WENXUN_LOCAL_PORT": "0",
        "WENXUN_WORKERS": "1",
        "WENXUN_ENCODER": QUICK_ENCODER,
    }


@contextmanager
def running(env: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The program under way, its standard error in its output; ended in any case."""
    program = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", *(arguments or ("bot",))],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        yield program
    finally:
        program.kill()
        program.wait()
        if program.stdout is not None:
            program.stdout.close()


def read_until(program: subprocess.Popen[str], text: str) -> str:
    """What the program says, up to the line with `text`."""
    assert program.stdout is not None
    said = ""
    for line in program.stdout:
        said += line
        if text in line:
            return said
    pytest.fail(f"it ended without saying {text!r}:\n{said}")


def wenxun(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def page_url(said: str) -> str:
    return said.rpartition("Open ")[2].split()[0]


def test_it_tells_each_step_offers_a_page_and_stops_when_asked(env: dict[str, str]) -> None:
    (Path(env["WENXUN_CORPUS"]) / "empty.txt").touch()
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running({**env, "WENXUN_LOCAL_PORT": str(port)}) as program:
            said = read_until(program, "Open http://127.0.0.1:")
            assert httpx.get(page_url(said), timeout=PATIENCE).status_code == 200
            program.send_signal(signal.SIGTERM)
            rest, _ = program.communicate(timeout=PATIENCE)

    for step in ("settings read", "database ready", "dictionaries ready", "index ready", "news loaded"):
        assert f"✓ {step}  " in said
    assert "1 rejected:\n  empty.txt: It is empty" in said
    assert "Serving 1 document, 1 passage" in said
    assert f"Port {port} is taken" in said
    assert f":{port}/" not in page_url(said)
    assert rest == "Stopped.\n"
    assert program.returncode == 0


def test_it_stops_while_it_is_starting(env: dict[str, str]) -> None:
    with running(env) as program:
        read_until(program, "database ready")
        program.send_signal(signal.SIGTERM)
        rest, _ = program.communicate(timeout=PATIENCE)

    assert rest.splitlines()[-1] == "Stopped."
    assert program.returncode == 130
    assert "Traceback" not in rest


def test_one_bot_runs_on_a_data_folder_and_one_can_ask_and_load_meanwhile(
    env: dict[str, str],
) -> None:
    with running(env) as program:
        read_until(program, "Open ")

        second = wenxun(env, "run")
        assert second.returncode == 1
        assert f"Wenxun is already running (process {program.pid})" in second.stderr

        asked = wenxun(env, "ask", "--json", "QS-101 定价")
        assert "1280" in json.loads(asked.stdout)["excerpts"][0]["text"]

        (Path(env["WENXUN_CORPUS"]) / "article.md").write_text(ARTICLE.format(980), encoding="utf-8")
        assert wenxun(env, "load").returncode == 0
        assert "980" in wenxun(env, "ask", "QS-101 定价").stdout

        assert program.poll() is None


async def test_with_a_token_it_answers_on_telegram_from_the_newest_news(
    env: dict[str, str],
) -> None:
    async with LocalTelegram() as telegram:
        with running({**env, "WENXUN_TOKEN": telegram.token, "WENXUN_API_URL": telegram.url}) as program:
            reader = telegram.people.reader
            asked = await telegram.say(reader, "QS-101 定价多少？")
            reply = await telegram.wait_for_reply(reader, after=asked, timeout=PATIENCE)
            assert "1280" in str(reply)

            (Path(env["WENXUN_CORPUS"]) / "article.md").write_text(ARTICLE.format(980), encoding="utf-8")
            assert (await asyncio.to_thread(wenxun, env, "load")).returncode == 0
            asked = await telegram.say(reader, "QS-101 定价多少？")
            reply = await telegram.wait_for_reply(reader, after=asked, timeout=PATIENCE)
            assert "980" in str(reply)

            program.send_signal(signal.SIGTERM)
            said, _ = await asyncio.to_thread(program.communicate, timeout=PATIENCE)
            assert "Talking to Telegram" in said
            assert said.endswith("Stopped.\n")
            assert telegram.token not in said

    for log in (Path(env["WENXUN_DATA"]) / "logs").iterdir():
        text = log.read_text(encoding="utf-8")
        assert telegram.token not in text
        assert "QS-101" not in text
        assert str(reader.id) not in text


async def test_a_token_that_telegram_does_not_know_is_told_and_ends_it(env: dict[str, str]) -> None:
    wrong = "123456789:AAExampleExampleExampleExampleExamp"
    async with LocalTelegram() as telegram:
        with running({**env, "WENXUN_TOKEN": wrong, "WENXUN_API_URL": telegram.url}) as program:
            said, _ = await asyncio.to_thread(program.communicate, timeout=PATIENCE)

    assert program.returncode == 2
    assert "WENXUN_TOKEN: Telegram does not know this token." in said
    assert wrong not in said
    assert "Traceback" not in said


def test_without_a_network_it_says_so_and_goes_on_trying(env: dict[str, str]) -> None:
    lost = {
        "WENXUN_TOKEN": "123456789:AAExampleExampleExampleExampleExamp",
        "WENXUN_API_URL": "http://127.0.0.1:9",
    }
    with running({**env, **lost}) as program:
        read_until(program, "Telegram cannot be reached")
        assert program.poll() is None
        program.send_signal(signal.SIGINT)
        rest, _ = program.communicate(timeout=PATIENCE)

    assert program.returncode == 0
    assert rest.endswith("Stopped.\n")


def test_news_that_is_gone_does_not_hinder_a_start_and_what_was_loaded_serves_on(env: dict[str, str]) -> None:
    assert wenxun(env, "load").returncode == 0
    (Path(env["WENXUN_CORPUS"]) / "article.md").unlink()

    with running(env) as program:
        said = read_until(program, "Open ")
        asked = wenxun(env, "ask", "QS-101 定价")

    assert "warning: the news was not loaded; the bot answers from what was loaded before." in said
    assert "1280" in asked.stdout


def test_a_closed_terminal_stops_it_cleanly(env: dict[str, str]) -> None:
    master, slave = os.openpty()
    program = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", CONTROLLED, str(os.ttyname(slave))],
        env=env,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        said = b""
        while b"Open " not in said:
            said += os.read(master, 4096)
        os.close(master)
        assert program.wait(PATIENCE) == 0
    finally:
        program.kill()
        program.wait()
    log = Path(env["WENXUN_DATA"]) / "logs" / "wenxun.log"
    assert not log.exists() or "incident" not in log.read_text(encoding="utf-8")


# Makes the terminal the controlling one, so that closing it hangs up.
CONTROLLED = """
import os, sys
os.close(os.open(sys.argv[1], os.O_RDWR))
sys.argv[1:] = []
from bot.cli import main
main(["run"])
"""
