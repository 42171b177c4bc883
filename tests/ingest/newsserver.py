"""Invented newspapers on one local server, distinguished by host name, and a clock that never really waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from quotetrack.ingest.crawl.client import Clock

LOOPBACK = "127.0.0.1"
STARTED = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
CONTACT = "crawler@quotes.example"

Handler = Callable[[Request], Response]


def page(body: str, *, head: str = "", title: str = "Bridge closes") -> str:
    """Return a page with an article; each line of `body` is a paragraph."""
    paragraphs = "".join(f"<p>{line}</p>" for line in body.splitlines())
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def rss(*entries: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{"".join(entries)}</channel></rss>'


def entry(url: str, published: str = "Tue, 04 Mar 2031 01:00:00 +0100", title: str = "Bridge closes") -> str:
    return (
        f"<item><title>{title}</title><link>{url.replace('&', '&amp;')}</link><pubDate>{published}</pubDate>"
        "<description>A summary that is not the article.</description></item>"
    )


@dataclass
class FakeClock:
    """A clock that moves only when someone sleeps; `slept` are the seconds of each sleep.

    The time of day is wrong by `ahead` seconds.
    """

    seconds: float = 0.0
    ahead: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(
            now=lambda: STARTED + timedelta(seconds=self.seconds + self.ahead),
            monotonic=lambda: self.seconds,
            sleep=self.sleep,
            chance=lambda: 0.0,
        )


@dataclass
class NewsServer:
    """The responses of each site by path, and the requests that came."""

    server: HTTPServer
    pages: dict[tuple[str, str], list[Handler]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def url(self, site: str, path: str = "/") -> str:
        return f"http://{site}:{self.server.port}{path}"

    def answer(self, site: str, path: str, *handlers: Handler) -> str:
        """Handle the requests for a path by each handler in turn, the last one from then on; return the address."""
        self.pages[site, path] = list(handlers)
        return self.url(site, path)

    def put(
        self,
        site: str,
        path: str,
        body: str | bytes = b"",
        *,
        status: int = 200,
        etag: str | None = None,
        modified: str | None = None,
        **headers: str,
    ) -> str:
        """Answer a path always in the same way; with 304 if the request has this ETag or date. Return the address."""
        sent = {"Content-Type": "text/html; charset=utf-8"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        sent |= {name: value for name, value in {"ETag": etag, "Last-Modified": modified}.items() if value}

        def handle(request: Request) -> Response:
            is_known = (etag and request.headers.get("If-None-Match") == etag) or (
                modified and request.headers.get("If-Modified-Since") == modified
            )
            return Response(status=304) if is_known else Response(body, status=status, headers=sent)

        return self.answer(site, path, handle)

    def paths(self, site: str) -> list[str]:
        """Return the requested paths of a site in order, without robots.txt."""
        return [
            request.full_path.rstrip("?")
            for request in self.asked
            if request.host.split(":")[0] == site and request.path != "/robots.txt"
        ]

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        handlers = self.pages.get((request.host.split(":")[0], request.full_path.rstrip("?")))
        if not handlers:
            return Response("There is no such page.", status=404)
        return (handlers.pop(0) if len(handlers) > 1 else handlers[0])(request)


def resolve_to_loopback(host: str, _port: int) -> list[str]:
    """Resolve every name to this machine; an address stays as it is."""
    return [host if re.fullmatch(r"[\d.]+|.*:.*", host) else LOOPBACK]
