"""A run says in its last lines what was skipped and why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest


@pytest.mark.skip("the moon is not up")
def test_moon(): ...


@pytest.mark.parametrize("number", [1, 2])
def test_sun(number):
    pytest.skip("Chromium and its driver are not installed")


def test_rain(): ...
"""


def test_the_last_lines_name_what_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "test_sky.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
    run = subprocess.run(  # noqa: S603 - this very interpreter, on a file written here
        [sys.executable, "-m", "pytest", "-q", "-n", "1", "-p", "tests.skips", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-3:-1] == [
        "Skipped 2: Chromium and its driver are not installed",
        "Skipped 1: the moon is not up",
    ]
