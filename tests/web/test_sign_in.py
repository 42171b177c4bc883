"""Where others can reach the page they sign in, and may do what their role allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import quotetrack
from quotetrack import Database
from quotetrack.core.users import UserRole
from quotetrack.review import users as use_cases
from quotetrack.store import close_store, open_store
from quotetrack.web.app import create_app
from quotetrack.web.tries import TRIES_FROM_AN_ADDRESS, TRIES_OF_A_NAME, WINDOW, Tries

PASSWORD = "the tide is in at noon"
NAME = "quotes.example.org"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database with a reader and a reviewer."""
    with quotetrack.open(tmp_path / "news.db", create=True) as opened:
        opened.users.add("tadeo", PASSWORD)
        opened.users.add("ines", PASSWORD, "reviewer")
        yield opened


@pytest.fixture
def client(db: Database) -> TestClient:
    return browser(db)


def browser(db: Database, scheme: str = "http") -> TestClient:
    app = create_app(db, names=[NAME], has_sign_in=True)
    return TestClient(app, base_url=f"{scheme}://{NAME}", follow_redirects=False)


def form_of(client: TestClient, path: str) -> dict[str, str]:
    """Return the hidden fields of the first form of a page."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', client.get(path).text))


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **fields: str) -> int:
    form = {**form_of(client, "/sign-in"), "name": name, "password": password, **fields}
    return client.post("/sign-in", data=form).status_code


def session_of(client: TestClient) -> str:
    """Return the token in the cookie that this site has set."""
    return client.cookies.get("quotetrack", domain=NAME) or ""


@pytest.mark.parametrize(
    ("path", "status", "leads_to"),
    [
        ("/", 303, "/sign-in?next=%2F"),
        ("/?q=Telle&page=2", 303, "/sign-in?next=%2F%3Fq%3DTelle%26page%3D2"),
        ("/articles/1", 303, "/sign-in?next=%2Farticles%2F1"),
        ("/review", 303, "/sign-in?next=%2Freview"),
        ("/nothing", 303, "/sign-in?next=%2Fnothing"),
        ("/ask.json?q=Telle", 401, None),
        ("/ask.csv?q=Telle", 401, None),
        ("/ask.ris?q=Telle", 401, None),
        ("/sign-in", 200, None),
        ("/static/style.css", 200, None),
    ],
)
def test_nobody_sees_anything_before_signing_in(
    client: TestClient, path: str, status: int, leads_to: str | None
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get("location")) == (status, leads_to)


def test_a_user_signs_in_and_out(client: TestClient) -> None:
    assert sign_in(client, "tadeo") == 303
    assert "You are signed in as <b>tadeo</b>" in client.get("/account").text
    assert client.get("/speakers").status_code == 200
    assert client.post("/sign-out", data=form_of(client, "/account")).headers["location"] == "/sign-in"
    assert client.get("/speakers").status_code == 303


def test_a_session_ends_where_it_is_signed_out_and_not_in_the_browser_alone(client: TestClient) -> None:
    sign_in(client, "tadeo")
    kept = dict(client.cookies)
    client.post("/sign-out", data=form_of(client, "/account"))
    client.cookies.update(kept)
    assert client.get("/speakers").status_code == 303


@pytest.mark.parametrize(("name", "password"), [("tadeo", "the tide is out at noon"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(client: TestClient, name: str, password: str) -> None:
    form = {**form_of(client, "/sign-in"), "name": name, "password": password}
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert client.get("/speakers").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(db: Database) -> None:
    for scheme, start in (("http", "quotetrack="), ("https", "__Host-quotetrack=")):
        client = browser(db, scheme)
        form = {**form_of(client, "/sign-in"), "name": "tadeo", "password": PASSWORD}
        cookies = client.post("/sign-in", data=form).headers.get_list("set-cookie")
        (cookie,) = (cookie for cookie in cookies if cookie.startswith(start))
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=43200" in cookie and "Path=/" in cookie
        assert ("Secure" in cookie) is (scheme == "https")


def test_session_fixation_a_session_that_somebody_else_chose_signs_nobody_in(client: TestClient, db: Database) -> None:
    client.cookies.set("quotetrack", "chosen-by-somebody-else", domain=NAME)
    assert sign_in(client, "ines") == 303
    assert session_of(client) not in ("", "chosen-by-somebody-else")
    assert db.users.signed_in("chosen-by-somebody-else") is None


def test_every_sign_in_has_a_new_session_and_ends_the_one_before(client: TestClient, db: Database) -> None:
    sign_in(client, "tadeo")
    first = session_of(client)
    sign_in(client, "ines")
    assert session_of(client) != first
    assert db.users.signed_in(first) is None


def test_csrf_a_sign_in_form_of_another_site_signs_nobody_in(client: TestClient) -> None:
    form = {"name": "tadeo", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 403
    own = form_of(client, "/sign-in")
    client.cookies.clear()
    assert client.post("/sign-in", data={**form, **own}).status_code == 403
    client.get("/sign-in")
    assert client.post("/sign-in", data={**form, **own}).status_code == 403
    assert client.get("/speakers").status_code == 303


def test_csrf_the_secret_of_one_user_is_no_use_to_another(client: TestClient, db: Database) -> None:
    sign_in(client, "tadeo")
    token = form_of(client, "/account")["token"]
    other = browser(db)
    sign_in(other, "ines")
    for wrong in ("", "guess", token):
        assert other.post("/undo", data={"token": wrong, "kind": "correction", "number": "1"}).status_code == 403
        assert other.post("/sign-out", data={"token": wrong}).status_code == 403
    assert other.get("/speakers").status_code == 200


def test_a_reader_who_posts_a_decision_is_refused(client: TestClient, db: Database) -> None:
    sign_in(client, "tadeo")
    token = form_of(client, "/account")["token"]
    for path in ("/corrections", "/judgements", "/undo", "/anything"):
        form = {"token": token, "sighting": 1, "speaker": "A", "left": 1, "right": 2, "same": "true"}
        assert client.post(path, data=form).status_code == 403
    assert not db.review.corrections() and not db.review.judgements()


def test_a_reviewer_may_decide(client: TestClient) -> None:
    sign_in(client, "ines")
    form = {"token": form_of(client, "/account")["token"], "sighting": 1, "speaker": "A"}
    answer = client.post("/corrections", data=form)
    assert answer.status_code == 400 and "sighting 1" in answer.text  # it is asked for: the database is empty


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/review?at=3", "/review?at=3"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_open_redirect_a_sign_in_leads_to_this_site_only(client: TestClient, target: str, leads_to: str) -> None:
    assert form_of(client, f"/sign-in?next={target}".replace("\t", "%09"))["next"] == leads_to
    form = {**form_of(client, "/sign-in"), "name": "tadeo", "password": PASSWORD, "next": target}
    assert client.post("/sign-in", data=form).headers["location"] == leads_to


def test_rebinding_a_host_that_is_not_named_is_refused(client: TestClient) -> None:
    for host, status in ((NAME, 200), (f"{NAME}:8710", 200), ("evil.example", 403), (f"{NAME}.evil.example", 403)):
        assert client.get("/sign-in", headers={"host": host}).status_code == status


def test_a_thousand_tries_to_sign_in_are_refused_after_the_first_few(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    is_right = use_cases._is_right
    monkeypatch.setattr(use_cases, "_is_right", lambda *given: compared.append(given) or is_right(*given))
    form = {**form_of(client, "/sign-in"), "name": "ines"}
    answers = [client.post("/sign-in", data={**form, "password": f"guess number {n}"}) for n in range(1000)]
    assert [answer.status_code for answer in answers].count(401) == len(compared) == TRIES_OF_A_NAME
    assert {answer.status_code for answer in answers[TRIES_OF_A_NAME:]} == {429}
    assert "Too many tries. Wait 15 minutes" in answers[-1].text
    assert 0 < int(answers[-1].headers["retry-after"]) <= WINDOW
    assert client.post("/sign-in", data={**form, "password": PASSWORD}).status_code == 429


def test_tries_are_limited_by_name_and_by_address() -> None:
    seconds = [0.0]
    tries = Tries(lambda: seconds[0])
    assert [tries.begin("ines", f"192.0.2.{n}") for n in range(TRIES_OF_A_NAME)] == [0] * TRIES_OF_A_NAME
    assert tries.begin("ines", "192.0.2.99") == WINDOW
    spent = [tries.begin(f"name {n}", f"2001:db8::{n}") for n in range(TRIES_FROM_AN_ADDRESS)]
    assert spent == [0] * TRIES_FROM_AN_ADDRESS
    assert tries.begin("another name", "2001:db8::ffff") == WINDOW  # of the same network
    assert tries.begin("another name", "2001:db8:1::1") == 0
    seconds[0] = WINDOW - 60
    assert tries.begin("ines", "192.0.2.99") == 60
    seconds[0] = WINDOW
    assert tries.begin("ines", "192.0.2.99") == 0


def test_a_right_password_clears_the_tries_of_its_name_and_not_of_the_address() -> None:
    tries = Tries(lambda: 0.0)
    for _ in range(TRIES_FROM_AN_ADDRESS):
        assert tries.begin("ines", "192.0.2.1") == 0
        tries.succeeded("ines")
    assert tries.begin("ines", "192.0.2.1") == WINDOW


def test_a_session_expires(either_url: str) -> None:
    sessions = open_store(either_url)
    now = datetime(2031, 3, 10, 8, tzinfo=UTC)
    use_cases.add(sessions, "ines", PASSWORD, UserRole.READER, now=now)
    token = use_cases.sign_in(sessions, "ines", PASSWORD, now=now)
    assert token is not None
    in_time, too_late = (now + use_cases.SIGNED_IN + timedelta(seconds=s) for s in (-1, 0))
    assert use_cases.signed_in(sessions, token, now=in_time) is not None
    assert use_cases.signed_in(sessions, token, now=too_late) is None
    close_store(sessions)
