"""robots.txt: the examples of RFC 9309, and what hosts really write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.robots import ALLOWED, CLOSED, Rule, robots_of

OURS = """
    User-agent: *
    Disallow: *.gif$
    Disallow: /example/
    Allow: /publications/

    User-Agent: foobot
    Disallow:/
    Allow:/example/page.html
    Allow:/example/allowed.gif

    User-agent: barbot
    User-agent: bazbot
    Disallow: /example/page.html

    User-agent: quxbot
"""


@pytest.mark.parametrize(
    ("product", "target", "allowed"),
    [
        ("Wenxun", "/a.gif", False),
        ("Wenxun", "/a.gif?b", True),
        ("Wenxun", "/example/", False),
        ("Wenxun", "/publications/x", True),
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/other.html", False),
        ("BarBot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/example/", True),
        ("quxbot", "/example/", True),
    ],
)
def test_the_example_of_the_rfc_is_read_as_it_says(product: str, target: str, allowed: bool) -> None:
    assert robots_of(OURS, product).allows(target) is allowed


@pytest.mark.parametrize(
    ("rules", "target", "allowed"),
    [
        ("Allow: /p\nDisallow: /", "/page", True),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", True),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", False),
        ("Allow: /$\nDisallow: /", "/", True),
        ("Allow: /$\nDisallow: /", "/page.htm", False),
        ("Disallow: /a*b$", "/aXXb", False),
        ("Disallow: /a*b$", "/ab", False),
        ("Disallow: /ab*b$", "/ab", True),
        ("Disallow: /a*b*c", "/a-c-b", True),
        ("Disallow: /foo%2Fbar", "/foo/bar", True),
        ("Disallow: /%7Euser/", "/~user/x", False),
        ("Disallow: /新闻", "/%E6%96%B0%E9%97%BB/1", False),
        ("Disallow: /%e6%96%b0", "/%E6%96%B0%E9%97%BB/1", False),
        ("Disallow:", "/", True),
        ("Disallow: # nothing", "/", True),
        ("Disallow: /x # comment", "/x", False),
        ("Disallow: /", "/robots.txt", True),
        ("DISALLOW : /x", "/x", False),
        ("Noindex: /x\nSitemap: http://a.example/x", "/x", True),
    ],
)
def test_a_rule_is_read_as_it_is_meant(rules: str, target: str, allowed: bool) -> None:
    assert robots_of(f"User-agent: *\n{rules}", "Wenxun").allows(target) is allowed


def test_groups_of_one_name_are_one_and_everybodys_are_not_ours() -> None:
    text = (
        "User-agent: Wenxun/0.1\nDisallow: /a\n\nUser-agent: *\nDisallow: /\nCrawl-delay: 9\n"
        "Sitemap: x\nUser-agent: WENXUN\nCrawl-delay: 2.5\nDisallow: /b"
    )
    robots = robots_of(text, "Wenxun")
    assert [robots.allows(target) for target in ("/a", "/b", "/c")] == [False, False, True]
    assert robots.delay == 2.5
    assert robots_of(text, "Other").delay == 9


@pytest.mark.parametrize(
    ("said", "delay"), [("10", 10), ("9999", 30), ("-3", 0), ("nan", 0), ("soon", 0), ("", 0)]
)
def test_a_delay_is_bounded(said: str, delay: float) -> None:
    assert robots_of(f"User-agent: *\nCrawl-delay: {said}", "Wenxun").delay == delay


@pytest.mark.parametrize(
    "text", ["", "\ufeff", "<html>Disallow: /</html>", "Disallow: /", "\0\0", "user-agent"]
)
def test_what_says_nothing_of_anybody_allows_all(text: str) -> None:
    assert robots_of(text, "Wenxun").allows("/")


def test_all_and_nothing() -> None:
    assert ALLOWED.allows("/x")
    assert not CLOSED.allows("/x")


def test_hostile_rules_cost_little() -> None:
    # With backtracking this would not end.
    rule = Rule("/" + "*a" * 900 + "b", allows=False)
    assert not rule.matches("/" + "a" * 3_000)
    many = "User-agent: *\n" + "Disallow: /x\n" * 60_000
    assert len(robots_of(many, "Wenxun").rules) <= 10_000


@given(st.text(alphabet="/ab*$", max_size=8), st.text(alphabet="/ab", max_size=8))
def test_wildcards_match_as_a_plain_reference_does(pattern: str, target: str) -> None:
    assert Rule(pattern, allows=False).matches(target) == _matches(pattern, target)


def _matches(pattern: str, target: str) -> bool:
    """Tried one character at a time."""
    if not pattern:
        return True
    if pattern == "$":
        return not target
    if pattern[0] == "*":
        return any(_matches(pattern[1:], target[start:]) for start in range(len(target) + 1))
    return bool(target) and pattern[0] == target[0] and _matches(pattern[1:], target[1:])
