from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.instance import only_instance

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from bot.instance import only_instance
with only_instance(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_bot_on_the_same_data_is_refused_and_told_which_process_holds_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        with pytest.raises(BotError, match=rf"already running \(process {holder.pid}\).*WENXUN_DATA"):
            only_instance(tmp_path).__enter__()

        holder.kill()
        holder.wait()
        with only_instance(tmp_path):
            assert (tmp_path / "run.lock").read_text(encoding="ascii") == str(os.getpid())


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with only_instance(tmp_path):
            pass


def test_a_lock_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "run.lock").mkdir()

    with pytest.raises(BotError, match="cannot be opened"):
        only_instance(tmp_path).__enter__()
