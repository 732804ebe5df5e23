from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from bot.errors import InvalidSettings
from bot.settings import Settings, sample_news

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "123456789:AAExampleExampleExampleExampleExamp"  # noqa: S105 - not a real one


def problems(environ: Mapping[str, str], env_file: Path | None = None) -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        Settings.load(environ, env_file)
    return list(caught.value.problems)


def problem(name: str, value: str) -> str:
    """The one problem of one setting, without its name."""
    (line,) = problems({f"WENXUN_{name}": value})
    head, _, told = line.partition(": ")
    assert head == f"WENXUN_{name}"
    return told


def test_with_nothing_set_everything_has_a_default(tmp_path: Path) -> None:
    settings = Settings.load({}, None)

    assert settings.token is None
    assert settings.admins == ()
    assert settings.corpus == sample_news()
    assert settings.data == tmp_path / "data"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/wenxun.db"
    assert settings.index_url == f"tantivy:{tmp_path}/data/index"
    assert settings.api_url == "https://api.telegram.org"
    assert settings.zone == ZoneInfo("Asia/Shanghai")
    assert (settings.max_file_mb, settings.excerpts, settings.local_port) == (50, 3, 8765)
    assert settings.worker_count == os.cpu_count()


def test_reading_the_settings_makes_nothing(tmp_path: Path) -> None:
    Settings.load({}, None)

    assert list(tmp_path.iterdir()) == []


def test_everything_can_be_set_and_relative_paths_start_at_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    settings = Settings.load(
        {
            "WENXUN_TOKEN": TOKEN,
            "WENXUN_ADMINS": "12345, 67890,12345,",
            "WENXUN_CORPUS": "news",
            "WENXUN_DATA": "state",
            "WENXUN_DATABASE_URL": "postgresql+asyncpg://me:secret@127.0.0.1:5432/wenxun",
            "WENXUN_INDEX_URL": "memory:",
            "WENXUN_API_URL": "http://127.0.0.1:8081/",
            "WENXUN_TIME_ZONE": "Europe/Paris",
            "WENXUN_MAX_FILE_MB": "5",
            "WENXUN_EXCERPTS": " 2 ",
            "WENXUN_MAX_SUBSCRIPTIONS": "7",
            "WENXUN_KEEP_INACTIVE_DAYS": "30",
            "WENXUN_OUTBOX_ALERT_MINUTES": "5",
            "WENXUN_WORKERS": "3",
            "WENXUN_LOCAL_PORT": "0",
            "WENXUN_LOG_LEVEL": "DEBUG",
        },
        None,
    )

    assert settings.token == SecretStr(TOKEN)
    assert settings.admins == (12345, 67890)
    assert settings.corpus == tmp_path / "news"
    assert settings.data == tmp_path / "state"
    assert settings.database_url == "postgresql+asyncpg://me:secret@127.0.0.1:5432/wenxun"
    assert settings.index_url == "memory:"
    assert settings.api_url == "http://127.0.0.1:8081"
    assert settings.zone == ZoneInfo("Europe/Paris")
    assert (settings.max_file_mb, settings.excerpts) == (5, 2)
    assert (settings.max_subscriptions, settings.keep_inactive_days, settings.outbox_alert_minutes) == (
        7,
        30,
        5,
    )
    assert (settings.worker_count, settings.local_port, settings.log_level) == (3, 0, "debug")


def test_database_and_index_follow_the_data_folder(tmp_path: Path) -> None:
    settings = Settings.load({"WENXUN_DATA": str(tmp_path / "elsewhere")}, None)

    assert settings.database_url.endswith("/elsewhere/wenxun.db")
    assert settings.index_url.endswith("/elsewhere/index")


def test_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert Settings.load({"WENXUN_DATA": "~/wenxun"}, None).data == tmp_path / "wenxun"


def test_an_empty_value_counts_as_not_set() -> None:
    settings = Settings.load({"WENXUN_TOKEN": "", "WENXUN_EXCERPTS": "  ", "WENXUN_CORPUS": ""}, None)

    assert settings == Settings.load({}, None)


def test_settings_cannot_be_changed() -> None:
    settings = Settings.load({}, None)

    with pytest.raises(ValidationError, match="frozen"):
        settings.excerpts = 5


def test_settings_made_directly_do_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENXUN_EXCERPTS", "1")
    Path(".env").write_text("WENXUN_EXCERPTS=2\n", encoding="utf-8")

    assert Settings().excerpts == 3
    assert Settings.load().excerpts == 1


def test_every_wrong_setting_is_told_at_once() -> None:
    wrong = {
        "WENXUN_TOKEN": "secret",
        "WENXUN_ADMINS": "abc",
        "WENXUN_CORPUS": "nowhere",
        "WENXUN_DATABASE_URL": "mysql://x",
        "WENXUN_INDEX_URL": "lucene:x",
        "WENXUN_API_URL": "telegram",
        "WENXUN_TIME_ZONE": "Beijing",
        "WENXUN_MAX_FILE_MB": "0",
        "WENXUN_EXCERPTS": "six",
        "WENXUN_WORKERS": "-1",
        "WENXUN_LOCAL_PORT": "99999",
        "WENXUN_LOG_LEVEL": "loud",
        "WENXUN_TOKN": "x",
    }

    told = problems(wrong)

    assert sorted(line.partition(":")[0] for line in told) == sorted(wrong)
    assert all(line.endswith((".", "?")) and "\n" not in line for line in told)


def test_a_wrong_data_folder_is_told_once_and_not_again_for_what_lies_in_it() -> None:
    Path("file").touch()

    (line,) = problems({"WENXUN_DATA": "file/data"})

    assert line.startswith("WENXUN_DATA: ")


def test_an_unknown_setting_is_told_with_the_nearest_there_is() -> None:
    assert problems({"WENXUN_TOKN": "x"}) == [
        "WENXUN_TOKN: there is no such setting. Did you mean WENXUN_TOKEN?"
    ]
    (line,) = problems({"WENXUN_COLOUR": "x"})
    assert "Did you mean" not in line


def test_variables_of_others_are_no_business_of_ours() -> None:
    Settings.load({"PATH": "/bin", "WENXUNX": "1", "TOKEN": "x"}, None)


@pytest.mark.parametrize("token", ["abc", "123:short", TOKEN + "!", TOKEN.replace(":", ""), f"bot{TOKEN}"])
def test_a_token_not_of_telegrams_form_is_told_without_showing_it(token: str) -> None:
    told = problem("TOKEN", token)

    assert told.startswith("is not a bot token.")
    assert token not in told


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("abc", "'abc' is not a number."),
        ("1,2,x3", "'x3' is not a number."),
        ("@someone", "'@someone' is a name, not a number."),
        ("-100123", "'-100123' is a group or channel, not a person."),
        ("0", "'0' is not a number that Telegram gives"),
        ("9" * 20, f"'{'9' * 20}' is not a number that Telegram gives"),
    ],
)
def test_administrators_are_numbers(value: str, start: str) -> None:
    told = problem("ADMINS", value)

    assert told.startswith(start)
    assert told.endswith("List Telegram user ids separated by commas, e.g. 12345,67890.")


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("abc", "'abc' is not a number."),
        ("@someone", "'@someone' is a name, not a number."),
        ("--5", "'--5' is not a number."),
        ("0", "'0' is not a number that Telegram gives"),
    ],
)
def test_readers_are_numbers_of_people_or_groups(value: str, start: str) -> None:
    told = problem("READERS", value)

    assert told.startswith(start)
    assert told.endswith("List Telegram ids separated by commas, e.g. 12345,-1001234567890.")


def test_without_readers_everybody_may() -> None:
    assert Settings.load({}, None).readers is None
    assert Settings.load({"WENXUN_READERS": "5，-100200"}, None).readers == (5, -100200)


@pytest.mark.parametrize("value", ["12345", "-", "a group", "@group"])
def test_the_chat_of_the_administrators_is_a_group(value: str) -> None:
    assert problem("ADMIN_CHAT", value).startswith(f"{value!r} is not the id of a group.")


def test_the_chat_of_the_administrators_may_be_none() -> None:
    assert Settings.load({}, None).admin_chat is None
    assert Settings.load({"WENXUN_ADMIN_CHAT": " -100200 "}, None).admin_chat == -100200


def test_administrators_may_be_separated_as_people_do() -> None:
    assert Settings.load({"WENXUN_ADMINS": "1 2;3，4\n5"}, None).admins == (1, 2, 3, 4, 5)


def test_a_corpus_must_be_a_folder_that_is_there(tmp_path: Path) -> None:
    Path("file").touch()

    assert problem("CORPUS", "nowhere").startswith(f"there is no folder {tmp_path / 'nowhere'}.")
    assert problem("CORPUS", "file").startswith(f"{tmp_path / 'file'} is not a folder.")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_must_be_writable(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)

    assert "cannot be written to" in problem("DATA", "locked/data")
    assert "cannot be written to" in problem("INDEX_URL", "tantivy:locked/index")
    assert "cannot be written to" in problem("DATABASE_URL", "sqlite+aiosqlite:///locked/wenxun.db")


def test_a_database_names_a_file_or_a_server(tmp_path: Path) -> None:
    assert problem("DATABASE_URL", "sqlite:///x.db") == (
        "starts with sqlite://. Write sqlite+aiosqlite:// and the rest as it is."
    )
    assert "postgresql+asyncpg://" in problem("DATABASE_URL", "postgres://me@host/x")
    assert "is not the address of a database" in problem("DATABASE_URL", "wenxun.db")
    assert "does not name a file" in problem("DATABASE_URL", "sqlite+aiosqlite://")
    assert "does not name a file" in problem("DATABASE_URL", "sqlite+aiosqlite:///:memory:")
    assert "is a folder" in problem("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}")
    for lacking in ("host", "host/", ":5432/name", "me:p@ss#word@host/name", "host:port/name"):
        assert "does not name a host and a database" in problem(
            "DATABASE_URL", f"postgresql+asyncpg://{lacking}"
        )


def test_a_relative_database_is_made_absolute_and_keeps_its_options(tmp_path: Path) -> None:
    settings = Settings.load({"WENXUN_DATABASE_URL": "sqlite+aiosqlite:///x/y.db?timeout=3"}, None)

    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/x/y.db?timeout=3"


def test_a_wrong_database_address_does_not_show_its_password() -> None:
    for url in (
        "postgres://me:hunter2@host/x",
        "mysql://me:hunter2@host/x",
        "postgresql+asyncpg://me:hunter2@/",
    ):
        assert "hunter2" not in problem("DATABASE_URL", url)


def test_an_index_is_a_folder_or_memory(tmp_path: Path) -> None:
    assert Settings.load({"WENXUN_INDEX_URL": "tantivy:i"}, None).index_url == f"tantivy:{tmp_path}/i"
    assert "is not the address of an index" in problem("INDEX_URL", "tantivy:")
    assert "is not the address of an index" in problem("INDEX_URL", "data/index")


def test_the_bot_api_is_on_http() -> None:
    assert "is not the address of a Bot API server" in problem("API_URL", "ftp://127.0.0.1")
    assert "is not the address of a Bot API server" in problem("API_URL", "http://127.0.0.1:port")
    assert "Leave it out" in problem("API_URL", "http://127.0.0.1:8081/bot")


def test_a_time_zone_is_told_with_the_nearest_there_is() -> None:
    assert problem("TIME_ZONE", "asia/shanghai").endswith("Did you mean Asia/Shanghai?")
    assert problem("TIME_ZONE", "Asia").startswith("'Asia' is not the name of a time zone.")
    assert problem("TIME_ZONE", "../secrets").startswith("'../secrets' is not the name of a time zone.")


@pytest.mark.parametrize("value", ["0", "6", "2.5", "three", "3 MB", "1e1", "9" * 30])
def test_numbers_are_whole_and_in_range(value: str) -> None:
    assert problem("EXCERPTS", value) == (
        f"{value!r} is not a whole number from 1 to 5. Write one, without a unit."
    )


def test_secrets_are_in_no_text_of_the_settings() -> None:
    settings = Settings.load(
        {"WENXUN_TOKEN": TOKEN, "WENXUN_DATABASE_URL": "postgresql+asyncpg://me:hunter2@127.0.0.1/x"}, None
    )

    for text in (repr(settings), str(settings), settings.shown("token"), settings.shown("database_url")):
        assert TOKEN not in text
        assert "hunter2" not in text
    assert "127.0.0.1/x" in settings.shown("database_url")
