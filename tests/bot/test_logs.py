from __future__ import annotations

import logging
import sys
from pathlib import Path

import httpx
import pytest

from bot.logs import TOLD, Pseudonyms, incident_code, logging_to, redact

TOKEN = "123456789:AAExampleExampleExampleExampleExamp"  # noqa: S105 - not a real one
logger = logging.getLogger("wenxun.test")


def written(folder: Path) -> str:
    return (folder / "wenxun.log").read_text(encoding="utf-8")


def fail(text: str) -> None:
    raise RuntimeError(text)


def test_the_terminal_shows_warnings_and_the_file_everything_from_info_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path / "logs", "warning"):
        logger.debug("a detail")
        logger.info("a step")
        logger.warning("a warning")

    assert capsys.readouterr().err == "warning: a warning\n"
    assert "a detail" not in written(tmp_path / "logs")
    assert "INFO wenxun.test: a step" in written(tmp_path / "logs")
    assert "WARNING wenxun.test: a warning" in written(tmp_path / "logs")


def test_the_terminal_and_the_file_show_details_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path, "debug"):
        logger.debug("a detail")

    assert "debug: a detail" in capsys.readouterr().err
    assert "a detail" in written(tmp_path)


def test_a_traceback_is_in_the_file_and_never_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path, "warning"):
        try:
            fail("of no interest to readers")
        except RuntimeError:
            logger.exception("it failed\n  as told by somebody else's traceback")

    assert capsys.readouterr().err == "error: it failed\n"
    assert "Traceback" in written(tmp_path)
    assert "somebody else's traceback" in written(tmp_path)
    assert "of no interest to readers" in written(tmp_path)


def test_what_the_terminal_is_told_in_other_words_is_in_the_file_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path, "debug"):
        logger.error("a thing", extra=TOLD)

    assert capsys.readouterr().err == ""
    assert "ERROR wenxun.test: a thing" in written(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wenxun.log").symlink_to("/dev/full")

    with logging_to(tmp_path, "error"):
        for number in range(3):
            logger.info("line %d", number)

    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "cannot be written (No space left on device)" in shown


def test_a_token_in_an_exceptions_url_does_not_reach_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path, "debug"), httpx.Client() as client:
        for url in (f"http://127.0.0.1:1/bot{TOKEN}/getMe", f"http://127.0.0.1:1/file/bot{TOKEN}/a%3Ab"):
            try:
                client.get(url).raise_for_status()
            except httpx.HTTPError as error:
                logger.warning("cannot reach %s", error.request.url)
                logger.exception("and again")
        try:
            fail(f"refused: /bot{TOKEN.replace(':', '%3A')}/getUpdates")
        except RuntimeError:
            logger.exception("refused")

    for text in (capsys.readouterr().err, written(tmp_path)):
        assert "[token]" in text
        assert TOKEN[10:] not in text


def test_the_libraries_that_tell_every_url_are_kept_quiet(tmp_path: Path) -> None:
    with logging_to(tmp_path, "debug"):
        for name in ("httpx", "httpcore.connection", "telegram.ext.Updater", "aiohttp.access"):
            logging.getLogger(name).info("POST https://127.0.0.1/something")
            logging.getLogger(name).warning("a warning of %s", name)

    assert "POST" not in written(tmp_path)
    assert "a warning of telegram.ext.Updater" in written(tmp_path)


@pytest.mark.parametrize(
    ("private", "left"),
    [
        ("postgresql+asyncpg://me:hunter2@127.0.0.1/x", "postgresql+asyncpg://me:****@127.0.0.1/x"),
        (
            "[SQL: INSERT]\n[parameters: (7, 'a question')]\n(more)",
            "[SQL: INSERT]\n[parameters hidden]\n(more)",
        ),
        ("chat_id=-1001234", "chat_id=[chat]"),
        ("{'chat_id': 1234}", "{'chat_id': [chat]}"),
        ('"chatId":1234', '"chatId":[chat]'),
    ],
)
def test_the_second_net_catches_what_should_not_have_been_logged(private: str, left: str) -> None:
    assert redact(private) == left


def test_ordinary_lines_are_left_as_they_are() -> None:
    line = "2025-12-16 08:35:00 http://127.0.0.1:8765/ 12345:678 update 123456789: done a@b.example"

    assert redact(line) == line


def test_logging_is_afterwards_as_it_was_before(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("httpx").level)

    with logging_to(tmp_path, "info"):
        assert (root.level, list(root.handlers), logging.getLogger("httpx").level) != before

    assert (root.level, list(root.handlers), logging.getLogger("httpx").level) == before


def test_a_log_that_cannot_be_opened_is_told_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wenxun.log").mkdir()

    with logging_to(tmp_path, "error"):
        logger.info("one")
        logger.info("two")

    assert capsys.readouterr().err.count("cannot be written") == 1


def test_a_log_folder_that_cannot_be_made_is_told_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    with logging_to(tmp_path / "file" / "logs", "error"):
        logger.error("still shown")

    shown = capsys.readouterr().err
    assert "cannot be made" in shown
    assert "still shown" in shown


def test_a_closed_terminal_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "terminal").open("w", encoding="utf-8") as closed:
        pass
    monkeypatch.setattr(sys, "stderr", closed)

    with logging_to(tmp_path, "warning"):
        logger.warning("nobody sees it")

    assert "nobody sees it" in written(tmp_path)


def test_incident_codes_can_be_read_out() -> None:
    codes = {incident_code() for _ in range(100)}

    assert len(codes) == 100
    assert not set("".join(codes)) & set("IO01il")


def test_a_chat_has_one_name_here_and_another_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    here = Pseudonyms.open(tmp_path / "a")

    assert here.of(-100123) == here.of(-100123) == Pseudonyms.open(tmp_path / "a").of(-100123)
    assert here.of(-100123) != here.of(100123)
    assert here.of(-100123) != Pseudonyms.open(tmp_path / "b").of(-100123)
    assert "100123" not in here.of(-100123)


def test_a_salt_cut_off_by_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "log-salt").write_bytes(b"abc")

    name = Pseudonyms.open(tmp_path).of(1)

    assert Pseudonyms.open(tmp_path).of(1) == name
    assert (tmp_path / "log-salt").stat().st_size == 32
