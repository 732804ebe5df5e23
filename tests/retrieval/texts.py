"""Texts for properties: Chinese, English, numbers, dates, punctuation and scripts nobody expects, mixed."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    "重庆国际生物城 授权 金额 创新药 临床试验 中华人民共和国 北京大学 的 多少 是 乾縣 薴 㐀 𠀀 鿿 豈 "
    "GR1803 licensed licences PD-1 3.5% 1,500 10,20 2025 12 v1.2.3 İstanbul café naïve ﬁnance ½ Ⅲ "
    "2025年12月16日 去年 昨天 今年3月 2025-12-16 Dec. 16, 2025 May 5 last year "
    "한국어 カタカナ abcカ가 Привет שלום مرحبا नमस्ते 々 〇 ① ² 😀 👨‍👩‍👧 |w重庆| ||"
).split()
_BETWEEN = (
    "",
    "",
    "",
    " ",
    "\n",
    "。",
    "，",
    ".",
    ". ",
    "、",
    "-",
    "·",
    "|",
    "\x1f",
    "\0",
    "　",
    "！？",
    '"',
    "“",
    "”",
)

mixed = st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_BETWEEN)), max_size=40).map(
    lambda parts: "".join(word + between for word, between in parts)
)

any_text = (
    st.text(max_size=300) | mixed | st.builds(lambda a, b, c: a + b + c, mixed, st.text(max_size=50), mixed)
)
"""Whatever a person could type, and what no person would."""
