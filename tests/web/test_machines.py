"""The interface for programs: the JSON of the command line under `/api/v1`, described, limited, measured."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient
from tests.cli_runner import quotetrack as command
from tests.web.page import HOST
from tests.web.test_reading import BARRIER

import quotetrack
from quotetrack import Database
from quotetrack.web.app import create_app
from quotetrack.web.machines import LONGEST_QUESTION

pytest_plugins = ("tests.filled_store", "tests.web.page")

EXAMPLES = 40  # requests that are made up for each path
PASSWORD = "the tide is in at noon"


@pytest.mark.parametrize(
    ("path", "arguments", "part"),
    [
        (f"ask?q={BARRIER}", ("ask", BARRIER), None),
        ("ask?q=Telle&limit=1&page=2", ("ask", "Telle", "--limit", "1", "--page", "2"), None),
        ("find?words=the barrier will not hold", ("find", "the barrier will not hold"), "matches"),
        ("utterances/1", ("show", "1"), None),
        ("speakers?limit=3", ("speakers", "list", "--limit", "3"), "speakers"),
        ("speakers/1", ("speakers", "show", "1"), None),
    ],
)
def test_an_answer_is_that_of_the_command_line(
    client: TestClient, page_store: str, path: str, arguments: tuple[str, ...], part: str | None
) -> None:
    answer = client.get(f"/api/v1/{path}").json()
    printed = json.loads(command(*arguments, "--json", "--database", page_store).stdout)
    assert (answer if part is None else answer[part]) == printed


def test_an_article_is_found_by_its_id(client: TestClient, db: Database) -> None:
    listed = db.articles.list()[0]
    answer = client.get(f"/api/v1/articles/{listed.id}").json()
    assert (answer["id"], answer["url"]) == (listed.id, listed.url)


@pytest.mark.parametrize("limit", [1, 3, 200])
def test_the_pages_of_sightings_hold_everything_once(client: TestClient, db: Database, limit: int) -> None:
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        answer = client.get("/api/v1/sightings", params={"after": after, "limit": limit}).json()
        found += [sighting["id"] for sighting in answer["sightings"]]
        after = answer["next"]
    everything = [int(s.id) for u in db.utterances(limit=100_000) for s in u.sightings]
    assert found == everything and len(found) == len(set(found)) > limit - 200


def test_an_answer_that_has_not_changed_is_not_sent_again(client: TestClient, db: Database) -> None:
    first = client.get("/api/v1/utterances/1")
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get("/api/v1/utterances/1", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    db.review.correct(int(db.show(1).utterance.sightings[0].id), speaker="Nils Aker", by="ines")
    changed = client.get("/api/v1/utterances/1", headers={"if-none-match": etag})
    assert changed.status_code == 200 and changed.headers["etag"] != etag


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("utterances/9999", 404),
        ("articles/9999", 404),
        ("speakers/9999", 404),
        ("nothing", 404),
        ("utterances/one", 422),
        (f"utterances/{10**30}", 422),
        ("ask?limit=101", 422),
        ("ask?question=Telle", 422),
        ("utterances/1?page=2", 422),
        ("ask?since=soon", 422),
        (f"ask?q={'a' * (LONGEST_QUESTION + 1)}", 422),
        ("find", 422),
        ("sightings?limit=0", 422),
        ("ask?q=Telle&outlet=nope", 400),
    ],
)
def test_an_error_is_json_with_its_reason(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


def test_the_description_has_every_path_with_its_model_and_errors(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert sorted(described["paths"]) == [
        "/articles/{number}", "/ask", "/find", "/health", "/sightings", "/speakers", "/speakers/{number}",
        "/utterances/{number}",
    ]  # fmt: skip
    for operation in (path["get"] for path in described["paths"].values()):
        assert operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert {"304", "400", "401", "404", "422", "503"} <= set(operation["responses"])
    assert {"utterance", "id", "said", "context_before"} <= set(
        described["components"]["schemas"]["SightingSchema"]["properties"]
    )


@pytest.mark.slow
def test_no_request_that_the_description_allows_or_forbids_ends_in_an_error_of_ours(client: TestClient) -> None:
    """Requests are made up by schemathesis from the description: right ones, and ones with wrong values."""
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    asked = 0
    for operation in (found.ok() for found in schema.get_all_operations()):
        modes = list(schemathesis.GenerationMode)
        if operation.path == "/health":
            modes.remove(schemathesis.GenerationMode.NEGATIVE)  # it takes no argument that could be wrong
        for mode in modes:

            @settings(
                max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def is_answered(case: schemathesis.Case) -> None:
                nonlocal asked
                asked += 1
                answer = client.request(case.method, f"/api/v1{case.formatted_path}", params=case.query)
                assert answer.status_code < 500, (case.formatted_path, case.query)

            is_answered()
    assert asked > 100


def test_metrics_count_requests_by_route_and_show_the_last_run(client: TestClient) -> None:
    client.get("/utterances/1")
    client.get("/utterances/2")
    client.get("/api/v1/utterances/9999")
    shown = client.get("/metrics").text
    assert 'quotetrack_requests_total{route="/utterances/{number}",status="200"} 2.0' in shown
    assert 'quotetrack_requests_total{route="/api/v1/utterances/{number}",status="404"} 1.0' in shown
    assert 'quotetrack_request_seconds_count{route="/utterances/{number}"} 2.0' in shown
    assert "quotetrack_run_ok 1.0" in shown


@pytest.fixture
def guarded(db: Database) -> TestClient:
    db.users.add("ines", PASSWORD, "reviewer")
    return TestClient(create_app(db, has_sign_in=True), base_url=HOST, follow_redirects=False)


def test_a_program_reads_with_a_token_and_decides_nothing(guarded: TestClient, db: Database) -> None:
    headers = {"authorization": f"Bearer {db.users.token_for_program('ines')}"}
    for path in ("/api/v1/speakers", "/metrics", "/api/v1/openapi.json"):
        assert guarded.get(path).status_code == 401
        assert guarded.get(path, headers={"authorization": "Bearer guess"}).status_code == 401
        assert guarded.get(path, headers=headers).status_code == 200
    assert guarded.get("/speakers", headers=headers).status_code == 303
    assert guarded.post("/corrections", headers=headers, data={"sighting": 1, "speaker": "A"}).status_code == 401
    assert not db.review.corrections()


def test_everybody_may_ask_whether_the_page_works(guarded: TestClient) -> None:
    assert guarded.get("/health").json() == {"status": "ok", "version": quotetrack.__version__}
