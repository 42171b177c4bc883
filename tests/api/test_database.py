"""The object that a program or notebook keeps: `quotetrack.open`."""

from __future__ import annotations

import csv
import io
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import quotetrack
from quotetrack import Article, Database, QuotetrackError
from quotetrack.api import database as database_module
from quotetrack.api.connection import WrongArgument
from quotetrack.core.settings import Settings
from quotetrack.export import COLUMNS
from quotetrack.models.embedder import Embedder
from quotetrack.sample import folder
from quotetrack.store.lock import run_lock
from quotetrack.store.speakers import read_speakers

pytest_plugins = ("tests.filled_store",)

BARRIER = "What did Ragna Telle say about the storm barrier?"
HURT = "People were hurt, and I was wrong to say otherwise"
FERRY = "SALTMERE, March 11 - “The ferry will sail again,” said Orla Venn, the harbour master."


@pytest.fixture
def db(newsroom: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The sample newsroom, which the test may change; the embedder is that of the session."""
    monkeypatch.setattr(database_module, "load_question_embedder", lambda _name: embedder)
    with quotetrack.open(newsroom) as opened:
        yield opened


def test_the_object_and_what_it_returns_have_short_names(db: Database, newsroom: Path) -> None:
    assert repr(db) == f"Database({str(newsroom)!r})"
    assert repr(db.ask(BARRIER, limit=1)) == f"<answer to {BARRIER!r}: 1 of 2 utterances>"
    assert repr(db.find("paint and promises")) == "<2 utterances near 'paint and promises'>"
    assert repr(db.show(1)) == "<utterance 1 of Ragna Telle: 5 sightings>"


def test_a_printed_answer_reads_as_the_command_prints_it(db: Database) -> None:
    lines = str(db.ask(BARRIER, limit=1)).splitlines()
    assert lines[0] == "Speaker: Ragna Telle. Topic: the storm barrier."
    assert lines[2].startswith("“The barrier will not hold another winter")
    assert lines[3].strip().startswith("Ragna Telle, ")
    assert lines[-1] == "1 of 2 utterances."
    assert "No speaker is called Nobody Known." in str(db.ask("What did Nobody Known say?"))
    assert "choose one with speaker=." in str(db.ask("What did Lindqvist say?"))


def test_arguments_override_the_question(db: Database) -> None:
    answer = db.ask(BARRIER, speaker="Lucia Quill", about="jam", since="2026-03-01", until=date(2026, 4, 1))
    understood = answer.understood
    assert (understood.speaker, understood.about) == ("Lucia Quill", "jam")
    assert (understood.since, understood.until) == (date(2026, 3, 1), date(2026, 4, 1))


def test_pages_follow_one_another(db: Database) -> None:
    pages = [db.ask(BARRIER, limit=1, page=page).utterances[0].utterance.id for page in (1, 2)]
    assert pages == [found.utterance.id for found in db.ask(BARRIER).utterances]


def test_the_rows_of_an_answer_have_the_columns_of_the_csv(db: Database) -> None:
    rows = db.ask(BARRIER, limit=None).rows()
    assert list(rows[0]) == ["rank", "score", "certain", *COLUMNS]
    assert [row["link_kind"] for row in rows[:3]] == ["itself", "exact", "contained"]


def test_remembered_words_are_found_with_what_differs(db: Database) -> None:
    found = db.find("paint and promises keeps the sea out")
    assert found[0].utterance.speaker == "Ragna Telle" and len(found) == 1
    assert "2 words differ: paint and promises [-keeps-] {+will keep+} the sea out" in str(found)
    assert str(db.find("zebras")) == "No stored quotation is close to these words."


def test_an_utterance_is_shown_with_its_evidence(db: Database) -> None:
    text = str(db.show(1))
    assert "3 wordings:" in text and "Evidence:" in text


def test_the_export_is_that_of_the_command(db: Database, tmp_path: Path) -> None:
    written = db.export(tmp_path / "all.csv")
    rows = list(csv.DictReader((tmp_path / "all.csv").read_text("utf-8").splitlines()))
    assert written == len(rows) == 45
    assert (tmp_path / "all.codebook.md").exists() and (tmp_path / "datapackage.json").exists()
    out = io.StringIO(newline="")
    assert db.export(out, min_confidence=0.99) < written
    assert out.getvalue().startswith("utterance,")


def test_the_form_of_an_export_is_that_of_its_name(db: Database, tmp_path: Path) -> None:
    chosen = {"speaker": "Ragna Telle", "min_words": 8}
    names = ("q.csv", "q.xlsx", "q.parquet", "q.bib", "q.ris", "q.csl.json", "q.jsonld")
    assert {db.export(tmp_path / name, **chosen) for name in names} == {8}
    assert (tmp_path / "q.parquet").is_dir() and (tmp_path / "q.ris").read_text("utf-8").startswith("TY  - NEWS")
    assert db.export(tmp_path / "list", form="bibtex", **chosen) == 8
    assert (tmp_path / "list").read_bytes() == (tmp_path / "q.bib").read_bytes()
    with pytest.raises(WrongArgument, match="no form 'word'"):
        db.export(tmp_path / "q.docx", form="word")
    with pytest.raises(WrongArgument, match="give a path"):
        db.export(io.StringIO(), form="xlsx")


def test_articles_and_files_are_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with quotetrack.open(path, create=True) as db:
        report = db.ingest(Article(url="https://harbourpost.example/ferry", outlet="harbourpost", text=FERRY))
        assert (report.new, report.quotations) == (1, 1)
        (tmp_path / "a.txt").write_text("Title\n\n“Nobody asked us,” said Tadeo Brisk.\n", "utf-8")
        report = db.ingest(
            [str(tmp_path / "a.txt"), tmp_path / "missing.txt"], outlet="dockside", published="2031-03-09"
        )
        assert (report.new, report.quotations, len(report.failures)) == (1, 2, 1)
        (found,) = db.ask("What did Tadeo Brisk say?").utterances
        assert (found.utterance.outlets, found.utterance.longest.published_on) == (["dockside"], date(2031, 3, 9))


def test_decisions_show_in_the_next_answer(db: Database) -> None:
    (telle,) = db.speakers.list("Ragna Telle")
    assert db.speakers.rename("Ragna Telle", "The Minister").id == telle.id
    assert "The Minister, " in str(db.ask(BARRIER))
    kept = db.speakers.merge("Lucia Quill", telle.id)
    assert (kept.id, len(kept.ids)) == (telle.id, 2)
    absorbed = kept.ids[1]
    assert db.speakers.revoke_merge(absorbed).name == "Lucia Quill"
    assert db.speakers.list(limit=1)[0].quotations == telle.quotations
    assert db.speakers.split("Ragna Telle").name == "Ragna Telle"


@pytest.mark.parametrize("limit", [0, -1])
def test_a_list_has_at_least_one_entry(db: Database, limit: int) -> None:
    for read in (db.speakers.list, db.claims.list):
        with pytest.raises(WrongArgument):
            read(limit=limit)


def test_two_sightings_are_judged(db: Database) -> None:
    done = db.review.judge(1, 23, same=False, by="M. K.", reason="another day")
    (judgement,) = db.review.judgements()
    assert (judgement.id, judgement.same, judgement.decided_by) == (done.id, False, "M. K.")
    assert 23 not in [sighting.id for sighting in db.show(1).utterance.sightings]
    assert "different, by M. K." in str(db.show(1))
    assert db.review.undo_judgement(done.id).is_applied
    assert 23 in [sighting.id for sighting in db.show(1).utterance.sightings]
    assert db.review.judgements() == []


def test_quotations_are_corrected(db: Database) -> None:
    (done,) = db.review.correct(4, speaker="Petra Vance", by="M. K.")
    (correction,) = db.review.corrections()
    assert (correction.id, correction.value, correction.decided_by) == (done.id, "Petra Vance", "M. K.")
    (found,) = db.find(HURT)
    assert found.utterance.speaker == "Petra Vance"
    assert "Decided by a person: speaker." in db.find(HURT)._repr_html_()
    assert "speaker: Petra Vance, by M. K." in str(db.show(found.utterance.id))
    db.review.undo_correction(done.id)
    assert db.find(HURT)[0].utterance.speaker == "Bram Oster"
    db.review.correct(4, day=date(2026, 3, 2))
    assert db.find(HURT)[0].sighting.said.first == date(2026, 3, 2)
    db.review.correct(4, not_a_quotation=True)
    assert len(db.find(HURT)) == 0


def test_missed_words_are_added(db: Database) -> None:
    url = db.show(1).utterance.longest.url
    words = "the calm months"
    done = db.review.add_missed(url, words, speaker="Ragna Telle")
    found = db.find(words)[0]
    assert (found.utterance.speaker, found.alike) == ("Ragna Telle", 1.0)
    assert "Decided by a person: " in db.find(words)._repr_html_()
    db.review.undo_correction(done.id)
    assert all(found.alike < 1 for found in db.find(words))


def test_articles_are_put_right_and_removed(db: Database, newsroom: Path) -> None:
    (article,) = db.articles.list(outlet="Capital Ledger")
    assert [each.id for each in db.articles.list(since="2026-03-15", until=date(2026, 3, 15)) if each.id == article.id]
    (decision,) = db.articles.set("capitalledger.example", published="2026-03-14", by="M. K.", reason="the first page")
    assert (decision.value, decision.decided_by) == ("2026-03-14", "M. K.")
    (found,) = db.find(HURT)
    assert found.sighting.published_on == date(2026, 3, 14)
    assert "Decided by a person: published." in str(db.show(found.utterance.id))
    assert [each.id for each in db.articles.show(article.id).decisions] == [decision.id]
    db.articles.undo(decision.id)
    assert db.find(HURT)[0].sighting.published_on == date(2026, 3, 15)
    db.articles.remove(article.id, reason="withdrawn")
    assert len(db.find(HURT)) == 0 and db.articles.show(article.id).quotations == ()
    with closing(sqlite3.connect(newsroom)) as connection:
        assert list(connection.execute("SELECT * FROM sightings_v WHERE outlet = 'Capital Ledger'")) == []


def test_decisions_go_into_another_database(db: Database, tmp_path: Path) -> None:
    db.review.correct(4, speaker="Petra Vance", by="M. K.")
    db.speakers.rename("Ragna Telle", "The Minister")
    assert db.review.export_decisions(tmp_path / "decisions.json") >= 2
    with quotetrack.open(tmp_path / "other.db", create=True) as other:
        imported = other.review.import_decisions(str(tmp_path / "decisions.json"))
        assert imported.refused == [] and imported.waiting == 1
        other.ingest(folder())
        assert other.find(HURT)[0].utterance.speaker == "Petra Vance"
        assert "The Minister, " in str(other.ask(BARRIER))


def test_the_queue_has_what_to_look_at_next(db: Database) -> None:
    queue = db.review.queue(limit=3)
    assert 0 < len(queue) <= 3
    assert [doubt.weight for doubt in queue] == sorted((doubt.weight for doubt in queue), reverse=True)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda db: db.ask(BARRIER, since="soon"), "'soon' is not a date: write 2026-03-11"),
        (lambda db: db.ask(BARRIER, limit=0), "a limit is 1 or more"),
        (lambda db: db.ask(BARRIER, outlet="nowhere"), "No stored outlet is called 'nowhere'"),
        (lambda db: db.show(999), "there is no utterance 999"),
        (lambda db: db.speakers.show("Nobody"), "No speaker is called Nobody"),
        (lambda db: db.speakers.rename(999, "X"), "There is no speaker 999"),
        (lambda db: db.speakers.merge("Lindqvist", "Ragna Telle"), "Several speakers are called Lindqvist"),
        (lambda db: db.speakers.revoke_merge(4), "speaker 4 is not merged"),
        (lambda db: db.speakers.split("Ragna Telle"), "'Ragna Telle' is the only name"),
        (lambda db: db.review.judge(1, 999, same=True), "there is no sighting 999"),
        (lambda db: db.review.judge(1, 1, same=True), "1"),
        (lambda db: db.review.correct(1), "give one of speaker, day, words and not_a_quotation"),
        (lambda db: db.review.correct(1, speaker="A. B.", not_a_quotation=True), "give one of"),
        (lambda db: db.review.correct(999, speaker="A. B."), "there is no sighting 999"),
        (lambda db: db.review.correct(1, day="soon"), "soon"),
        (lambda db: db.review.correct(1, words="zebras in the hall"), "the article does not have these words"),
        (lambda db: db.review.add_missed("https://nowhere.example/", "x"), "There is no article"),
        (lambda db: db.articles.show(999), "There is no article 999"),
        (lambda db: db.articles.set("example", title="X"), "Several articles fit example"),
        (lambda db: db.articles.set(1), "give at least one of outlet, published, title, author, url"),
        (lambda db: db.articles.set(1, title=" "), "title is blank"),
        (lambda db: db.articles.set(1, url="page 7"), "'page 7' is not a web address"),
        (lambda db: db.articles.undo(99), "99"),
        (lambda db: db.review.undo_correction(99), "no correction 99 is in force"),
        (lambda db: db.review.undo_judgement(99), "no judgement 99 is in force"),
    ],
)
def test_what_cannot_be_is_one_sentence(db: Database, call: object, says: str) -> None:
    with pytest.raises(QuotetrackError) as raised:
        call(db)
    assert says in str(raised.value) and "\n" not in str(raised.value)


def test_a_database_is_created_only_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with pytest.raises(QuotetrackError, match=r"there is no database at .*new\.db: .*create=True"):
        quotetrack.open(path)
    assert not path.exists()
    quotetrack.open(f"sqlite:///{path}", create=True).close()
    assert path.exists()
    with pytest.raises(QuotetrackError, match="names a database that quotetrack does not know"):
        quotetrack.open("mysql://host/news")


def test_a_closed_database_says_so(newsroom: Path) -> None:
    db = quotetrack.open(newsroom)
    db.close()
    db.close()
    with pytest.raises(QuotetrackError, match=r"newsroom\.db is closed"):
        db.find("paint")


def test_a_database_opened_read_only_is_not_changed(newsroom: Path) -> None:
    before = newsroom.read_bytes()
    with quotetrack.open(newsroom, read_only=True) as db:
        assert db.find("paint and promises")
        with pytest.raises(QuotetrackError, match="cannot be written"):
            db.speakers.rename("Ragna Telle", "X")
    assert newsroom.read_bytes() == before


def test_taking_in_waits_for_no_other_run(db: Database, newsroom: Path) -> None:
    with run_lock(f"sqlite:///{newsroom}"), pytest.raises(QuotetrackError, match="in use by another run"):
        db.ingest(folder())


def test_the_embedder_is_loaded_by_the_first_question_with_a_topic_and_kept(
    newsroom: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(database_module, "load_question_embedder", lambda name: loaded.append(name) or embedder)
    with quotetrack.open(newsroom, settings=Settings(embedding_model="ours")) as db:
        db.find("paint and promises")
        db.ask("What did Ragna Telle say?")
        assert loaded == []
        db.ask(BARRIER)
        db.ask(BARRIER)
    assert loaded == ["ours"]


def test_without_the_embedder_words_are_searched_with_one_warning(newsroom: Path, tmp_path: Path) -> None:
    with quotetrack.open(newsroom, settings=Settings(embedding_model=str(tmp_path / "none"))) as db:
        with pytest.warns(UserWarning, match="Searching by words only: The embedding model"):
            assert db.ask(BARRIER).utterances
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert db.ask(BARRIER).utterances


def test_what_is_read_at_once_is_of_one_moment_while_another_process_writes(db: Database, newsroom: Path) -> None:
    with db._connection.session() as session:
        before = read_speakers(session)
        session.expire_all()
        with closing(sqlite3.connect(newsroom)) as writer, writer:
            writer.execute("UPDATE speakers SET name = 'Somebody Else'")
        assert read_speakers(session) == before
    assert {speaker.name for speaker in db.speakers.list()} == {"Somebody Else"}


def test_threads_may_ask_at_once(db: Database) -> None:
    expected = str(db.ask(BARRIER))
    together = threading.Barrier(6)

    def ask(_number: int) -> str:
        together.wait()
        return str(db.ask(BARRIER))

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(ask, range(6))) == {expected}
