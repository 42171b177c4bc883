"""An exported row holds if it is as the evidence says, whatever a spreadsheet did to the file; every forgery fails."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quotetrack.core.domain import Article, Sighting, Span, Utterance
from quotetrack.core.normalize import version_sha256
from quotetrack.core.parts import OMISSION
from quotetrack.export import COLUMNS, write_csv
from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.ingest.html import article as pages
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.pipeline.verification import NotAnExport, Step, Verdict, Verified, verify_csv

TEXT = (
    "The harbour master has spoken.\n\n"
    "“=We will sail again,” said Orla Venn on Monday. “And we will sail soon.” The hall was silent for a while.\n"
    "Nobody moved, not even the mayor. “Nobody told\r\nus,” she said then.\n\n"
    "High water is at noon."
)
LINE = {"text": TEXT, "title": "Ferry", "url": "https://tide.example/ferry", "author": "Bo Lind"}
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Ferry to sail</title>
<link rel="canonical" href="https://tide.example/ferry"><meta name="author" content="Bo Lind">
<meta property="article:published_time" content="2031-03-10T18:40:00+01:00"></head><body><article><h1>Ferry to sail</h1>
<p>“We will sail again,” said Orla Venn, the harbour master, on Monday, and the hall was silent for a while.</p>
<p>The café is free until the ferry sails again, and it will stay open through the night, the town said.</p>
</article></body></html>"""
OTHER_PAGE = PAGE.replace("silent", "quiet")

Forge = Callable[[dict[str, str]], dict[str, str]]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def exported(tmp_path: Path, evidence: Path) -> Callable[..., dict[str, str]]:
    """Read a file, keep its bytes, and return the row of a quotation of these parts, as it is exported."""

    def _exported(name: str, data: bytes, *parts: str, mention: str = "Orla Venn", **found: object) -> dict[str, str]:
        (tmp_path / name).write_bytes(data)
        (article,) = read_path(tmp_path / name, outlets=load_outlets())
        assert isinstance(article, Article) and article.evidence is not None
        archive(evidence, article.evidence)
        return row_of(article, parts, mention, **found)

    return _exported


def row_of(article: Article, parts: tuple[str, ...], mention: str, **found: object) -> dict[str, str]:
    text = article.text
    spans = tuple(Span(text.index(part), text.index(part) + len(part)) for part in parts)
    named = Span(text.index(mention), text.index(mention) + len(mention)) if mention in text else None
    sighting = Sighting(
        id=7,
        words=str(found.pop("words", " ".join(parts))),
        outlet=article.outlet,
        published_at=article.published_at,
        url=article.url,
        title=article.title,
        author=article.byline,
        version_sha256=version_sha256(article.title, text),
        parts=spans,
        context_before=text[spans[0].start - 1 : spans[0].start],
        context_after=text[spans[-1].end : spans[-1].end + 12],
        mention=named,
        mention_words=mention if named else None,
        evidence_sha256=article.evidence_sha256,
    )
    out = io.StringIO(newline="")
    write_csv([Utterance(1, (replace(sighting, **found),))], out)
    return next(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def verified(rows: list[dict[str, str]], evidence: Path | None) -> list[Verified]:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return list(verify_csv(io.StringIO(out.getvalue(), newline=""), evidence))


def failures(row: dict[str, str], evidence: Path) -> dict[Step, str]:
    (result,) = verified([row], evidence)
    return {check.step: check.reason or "" for check in result.checks if check.verdict is Verdict.FAILS}


# What holds


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", TEXT.encode(), "=We will sail again,"),
        ("a", TEXT.encode(), "=We will sail again,"),
        ("a.txt", TEXT.encode("utf-16"), "=We will sail again,"),
        ("a.txt", TEXT.replace("\r\n", " ").encode("cp1252"), "=We will sail again,"),
        ("a.txt", b'{ "text" is the first word. ' + TEXT.encode(), "=We will sail again,"),
        ("a.txt.gz", gzip.compress(TEXT.encode()), "=We will sail again,"),
        ("a.jsonl", json.dumps(LINE).encode() + b"\n", "=We will sail again,"),
        ("a.jsonl", json.dumps({"text": TEXT}).encode(), "Nobody told\r\nus,"),
        ("a.html", PAGE.encode(), "We will sail again,"),
        ("a.html", PAGE.encode("cp1252"), "We will sail again,"),
        ("a.htm", PAGE.partition("<article>")[2].encode(), "We will sail again,"),
        ("a.html", PAGE.replace("/ferry", "/ferry#top").encode(), "We will sail again,"),
        ("a.html", f"<!-- saved --> {PAGE}".replace("https://tide.example/ferry", "").encode(), "We will sail again,"),
    ],
)
def test_a_row_holds_whatever_it_was_read_from(exported, evidence, name, data, words) -> None:
    (result,) = verified([exported(name, data, words)], evidence)
    assert [(check.step, check.verdict, check.reason) for check in result.checks] == [
        (step, Verdict.HOLDS, None) for step in Step
    ]
    assert (result.where, result.verdict) == ("row 2, sighting 7", Verdict.HOLDS)


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: (
            "\ufeff" + converted(text, columns=["words", *(column for column in COLUMNS if column != "words")])
        ),
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("'=", "="),
        lambda text: converted(text, delimiter=";"),
        lambda text: converted(text, delimiter="\t", quoting=csv.QUOTE_ALL),
        lambda text: converted(text, columns=[*reversed(COLUMNS), "my notes"]),
        lambda text: converted(text, columns=["words", "parts", "version_sha256", "evidence_sha256"]),
    ],
    ids=["byte-order mark", "line ends", "apostrophes", "semicolons", "tabs", "columns moved", "columns removed"],
)
def test_a_row_holds_after_a_spreadsheet_saved_it(exported, evidence, saved) -> None:
    first, second = "=We will sail again,", "And we will sail soon."
    rows = [
        exported("a.txt", TEXT.encode(), first, second),
        exported("b.jsonl", json.dumps(LINE).encode(), "Nobody told\r\nus,", mention="she"),
    ]
    text = saved(converted("", rows=rows))
    results = list(verify_csv(io.StringIO(text, newline=""), evidence))
    assert [result.verdict for result in results] == [Verdict.HOLDS] * 2


def converted(text: str, rows: list[dict[str, str]] | None = None, columns: list[str] | None = None, **form) -> str:
    rows = rows or list(csv.DictReader(io.StringIO(text, newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns or COLUMNS, extrasaction="ignore", restval="", **form)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_what_a_person_decided_need_not_be_in_the_evidence(exported, evidence) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,", decided=("title", "author", "published", "url"))
    decided = {"title": "Mine", "author": "", "published": "2031-04-01", "url": "https://b.example/", "link": ""}
    assert failures(row | decided | {"published_at": ""}, evidence) == {}


# What fails


def changed(**cells: str) -> Forge:
    return lambda row: row | cells


def moved(by: int) -> Forge:
    def _moved(row: dict[str, str]) -> dict[str, str]:
        start, end = int(row["start"]) + by, int(row["end"]) + by
        return row | {"start": str(start), "end": str(end), "parts": f"[{start},{end})"}

    return _moved


FORGERIES = {
    "a changed character": (changed(words="We will bail again,"), Step.WORDS, "part 1 is “We will sail again,” in the"),
    "words added": (changed(words="We will never sail again,"), Step.FORM, "the words have not the lengths"),
    "words left out": (changed(words="We will sail"), Step.FORM, "the words have not the lengths"),
    "other characters": (moved(1), Step.WORDS, "part 1 is “e will sail again,”"),
    "characters behind the text": (moved(9_000), Step.WORDS, "the article ends at character"),
    "start of other words": (changed(start="0"), Step.FORM, "`start` and `end` are not those of `parts`"),
    "parts of another form": (changed(parts="1-20"), Step.FORM, "`parts` are not [start,end)"),
    "an empty part": (changed(parts="[20,20)"), Step.FORM, "`parts` are not [start,end)"),
    "another version": (changed(version_sha256="0" * 64), Step.VERSION, "the evidence of another version"),
    "no version": (changed(version_sha256=""), Step.FORM, "`version_sha256` is no SHA-256"),
    "another context": (changed(context_before="He denied: “"), Step.CONTEXT, "before the words"),
    "another context behind": (changed(context_after="” he lied."), Step.CONTEXT, "behind the words"),
    "another mention": (changed(mention="Olu Brandt"), Step.MENTION, "the mention is “Orla Venn” in the article"),
    "a cue that is not there": (changed(cue="admitted"), Step.MENTION, "the cue is “” in the article"),
    "another phrase of the day": (
        changed(said_phrase="on Friday"),
        Step.MENTION,
        "the phrase of the day is “” in the article, and “on Friday” here",
    ),
    "another title": (changed(title="Ferry sinks"), Step.ARTICLE, "`title` is “Ferry to sail” in the evidence"),
    "another author": (changed(author="Cy Marsh"), Step.ARTICLE, "`author` is “Bo Lind”"),
    "another day": (changed(published="2031-03-12"), Step.ARTICLE, "`published` is “2031-03-10”"),
    "another hour": (changed(published_at="2031-03-10T09:00:00Z"), Step.ARTICLE, "`published_at` is “2031-03-10T17:40"),
    "another page": (
        changed(url="https://tide.example/other", link="https://tide.example/other"),
        Step.ARTICLE,
        "`url` is “https://tide.example/ferry”",
    ),
    "a link to another page": (
        changed(link="https://b.example/#:~:text=We"),
        Step.FORM,
        "`link` leads to another page",
    ),
}


@pytest.mark.parametrize(("forge", "step", "reason"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_row_fails_with_the_reason(exported, evidence, forge, step, reason) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    assert failures(row, evidence) == {}
    assert reason in failures(forge(row), evidence)[step]


TWO_PARTS = ("=We will sail again,", "And we will sail soon.")


@pytest.mark.parametrize(
    ("forge", "step", "reason"),
    [
        (lambda row: row | one_part(row), Step.FORM, "the words have not the lengths"),
        (lambda row: row | {"parts": " ".join(reversed(row["parts"].split()))}, Step.FORM, "in order"),
        (lambda row: row | {"words": " ".join(reversed(TWO_PARTS))}, Step.FORM, "the words have not the lengths"),
        (
            lambda row: row | {"words": row["words"].replace("soon", "noon")},
            Step.WORDS,
            "part 2 is “And we will sail so",
        ),
    ],
    ids=["a part is missing", "parts in another order", "words in another order", "a changed second part"],
)
def test_forged_parts_fail(exported, evidence, forge, step, reason) -> None:
    row = exported("a.txt", TEXT.encode(), *TWO_PARTS)
    assert failures(row, evidence) == {}
    assert reason in failures(forge(row), evidence)[step]


def one_part(row: dict[str, str]) -> dict[str, str]:
    part = row["parts"].split()[0]
    return {"parts": part, "end": part.strip("[)").split(",")[1]}


def test_words_that_are_run_together_over_others_fail(exported, evidence) -> None:
    parts = ("And we will sail soon.", "Nobody told\r\nus,")
    row = exported("a.txt", TEXT.encode(), *parts, words=OMISSION.join(parts))
    assert failures(row, evidence) == {}
    forged = row | {"words": row["words"].replace(OMISSION, " ")}
    assert "` […] ` is missing" in failures(forged, evidence)[Step.WORDS]


def test_the_evidence_of_another_page_fails(exported, evidence) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    other = exported("b.html", OTHER_PAGE.encode(), "We will sail again,")
    assert set(failures(row | {"evidence_sha256": other["evidence_sha256"]}, evidence)) == {Step.VERSION}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(OTHER_PAGE.encode()), "other bytes than its hash says"),
        (gzip.compress(PAGE.encode())[:-20], "damaged"),
        (b"", "other bytes than its hash says"),
    ],
)
def test_evidence_that_was_changed_fails(exported, evidence, body, reason) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    (file,) = evidence.rglob("*.gz")
    file.write_bytes(body)
    assert reason in failures(row, evidence)[Step.EVIDENCE]


def test_evidence_without_an_article_fails(exported, evidence) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    path = archive(evidence, b"\x00\x01")
    reason = failures(row | {"evidence_sha256": path.stem}, evidence)[Step.EVIDENCE]
    assert reason == "no article can be read from the evidence"


def test_a_page_that_is_read_differently_says_so_and_its_words_hold(exported, evidence, monkeypatch) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    read_page = pages.read_page

    def read_more(*arguments, **options) -> Article:
        article = read_page(*arguments, **options)
        return replace(article, text=f"{article.text}\n\nRead more.")

    monkeypatch.setattr(pages, "read_page", read_more)
    found = failures(row, evidence)
    assert set(found) == {Step.VERSION}
    assert "another version of quotetrack reads it differently" in found[Step.VERSION]


# What cannot be checked


@pytest.mark.parametrize(
    ("cells", "folder", "reason"),
    [
        ({}, None, "no evidence folder"),
        ({"evidence_sha256": ""}, "evidence", "the row names no evidence"),
        ({"evidence_sha256": "0" * 64}, "evidence", "the evidence folder does not have it"),
        ({"evidence_sha256": "../../etc/passwd"}, "evidence", "the row names no evidence"),
    ],
)
def test_without_evidence_only_the_form_is_checked(exported, tmp_path, cells, folder, reason) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    (result,) = verified([row | cells], tmp_path / folder if folder else None)
    assert result.checks[0].step is Step.FORM
    assert result.checks[1].reason == reason
    assert {check.verdict for check in result.checks[1:]} == {Verdict.UNCHECKED}


def test_the_form_is_checked_without_evidence(exported) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,") | {"words": "No."}
    (result,) = verified([row], None)
    assert result.verdict is Verdict.FAILS
    assert result.checks[0].reason == "the words have not the lengths of `parts`"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no column `words`"),
        ("words,parts,version_sha256\r\n", "no column `evidence_sha256`"),
    ],
)
def test_a_file_that_is_no_export_is_refused(text, reason) -> None:
    with pytest.raises(NotAnExport, match=reason):
        list(verify_csv(io.StringIO(text, newline=""), None))


def test_a_row_that_is_cut_short_fails() -> None:
    text = 'words,parts,version_sha256,evidence_sha256\r\n"We will'
    assert [result.verdict for result in verify_csv(io.StringIO(text, newline=""), None)] == [Verdict.FAILS]


def test_every_row_is_checked_with_the_rows_of_spreadsheets(exported, evidence) -> None:
    row = exported("a.html", PAGE.encode(), "We will sail again,")
    results = verified([row, row | {"words": "We will bail again,"}, row | {"evidence_sha256": ""}], evidence)
    assert [(result.where[:5], result.verdict) for result in results] == [
        ("row 2", Verdict.HOLDS),
        ("row 3", Verdict.FAILS),
        ("row 4", Verdict.UNCHECKED),
    ]
