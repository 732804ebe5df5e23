"""Check that no lock file or configuration names a host or a path of a machine.

Such a line works on the machine it was written on and nowhere else, or sends everybody's
downloads to somebody's mirror. Exits with 1 and the offending lines if there are any.
"""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent

# Matched against the whole path with /, where * also crosses folders.
CHECKED = (
    "requirements/*",
    ".ci/*",
    "Makefile",
    "*/Makefile",
    "*Dockerfile*",
    "*.cfg",
    "*.conf",
    "*.ini",
    "*.lock",
    "*.toml",
    "*.yaml",
    "*.yml",
)

# Names that stand for themselves: reserved ones, this machine whichever it is, and
# identifiers of schemas that only look like addresses.
_HARMLESS = re.compile(
    r"(.+\.)?(example|test|invalid|localhost)|(.+\.)?example\.(com|net|org)"
    r"|127(\.[0-9]+){3}|\[::1\]|(www\.)?(w3\.org|json-schema\.org)"
)
_URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://(?:[^/@\s'\"]*@)?(\[[^\]]*\]|[^/:?#\s'\"<>)`,]*)", re.IGNORECASE)
_OPTION = re.compile(
    r"(?<!no-emit-)\b(?:extra[-_])?index[-_]url\b|\bfind[-_]links\b|\btrusted[-_]host\b|\bindex[-_]servers?\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?<![\w.})])/(?:home|root|Users|mnt|media|private)/[\w.-]+|\b[A-Za-z]:\\+\w+")
_PRIVATE = re.compile(
    r"(?<![\w.=])(?:10|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))(?:\.[0-9]{1,3}){2,3}(?![\w.])"
)


@dataclass(frozen=True, slots=True)
class Offence:
    """One line that names what it should not."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def offences(path: str, text: str, here: tuple[str, ...] = ()) -> Iterator[Offence]:
    """Every host and path of a machine that `text` names.

    Args:
        path: the file's path, for the report.
        text: the file's content.
        here: paths of this very machine, such as the checkout's own.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        for scheme, host in _URL.findall(line):
            if scheme.lower() == "file":
                yield Offence(path, number, "names a file of a machine by URL")
            elif not _HARMLESS.fullmatch(host.lower()):
                yield Offence(path, number, f"names the host {host or '(empty)'}")
        if option := _OPTION.search(line):
            yield Offence(path, number, f"chooses where packages come from ({option[0]})")
        if private := _PRIVATE.search(line):
            yield Offence(path, number, f"names the address {private[0]}")
        named = _PATH.search(line)
        for found in [named[0]] if named else [place for place in here if place in line]:
            yield Offence(path, number, f"names a path of a machine ({found})")


def checked_files(root: Path) -> list[str]:
    """The files under version control that are lock files or configuration."""
    command = ["git", "-C", str(root), "ls-files", "-z"]
    listed = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - fixed arguments
    paths = listed.decode().split("\0")
    return [path for path in paths if any(fnmatch.fnmatchcase(path, pattern) for pattern in CHECKED)]


def check(root: Path) -> list[Offence]:
    """Every offence in the checkout `root`."""
    here = tuple({str(place) for place in (root.resolve(), Path.home()) if len(place.parts) > 1})
    found: list[Offence] = []
    for path in checked_files(root):
        file = root / path
        if file.is_file():  # it may be deleted and not yet committed
            found += offences(path, file.read_text(encoding="utf-8", errors="replace"), here)
    return found


def main() -> int:
    """Print the offences and return the exit code."""
    found = check(ROOT)
    for offence in found:
        print(offence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
