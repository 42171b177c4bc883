"""Metrics of the page in the text format of Prometheus: requests by route, and the last run."""

from __future__ import annotations

import time

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quotetrack.api.database import Database
from quotetrack.render.runs import metrics_text

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)  # upper ends of the histogram


class Metrics:
    """What is counted while the page is served."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "quotetrack_requests", "Requests by route and status.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "quotetrack_request_seconds", "Time to the first byte by route.", ("route",),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip


class Measured:
    """Counts each request and the time to the first byte of its answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        is_counted = False

        def count(status: int) -> None:
            nonlocal is_counted
            is_counted = True
            route = _route_of(scope)
            self._metrics.requests.labels(route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - began)

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        except Exception:
            if not is_counted:  # the answer is made outside
                count(500)
            raise


def routes(database: Database, metrics: Metrics) -> APIRouter:
    """Return the route of the metrics."""
    router = APIRouter()

    @router.get("/metrics")
    def show() -> PlainTextResponse:
        last_run = "".join(metrics_text(run, {}) for run in database.runs.list(limit=1))
        return PlainTextResponse(generate_latest(metrics.registry).decode("utf-8") + last_run)

    return router


def _route_of(scope: Scope) -> str:
    """Return the route of a request with the names of its numbers, such as "/utterances/{number}"."""
    path = getattr(scope.get("route"), "path", None)
    return f"{scope.get('root_path', '')}{path}" if path else "other"
