from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.check_hosts import ROOT, check, checked_files, offences

if TYPE_CHECKING:
    from pathlib import Path


def whats(line: str, *here: str) -> list[str]:
    return [offence.what for offence in offences("file", line, here)]


def test_this_project_names_no_machine() -> None:
    assert [str(offence) for offence in check(ROOT)] == []


def test_this_projects_lock_files_and_configuration_are_looked_at() -> None:
    assert {"Makefile", "pyproject.toml", "requirements/run.txt", "requirements/dev.txt"} <= {
        *checked_files(ROOT)
    }


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("url = 'https://mirror.corp/simple'", "names the host mirror.corp"),
        ("pkg @ git+https://user:pw@git.corp/x.git", "names the host git.corp"),
        ("cache: redis://10-0-0-1.corp:6379", "names the host 10-0-0-1.corp"),
        ("source = http://:8080/", "names the host (empty)"),
        ("pkg @ file:///home/me/pkg", "names a file of a machine by URL"),
        ("--index-url simple", "chooses where packages come from (index-url)"),
        ("extra_index_url: x", "chooses where packages come from (extra_index_url)"),
        ("find-links = [wheels]", "chooses where packages come from (find-links)"),
        ("trusted-host = x", "chooses where packages come from (trusted-host)"),
        ("proxy = 192.168.1.7:3128", "names the address 192.168.1.7"),
        ("proxy = 10.1.2.3", "names the address 10.1.2.3"),
        ("PYTHON = /home/me/bin/python3", "names a path of a machine (/home/me)"),
        ("cache='/root/.cache'", "names a path of a machine (/root/.cache)"),
        ("x: /Users/me/x", "names a path of a machine (/Users/me)"),
        (r"x: C:\Users\me", r"names a path of a machine (C:\Users)"),
    ],
)
def test_what_belongs_to_a_machine_is_found(line: str, what: str) -> None:
    assert what in whats(line)


@pytest.mark.parametrize(
    "line",
    [
        "click==8.3.1 \\",
        "    --hash=sha256:10aa20bb",
        "pkg==10.1.2.3",
        "pkg==2026.9.21.13",
        "uv pip compile --no-emit-index-url",
        "url = http://127.0.0.1:8765/ http://localhost:1 http://[::1]:2",
        "url = https://example.com/x https://api.example.org https://bot.invalid",
        '"$schema": "https://json-schema.org/draft/2020-12/schema"',
        "#!/usr/bin/env bash",
        "install: $(HOME)/root/x ${X}/home/y",
        "C: a comment",
    ],
)
def test_what_is_the_same_everywhere_passes(line: str) -> None:
    assert whats(line) == []


def test_paths_of_this_very_machine_are_found_wherever_they_are() -> None:
    assert whats("x = /srv/checkouts/wenxun/data", "/srv/checkouts/wenxun") == [
        "names a path of a machine (/srv/checkouts/wenxun)"
    ]


def test_only_files_under_version_control_are_looked_at_and_lines_are_told(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # noqa: S603, S607 - git of the developer
    for name in (".ci/run", "sub/Makefile", "requirements/a.txt", "uv.lock", "notes.md", "new.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("one\nfind-links x\n", encoding="utf-8")
    tracked = [".ci", "sub", "requirements", "uv.lock", "notes.md"]
    subprocess.run(["git", "-C", tmp_path, "add", *tracked], check=True)  # noqa: S603, S607 - as above

    found = {str(offence) for offence in check(tmp_path)}

    assert found == {
        f"{name}:2: chooses where packages come from (find-links)"
        for name in (".ci/run", "sub/Makefile", "requirements/a.txt", "uv.lock")
    }
