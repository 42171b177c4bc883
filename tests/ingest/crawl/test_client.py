"""What may happen to a request: each is a result with a reason."""

import gzip
import time
from datetime import timedelta
from ipaddress import ip_network
from threading import Thread

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ingest.newsserver import CONTACT, LOOPBACK, STARTED, Standing, at_home
from werkzeug import Response

from quotetrack.core.domain import Failure
from quotetrack.core.normalize import sha256
from quotetrack.ingest.crawl.client import (
    LONGEST_WAIT,
    MOST_IN_A_ROW,
    MOST_REDIRECTS,
    MOST_TRIES,
    Client,
    Clock,
    Fetched,
    Manners,
    Skip,
    Skipped,
    Validators,
)
from quotetrack.ingest.crawl.ssrf_guard import GuardedTransport

pytest_plugins = ("tests.ingest.served",)

SITE = "harbour.example"
PAGE = "<html><p>The bridge is closed.</p></html>"


def reason(found) -> str:
    assert isinstance(found, Failure), found
    return found.reason


def skipped(found) -> tuple[Skip, str]:
    assert isinstance(found, Skipped), found
    return found.why, found.reason


# Pages


def test_a_page_and_its_evidence(news, client):
    url = news.put(SITE, "/bridge", PAGE, etag='"v1"', modified="Tue, 04 Mar 2031 01:00:00 GMT", Content_Language="en")
    found = client.fetch(url)
    assert isinstance(found, Fetched)
    assert (found.url, found.final_url, found.status, found.body) == (url, url, 200, PAGE.encode())
    assert found.body_sha256 == sha256(PAGE)
    assert found.validators == Validators('"v1"', "Tue, 04 Mar 2031 01:00:00 GMT")
    assert (found.content_type, found.charset, found.header("content-language")) == ("text/html", "utf-8", "en")
    assert STARTED <= found.fetched_at <= STARTED + timedelta(seconds=2)
    assert found.moved_to is None


def test_who_we_say_we_are(news, client):
    client.fetch(news.put(SITE, "/bridge", PAGE))
    for request in news.asked:
        assert request.headers["User-Agent"].startswith("quotetrack/")
        assert request.headers["User-Agent"].endswith(f"(+{CONTACT})")
        assert request.headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("contact", ["", "  ", "desk@quotes.example\r\nX-Evil: 1", "büro"])
def test_nobody_fetches_without_a_contact(contact):
    with pytest.raises(ValueError, match="a contact is needed"):
        Manners(contact)


@pytest.mark.parametrize(
    "given", [{"etag": '"v1"'}, {"modified": "Tue, 04 Mar 2031 01:00:00 GMT"}, {"etag": 'W/"1"', "modified": "x"}]
)
def test_what_has_not_changed_is_not_sent_again(news, client, given):
    url = news.put(SITE, "/bridge", PAGE, **given)
    first = client.fetch(url)
    again = client.fetch(url, first.validators)
    assert (again.is_unchanged, again.is_gone, again.body) == (True, False, b"")


def test_what_has_changed_is_sent_again(news, client):
    url = news.put(SITE, "/bridge", PAGE, etag='"v2"')
    assert client.fetch(url, Validators('"v1"')).body == PAGE.encode()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone(news, client, status):
    found = client.fetch(news.put(SITE, "/bridge", "Gone.", status=status))
    assert (found.is_gone, found.status, found.body) == (True, status, b"")


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_a_refusal_is_a_reason_and_not_tried_again(news, client, status):
    assert f"the server answered {status}" in reason(client.fetch(news.put(SITE, "/bridge", status=status)))
    assert news.paths(SITE) == ["/bridge"]


# Redirects


def test_redirects_for_good_tell_the_new_address(news, client):
    url = news.put(SITE, "/old", status=301, Location="/older")
    news.put(SITE, "/older", status=308, Location=news.url("courier.example", "/bridge?utm_source=x"))
    news.put("courier.example", "/bridge", PAGE)
    found = client.fetch(url)
    new = news.url("courier.example", "/bridge")
    assert (found.url, found.final_url, found.moved_to, found.body) == (url, new, new, PAGE.encode())


def test_redirects_for_now_do_not(news, client):
    url = news.put(SITE, "/old", status=301, Location="/new")
    news.put(SITE, "/new", status=302, Location="/today")
    news.put(SITE, "/today", PAGE)
    found = client.fetch(url)
    assert (found.final_url, found.moved_to) == (news.url(SITE, "/today"), news.url(SITE, "/new"))


def test_what_moved_for_good_behind_a_redirect_for_now_is_not_where_to_ask(news, client):
    url = news.put(SITE, "/today", status=302, Location="/old")
    news.put(SITE, "/old", status=301, Location="/new")
    news.put(SITE, "/new", PAGE)
    found = client.fetch(url)
    assert (found.final_url, found.moved_to) == (news.url(SITE, "/new"), None)


def test_redirects_in_a_circle_end(news, client):
    url = news.put(SITE, "/a", status=302, Location="/b")
    news.put(SITE, "/b", status=302, Location="/a")
    assert reason(client.fetch(url)) == f"redirected more than {MOST_REDIRECTS} times"


def test_a_site_that_wants_its_cookie_back_gets_it(news, client):
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
def test_a_redirect_to_what_is_no_web_address(news, client, location):
    url = news.put(SITE, "/bridge", status=302, Location=location)
    assert "not an address that can be fetched" in reason(client.fetch(url))


@pytest.mark.parametrize(
    "url", ["", "bridge", "file:///etc/passwd", "http://", "http://[::", "http://a b/", "http://\x00/"]
)
def test_what_is_no_web_address(client, url):
    assert "not an address that can be fetched" in reason(client.fetch(url))


# Bodies


def test_a_packed_page(news, client):
    url = news.put(SITE, "/bridge", gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert client.fetch(url).body == PAGE.encode()


def test_a_packed_page_that_is_cut_short(news, client):
    url = news.put(SITE, "/bridge", gzip.compress(PAGE.encode() * 99)[:-12], Content_Encoding="gzip")
    assert reason(client.fetch(url)) == "the compressed body is cut short"


def test_a_page_of_fifty_megabytes_is_left(news, standing, manners):
    sent = []

    def pieces():
        for _ in range(50):
            sent.append(1)
            yield b"x" * 2**20

    told = {"Content-Length": str(50 * 2**20)}
    url = news.answer(SITE, "/told", lambda _: Response(pieces(), headers=told))
    news.answer(SITE, "/untold", lambda _: Response(pieces()))
    small = Manners(CONTACT, largest=2**20, timeout=0.5, allowed=manners.allowed)
    with Client(small, standing.clock(), GuardedTransport(small.allowed, at_home)) as client:
        assert reason(client.fetch(url)) == "larger than 1 MiB"
        assert reason(client.fetch(news.url(SITE, "/untold"))) == "larger than 1 MiB"
    assert len(sent) < 20  # what the socket's buffers take is lost


def test_a_bomb(news, client):
    bomb = gzip.compress(bytes(40 * 2**20))
    assert reason(client.fetch(news.put(SITE, "/bridge", bomb, Content_Encoding="gzip"))) == "larger than 16 MiB"


# Waiting


def test_one_host_rests_between_requests_and_another_need_not(news, client, standing):
    for path in ("/1", "/2", "/3"):
        client.fetch(news.put(SITE, path, PAGE))
    assert standing.slept == [1.0, 1.0, 1.0]  # robots.txt came first
    client.fetch(news.put("courier.example", "/1", PAGE))
    assert standing.slept == [1.0, 1.0, 1.0, 1.0]  # between its robots.txt and its page


def test_chance_adds_to_the_delay(news, manners):
    standing = Standing()
    clock = Clock(lambda: STARTED, lambda: standing.seconds, standing.sleep, chance=lambda: 1.0)
    with Client(manners, clock, GuardedTransport(manners.allowed, at_home)) as client:
        client.fetch(news.put(SITE, "/1", PAGE))
    assert standing.slept == [1.5]


def test_the_delay_that_robots_asks_for(news, client, standing):
    news.put(SITE, "/robots.txt", "User-agent: *\nCrawl-delay: 9")
    client.fetch(news.put(SITE, "/1", PAGE))
    client.fetch(news.put(SITE, "/2", PAGE))
    assert standing.slept == [1.0, 9.0]


def test_a_host_that_wants_hours_is_left_for_the_next_run(news, client, standing):
    news.put(SITE, "/robots.txt", "User-agent: *\nCrawl-delay: 3600")
    assert client.fetch(news.put(SITE, "/1", PAGE)).status == 200
    why, told = skipped(client.fetch(news.put(SITE, "/2", PAGE)))
    assert why is Skip.LATER and "wants us to wait for 3600 seconds" in told
    assert sum(standing.slept) < LONGEST_WAIT


def test_one_request_at_a_time_a_host(news, manners):
    under_way, most = [], []

    def slow(_):
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.03)
        under_way.pop()
        return Response(PAGE)

    urls = [news.answer(SITE, f"/{number}", slow) for number in range(6)]
    unhurried = Manners(CONTACT, delay=0.0, allowed=manners.allowed)
    clock = Clock(lambda: STARTED, time.monotonic, time.sleep, lambda: 0.0)
    with Client(unhurried, clock, GuardedTransport(unhurried.allowed, at_home)) as client:
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
def test_a_busy_server_is_asked_again_later_and_later(news, client, standing, status):
    url = news.answer(SITE, "/bridge", busy(status), busy(status), fine)
    assert client.fetch(url).body == PAGE.encode()
    assert standing.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("told", ["30", "Tue, 04 Mar 2031 02:00:31 GMT"])
def test_a_server_that_tells_when_to_come_back(news, client, standing, told):
    url = news.answer(SITE, "/bridge", busy(429, Retry_After=told), fine)
    assert client.fetch(url).body == PAGE.encode()
    assert standing.slept == [1.0, 30.0]


@pytest.mark.parametrize("told", ["soon", "", "-5", "Thu, 99 Foo 2031", "²"])
def test_a_date_to_come_back_that_is_none(news, client, standing, told):
    url = news.answer(SITE, "/bridge", busy(503, Retry_After=told.encode().decode("latin-1")), fine)
    assert client.fetch(url).body == PAGE.encode()
    assert standing.slept == [1.0, 2.0]


def test_a_server_that_wants_us_back_tomorrow_is_left_for_the_next_run(news, client):
    url = news.answer(SITE, "/bridge", busy(429, Retry_After="86400"), fine)
    why, told = skipped(client.fetch(url))
    assert why is Skip.LATER
    assert told.startswith("the server answered 429") and "86400 seconds" in told
    assert skipped(client.fetch(news.put(SITE, "/2", PAGE)))[0] is Skip.LATER
    assert news.paths(SITE) == ["/bridge"]


def test_a_server_that_stays_broken(news, client, standing):
    url = news.answer(SITE, "/bridge", busy(500))
    assert reason(client.fetch(url)) == f"the server answered 500 Internal Server Error, {MOST_TRIES} times"
    assert news.paths(SITE) == ["/bridge"] * MOST_TRIES


def test_a_host_that_fails_and_fails_is_left_alone(news, client):
    urls = [news.answer(SITE, f"/{number}", busy(500)) for number in range(10)]
    found = [client.fetch(url) for url in urls]
    assert [isinstance(one, Failure) for one in found] == [True] * MOST_IN_A_ROW + [False] * (10 - MOST_IN_A_ROW)
    assert skipped(found[-1])[0] is Skip.LATER
    assert len(news.paths(SITE)) == MOST_IN_A_ROW * MOST_TRIES


def test_a_page_that_comes_makes_up_for_those_that_did_not(news, client):
    for number in range(2 * MOST_IN_A_ROW):
        answer = fine if number % 2 else busy(500)
        found = client.fetch(news.answer(SITE, f"/{number}", answer))
        assert isinstance(found, Fetched if number % 2 else Failure)


def test_a_slow_host(news, client):
    def slow(_):
        time.sleep(0.8)
        return Response(PAGE)

    assert "no answer in time" in reason(client.fetch(news.answer(SITE, "/bridge", slow)))
    assert len(news.paths(SITE)) == MOST_TRIES


def test_a_host_that_nobody_answers_at(news, standing, manners):
    with Client(manners, standing.clock(), GuardedTransport(manners.allowed, at_home)) as client:
        why, told = skipped(client.fetch("http://harbour.example:1/bridge"))
    assert why is Skip.LATER and "robots.txt cannot be had for now: no connection" in told


def answering(handle, standing=None):
    """A client on a made-up network."""
    clock = (standing or Standing()).clock()
    manners = Manners(CONTACT, delay=1.0, patience=60.0)
    return Client(
        manners, clock, httpx.MockTransport(lambda r: httpx.Response(404) if "robots" in str(r.url) else handle(r))
    )


def test_a_connection_that_breaks_is_tried_again():
    def broken(request):
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    assert "the connection broke: peer closed" in reason(answering(broken).fetch("https://harbour.example/"))


def test_a_server_that_sends_a_byte_now_and_then():
    standing = Standing()

    class Drip(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                standing.seconds += 19
                yield b"x"

    found = answering(lambda _: httpx.Response(200, stream=Drip()), standing).fetch("https://harbour.example/")
    assert "no answer in time (not done after 60 seconds)" in reason(found)


# robots.txt


def test_what_robots_forbids_is_not_asked_for(news, client):
    news.put(SITE, "/robots.txt", "User-agent: *\nDisallow: /members/")
    why, told = skipped(client.fetch(news.put(SITE, "/members/bridge", PAGE)))
    assert why is Skip.ROBOTS and "/members/bridge" in told
    assert client.fetch(news.put(SITE, "/bridge", PAGE)).status == 200
    assert news.paths(SITE) == ["/bridge"]


def test_a_redirect_does_not_lead_around_robots(news, client):
    news.put("courier.example", "/robots.txt", "User-agent: quotetrack\nDisallow: /")
    news.put("courier.example", "/bridge", PAGE)
    url = news.put(SITE, "/bridge", status=302, Location=news.url("courier.example", "/bridge"))
    assert skipped(client.fetch(url))[0] is Skip.ROBOTS
    assert news.paths("courier.example") == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_robots_everything_is_allowed(news, client, status):
    news.put(SITE, "/robots.txt", status=status)
    assert client.fetch(news.put(SITE, "/bridge", PAGE)).status == 200


def test_a_server_that_cannot_speak_of_robots_allows_nothing(news, client):
    news.put(SITE, "/robots.txt", status=501)
    assert skipped(client.fetch(news.put(SITE, "/bridge", PAGE)))[0] is Skip.LATER


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_robots_cannot_be_had_nothing_is(news, client, status):
    news.answer(SITE, "/robots.txt", busy(status))
    why, told = skipped(client.fetch(news.put(SITE, "/bridge", PAGE)))
    assert why is Skip.LATER and f"the server answered {status}" in told
    assert client.fetch(news.url(SITE, "/2")).why is Skip.LATER
    assert len(news.asked) == MOST_TRIES  # and none of them again for the second page


def test_robots_may_stand_elsewhere(news, client):
    news.put(SITE, "/robots.txt", status=301, Location=news.url("www.harbour.example", "/robots.txt"))
    news.put("www.harbour.example", "/robots.txt", "User-agent: *\nDisallow: /members/")
    assert skipped(client.fetch(news.put(SITE, "/members/1", PAGE)))[0] is Skip.ROBOTS


def test_robots_is_asked_for_once_a_run(news, client):
    for number in range(3):
        client.fetch(news.put(SITE, f"/{number}", PAGE))
    assert sum(request.path == "/robots.txt" for request in news.asked) == 1


# Whatever comes


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
def test_whatever_a_server_does_is_a_result(url, status, headers, body):
    def answer(_):
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return httpx.Response(status, headers=raw, stream=httpx.ByteStream(body))

    assert isinstance(answering(answer).fetch(url), Fetched | Skipped | Failure)


@settings(deadline=None)
@given(st.binary(max_size=40), st.text(max_size=40))
def test_whatever_validators_are_on_file(raw, text):
    known = Validators(raw.decode("latin-1"), text)
    found = answering(lambda _: httpx.Response(200, stream=httpx.ByteStream(b"x"))).fetch(
        "https://harbour.example/", known
    )
    assert isinstance(found, Fetched)


def test_this_machine_is_refused_by_default():
    with Client(Manners(CONTACT), Standing().clock()) as client:
        assert "a private address" in reason(client.fetch(f"http://{LOOPBACK}:1/"))
    assert ip_network("127.0.0.0/8") not in Manners(CONTACT).allowed
