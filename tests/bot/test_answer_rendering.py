"""Any answer, however hostile its texts, makes a message that Telegram takes and that quotes truly."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local.entities import MAX_ENTITIES, Formatted, settled, utf16_length, utf16_slice
from bot.local.markup import parse_html
from bot.locale.catalogue import Catalogues
from bot.rendering.answers import render_answer
from bot.rendering.citation import cited
from bot.rendering.graphemes import is_boundary
from corpus.model import Passage
from retrieval.answer import Answer, Citation, Excerpt, Span, Verdict
from tests.bot.answer_builders import build_answer, build_citation, build_excerpt

CATALOGUES = Catalogues.load()
ZH = CATALOGUES.words["zh"]
EXAMPLES = max(500, settings().max_examples)

MARKUP = ["<b>", "</blockquote>", "&amp;", "&", "<", '"', "'", "https://a.example ", "@some_body ", "/ask "]
WRITING = [
    "\u202e",
    "\u2067",
    "\u2069",
    "\u200f",
    "א",
    "خبر",
    "\u0301",
    "\u200d",
    "\r\n",
    "\n",
    "\t",
    "\u3000",
    " ",
]
CLUSTERS = ["👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "e\u0301"]
PROSE = ["创新药", "。", "！”", "license ", "U.S. ", "3.5", "[1]", "…"]
PIECES = st.one_of(
    st.sampled_from([*MARKUP, *WRITING, *CLUSTERS, *PROSE]),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
FEW_PIECES = st.lists(PIECES, min_size=1, max_size=8).map("".join)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.builds(lambda text, times: text * times, FEW_PIECES, st.integers(1, 1500)),
    PIECES.map(lambda piece: piece * 5000),
)
TITLES = st.none() | FEW_PIECES | st.sampled_from(["😀" * 300, "标" * 300]) | TEXTS
URLS = st.none() | st.sampled_from(
    ["https://news.example/a?b=1&c='2'", "javascript:1", "https://", "http://a b"]
)
DATES = st.none() | st.sampled_from(["2025", "2025-12", "2025-12-16", "2025-12-16 08:35:59"])


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    return build_citation(draw(TITLES), source=draw(TITLES), published=draw(DATES), url=draw(URLS))


@st.composite
def excerpts(draw: st.DrawFn) -> Excerpt:
    text = draw(TEXTS.filter(lambda text: bool(text.strip())))
    place = st.integers(0, len(text))
    start, end = sorted((draw(place), draw(place)))
    if not text[start:end].strip():
        start, end = 0, len(text)
    if draw(st.booleans()):
        edges = list(range(start, min(end, start + 400)))  # more matches than there may be entities
    else:
        edges = sorted(draw(st.lists(st.integers(start, end), max_size=40, unique=True)))
    matches = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return Excerpt(Passage("p", 0, text), draw(citations()), Span(start, end), matches, 1.0)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    found = draw(st.lists(excerpts(), max_size=5))
    verdict = draw(st.sampled_from([Verdict.ANSWERED, Verdict.RELATED])) if found else Verdict.NOTHING
    question = draw(TEXTS)[:1000]
    return build_answer(
        found, question=question, verdict=verdict, nearest=draw(st.lists(citations(), max_size=7))
    )


def blocks(parsed: Formatted) -> Iterator[tuple[str, str, str]]:
    """Of every block quote: the line before it, what is in it, and all that follows it."""
    for entity in parsed.entities:
        if entity.type == "blockquote":
            before = utf16_slice(parsed.text, 0, entity.offset)
            after = utf16_slice(parsed.text, entity.end, utf16_length(parsed.text))
            yield before, utf16_slice(parsed.text, entity.offset, entity.end), after


@settings(max_examples=EXAMPLES)
@given(answers(), st.sampled_from(["zh", "en"]), st.booleans())
def test_every_reply_parses_fits_and_quotes_verbatim(answer: Answer, language: str, repeat: bool) -> None:
    message = render_answer(answer, CATALOGUES.words[language], repeat_question=repeat)
    message.html.encode()
    parsed = parse_html(message.html)
    assert 0 < utf16_length(settled(parsed).text) <= utf16_length(parsed.text) <= 4096
    assert len(parsed.entities) <= MAX_ENTITIES
    shown = list(blocks(parsed))
    assert bool(shown) == bool(answer.excerpts)
    waiting = iter(answer.excerpts)
    for before, inside, after in shown:
        excerpt = next(excerpt for excerpt in waiting if inside in excerpt.text)
        whole, place = excerpt.text.strip(), excerpt.text.strip().index(inside)
        cut_before, cut_after = before.endswith("…\n"), after.startswith("\n…\n")
        assert whole == inside or cut_before or cut_after
        assert cut_before or whole.startswith(inside)
        assert cut_after or whole.endswith(inside)
        assert after.removeprefix("\n…" if cut_after else "").startswith(
            f"\n{parse_html(cited(excerpt.citation, CATALOGUES.words[language]).html).text}"
        )
        if utf16_length(whole) <= 1500:
            assert inside == whole
        assert is_boundary(whole, place) or len(set(whole)) < 3  # a pile of marks is cut anywhere


@settings(max_examples=EXAMPLES // 2)
@given(excerpts(), st.sampled_from(["zh", "en"]))
def test_only_matches_are_bold(excerpt: Excerpt, language: str) -> None:
    parsed = parse_html(render_answer(build_answer([excerpt]), CATALOGUES.words[language]).html)
    (block,) = [entity for entity in parsed.entities if entity.type == "blockquote"]
    matched = {excerpt.passage.text[match.start : match.end].strip() for match in excerpt.matches}
    for entity in parsed.entities:
        if entity.type == "bold":
            assert block.offset <= entity.offset <= entity.end <= block.end
            stretch = utf16_slice(parsed.text, entity.offset, entity.end)
            assert {character for character in stretch if not character.isspace()} <= set("".join(matched))


def test_a_second_excerpt_that_does_not_fit_is_left_out_whole() -> None:
    long = build_excerpt("[药]" + "长" * 1400, build_citation("标" * 300, source="源" * 100))
    parsed = parse_html(render_answer(build_answer([long] * 5), ZH).html)
    assert [len(inside) for _, inside, _ in blocks(parsed)] == [1401, 1401]


def test_bold_goes_to_the_best_excerpt_first() -> None:
    many = build_excerpt("、".join(f"[{number}]" for number in range(80)))
    parsed = parse_html(render_answer(build_answer([many, many, many]), ZH).html)
    quotes = [entity for entity in parsed.entities if entity.type == "blockquote"]
    bolds = [
        [b for b in parsed.entities if b.type == "bold" and q.offset <= b.offset < q.end] for q in quotes
    ]
    assert [len(some) for some in bolds] == [80, 15, 1]  # one each for the quotes and for links not needed


def test_the_answer_is_underlined_inside_the_quote() -> None:
    excerpt = replace(build_excerpt("首付款为[7.12]亿美元。"), answer=None)
    start = excerpt.passage.text.index("7.12亿美元")
    marked = replace(excerpt, answer=Span(start, start + len("7.12亿美元")))
    html = render_answer(build_answer([marked]), ZH).html
    assert "<u><b>7.12</b>亿美元</u>" in html
    assert "<u>" not in render_answer(build_answer([excerpt]), ZH).html


def test_corrections_and_other_sources_are_named_below_the_quote() -> None:
    excerpt = build_excerpt("[授权]金额")
    later = replace(excerpt.citation, title="更正启事", source="更正报")
    marked = replace(excerpt, corrected_by=later, also=(replace(excerpt.citation, source="另一家报纸"),))
    text = parse_html(render_answer(build_answer([marked]), ZH).html).text
    assert "更正见： 更正报" in text
    assert "更正启事" in text
    assert "另有报道： 另一家报纸" in text
