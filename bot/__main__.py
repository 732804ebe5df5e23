"""`python -m bot`: the same as `wenxun run`."""

from __future__ import annotations

import sys

from bot.cli import main

if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
