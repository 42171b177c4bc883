"""What a hostile newspaper prints is shown on every page and obeyed on none."""

from __future__ import annotations

import html
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from quotetrack import Article, Database

pytest_plugins = ("tests.filled_store", "tests.web.page")

ATTACKS = {
    "element": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "single": "' onmouseover='alert(1)' x='",
    "closing": "</textarea></title></style><svg onload=alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %}",
}
PATHS = ("/", "/?q=ferry", "/?speaker=Orla+Venn", "/speakers", "/articles", "/review", "/decisions", "/runs")


class Obeyed(HTMLParser):
    """Collects what a browser would run or follow."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not values.get("src", "").startswith("/static/"):
            self.found.append(tag)
        if tag in ("img", "iframe", "object", "embed", "base") or not values.get("action", "/").startswith("/"):
            self.found.append(tag)
        self.found += [name for name in values if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            scheme = "".join(values.get(name, "").split()).lower().partition(":")[0]
            if scheme in ("javascript", "data", "vbscript"):
                self.found.append(values[name])


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))
def test_stored_xss_by_title_outlet_byline_speaker_url_and_quotation(
    client: TestClient, db: Database, attack: str
) -> None:
    db.ingest(
        Article(
            url=f"https://hostile.example/a?x={attack}",
            outlet=f"hostile {attack}",
            title=f"The ferry {attack}",
            byline=attack,
            text=f"“We will not wait for the ferry {attack} any longer,” said Orla Venn {attack}, the harbour master."
            f"\n\n“It is a good ferry, and we want it,” {attack} said.",
        )
    )
    article = db.articles.list(limit=1000)[-1]
    record = db.articles.show(article.id)
    sightings = [sighting for _, sighting in record.quotations]
    if sightings:
        db.review.correct(int(sightings[0].id), speaker=f"Orla {attack}", reason=attack, by=attack)
    paths = [*PATHS, f"/articles/{article.id}", f"/?speaker=Orla {attack}", f"/?q={attack}"]
    paths += [f"/utterances/{utterance}" for utterance, _ in db.articles.show(article.id).quotations if utterance]
    paths += [f"/speakers/{speaker.id}" for speaker in db.speakers.list("Orla Venn")]
    shown = 0
    for path in paths:
        page = client.get(path).text
        assert Obeyed(page).found == [], path
        shown += attack in html.unescape(page)
    assert shown  # the attack reached a page, so that the test can fail


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)//", "data:text/html,<script>alert(1)</script>", "JaVaScRiPt:x"]
)
def test_an_address_that_runs_something_is_no_link(client: TestClient, db: Database, scheme: str) -> None:
    db.ingest(Article(url=scheme, outlet="hostile", text="“We will wait for the ferry,” said Orla Venn."))
    article = db.articles.list(limit=1000)[-1]
    for path in (*PATHS, f"/articles/{article.id}"):
        assert Obeyed(client.get(path).text).found == [], path
