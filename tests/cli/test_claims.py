"""The commands `claims`, and the same in Python. All articles are invented."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.claims_articles import ARTICLES, CONTRARY, SPEAKERS, WORDS, ingest
from tests.cli_runner import quotetrack

import quotetrack as api
from quotetrack.render.days import short_day
from quotetrack.search.talking_points import PointNotFound

pytest_plugins = ("tests.claims_store",)
pytestmark = pytest.mark.slow


def run(database: Path, *arguments: str) -> str:
    done = quotetrack("claims", *arguments, "--database", database)
    assert done.exit_code == 0, done.output
    return done.stdout


def listed(database: Path, *arguments: str) -> list[int]:
    return [point["id"] for point in json.loads(run(database, "list", *arguments, "--json"))]


def test_the_list_says_what_is_said_by_whom_and_where(claims_store: Path) -> None:
    assert run(claims_store, "list") == (
        f"1. “{WORDS[0]}” 3 statements, 3 outlets, 2 Mar 2031 to 2 May 2031; {', '.join(SPEAKERS)}\n"
    )


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--about", "barrier"), [1]),
        (("--about", "kitchens"), []),
        (("--speaker", "Lucia Quill"), [1]),
        (("--speaker", "Tadeo Brisk"), []),
        (("--since", "2031-05-01"), [1]),
        (("--since", "2031-06-01"), []),
        (("--until", "2031-03-01"), []),
    ],
)
def test_options_narrow_the_list(claims_store: Path, options: tuple[str, ...], ids: list[int]) -> None:
    assert listed(claims_store, *options) == ids


def test_a_point_shows_who_said_it_first_who_took_it_up_and_what_contradicts_it(claims_store: Path) -> None:
    shown = run(claims_store, "show", "1")
    places = [shown.index(f"“{words}”") for words in (*WORDS, CONTRARY)]
    assert places == sorted(places)
    assert shown.index(WORDS[2]) < shown.index("Statements that contradict it:") < shown.index(CONTRARY)
    assert "  Ragna Telle, 10 Apr 2031 (from “Thursday”, paragraph 2)\n  northernpost; agrees" in shown


def test_the_json_has_the_statements_and_their_days(claims_store: Path) -> None:
    point = json.loads(run(claims_store, "show", "1", "--json"))
    assert [each["speaker"] for each in point["statements"]] == point["speakers"] == list(SPEAKERS)
    assert (point["first"], point["last"], point["outlets"]) == (
        "2031-03-02",
        "2031-05-02",
        ["ember", "harbourpost", "northernpost"],
    )
    assert [each["speaker"] for each in point["contradicted_by"]] == ["Tadeo Brisk"]
    assert all(0.7 <= each["chance"] <= 1.0 for each in point["statements"])


def test_a_number_that_does_not_exist_is_an_error(claims_store: Path) -> None:
    done = quotetrack("claims", "show", "9", "--database", claims_store)
    assert (done.exit_code, done.stdout) == (1, "") and "no talking point 9" in done.stderr


def hints(database: Path, *arguments: str) -> str:
    """Return what the list says beside the talking points."""
    done = quotetrack("claims", "list", *arguments, "--database", database)
    assert done.exit_code == 0, done.output
    return done.stderr


def test_the_list_says_whether_an_update_would_find_more(tmp_path: Path) -> None:
    database, today = tmp_path / "news.db", short_day(datetime.now(UTC))
    ingest(list(ARTICLES[:1]), database)
    assert hints(database) == "Nobody has looked for talking points yet. Find them: quotetrack claims update\n"
    run(database, "update")
    assert hints(database) == f"The last update, on {today}, found no talking point.\n"
    ingest(list(ARTICLES), database)
    newer = f"Statements were stored since the last update, on {today}. Compare them too: quotetrack claims update\n"
    assert hints(database) == f"The last update, on {today}, found no talking point.\n{newer}"
    run(database, "update")
    assert hints(database) == ""
    assert hints(database, "--about", "kitchens") == "No talking point matches.\n"
    ingest(
        [{**ARTICLES[0], "text": "“The herring will not come back,” said Ines Lund.\n", "url": "https://a.example/9"}],
        database,
    )
    assert listed(database) == [1] and hints(database) == newer


def test_an_update_is_a_run_with_its_counts(claims_store: Path) -> None:
    (last, *_) = json.loads(quotetrack("runs", "list", "--json", "--database", claims_store).stdout)
    assert (last["command"], last["counts"]["talking_points"], last["counts"]["new"]) == ("claims update", 1, 1)


def test_a_point_keeps_its_number_when_a_statement_comes_and_follows_decisions(
    claims_store: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(claims_store, tmp_path / "news.db"))
    words = "I tell you that the Saltmere barrier will not survive another winter"
    new = {"text": f"The baker was asked too.\n\n“{words},” said Ines Lund, the baker, on Monday.\n"}
    ingest([{**ARTICLES[0], **new, "url": "https://daily.example/4", "published": "2031-06-03"}], database)
    assert json.loads(run(database, "update", "--json"))["new"] == 0
    with api.open(database) as opened:
        point = opened.claims.show(1)
        assert point.speakers == [*SPEAKERS, "Ines Lund"]
        opened.speakers.rename("Ines Lund", "Ines Lund-Venn")
        assert opened.claims.show(1).speakers[-1] == "Ines Lund-Venn"
        assert [each.id for each in opened.claims.list(about="barrier", speaker="Orla Venn")] == [1]
        with pytest.raises(PointNotFound):
            opened.claims.show(9)


def test_a_removed_article_leaves_the_point(claims_store: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(claims_store, tmp_path / "news.db"))
    with api.open(database) as opened:
        opened.articles.remove(ARTICLES[1]["url"], reason="asked for")
        assert opened.claims.show(1).speakers == [SPEAKERS[0], SPEAKERS[2]]


def correct(database: Path, words: str, *correction: str) -> None:
    """Correct the quotation with these words."""
    with api.open(database) as opened:
        (sighting,) = [s.id for u in opened.utterances() for s in u.sightings if words.strip(",") in s.words]
    done = quotetrack("review", "correct", str(sighting), *correction, "--by", "M. K.", "--database", database)
    assert done.exit_code == 0, done.output


def test_a_statement_with_other_words_is_left_out_until_the_next_update(claims_store: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(claims_store, tmp_path / "news.db"))
    correct(database, WORDS[2], "--words", WORDS[2].removeprefix("This "))
    shown = run(database, "show", "1")
    assert "Left out, as changed or gone since the last update: 1 statement. Run: quotetrack claims update" in shown
    assert SPEAKERS[2] not in shown and CONTRARY not in shown
    run(database, "update")
    assert "Left out" not in run(database, "show", "1")


def test_without_its_centre_a_point_tells_no_agreement(claims_store: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(claims_store, tmp_path / "news.db"))
    centre = json.loads(run(database, "show", "1", "--json"))["words"]
    correct(database, centre, "--not-a-quotation")
    (shown, point) = run(database, "show", "1"), json.loads(run(database, "show", "1", "--json"))
    assert "has changed or is gone since the last update" in shown
    assert "agrees" not in shown and "compared with this one" not in shown and CONTRARY not in shown
    assert point["outdated"] and {each["chance"] for each in point["statements"]} == {None}


def test_an_unsure_speaker_is_shown_as_unsure(claims_store: Path) -> None:
    (first, *_) = json.loads(run(claims_store, "show", "1", "--json"))["statements"]
    assert 0 < first["speaker_confidence"] <= 1 and (first["cue"], first["reported"]) == (None, False)
