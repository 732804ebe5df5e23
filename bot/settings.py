"""The settings: read once at the start, checked all together, and passed on."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

import corpus
from bot import setting_values as read
from bot.errors import InvalidSettings
from bot.variables import PREFIX, Variables, read_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

ENV_FILE = Path(".env")
_PASSWORD = re.compile(r"(://[^/?#@:]*:)[^/?#@]*@")


def sample_news() -> Path:
    """The folder of sample news that comes with Wenxun."""
    return Path(corpus.__file__).parent / "news"


def shipped_glossary() -> Path:
    """The glossary that comes with Wenxun."""
    return Path(corpus.__file__).parent / "glossary.tsv"


class Settings(BaseSettings):
    """Everything that can be set. A relative path starts at the folder Wenxun is started in.

    The descriptions, examples and defaults of the fields are what `.env.example`,
    `docs/settings.md` and `wenxun config` show. A default that depends on the machine or on
    another setting is told in words by the extra key `default`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True)

    token: Annotated[SecretStr | None, BeforeValidator(read.token)] = Field(
        default=None,
        description="Token of the bot, from @BotFather. Without it, Wenxun offers a chat in the browser.",
        examples=["123456789:AAExampleExampleExampleExampleExamp"],
    )
    admins: Annotated[tuple[int, ...], BeforeValidator(read.user_ids)] = Field(
        default=(),
        description="Telegram user ids of the administrators, separated by commas.",
        examples=["12345,67890"],
    )
    admin_chat: Annotated[int | None, BeforeValidator(read.group_id)] = Field(
        default=None,
        description="Id of a group in which the administrators may also keep the news; else only in private.",
        examples=["-1001234567890"],
    )
    readers: Annotated[tuple[int, ...] | None, BeforeValidator(read.chat_ids)] = Field(
        default=None,
        description="Ids of the people and groups that may use the bot, separated by commas.",
        examples=["12345,-1001234567890"],
        json_schema_extra={"default": "everybody may"},
    )
    corpus: Annotated[Path, BeforeValidator(read.folder_to_read)] = Field(
        default_factory=sample_news,
        description="Folder of the news to answer from.",
        examples=["news"],
        json_schema_extra={"default": "the sample news that comes with Wenxun"},
    )
    glossary: Annotated[Path, BeforeValidator(read.file_to_read)] = Field(
        default_factory=shipped_glossary,
        description="File of the corpus's own terms in both languages (docs/lexicon.md). It may be missing.",
        examples=["glossary.tsv"],
        json_schema_extra={"default": "the glossary that comes with Wenxun"},
    )
    encoder: str = Field(
        default="",
        description="A sentence encoder of your own, as module:factory (docs/semantic.md).",
        examples=["my_encoders:large"],
        json_schema_extra={"default": "the multilingual encoder that comes with Wenxun"},
    )
    data: Annotated[Path, BeforeValidator(read.folder_to_write)] = Field(
        default=Path("data"),
        description="Folder of all that Wenxun keeps: database, index, caches, logs. It is made if missing.",
        examples=["data"],
    )
    database_url: Annotated[str, BeforeValidator(read.database_url)] = Field(
        default_factory=lambda values: f"sqlite+aiosqlite:///{values['data'] / 'wenxun.db'}",
        description="Database: a SQLite file, or PostgreSQL (postgresql+asyncpg://user:password@host/name).",
        examples=["sqlite+aiosqlite:///data/wenxun.db"],
        json_schema_extra={"default": "the SQLite file wenxun.db in WENXUN_DATA"},
    )
    index_url: Annotated[str, BeforeValidator(read.index_url)] = Field(
        default_factory=lambda values: f"tantivy:{values['data'] / 'index'}",
        description="Index: a folder (tantivy:folder), or memory: to keep none and build it at every start.",
        examples=["tantivy:data/index"],
        json_schema_extra={"default": "the folder index in WENXUN_DATA"},
    )
    api_url: Annotated[str, BeforeValidator(read.api_url)] = Field(
        default="https://api.telegram.org",
        description="Root of the Bot API server to use in place of Telegram's. Needs WENXUN_TOKEN.",
        examples=["http://127.0.0.1:8081"],
    )
    time_zone: Annotated[str, BeforeValidator(read.time_zone)] = Field(
        default="Asia/Shanghai",
        description="Time zone of dates that come without one, and of the day on which a question is asked.",
        examples=["Asia/Shanghai"],
    )
    max_file_mb: Annotated[int, BeforeValidator(read.whole_number(1, 4096))] = Field(
        default=50,
        description="Largest file to read, in MiB. JSON Lines are read line by line and have no limit.",
        examples=["50"],
    )
    excerpts: Annotated[int, BeforeValidator(read.whole_number(1, 5))] = Field(
        default=3,
        description="Most excerpts in one answer, from 1 to 5.",
        examples=["3"],
    )
    max_subscriptions: Annotated[int, BeforeValidator(read.whole_number(1, 1000))] = Field(
        default=50,
        description="Most questions and topics that one chat can follow.",
        examples=["50"],
    )
    keep_inactive_days: Annotated[int, BeforeValidator(read.whole_number(1, 3650))] = Field(
        default=180,
        description="Days that everything of a chat is kept that has blocked or removed the bot.",
        examples=["180"],
    )
    outbox_alert_minutes: Annotated[int, BeforeValidator(read.whole_number(1, 10080))] = Field(
        default=30,
        description="Minutes that a notification may be overdue before the administrators are told.",
        examples=["30"],
    )
    workers: Annotated[int, BeforeValidator(read.whole_number(0, 256))] = Field(
        default=0,
        description="Processes that analyse news while it is loaded; 0 means one for each core.",
        examples=["0"],
    )
    local_port: Annotated[int, BeforeValidator(read.whole_number(0, 65535))] = Field(
        default=8765,
        description="Port of the chat in the browser; 0 means any free one. Not used with WENXUN_TOKEN.",
        examples=["8765"],
    )
    log_level: Annotated[str, BeforeValidator(read.level)] = Field(
        default="warning",
        description="What the terminal shows: debug, info, warning or error. The log file has info and up.",
        examples=["warning"],
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the caller alone, so that nothing but `load` looks at the environment."""
        del cls, settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Settings:
        """Read the settings from the environment and, where it is silent, from the file `.env`.

        Raises:
            InvalidSettings: with every problem there is, each with how to mend it.
        """
        variables = cls.variables(environ, env_file)
        problems = list(variables.problems)
        values: dict[str, Any] = variables.values
        try:
            settings = cls(**values)
        except ValidationError as error:
            raise InvalidSettings(tuple(problems + _problems(error))) from None
        if problems:
            raise InvalidSettings(tuple(problems))
        return settings

    @classmethod
    def variables(
        cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE
    ) -> Variables:
        """The variables that `load` reads, each with where it stands."""
        return read_variables(os.environ if environ is None else environ, env_file, cls.model_fields)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as such."""
        return ZoneInfo(self.time_zone)

    @property
    def worker_count(self) -> int:
        """How many processes analyse news."""
        return self.workers or os.cpu_count() or 1

    def shown(self, name: str) -> str:
        """The value of a setting as text for people, secrets hidden."""
        value = getattr(self, name)
        if value is None or value == ():
            return ""
        if isinstance(value, tuple):
            return ",".join(map(str, value))
        return _PASSWORD.sub(r"\1****@", str(value))

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [(name, self.shown(name)) for name in type(self).model_fields]


def _problems(error: ValidationError) -> list[str]:
    lines = []
    for detail in error.errors(include_url=False, include_input=False):
        if detail["type"] == "default_factory_not_called":
            continue  # it depends on a setting that is reported already
        cause = detail.get("ctx", {}).get("error")
        lines.append(f"{PREFIX}{str(detail['loc'][0]).upper()}: {cause or detail['msg']}")
    return lines
