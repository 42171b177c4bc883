"""The page in a real browser: by mouse and by keys, for screen readers, on a phone, in the dark and on paper."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from tests.cli_runner import quotetrack
from tests.web.browser import DESK, PHONE, chromium, served, window

from quotetrack import Database
from quotetrack import open as open_database
from quotetrack.api import database as database_module
from quotetrack.models.embedder import Embedder

pytest_plugins = ("tests.claims_store", "tests.filled_store", "tests.web.page")
pytestmark = pytest.mark.slow

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"  # git-ignored
README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "page.png"  # to draw it anew, remove it
QUESTION = "What did Ragna Telle say about the storm barrier?"
ANSWER = f"/?q={QUESTION.replace(' ', '+')}"
PAGES = {
    "ask": "/",
    "answer": ANSWER,
    "answer-without-result": "/?q=What+did+Nobody+Known+say",
    "utterance": "/utterances/1",
    "article": "/articles/2",
    "speakers": "/speakers",
    "speaker": "/speakers?name=Lucia+Quill",
    "articles": "/articles",
    "articles-without-quotations": "/articles?without_quotations=true",
    "review": "/review",
    "progress": "/review/progress",
    "decisions": "/decisions",
    "runs": "/runs",
    "account": "/account",
    "claims": "/claims",
    "articles-behind": "/articles?behind=3",
    "run": "/runs/1",
}
PICTURED = ("answer", "utterance", "article", "speaker", "review", "runs")


# Of a module, because Playwright keeps an event loop running in this thread, which other files must not meet.
@pytest.fixture
def page_store(newsroom: Path) -> str:
    """The database of the page, in SQLite only: what a browser does with a page does not depend on the system."""
    return str(newsroom)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def reading_site(ingested: Path, embedder: Embedder) -> Iterator[str]:
    """The address of a page that no test changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_module, "load_question_embedder", lambda _name: embedder)
        with open_database(ingested) as opened, served(opened) as address:
            yield address


@pytest.fixture
def site(db: Database) -> Iterator[str]:
    """The address of a page over a newsroom that the test may change."""
    with served(db) as address:
        yield address


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    with window(browser, DESK) as page:
        yield page


def test_ask_read_correct_and_undo(desk: Page, site: str, db: Database, newsroom: Path) -> None:
    doubt = next(each for each in db.review.queue() if each.sighting.speaker)
    wrong, words, number = doubt.sighting.speaker, doubt.sighting.words, int(doubt.sighting.id)

    desk.goto(site)
    desk.get_by_role("textbox", name="Question").fill(f"What did {wrong} say?")
    desk.keyboard.press("Enter")
    desk.locator(f'a[href="/utterances/{db.utterance_of(number)}"]').first.click()
    expect(desk.locator(".said").first).to_contain_text(words[:40])

    desk.get_by_role("link", name="article", exact=True).first.click()
    article = int(desk.url.rpartition("/")[2].partition("#")[0])
    text, lit = lit_characters(desk)
    assert (text.strip(), lit) == (db.articles.text(article).strip(), quoted_characters(db, article))

    desk.goto(f"{site}/review")
    while words[:40] not in desk.locator("main blockquote").first.inner_text():
        desk.keyboard.press("j")
        desk.wait_for_url("**at=*")
    desk.keyboard.press("s")
    desk.keyboard.type("Nils Aker")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Decided")

    assert answered(desk, site, newsroom, "Nils Aker") == ([words], [words], [words])
    desk.goto(f"{site}/?speaker=Nils+Aker")
    expect(desk.locator(".said")).to_contain_text(words[:40])

    desk.goto(f"{site}/utterances/{db.utterance_of(number)}")
    expect(desk.locator("main")).to_contain_text("Decided by a person: speaker.")
    desk.goto(f"{site}/decisions")
    desk.get_by_role("button", name="Undo").click()
    assert answered(desk, site, newsroom, "Nils Aker") == ([], [], [])
    assert words in answered(desk, site, newsroom, wrong)[0]


def test_a_decision_of_review_is_undone_by_its_key(desk: Page, site: str, db: Database) -> None:
    desk.goto(f"{site}/review")
    desk.keyboard.press("x")
    expect(desk.get_by_role("status")).to_contain_text("Decided")
    assert len(db.review.corrections()) == 1
    desk.wait_for_load_state()  # the script of the keys comes last
    desk.keyboard.press("u")
    expect(desk.get_by_role("status")).to_have_count(0)
    assert not db.review.corrections()


def test_a_speaker_stays_while_the_topic_changes_and_goes_with_the_name(desk: Page, reading_site: str) -> None:
    opened(desk, reading_site, "speaker")
    desk.get_by_role("link", name="all of them").click()
    one = desk.url.partition("speaker_id=")[2]
    desk.get_by_label("Topic").fill("ferry")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**about=ferry*")
    assert desk.url == f"{reading_site}/?speaker_id={one}&about=ferry"
    expect(desk.get_by_label("Speaker")).to_have_value("Lucia Quill")
    expect(desk.locator("main")).to_contain_text(f"Only speaker {one} is asked for.")
    assert faults(desk) == []
    desk.get_by_label("Speaker").fill("Ragna Telle")
    desk.get_by_role("button", name="Change").click()
    desk.wait_for_url("**speaker=Ragna*")
    assert desk.url == f"{reading_site}/?speaker=Ragna+Telle&about=ferry"


@pytest.mark.parametrize("is_backwards", [False, True], ids=["forwards", "backwards"])
def test_a_drag_over_bars_chooses_their_days_and_a_click_those_of_one(
    desk: Page, reading_site: str, is_backwards: bool
) -> None:
    desk.goto(f"{reading_site}/?since=2026-03-01")
    bars = desk.locator(".timeline a")
    windows = [days_of(reading_site + str(bar.get_attribute("href"))) for bar in bars.all()]
    assert len(windows) > 4
    ends = [center_of(bars.nth(place)) for place in ((3, 1) if is_backwards else (1, 3))]
    desk.mouse.move(*ends[0])
    desk.mouse.down()
    desk.mouse.move(*ends[1], steps=5)
    expect(desk.locator(".timeline a.chosen")).to_have_count(3)
    desk.mouse.up()
    desk.wait_for_url("**until=*")
    assert days_of(desk.url) == (windows[1][0], windows[3][1])
    expect(desk.get_by_label("Until")).to_have_value(windows[3][1])
    desk.goto(f"{reading_site}/?since=2026-03-01")
    bars.nth(2).click()
    desk.wait_for_url("**until=*")
    assert days_of(desk.url) == windows[2]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_fault(browser: Browser, reading_site: str, name: str, dark: bool) -> None:
    with window(browser, DESK, dark=dark) as page:
        opened(page, reading_site, name)
        assert faults(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_fault_where_users_sign_in(browser: Browser, db: Database, dark: bool) -> None:
    db.users.add("ines", "a long and secret line", "reviewer")
    with served(db, has_sign_in=True) as address, window(browser, DESK, dark=dark) as page:
        page.goto(f"{address}/review")
        assert faults(page) == []
        page.get_by_label("Name").fill("ines")
        page.get_by_label("Password").fill("a long and secret line")
        page.keyboard.press("Enter")
        page.wait_for_url("**/review")
        page.goto(f"{address}/account")
        assert faults(page) == []


@pytest.mark.parametrize("path", ["/claims", "/claims/1"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_talking_points_have_no_fault_and_fit_a_phone(
    browser: Browser, claims_store: Path, path: str, dark: bool
) -> None:
    with (
        open_database(claims_store, read_only=True) as db,
        served(db) as address,
        window(browser, PHONE, dark=dark) as page,
    ):
        page.goto(address + path)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, reading_site: str, name: str) -> None:
    with window(browser, PHONE) as page:
        opened(page, reading_site, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", PICTURED)
def test_pictures_are_kept(browser: Browser, reading_site: str, name: str, width: int) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    for dark in (False, True):
        with window(browser, width, dark=dark) as page:
            opened(page, reading_site, name)
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}{'-dark' if dark else ''}.png", full_page=True)


def test_the_picture_of_the_readme_is_small_and_made_here(browser: Browser, reading_site: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    with window(browser, 1000) as page:
        opened(page, reading_site, "answer")
        drawn = page.screenshot(path=SCREENSHOTS / "page.png", clip={"x": 0, "y": 0, "width": 1000, "height": 640})
    if not README_PICTURE.exists():
        README_PICTURE.parent.mkdir(exist_ok=True)
        README_PICTURE.write_bytes(drawn)
    assert max(len(drawn), README_PICTURE.stat().st_size) < 150_000


def test_what_is_printed_on_paper_has_no_forms(browser: Browser, reading_site: str) -> None:
    with window(browser, DESK) as page:
        opened(page, reading_site, "utterance")
        page.emulate_media(media="print")
        expect(page.locator(".said").first).to_be_visible()
        for hidden in ("header", "form", "button"):
            assert not any(each.is_visible() for each in page.locator(hidden).all())


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(desk: Page, reading_site: str) -> None:
    opened(desk, reading_site, "speakers")
    desk.keyboard.press("Tab")
    link = desk.get_by_role("link", name="To the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    assert link.evaluate("(each) => getComputedStyle(each).outlineStyle") == "solid"
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("textbox", name="Name")).to_be_focused()


def opened(page: Page, site: str, name: str) -> None:
    answer = page.goto(site + PAGES[name])
    assert answer is not None and answer.ok
    if name == "speaker":
        page.get_by_role("link", name="Lucia Quill", exact=True).click()


def days_of(address: str) -> tuple[str, str]:
    """Return the first and the last day that an address asks for."""
    asked = parse_qs(urlsplit(address).query)
    return asked["since"][0], asked["until"][0]


def center_of(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def faults(page: Page) -> list[str]:
    """Return what axe-core finds, each with the first element that has it."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:120]}" for each in found]


def lit_characters(page: Page) -> tuple[str, set[int]]:
    """Return the text of an article as the browser shows it, and the places of its lit quoted characters."""
    text, lit = page.evaluate(
        """() => {
          let text = '';
          const lit = [];
          const walk = (node, isLit) => {
            if (node.nodeName === 'SUP') return;
            if (node.nodeType !== Node.TEXT_NODE) {
              node.childNodes.forEach((child) => walk(child, isLit || node.classList.contains('words')));
              return;
            }
            for (const character of node.data) {
              if (isLit) lit.push([...text].length);
              text += character;
            }
          };
          walk(document.querySelector('.article'), false);
          return [text, lit];
        }"""
    )
    return text, set(lit)


def quoted_characters(db: Database, article: int) -> set[int]:
    """Return the places of the quoted characters in the stored text of an article."""
    sightings = [sighting for _, sighting in db.articles.show(article).quotations if sighting.is_current]
    return {place for each in sightings for part in each.parts for place in range(part.start, part.end)}


def answered(page: Page, site: str, database: Path, speaker: str) -> tuple[list[str], list[str], list[str]]:
    """Return the words of a speaker by the page, its CSV and the command line."""
    asked = page.request.get(f"{site}/ask.json", params={"speaker": speaker}).json()
    rows = csv.DictReader(io.StringIO(page.request.get(f"{site}/ask.csv", params={"speaker": speaker}).text()))
    printed = quotetrack("ask", "--speaker", speaker, "--json", "--database", database)
    return (
        [each["words"] for each in asked["utterances"]],
        [row["words"] for row in rows],
        [each["words"] for each in json.loads(printed.stdout)["utterances"]],
    )
