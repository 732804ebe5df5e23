"""Make the font of the pictures: the characters of GB 2312, Big5 and Latin out of Noto Sans CJK.

    python -m scripts.build_font NotoSansCJK-Regular.ttc

reads the collection (of Debian's package fonts-noto-cjk) and writes `bot/fonts/NotoSansSC-subset.otf`. The
whole font is 16 MB, too much to ship for a few captions; what it lacks is told in `bot/fonts/README.md`.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import click
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).parent.parent / "bot" / "fonts" / "NotoSansSC-subset.otf"
_FAMILY = "Noto Sans CJK SC"
_GB2312 = ("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
_BIG5 = ("big5", range(0xA1, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
_LATIN = range(0x20, 0x250)
_SIGNS = "–—‘’“”…•·−×÷≤≥→←↑↓€£¥°%‰①②③④⑤⑥⑦⑧⑨⑩"


@click.command()
@click.argument("collection", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(collection: Path) -> None:
    """Write the font, from the COLLECTION that has the whole one."""
    fonts = TTCollection(collection).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1) == _FAMILY)
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["VORG", "vhea", "vmtx", "GPOS", "GSUB", "BASE", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    font.save(TARGET)
    click.echo(f"wrote {TARGET} ({TARGET.stat().st_size:,} bytes)")


def characters() -> set[str]:
    """Every character that the font is to have."""
    found = {*map(chr, _LATIN), *_SIGNS}
    for encoding, first, second in (_GB2312, _BIG5):
        for pair in product(first, second):
            text = bytes(pair).decode(encoding, errors="ignore")
            if len(text) == 1:
                found.add(text)
    return found


if __name__ == "__main__":
    main()
