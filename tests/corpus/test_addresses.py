"""Addresses that must not be fetched from, however they are written and whatever they lead to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import web_refusals
from corpus.addresses import LOOPBACK, PublicHosts, web_address
from corpus.errors import FetchRefused

MALFORMED = {
    "": web_refusals.NOT_AN_ADDRESS,
    "news": web_refusals.NOT_AN_ADDRESS,
    "http://": web_refusals.NOT_AN_ADDRESS,
    "http:///etc/passwd": web_refusals.NOT_AN_ADDRESS,
    "http:example.org": web_refusals.SCHEME,
    "file:///etc/passwd": web_refusals.SCHEME,
    "FILE://localhost/etc/passwd": web_refusals.SCHEME,
    "ftp://example.org/a": web_refusals.SCHEME,
    "gopher://example.org:70/_SET%20a%201": web_refusals.SCHEME,
    "dict://example.org:11211/stat": web_refusals.SCHEME,
    "javascript:alert(1)": web_refusals.SCHEME,
    "data:text/html,hello": web_refusals.SCHEME,
    "jar:http://example.org!/a": web_refusals.SCHEME,
    "ws://example.org/": web_refusals.SCHEME,
    "unix:/run/docker.sock": web_refusals.SCHEME,
    "http://user@example.org/": web_refusals.CREDENTIALS,
    "http://user:secret@example.org/": web_refusals.CREDENTIALS,
    "http://example.org@127.0.0.1/": web_refusals.CREDENTIALS,
    "http://example.org#@127.0.0.1/": None,  # the host is example.org: all programs agree
    "http://127.0.0.1\\@example.org/": web_refusals.NOT_AN_ADDRESS,
    "http://example.org\\.evil.example/": web_refusals.NOT_AN_ADDRESS,
    "http://exa mple.org/": web_refusals.NOT_AN_ADDRESS,
    "http://example.org/a\r\nHost: evil": web_refusals.NOT_AN_ADDRESS,
    "http://example.org/\x00": web_refusals.NOT_AN_ADDRESS,
    "http://example\u200b.org/": web_refusals.NOT_AN_ADDRESS,
    "http://127.1/": web_refusals.ODD_HOST,
    "http://127.0.1/": web_refusals.ODD_HOST,
    "http://0/": web_refusals.ODD_HOST,
    "http://2130706433/": web_refusals.ODD_HOST,
    "http://0x7f000001/": web_refusals.ODD_HOST,
    "http://0x7f.0.0.1/": web_refusals.ODD_HOST,
    "http://0177.0.0.1/": web_refusals.ODD_HOST,
    "http://127.0.0.01/": web_refusals.ODD_HOST,
    "http://127.0.0.1./": web_refusals.ODD_HOST,
    "http://256.1.1.1/": web_refusals.ODD_HOST,
    "http://1.2.3.4.5/": web_refusals.ODD_HOST,
    "http://127%2e0%2e0%2e1/": web_refusals.ODD_HOST,
    "http://local%68ost/": web_refusals.ODD_HOST,
    "http://[fe80::1%25eth0]/": web_refusals.ODD_HOST,
    "http://[::1": web_refusals.NOT_AN_ADDRESS,
    "http://[v1.fe80]/": web_refusals.NOT_AN_ADDRESS,
    "http://①②⑦.⓪.⓪.①/": web_refusals.NOT_AN_ADDRESS,
    "http://-example.org/": web_refusals.NOT_AN_ADDRESS,
    "http://example..org/": web_refusals.NOT_AN_ADDRESS,
    "http://example.org:22/": web_refusals.PORT,
    "http://example.org:25/": web_refusals.PORT,
    "http://example.org:6379/": web_refusals.PORT,
    "http://example.org:11211/": web_refusals.PORT,
    "http://example.org:65536/": web_refusals.PORT,
    "http://example.org:-1/": web_refusals.PORT,
    f"http://example.org/{'a' * 4_000}": web_refusals.NOT_AN_ADDRESS,
}

CLOSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16
    169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
    192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1
    255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::7f00:1 100::1 2001::1 2001:0:a00:1::1
    2001:db8::1 2002:7f00:1::1 2002:a9fe:a9fe:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fd00::1 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 ff0e::1 2a00:1450::5efe:7f00:1 2a00:1450::200:5efe:a00:1
""".split()

OPEN = "8.8.8.8 1.1.1.1 93.184.215.14 114.114.114.114 172.32.0.1 2606:4700::1111 2400:3200::1".split()

INSIDE = (
    "localhost LOCALHOST. a.localhost printer nas.local metadata.google.internal db.lan r.home.arpa".split()
)


@pytest.mark.parametrize(("text", "reason"), MALFORMED.items())
def test_an_address_that_can_be_read_in_two_ways_is_refused(text: str, reason: str | None) -> None:
    if reason is None:
        assert web_address(text).host == "example.org"
        return
    with pytest.raises(FetchRefused) as refused:
        web_address(text)
    assert refused.value.reason == reason
    assert not refused.value.again


@pytest.mark.parametrize("number", CLOSED)
def test_an_address_inside_is_closed(number: str) -> None:
    with pytest.raises(FetchRefused, match="not on the public web"):
        PublicHosts().check_address(ip_address(number))


@pytest.mark.parametrize("number", OPEN)
def test_an_address_of_the_public_internet_is_open(number: str) -> None:
    PublicHosts().check_address(ip_address(number))


@pytest.mark.parametrize("host", INSIDE)
def test_a_name_that_means_something_inside_only_is_refused(host: str) -> None:
    with pytest.raises(FetchRefused, match="inside a network"):
        PublicHosts().check_name(web_address(f"http://{host}/").host)


def test_a_network_is_allowed_by_name_only() -> None:
    hosts = PublicHosts(allowed=LOOPBACK)
    hosts.check_address(ip_address("127.0.0.1"))
    hosts.check_address(ip_address("::1"))
    for closed in ("10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"):
        with pytest.raises(FetchRefused):
            hosts.check_address(ip_address(closed))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org.:8080/", "http://example.org:8080/"),
        (
            " https://新闻.example/头条?问=1 ",
            "https://xn--efvy88h.example/%E5%A4%B4%E6%9D%A1?%E9%97%AE=1",
        ),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("http://[2606:4700:0:0::1111]:8080/x", "http://[2606:4700::1111]:8080/x"),
    ],
)
def test_an_address_has_one_form(written: str, read: str) -> None:
    assert str(web_address(written)) == read
    assert web_address(read) == web_address(written)


@pytest.mark.parametrize(
    ("reference", "leads_to"),
    [
        ("b.html", "http://example.org/a/b.html"),
        ("/c", "http://example.org/c"),
        ("//other.example/d", "http://other.example/d"),
        ("?page=2", "http://example.org/a/?page=2"),
        ("https://other.example/", "https://other.example/"),
        ("/新闻", "http://example.org/%E6%96%B0%E9%97%BB"),
    ],
)
def test_a_link_is_read_as_a_browser_reads_it(reference: str, leads_to: str) -> None:
    assert str(web_address("http://example.org/a/").join(reference)) == leads_to


@pytest.mark.parametrize(
    "reference", ["file:///etc/passwd", "http://u@h.example/", "/a\r\nX: y", "//127.1/", "http://0/"]
)
def test_a_link_to_what_is_refused_is_refused(reference: str) -> None:
    with pytest.raises(FetchRefused):
        web_address("http://example.org/").join(reference)


@given(st.text(max_size=60) | st.from_regex(r"https?://[ -~]{0,40}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        address = web_address(text)
    except FetchRefused:
        return
    assert web_address(str(address)) == address
    assert "@" not in address.authority


@given(st.ip_addresses(v=4), st.sampled_from([0, 0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96]))
def test_no_ipv6_form_of_an_ipv4_address_is_open(address: IPv4Address, prefix: int) -> None:
    with pytest.raises(FetchRefused):
        PublicHosts().check_address(IPv6Address(prefix | int(address)))
