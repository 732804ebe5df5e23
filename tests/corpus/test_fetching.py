"""Fetching from a web of hosts on loopback: what is asked for, what comes back, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from corpus import web_refusals
from corpus.addresses import LOOPBACK, PublicHosts
from corpus.connecting import CheckedBackend, system_resolver
from corpus.errors import FetchFailed, FetchRefused
from corpus.fetching import FEEDS, Fetcher
from tests.corpus.web import ONLY_THIS_SERVER, Request, Web, answer, redirect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

PAGE = "<html><body><p>第一条消息。</p></body></html>"


async def refusal(web: Web, place: str, **limits: float) -> FetchFailed:
    """What fetching a place is refused with."""
    async with web.fetcher(**limits) as fetcher:
        with pytest.raises(FetchFailed) as failed:
            await fetcher.get(place if "://" in place else web.url(place))
    return failed.value


async def test_a_page_is_fetched_and_the_host_is_told_by_whom(web: Web) -> None:
    web.pages["news.example/a?b=1"] = answer(PAGE, kind="Text/HTML; Charset=GB18030", ETag='"1"')
    async with web.fetcher() as fetcher:
        fetched = await fetcher.get(web.url("news.example/a?b=1#top"))
    assert (fetched.body.decode(), fetched.kind, fetched.charset) == (PAGE, "text/html", "gb18030")
    assert (fetched.etag, fetched.modified, fetched.moved) == ('"1"', None, None)
    assert [each.target for each in web.requests] == ["/robots.txt", "/a?b=1"]
    assert web.requests[-1].headers["user-agent"].startswith("Wenxun/")
    assert web.requests[-1].headers["host"] == f"news.example:{web.port}"
    assert "cookie" not in web.requests[-1].headers


# --- Where it must not go -------------------------------------------------------------

INSIDE = [
    "127.0.0.2", "127.255.255.254", "0.0.0.0", "10.0.0.1",  # noqa: S104  it is refused
    "100.100.100.200", "169.254.169.254", "172.16.0.1",
    "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "fd00:ec2::254", "fe80::1",
    "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
async def test_nothing_inside_is_fetched_by_number(web: Web, number: str) -> None:
    host = f"[{number}]" if ":" in number else number
    assert (await refusal(web, f"http://{host}:{web.port}/")).reason == web_refusals.PRIVATE_ADDRESS
    assert web.requests == []
    assert web.lookups == []


@pytest.mark.parametrize("number", INSIDE)
async def test_nothing_inside_is_fetched_by_a_name_that_leads_there(web: Web, number: str) -> None:
    web.names["evil.example"] = [number]
    assert (await refusal(web, "evil.example/")).reason == web_refusals.PRIVATE_ADDRESS
    assert web.requests == []


@pytest.mark.parametrize("number", INSIDE)
async def test_nothing_inside_is_fetched_by_a_page_that_leads_on_to_it(web: Web, number: str) -> None:
    host = f"[{number}]" if ":" in number else number
    web.pages["evil.example/"] = redirect(f"http://{host}:{web.port}/secret")
    assert (await refusal(web, "evil.example/")).reason == web_refusals.PRIVATE_ADDRESS
    assert web.asked() == ["evil.example/"]


@pytest.mark.parametrize("number", INSIDE)
async def test_nothing_inside_is_fetched_by_a_page_that_leads_on_to_a_name_of_it(
    web: Web, number: str
) -> None:
    web.names["inside.example"] = [number]
    web.pages["evil.example/"] = redirect(f"//inside.example:{web.port}/secret", 307)
    assert (await refusal(web, "evil.example/")).reason == web_refusals.PRIVATE_ADDRESS
    assert web.asked() == ["evil.example/"]


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "javascript:alert(1)",
        "data:text/html,x", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://u:p@a.example/", "http://a.example:22/",
        "http://a.example:6379/", "http://[::1", "//0/", "http:// a.example/", "",
    ],
)  # fmt: skip
async def test_a_page_that_leads_on_to_what_is_no_page_is_refused(web: Web, location: str) -> None:
    web.pages["evil.example/"] = redirect(location)
    assert isinstance(await refusal(web, "evil.example/"), FetchRefused)
    assert web.asked() == ["evil.example/"]


async def test_robots_that_lead_inside_are_not_followed(web: Web) -> None:
    web.pages["evil.example/robots.txt"] = redirect(f"http://127.0.0.2:{web.port}/robots.txt")
    assert (await refusal(web, "evil.example/")).reason == web_refusals.PRIVATE_ADDRESS
    assert len(web.requests) == 1


async def test_one_closed_address_among_many_closes_the_name(web: Web) -> None:
    web.names["evil.example"] = ["127.0.0.1", "169.254.169.254"]
    assert (await refusal(web, "evil.example/")).reason == web_refusals.PRIVATE_ADDRESS
    assert web.requests == []


async def test_a_name_is_looked_up_once_and_the_connection_goes_there(web: Web) -> None:
    """A name server that answers differently each time wins nothing."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["10.0.0.1"]])
    looked_up = []

    async def rebinding(host: str, _port: int) -> Sequence[str]:
        looked_up.append(host)
        return next(answers)

    backend = CheckedBackend(ONLY_THIS_SERVER, rebinding)
    stream = await backend.connect_tcp("evil.example", web.port)
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", web.port)
    await stream.aclose()
    assert looked_up == ["evil.example"]
    for _ in range(2):
        with pytest.raises(FetchRefused):
            await backend.connect_tcp("evil.example", web.port)


async def test_names_that_mean_something_inside_are_not_even_looked_up(web: Web) -> None:
    async with web.fetcher(PublicHosts()) as fetcher:
        for host in ("localhost", "printer", "metadata.google.internal"):
            with pytest.raises(FetchRefused, match="inside a network"):
                await fetcher.get(f"http://{host}/")
    assert web.lookups == []


async def test_the_systems_own_names_are_checked_as_well(web: Web) -> None:
    # "localhost" leads to loopback by the system's resolver: allowed here, and closed otherwise.
    backend = CheckedBackend(PublicHosts(allowed=LOOPBACK), system_resolver)
    stream = await backend.connect_tcp("localhost", web.port)
    await stream.aclose()
    with pytest.raises(FetchRefused):
        await CheckedBackend(PublicHosts(), system_resolver).connect_tcp("localhost", web.port)


@pytest.mark.parametrize("host", [*INSIDE, "localhost", "printer"])
async def test_no_connection_is_made_to_a_host_inside_whoever_asks_for_it(web: Web, host: str) -> None:
    with pytest.raises(FetchRefused):
        await CheckedBackend(PublicHosts(), web.resolve).connect_tcp(host, web.port)
    assert web.lookups == []


async def test_sockets_of_the_machine_are_closed() -> None:
    with pytest.raises(FetchRefused):
        await CheckedBackend(PublicHosts()).connect_unix_socket("/run/docker.sock")


async def test_no_proxy_of_the_environment_is_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://10.0.0.1:3128")
    web.pages["news.example/"] = answer(PAGE)
    async with web.fetcher() as fetcher:
        assert (await fetcher.get(web.url("news.example/"))).body


# --- Redirects ---------------------------------------------------------------------------


async def test_a_page_is_followed_to_where_it_is(web: Web) -> None:
    web.pages |= {
        "old.example/": redirect(web.url("new.example/start"), 301),
        "new.example/start": redirect("b/新闻", 308),
        "new.example/b/%E6%96%B0%E9%97%BB": redirect("?page=1", 302),
        "new.example/b/%E6%96%B0%E9%97%BB?page=1": answer(PAGE),
    }
    async with web.fetcher() as fetcher:
        fetched = await fetcher.get(web.url("old.example/"))
    assert str(fetched.final) == web.url("new.example/b/%E6%96%B0%E9%97%BB?page=1")
    # Only as far as the hosts say that it is for good.
    assert fetched.moved == web.url("new.example/b/%E6%96%B0%E9%97%BB")


async def test_a_circle_is_refused(web: Web) -> None:
    web.pages |= {
        "a.example/": redirect(web.url("b.example/")),
        "b.example/": redirect(web.url("a.example/")),
    }
    assert (await refusal(web, "a.example/")).reason == web_refusals.REDIRECT_LOOP


async def test_an_endless_way_is_refused(web: Web) -> None:
    for number in range(20):
        web.pages[f"a.example/{number}"] = redirect(f"/{number + 1}")
    assert (await refusal(web, "a.example/0")).reason == web_refusals.too_many_redirects(5)
    assert len(web.asked()) == 6


# --- What comes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "packing", ["gzip", "x-gzip", "deflate", "bare deflate", "unsaid gzip", "two members"]
)
async def test_a_packed_page_is_unpacked(web: Web, packing: str) -> None:
    data = PAGE.encode()
    bare = zlib.compressobj(wbits=-15)
    packed, encoding = {
        "gzip": (gzip.compress(data), "gzip"),
        "x-gzip": (gzip.compress(data), "X-GZip"),
        "deflate": (zlib.compress(data), "deflate"),
        "bare deflate": (bare.compress(data) + bare.flush(), "deflate"),
        "unsaid gzip": (gzip.compress(data), "identity"),
        "two members": (gzip.compress(data[:9]) + gzip.compress(data[9:]), "gzip"),
    }[packing]
    web.pages["news.example/"] = answer(packed, Content_Encoding=encoding)
    async with web.fetcher() as fetcher:
        assert (await fetcher.get(web.url("news.example/"))).body == data


BOMB = gzip.compress(bytes(9 * 2**20))
BAD_BODIES = {
    "a bomb": (answer(BOMB, Content_Encoding="gzip"), web_refusals.BOMB),
    "a bomb that is not announced": (answer(BOMB), web_refusals.BOMB),
    "a bomb of many members": (
        answer(gzip.compress(bytes(2**20)) * 9, Content_Encoding="gzip"),
        web_refusals.BOMB,
    ),
    "a bomb of deflate": (
        answer(zlib.compress(bytes(9 * 2**20)), Content_Encoding="deflate"),
        web_refusals.BOMB,
    ),
    "a bomb in a bomb": (answer(gzip.compress(BOMB), Content_Encoding="gzip, gzip"), web_refusals.ENCODED),
    "brotli that was not asked for": (answer(b"\x0b\x02\x80", Content_Encoding="br"), web_refusals.ENCODED),
    "damaged gzip": (answer(gzip.compress(b"a" * 99)[:-9], Content_Encoding="gzip"), web_refusals.DAMAGED),
    "no gzip at all": (answer(b"\xff\xfe<html>", Content_Encoding="gzip"), web_refusals.DAMAGED),
    "a video": (answer(b"....", kind="video/mp4"), None),
    "a program": (answer(b"MZ", kind="application/x-msdownload"), None),
    "an archive": (answer(b"PK", kind="application/zip"), None),
    "nothing": (answer(b""), web_refusals.NO_CONTENT),
    "no content": (answer(status=204), web_refusals.NO_CONTENT),
    "an answer to another question": (answer(status=304), web_refusals.status(304)),
    "not HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", web_refusals.NOT_HTTP),
    "headers without end": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, web_refusals.NOT_HTTP),
    "a body that is cut off": (answer("a" * 99).removesuffix(b"a" * 9), web_refusals.CUT_OFF),
    "gone": (answer(status=410), web_refusals.GONE),
    "forbidden": (answer(status=403), web_refusals.FORBIDDEN),
    "not found": (answer(status=404), web_refusals.NOT_FOUND),
    "an error": (answer(status=500), web_refusals.status(500)),
    "a strange number": (answer(status=299), web_refusals.status(299)),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_what_is_no_page_is_refused(web: Web, name: str) -> None:
    web.pages["evil.example/"], reason = BAD_BODIES[name]
    failed = await refusal(web, "evil.example/")
    assert failed.reason == reason if reason else "only these are fetched" in failed.reason


async def test_a_page_may_be_as_large_as_the_limit_and_no_larger(web: Web) -> None:
    web.pages["a.example/"] = answer(b"x" * 1_000)
    async with web.fetcher(bytes=1_000) as fetcher:
        assert len((await fetcher.get(web.url("a.example/"))).body) == 1_000
    assert (await refusal(web, "a.example/", bytes=999)).reason == web_refusals.oversize(999)


async def test_a_body_without_end_is_refused_at_the_limit(web: Web) -> None:
    sent = 0

    async def endless(_request: Request) -> AsyncIterator[bytes]:
        nonlocal sent
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            sent += 1000
            yield b"3e8\r\n" + b"x" * 1000 + b"\r\n"

    web.pages["evil.example/"] = endless
    assert (await refusal(web, "evil.example/", bytes=100_000)).reason == web_refusals.oversize(100_000)
    assert sent < 20_000_000  # the server was cut off, whatever stood in the buffers between


async def test_a_page_that_comes_drop_by_drop_is_given_up(web: Web) -> None:
    drops = 0

    async def dripping(_request: Request) -> AsyncIterator[bytes]:
        nonlocal drops
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        while True:
            drops += 1
            yield b"x"
            await asyncio.sleep(0.01)

    web.pages["evil.example/"] = dripping
    failed = await refusal(web, "evil.example/", seconds=0.3)
    assert (failed.reason, failed.again) == (web_refusals.TOO_SLOW, True)
    assert drops < 500  # of a hundred a second, for a third of one


async def test_a_host_that_says_nothing_is_given_up(web: Web) -> None:
    async def silent(_request: Request) -> AsyncIterator[bytes]:
        await asyncio.sleep(3600)
        yield b""

    web.pages["evil.example/"] = silent
    assert (await refusal(web, "evil.example/", idle=0.2)).reason == web_refusals.TOO_SLOW


async def test_a_host_that_is_not_there_is_told(web: Web) -> None:
    assert (await refusal(web, "nowhere.invalid/")).reason == web_refusals.UNKNOWN_HOST
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        failed = await refusal(web, f"http://a.example:{unused.getsockname()[1]}/")
    assert (failed.reason, failed.again) == (web_refusals.UNREACHABLE, True)


async def test_what_speaks_no_tls_is_not_taken_for_a_secure_host(web: Web) -> None:
    async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(PAGE))
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        failed = await refusal(web, f"https://a.example:{server.sockets[0].getsockname()[1]}/")
    assert failed.reason in {web_refusals.UNREACHABLE, web_refusals.CUT_OFF}


async def test_a_host_whose_certificate_does_not_hold_is_refused(web: Web, tmp_path: Path) -> None:
    web.pages["a.example/"] = answer(PAGE)
    server_tls, client_tls = certified(tmp_path, "a.example")
    async with await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=server_tls) as server:
        web.port = server.sockets[0].getsockname()[1]
        url = web.url("a.example/", "https")
        assert (await refusal(web, url)).reason == web_refusals.INSECURE
        async with Fetcher(ONLY_THIS_SERVER, resolver=web.resolve, tls=client_tls) as fetcher:
            assert (await fetcher.get(url)).body == PAGE.encode()
            # The certificate is another host's.
            with pytest.raises(FetchFailed) as failed:
                await fetcher.get(web.url("b.example/", "https"))
    assert failed.value.reason == web_refusals.INSECURE


def certified(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a host proves itself with, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "host.pem").write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "host.pem")
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=pem.decode())
    return server, client


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "120"}, 120.0),
        (503, {"Retry-After": "999999999999"}, 86_400.0),
        (
            503,
            {"Retry-After": "Wed, 26 Nov 2025 10:05:00 GMT", "Date": "Wed, 26 Nov 2025 10:00:00 GMT"},
            300.0,
        ),
        (503, {"Retry-After": "soon"}, None),
        (503, {}, None),
    ],
)
async def test_a_host_that_asks_to_come_later_says_when(
    web: Web, status: int, headers: dict[str, str], wait: float | None
) -> None:
    web.pages["busy.example/"] = answer(status=status, **headers)
    failed = await refusal(web, "busy.example/")
    assert (failed.reason, failed.again, failed.wait, failed.status) == (
        web_refusals.BUSY,
        True,
        wait,
        status,
    )


async def test_only_what_has_changed_is_asked_for(web: Web) -> None:
    def feed(request: Request) -> bytes:
        known = request.headers.get("if-none-match") == '"7"' and "if-modified-since" in request.headers
        return answer(status=304, kind=None, ETag='"7"') if known else answer("<rss/>", kind="text/xml")

    web.pages["news.example/feed"] = feed
    async with web.fetcher() as fetcher:
        url = web.url("news.example/feed")
        assert not (await fetcher.get(url, wanted=FEEDS)).unchanged
        again = await fetcher.get(url, wanted=FEEDS, etag='"7"', modified="Wed, 26 Nov 2025 10:00:00 GMT")
    assert (again.unchanged, again.body, again.etag) == (True, b"", '"7"')


# --- Manners -----------------------------------------------------------------------------------


async def test_what_a_host_does_not_want_fetched_is_not_fetched(web: Web) -> None:
    web.pages |= {
        "news.example/robots.txt": answer("User-agent: *\nDisallow: /private", kind="text/plain"),
        "news.example/private/a": answer(PAGE),
        "news.example/a": redirect("/private/a"),
        "other.example/a": redirect(web.url("news.example/private/a")),
    }
    for place in ("news.example/private/a", "news.example/a", "other.example/a"):
        assert (await refusal(web, place)).reason == web_refusals.ROBOTS
    assert "news.example/private/a" not in web.asked()


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_host_that_does_not_say_what_it_wants_is_left_alone(web: Web, status: int) -> None:
    web.pages |= {"a.example/robots.txt": answer(status=status, Retry_After="60"), "a.example/": answer(PAGE)}
    async with web.fetcher() as fetcher:
        for _ in range(2):
            with pytest.raises(FetchFailed) as failed:
                await fetcher.get(web.url("a.example/"))
            assert (failed.value.reason, failed.value.again) == (web_refusals.ROBOTS_UNREACHABLE, True)
            assert failed.value.wait == 60
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_host_without_robots_lets_all_be_fetched(web: Web, status: int) -> None:
    web.pages |= {"a.example/robots.txt": answer("Disallow: /", status), "a.example/": answer(PAGE)}
    async with web.fetcher() as fetcher:
        assert (await fetcher.get(web.url("a.example/"))).body


async def test_robots_are_asked_for_once_a_day(web: Web) -> None:
    web.pages |= {
        "a.example/robots.txt": redirect("/r.txt"),
        "a.example/": answer(PAGE),
        "a.example/r.txt": answer(b" "),
    }
    now = 0.0
    fetcher = Fetcher(ONLY_THIS_SERVER, resolver=web.resolve, clock=lambda: now)
    async with fetcher:
        for now in (0.0, 100.0, 86_300.0, 86_500.0):  # noqa: B007 - the clock reads it
            await fetcher.get(web.url("a.example/"))
    assert [each.target for each in web.requests].count("/robots.txt") == 2


async def test_robots_of_any_size_and_packing_are_read_as_far_as_needed(web: Web) -> None:
    rules = b"User-agent: *\nDisallow: /\n" + b"# filling\n" * 100_000
    web.pages |= {
        "a.example/robots.txt": answer(rules, kind="text/plain"),
        "b.example/robots.txt": answer(gzip.compress(rules[:999]), Content_Encoding="gzip"),
    }
    for place in ("a.example/", "b.example/"):
        assert (await refusal(web, place)).reason == web_refusals.ROBOTS


async def test_one_request_at_a_time_goes_to_a_host(web: Web) -> None:
    async def slowly(_request: Request) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.02)
        yield answer(PAGE)

    for number in range(4):
        web.pages[f"a.example/{number}"] = slowly
        web.pages[f"b.example/{number}"] = slowly
    async with web.fetcher() as fetcher:
        places = [f"{host}.example/{number}" for host in "ab" for number in range(4)]
        await asyncio.gather(*(fetcher.get(web.url(place)) for place in places))
    assert len(web.asked()) == 8
    assert web.busiest == 1
