"""A browser that follows a link marks the quoted words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from quotetrack.core.domain import Sighting, Span
from quotetrack.core.text_fragment import text_fragment_link
from quotetrack.sample import folder

URL = "https://emberdaily.example/a/1"
EXPECTED = json.loads((Path(__file__).parents[1] / "sample_expected.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Directive:
    """One `text=` as the specification parses it."""

    start: str
    end: str | None
    prefix: str | None
    suffix: str | None


def directives(link: str) -> list[Directive]:
    _, _, fragment = link.partition(":~:")
    return [parsed(value.removeprefix("text=")) for value in fragment.split("&")]


def parsed(value: str) -> Directive:
    tokens = value.split(",")
    prefix = unquote(tokens.pop(0)[:-1]) if tokens[0].endswith("-") else None
    suffix = unquote(tokens.pop()[1:]) if tokens[-1].startswith("-") else None
    assert len(tokens) in (1, 2) and all(tokens)
    return Directive(unquote(tokens[0]), unquote(tokens[1]) if len(tokens) == 2 else None, prefix, suffix)


def is_boundary(text: str, at: int) -> bool:
    """Approximate Unicode's word boundaries: none within a word; an apostrophe between letters is in the word."""
    around = text[max(at - 2, 0) : at], text[at : at + 2]
    return not (re.search(r"\w['’.]?$", around[0]) and re.match(r"['’.]?\w", around[1]))


def first_match(text: str, term: str, start: int = 0, *, bounded: bool = True, bounded_end: bool = True) -> int | None:
    """Return where the term stands first; it never crosses a paragraph."""
    assert "\n" not in term
    for match in re.finditer(re.escape(term), text[start:], re.IGNORECASE):
        begin, end = start + match.start(), start + match.end()
        if (is_boundary(text, begin) or not bounded) and (is_boundary(text, end) or not bounded_end):
            return begin
    return None


def indicated(page: str, directive: Directive) -> str | None:
    """Return the characters that a browser marks on a page of paragraphs, by the steps of the specification."""
    at = 0
    while True:
        if directive.prefix:
            found = first_match(page, directive.prefix, at, bounded_end=False)
            if found is None:
                return None
            at = found + 1
            after = found + len(directive.prefix)
            begin = after + len(page[after:]) - len(page[after:].lstrip())
            if first_match(page, directive.start, begin, bounded=False) != begin:
                continue
        else:
            begin = first_match(page, directive.start, at, bounded_end=directive.suffix is None)
            if begin is None:
                return None
            at = begin + 1
        end = begin + len(directive.start)
        if directive.end:
            last = first_match(page, directive.end, end)
            return None if last is None else page[begin : last + len(directive.end)]
        rest = page[end:].lstrip()
        if directive.suffix is None or first_match(rest, directive.suffix, bounded=False) == 0:
            return page[begin:end]


def sighting_in(paragraph: str, *parts: str, title: str | None = None, url: str | None = URL) -> Sighting:
    found = [re.search(f'["“]({re.escape(part)})', paragraph) for part in parts]
    spans = tuple(Span(*match.span(1)) for match in found if match)
    before, after = paragraph[: spans[0].start], paragraph[spans[-1].end :]
    return Sighting(1, " ".join(parts), title=title, url=url, parts=spans, context_before=before, context_after=after)


@pytest.mark.parametrize(
    ("paragraph", "parts", "fragment"),
    [
        # Up to sixteen words unchanged, without the punctuation at their ends, which outlets print differently.
        (
            "“The gates are now shut again,” he said.",
            ["The gates are now shut again,"],
            "The gates are now shut again",
        ),
        # The hyphen, the comma and the ampersand have a meaning in a directive.
        (
            '"A half-built, leaky R&D shed is that," she said.',
            ["A half-built, leaky R&D shed is that,"],
            "A half%2Dbuilt%2C leaky R%26D shed is that",
        ),
        (
            '"100% sure of it: ça va, ça va?" he said.',
            ["100% sure of it: ça va, ça va?"],
            "100%25 sure of it%3A %C3%A7a va%2C %C3%A7a va",
        ),
        # Many words by their ends.
        (
            '"We will mend the gates first of all, then the wall, then, if God wills, the road to the wall," she said.',
            ["We will mend the gates first of all, then the wall, then, if God wills, the road to the wall,"],
            "We will mend the gates first of all,if God wills%2C the road to the wall",
        ),
        # The last words stand in the middle as well: a browser would stop there.
        (
            '"In fog, in ice, by day, by night we go out and mend the old gate. Yes, we go out and mend the old gate."',
            ["In fog, in ice, by day, by night we go out and mend the old gate. Yes, we go out and mend the old gate."],
            "In fog%2C in ice%2C by day%2C by night we go out and mend the old gate. "
            "Yes%2C we go out and mend the old gate",
        ),
        # Nothing is found across a paragraph, so even eight words are given by their ends.
        (
            "“Mend it once for all.\n\nNow or never.”",
            ["Mend it once for all.\n\nNow or never."],
            "Mend it once for all,Now or never",
        ),
        # Five words or fewer with the words before them, else with those after.
        ("He wants “… peace at last” now.", ["… peace at last"], "He wants %E2%80%9C%E2%80%A6-,peace at last"),
        ('"It leaks," she said.', ["It leaks,"], "It leaks,-%2C%22 she said"),
        ('"It leaks."', ["It leaks."], "It leaks"),
        # Each part of a split quotation; a single word would be found anywhere.
        (
            '"It leaks," she said. "It always has."',
            ["It leaks,", "It always has."],
            "It leaks&text=It always has",
        ),
        ('"No," she said. "It is not safe."', ["No,", "It is not safe."], "It is not safe"),
        ('"No," she said. "Never."', ["No,", "Never."], "No&text=Never"),
    ],
)
def test_the_link_names_the_words(paragraph, parts, fragment):
    link = text_fragment_link(sighting_in(paragraph, *parts))
    assert link.replace("%20", " ") == f"{URL}#:~:text={fragment}"


@pytest.mark.parametrize(
    ("title", "paragraph", "words"),
    [
        ("The gates are shut, says Brandt", "“The gates are shut,” Brandt said.", "The gates are shut,"),
        (
            "“The gates are shut for good now”",
            "He says: “The gates are shut for good now.”",
            "The gates are shut for good now.",
        ),
        (
            "“We will mend the gates first of all”",
            "“We will mend the gates first of all, then the wall, then, if God wills, the road to the wall,” she said.",
            "We will mend the gates first of all, then the wall, then, if God wills, the road to the wall,",
        ),
    ],
)
def test_a_headline_with_the_same_words_is_skipped(title, paragraph, words):
    link = text_fragment_link(sighting_in(paragraph, words, title=title))
    (directive,) = directives(link)
    above = "Headline of the page: "
    assert indicated(f"{above}{title}\n\n{paragraph}", directive) == words.rstrip(",.")
    assert indicated(f"{above}{title}", directive) is None


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://emberdaily.example/a?id=1&x=2", "https://emberdaily.example/a?id=1&x=2#:~:text=leaks"),
        ("https://emberdaily.example/a#top", "https://emberdaily.example/a#top:~:text=leaks"),
        ("https://emberdaily.example/a#:~:text=old", "https://emberdaily.example/a#:~:text=leaks"),
        ("HTTP://emberdaily.example/a", "HTTP://emberdaily.example/a#:~:text=leaks"),
        ("file:/srv/news/a.txt", "file:/srv/news/a.txt"),
        ("file:/srv/news/a.jsonl#7", "file:/srv/news/a.jsonl#7"),
        (None, None),
    ],
)
def test_the_url_is_kept(url, link):
    assert text_fragment_link(Sighting(1, "leaks", url=url)) == link


def test_words_without_a_letter_leave_the_url_unchanged():
    assert text_fragment_link(Sighting(1, "… !", url=URL)) == URL


def test_parts_that_do_not_fit_the_words_are_ignored():
    assert text_fragment_link(Sighting(1, "It leaks", url=URL, parts=(Span(0, 3),))) == f"{URL}#:~:text=It%20leaks"


@pytest.mark.parametrize("expected", EXPECTED["articles"], ids=lambda a: f"{a['file']}:{a['article']}")
def test_every_link_of_the_sample_newsroom_marks_the_words_and_no_others(expected):
    text = page_text(expected)
    for quotation in expected["quotations"]:
        starts = [text.index(part) for part in quotation["parts"]]
        spans = [Span(start, start + len(part)) for start, part in zip(starts, quotation["parts"], strict=True)]
        before, after = text[: spans[0].start], text[spans[-1].end :]
        sighting = Sighting(
            1,
            quotation["words"],
            url=URL,
            title=expected["title"],
            parts=tuple(spans),
            context_before=before.rpartition("\n\n")[2],
            context_after=after.partition("\n\n")[0],
        )
        marked = [indicated(f"{expected['title']}\n\n{text}", d) for d in directives(text_fragment_link(sighting))]
        assert marked == [part.rstrip(",.") for part in quotation["parts"]]


def page_text(expected: dict) -> str:
    raw = (folder() / expected["file"]).read_text(encoding="utf-8")
    if expected["file"].endswith(".jsonl"):
        return next(a["text"] for a in map(json.loads, raw.splitlines()) if a["id"] == expected["article"])
    if expected["file"].endswith(".html"):
        return "\n\n".join(p.text_content() for p in html.fromstring(raw).iter("p"))
    return raw


WORDS = st.text(st.sampled_from("aB é’-,&%#.!? \n\u00a0—$5"), min_size=1, max_size=80)


@given(parts=st.lists(WORDS, min_size=1, max_size=3), title=WORDS, before=WORDS, after=WORDS)
def test_a_link_is_the_url_followed_by_words_of_the_quotation(parts, title, before, after):
    spans = []
    for part in parts:
        start = spans[-1].end + 9 if spans else 0
        spans.append(Span(start, start + len(part)))
    words = " ".join(parts)
    link = text_fragment_link(
        Sighting(1, words, url=URL, title=title, parts=tuple(spans), context_before=before, context_after=after)
    )
    assert link.startswith(URL)
    assert re.fullmatch(r"[\w.~%&,=:/#?@!$'()*+;-]+", link, re.ASCII)
    for directive in directives(link) if link != URL else []:
        assert directive.start in " ".join(words.split())
        assert directive.end is None or directive.end in " ".join(words.split())
        assert directive.prefix is None or directive.prefix in " ".join((before + words).split())
        assert directive.suffix is None or directive.suffix in " ".join((words + after).split())


@given(words=st.text(st.characters(), min_size=1), context=st.text(st.characters()))
def test_any_words_make_a_valid_link(words, context):
    link = text_fragment_link(Sighting(1, words, url=URL, title=context, context_before=context, context_after=context))
    assert link.startswith(URL) and link.isascii()
