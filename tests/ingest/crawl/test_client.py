"""Everything that may happen to a request is a result with a reason, never an exception."""

import gzip
import time
from datetime import timedelta
from ipaddress import ip_network
from threading import Thread

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ingest.newsserver import CONTACT, LOOPBACK, STARTED, FakeClock, resolve_to_loopback
from werkzeug import Response

from quotetrack.core.crawling import Fetch, PageState, Validators
from quotetrack.core.domain import Failure
from quotetrack.core.normalize import sha256
from quotetrack.ingest.crawl.client import (
    LONGEST_WAIT,
    MOST_FAILURES_IN_A_ROW,
    MOST_REDIRECTS,
    MOST_TRIES,
    Client,
    Clock,
    Politeness,
    Skipped,
)
from quotetrack.ingest.crawl.ssrf_guard import GuardedTransport

pytest_plugins = ("tests.ingest.served",)

SITE = "harbour.example"
PAGE = "<html><p>The bridge is closed.</p></html>"


def reason(result) -> str:
    assert isinstance(result, Failure), result
    return result.reason


def skipped(result) -> tuple[PageState, str]:
    assert isinstance(result, Skipped), result
    return result.state, result.reason


# Pages


def test_a_page_comes_with_its_evidence(news, client):
    url = news.put(SITE, "/bridge", PAGE, etag='"v1"', modified="Tue, 04 Mar 2031 01:00:00 GMT", Content_Language="en")
    result = client.fetch(url)
    assert isinstance(result, Fetch)
    assert (result.url, result.final_url, result.status, result.body) == (url, url, 200, PAGE.encode())
    assert result.body_sha256 == sha256(PAGE)
    assert result.validators == Validators('"v1"', "Tue, 04 Mar 2031 01:00:00 GMT")
    assert (result.content_type, result.charset, result.header("content-language")) == ("text/html", "utf-8", "en")
    assert STARTED <= result.fetched_at <= STARTED + timedelta(seconds=2)
    assert result.moved_to is None


def test_every_request_names_us_and_our_contact(news, client):
    client.fetch(news.put(SITE, "/bridge", PAGE))
    for request in news.asked:
        assert request.headers["User-Agent"].startswith("quotetrack/")
        assert request.headers["User-Agent"].endswith(f"(+{CONTACT})")
        assert request.headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("contact", ["", "  ", "crawler@quotes.example\r\nX-Evil: 1", "büro"])
def test_nothing_is_fetched_without_a_contact(contact):
    with pytest.raises(ValueError, match="a contact is needed"):
        Politeness(contact)


@pytest.mark.parametrize(
    "given", [{"etag": '"v1"'}, {"modified": "Tue, 04 Mar 2031 01:00:00 GMT"}, {"etag": 'W/"1"', "modified": "x"}]
)
def test_an_unchanged_page_is_not_sent_again(news, client, given):
    url = news.put(SITE, "/bridge", PAGE, **given)
    first = client.fetch(url)
    again = client.fetch(url, first.validators)
    assert (again.is_unchanged, again.is_gone, again.body) == (True, False, b"")


def test_a_changed_page_is_sent_again(news, client):
    url = news.put(SITE, "/bridge", PAGE, etag='"v2"')
    assert client.fetch(url, Validators('"v1"')).body == PAGE.encode()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_may_be_gone(news, client, status):
    result = client.fetch(news.put(SITE, "/bridge", "Gone.", status=status))
    assert (result.is_gone, result.status, result.body) == (True, status, b"")


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_a_refused_request_is_a_failure_and_not_tried_again(news, client, status):
    assert f"the server answered {status}" in reason(client.fetch(news.put(SITE, "/bridge", status=status)))
    assert news.paths(SITE) == ["/bridge"]


# Redirects


def test_permanent_redirects_give_the_new_address(news, client):
    url = news.put(SITE, "/old", status=301, Location="/older")
    news.put(SITE, "/older", status=308, Location=news.url("courier.example", "/bridge?utm_source=x"))
    news.put("courier.example", "/bridge", PAGE)
    result = client.fetch(url)
    new = news.url("courier.example", "/bridge")
    assert (result.url, result.final_url, result.moved_to, result.body) == (url, new, new, PAGE.encode())


def test_temporary_redirects_give_no_new_address(news, client):
    url = news.put(SITE, "/old", status=301, Location="/new")
    news.put(SITE, "/new", status=302, Location="/today")
    news.put(SITE, "/today", PAGE)
    result = client.fetch(url)
    assert (result.final_url, result.moved_to) == (news.url(SITE, "/today"), news.url(SITE, "/new"))


def test_a_permanent_redirect_behind_a_temporary_one_gives_no_new_address(news, client):
    url = news.put(SITE, "/today", status=302, Location="/old")
    news.put(SITE, "/old", status=301, Location="/new")
    news.put(SITE, "/new", PAGE)
    result = client.fetch(url)
    assert (result.final_url, result.moved_to) == (news.url(SITE, "/new"), None)


def test_circular_redirects_end_as_a_failure(news, client):
    url = news.put(SITE, "/a", status=302, Location="/b")
    news.put(SITE, "/b", status=302, Location="/a")
    assert reason(client.fetch(url)) == f"redirected more than {MOST_REDIRECTS} times"


def test_a_redirect_that_sets_a_cookie_gets_it_back(news, client):
    def gate(request):
        if request.cookies.get("seen") == "yes":
            return Response(PAGE)
        return Response(status=302, headers={"Location": "/bridge", "Set-Cookie": "seen=yes"})

    assert client.fetch(news.answer(SITE, "/bridge", gate)).body == PAGE.encode()


@pytest.mark.parametrize("location", ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://169.254.169.254/"])
def test_a_redirect_to_a_private_address_is_not_followed(news, client, location):
    news.put("127.0.0.2", "/", "the secret")
    url = news.put(SITE, "/bridge", status=302, Location=location.format(port=news.server.port))
    assert "a private address" in reason(client.fetch(url))
    assert {request.host.split(":")[0] for request in news.asked} == {SITE}


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://harbour.example/", "http://a b/", ""])
def test_a_redirect_to_no_web_address_is_a_failure(news, client, location):
    url = news.put(SITE, "/bridge", status=302, Location=location)
    assert "not an address that can be fetched" in reason(client.fetch(url))


@pytest.mark.parametrize(
    "url", ["", "bridge", "file:///etc/passwd", "http://", "http://[::", "http://a b/", "http://\x00/"]
)
def test_no_web_address_is_a_failure(client, url):
    assert "not an address that can be fetched" in reason(client.fetch(url))


# Bodies


def test_a_compressed_page_is_decompressed(news, client):
    url = news.put(SITE, "/bridge", gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert client.fetch(url).body == PAGE.encode()


def test_a_truncated_compressed_page_is_a_failure(news, client):
    url = news.put(SITE, "/bridge", gzip.compress(PAGE.encode() * 99)[:-12], Content_Encoding="gzip")
    assert reason(client.fetch(url)) == "the compressed body is cut short"


def test_a_page_of_fifty_megabytes_is_not_downloaded(news, fake_clock, politeness):
    sent = []

    def pieces():
        for _ in range(50):
            sent.append(1)
            yield b"x" * 2**20

    announced = {"Content-Length": str(50 * 2**20)}
    url = news.answer(SITE, "/announced", lambda _: Response(pieces(), headers=announced))
    news.answer(SITE, "/unannounced", lambda _: Response(pieces()))
    small = Politeness(CONTACT, largest=2**20, timeout=0.5, allowed=politeness.allowed)
    with Client(small, fake_clock.clock(), GuardedTransport(small.allowed, resolve_to_loopback)) as client:
        assert reason(client.fetch(url)) == "larger than 1 MiB"
        assert reason(client.fetch(news.url(SITE, "/unannounced"))) == "larger than 1 MiB"
    assert len(sent) < 20  # the rest was taken by socket buffers


def test_a_decompression_bomb_is_a_failure(news, client):
    bomb = gzip.compress(bytes(40 * 2**20))
    assert reason(client.fetch(news.put(SITE, "/bridge", bomb, Content_Encoding="gzip"))) == "larger than 16 MiB"


# Waiting


def test_the_client_pauses_between_requests_to_one_host_only(news, client, fake_clock):
    for path in ("/1", "/2", "/3"):
        client.fetch(news.put(SITE, path, PAGE))
    assert fake_clock.slept == [1.0, 1.0, 1.0]  # robots.txt came first
    client.fetch(news.put("courier.example", "/1", PAGE))
    assert fake_clock.slept == [1.0, 1.0, 1.0, 1.0]  # between its robots.txt and its page


def test_jitter_adds_to_the_delay(news, politeness):
    fake_clock = FakeClock()
    clock = Clock(lambda: STARTED, lambda: fake_clock.seconds, fake_clock.sleep, chance=lambda: 1.0)
    with Client(politeness, clock, GuardedTransport(politeness.allowed, resolve_to_loopback)) as client:
        client.fetch(news.put(SITE, "/1", PAGE))
    assert fake_clock.slept == [1.5]


def test_the_delay_of_robots_txt_is_kept(news, client, fake_clock):
    news.put(SITE, "/robots.txt", "User-agent: *\nCrawl-delay: 9")
    client.fetch(news.put(SITE, "/1", PAGE))
    client.fetch(news.put(SITE, "/2", PAGE))
    assert fake_clock.slept == [1.0, 9.0]


def test_a_host_that_asks_for_an_hour_is_left_for_the_next_run(news, client, fake_clock):
    news.put(SITE, "/robots.txt", "User-agent: *\nCrawl-delay: 3600")
    assert client.fetch(news.put(SITE, "/1", PAGE)).status == 200
    state, why = skipped(client.fetch(news.put(SITE, "/2", PAGE)))
    assert state is PageState.WAITING and "asks for a pause of 3600 seconds" in why
    assert sum(fake_clock.slept) < LONGEST_WAIT


def test_a_host_gets_one_request_at_a_time(news, politeness):
    running, most = [], []

    def slow(_):
        running.append(1)
        most.append(len(running))
        time.sleep(0.03)
        running.pop()
        return Response(PAGE)

    urls = [news.answer(SITE, f"/{number}", slow) for number in range(6)]
    unhurried = Politeness(CONTACT, delay=0.0, allowed=politeness.allowed)
    clock = Clock(lambda: STARTED, time.monotonic, time.sleep, lambda: 0.0)
    with Client(unhurried, clock, GuardedTransport(unhurried.allowed, resolve_to_loopback)) as client:
        threads = [Thread(target=client.fetch, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(most) == 6 and max(most) == 1
    assert sum(request.path == "/robots.txt" for request in news.asked) == 1


# Trying again


def busy(status: int, **headers: str):
    return lambda _: Response(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def fine(_):
    return Response(PAGE)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_tried_again_after_growing_pauses(news, client, fake_clock, status):
    url = news.answer(SITE, "/bridge", busy(status), busy(status), fine)
    assert client.fetch(url).body == PAGE.encode()
    assert fake_clock.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("retry_after", ["30", "Tue, 04 Mar 2031 02:00:31 GMT"])
def test_retry_after_is_a_number_or_a_date(news, client, fake_clock, retry_after):
    url = news.answer(SITE, "/bridge", busy(429, Retry_After=retry_after), fine)
    assert client.fetch(url).body == PAGE.encode()
    assert fake_clock.slept == [1.0, 30.0]


@pytest.mark.parametrize("retry_after", ["soon", "", "-5", "Thu, 99 Foo 2031", "²"])
def test_an_unreadable_retry_after_is_ignored(news, client, fake_clock, retry_after):
    url = news.answer(SITE, "/bridge", busy(503, Retry_After=retry_after.encode().decode("latin-1")), fine)
    assert client.fetch(url).body == PAGE.encode()
    assert fake_clock.slept == [1.0, 2.0]


def test_a_host_whose_retry_after_is_a_day_is_left_for_the_next_run(news, client):
    url = news.answer(SITE, "/bridge", busy(429, Retry_After="86400"), fine)
    state, why = skipped(client.fetch(url))
    assert state is PageState.WAITING
    assert why.startswith("the server answered 429") and "86400 seconds" in why
    assert skipped(client.fetch(news.put(SITE, "/2", PAGE)))[0] is PageState.WAITING
    assert news.paths(SITE) == ["/bridge"]


def test_a_server_that_keeps_failing_is_a_failure(news, client, fake_clock):
    url = news.answer(SITE, "/bridge", busy(500))
    assert reason(client.fetch(url)) == f"the server answered 500 Internal Server Error, {MOST_TRIES} times"
    assert news.paths(SITE) == ["/bridge"] * MOST_TRIES
    client.fetch(news.put(SITE, "/crane", PAGE))
    assert fake_clock.slept == [1.0, 2.0, 4.0, 8.0, 16.0]  # the pause after the last try holds for the next page


def test_a_long_retry_after_of_the_last_try_is_a_failure_and_then_left_for_the_next_run(news, client):
    answers = [busy(500)] * (MOST_TRIES - 1)
    url = news.answer(SITE, "/bridge", *answers, busy(429, Retry_After="86400"))
    assert "the server answered 429" in reason(client.fetch(url))
    assert skipped(client.fetch(news.put(SITE, "/crane", PAGE)))[0] is PageState.WAITING


def test_a_host_that_fails_in_a_row_gets_no_more_requests(news, client):
    urls = [news.answer(SITE, f"/{number}", busy(500)) for number in range(10)]
    results = [client.fetch(url) for url in urls]
    assert all(isinstance(result, Failure) for result in results[:MOST_FAILURES_IN_A_ROW])
    assert {skipped(result)[0] for result in results[MOST_FAILURES_IN_A_ROW:]} == {PageState.WAITING}
    assert len(news.paths(SITE)) == MOST_FAILURES_IN_A_ROW * MOST_TRIES


def test_a_success_resets_the_failures_in_a_row(news, client):
    for number in range(2 * MOST_FAILURES_IN_A_ROW):
        answer = fine if number % 2 else busy(500)
        result = client.fetch(news.answer(SITE, f"/{number}", answer))
        assert isinstance(result, Fetch if number % 2 else Failure)


def test_a_slow_host_is_a_failure(news, client):
    def slow(_):
        time.sleep(0.8)
        return Response(PAGE)

    assert "no answer in time" in reason(client.fetch(news.answer(SITE, "/bridge", slow)))
    assert len(news.paths(SITE)) == MOST_TRIES


def test_a_host_without_a_server_is_left_for_the_next_run(news, fake_clock, politeness):
    with Client(politeness, fake_clock.clock(), GuardedTransport(politeness.allowed, resolve_to_loopback)) as client:
        state, why = skipped(client.fetch("http://harbour.example:1/bridge"))
    assert state is PageState.WAITING and "robots.txt cannot be fetched for now: no connection" in why


def answering(handle, fake_clock=None):
    """Return a client on a made-up network."""
    clock = (fake_clock or FakeClock()).clock()
    politeness = Politeness(CONTACT, delay=1.0, patience=60.0)
    return Client(
        politeness, clock, httpx.MockTransport(lambda r: httpx.Response(404) if "robots" in str(r.url) else handle(r))
    )


def test_a_broken_connection_is_a_failure_with_its_reason():
    def broken(request):
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    assert "the connection broke: peer closed" in reason(answering(broken).fetch("https://harbour.example/"))


def test_a_server_that_drips_bytes_runs_out_of_time():
    fake_clock = FakeClock()

    class Drip(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                fake_clock.seconds += 19
                yield b"x"

    result = answering(lambda _: httpx.Response(200, stream=Drip()), fake_clock).fetch("https://harbour.example/")
    assert "no answer in time (not done after 60 seconds)" in reason(result)


# robots.txt


def test_a_page_that_robots_txt_disallows_is_not_requested(news, client):
    news.put(SITE, "/robots.txt", "User-agent: *\nDisallow: /members/")
    state, why = skipped(client.fetch(news.put(SITE, "/members/bridge", PAGE)))
    assert state is PageState.DISALLOWED and "/members/bridge" in why
    assert client.fetch(news.put(SITE, "/bridge", PAGE)).status == 200
    assert news.paths(SITE) == ["/bridge"]


def test_robots_txt_is_checked_at_each_redirect(news, client):
    news.put("courier.example", "/robots.txt", "User-agent: quotetrack\nDisallow: /")
    news.put("courier.example", "/bridge", PAGE)
    url = news.put(SITE, "/bridge", status=302, Location=news.url("courier.example", "/bridge"))
    assert skipped(client.fetch(url))[0] is PageState.DISALLOWED
    assert news.paths("courier.example") == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_robots_txt_everything_is_allowed(news, client, status):
    news.put(SITE, "/robots.txt", status=status)
    assert client.fetch(news.put(SITE, "/bridge", PAGE)).status == 200


def test_an_unusual_server_error_for_robots_txt_allows_nothing(news, client):
    news.put(SITE, "/robots.txt", status=501)
    assert skipped(client.fetch(news.put(SITE, "/bridge", PAGE)))[0] is PageState.WAITING


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_is_fetched_while_robots_txt_cannot_be(news, client, status):
    news.answer(SITE, "/robots.txt", busy(status))
    state, why = skipped(client.fetch(news.put(SITE, "/bridge", PAGE)))
    assert state is PageState.WAITING and f"the server answered {status}" in why
    assert client.fetch(news.url(SITE, "/2")).state is PageState.WAITING
    assert len(news.asked) == MOST_TRIES  # and no further request for the second page


def test_robots_txt_may_be_redirected(news, client):
    news.put(SITE, "/robots.txt", status=301, Location=news.url("www.harbour.example", "/robots.txt"))
    news.put("www.harbour.example", "/robots.txt", "User-agent: *\nDisallow: /members/")
    assert skipped(client.fetch(news.put(SITE, "/members/1", PAGE)))[0] is PageState.DISALLOWED


def test_robots_txt_is_requested_once_a_run(news, client):
    for number in range(3):
        client.fetch(news.put(SITE, f"/{number}", PAGE))
    assert sum(request.path == "/robots.txt" for request in news.asked) == 1


# Any input


@settings(deadline=None)
@given(
    url=st.one_of(st.text(max_size=40), st.builds("http://a.example/{}".format, st.text(max_size=20))),
    status=st.integers(100, 599),
    headers=st.dictionaries(
        st.sampled_from(["Location", "Retry-After", "Content-Encoding", "Content-Length", "Set-Cookie", "ETag"]),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=20),
    ),
    body=st.binary(max_size=50),
)
def test_any_response_is_a_result(url, status, headers, body):
    def answer(_):
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return httpx.Response(status, headers=raw, stream=httpx.ByteStream(body))

    assert isinstance(answering(answer).fetch(url), Fetch | Skipped | Failure)


@settings(deadline=None)
@given(st.binary(max_size=40), st.text(max_size=40))
def test_any_stored_validators_can_be_sent(raw, text):
    known = Validators(raw.decode("latin-1"), text)
    result = answering(lambda _: httpx.Response(200, stream=httpx.ByteStream(b"x"))).fetch(
        "https://harbour.example/", known
    )
    assert isinstance(result, Fetch)


def test_loopback_is_refused_by_default():
    with Client(Politeness(CONTACT), FakeClock().clock()) as client:
        assert "a private address" in reason(client.fetch(f"http://{LOOPBACK}:1/"))
    assert ip_network("127.0.0.0/8") not in Politeness(CONTACT).allowed
