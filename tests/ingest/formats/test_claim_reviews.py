"""Published fact-checks, in every form in which they are read. All of them are invented."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import pytest

from quotetrack.core.domain import FactCheck, Failure
from quotetrack.ingest.formats.claim_reviews import read_claim_reviews
from quotetrack.ingest.formats.detect import UnreadableFile

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/ferry",
    "claimReviewed": "The ferry carried 4,000 cars in March.",
    "name": "Did the ferry carry 4,000 cars?",
    "author": {"@type": "Organization", "name": "Varland Checks"},
    "datePublished": "2031-05-04",
    "reviewRating": {"@type": "Rating", "ratingValue": 2, "worstRating": 1, "bestRating": 5, "alternateName": "Wrong"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Orla Venn"}},
}
READ = FactCheck(
    "https://checks.example/ferry",
    "The ferry carried 4,000 cars in March.",
    title="Did the ferry carry 4,000 cars?",
    claimant="Orla Venn",
    verdict="Wrong",
    rating=0.25,
    publisher="Varland Checks",
    published=date(2031, 5, 4),
)


def read(content: str | bytes | object, columns: dict[str, str] | None = None) -> list[FactCheck | Failure]:
    data = (
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    return list(read_claim_reviews(BytesIO(data), "feed", columns))


@pytest.mark.parametrize(
    "content",
    [
        REVIEW,
        [REVIEW],
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": REVIEW}]},
        {**REVIEW, "@type": ["ClaimReview", "Review"], "itemReviewed": [REVIEW["itemReviewed"]]},
        f'<html><script type="application/ld+json">{json.dumps(REVIEW)}</script></html>',
        b"\xef\xbb\xbf" + json.dumps(REVIEW).encode(),
    ],
)
def test_a_review_is_read_in_every_form(content: object) -> None:
    assert read(content) == [READ]


def test_an_answer_of_fact_check_tools_is_read() -> None:
    review = {
        "publisher": {"name": "Varland Checks", "site": "checks.example"},
        "url": "https://checks.example/ferry",
        "title": "Did it?",
        "reviewDate": "2031-05-04T00:00:00Z",
        "textualRating": "Wrong",
    }
    (check,) = read({"claims": [{"text": "It sank.", "claimant": "Orla Venn", "claimReview": [review]}]})
    assert isinstance(check, FactCheck)
    assert (check.claim, check.claimant, check.verdict, check.published) == (
        "It sank.",
        "Orla Venn",
        "Wrong",
        date(2031, 5, 4),
    )


@pytest.mark.parametrize(
    ("scale", "rating"),
    [
        ((1, 1, 5), 0.0),
        ((1, 5, 5), 1.0),
        ((5, 5, 1), 0.0),  # the worst is the highest number
        (("1", "4", "5"), 0.75),
        ((1, -1, 5), None),  # outside of the scale
        ((0, 0, 0), None),
        ((1, "Wrong", 5), None),
        ((1, None, 5), None),
    ],
)
def test_a_rating_is_normalised_where_a_scale_is_given(scale: tuple[object, ...], rating: float | None) -> None:
    worst, value, best = scale
    (check,) = read({**REVIEW, "reviewRating": {"worstRating": worst, "ratingValue": value, "bestRating": best}})
    assert isinstance(check, FactCheck) and check.rating == rating and check.verdict is None


def test_a_table_is_read_by_the_names_of_its_columns_or_a_map() -> None:
    own = "url,claim,claimant,verdict,published\nhttps://checks.example/1,It sank.,Orla Venn,Wrong,2031-05-04\n"
    other = "Link;Text\nhttps://checks.example/1;It sank.\n"
    assert read(own) == [
        FactCheck(
            "https://checks.example/1", "It sank.", claimant="Orla Venn", verdict="Wrong", published=date(2031, 5, 4)
        )
    ]
    assert read(other, {"url": "Link", "claim": "Text"}) == [FactCheck("https://checks.example/1", "It sank.")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"url": None}, "it has no url"),
        ({"url": "ferry"}, "no web address"),
        ({"claimReviewed": "  "}, "it has no claim"),
        ({"claimReviewed": 7}, "it has no claim"),
    ],
)
def test_a_bad_record_is_told_with_its_number_and_the_others_are_read(change: dict[str, object], reason: str) -> None:
    first, second = read([{**REVIEW, **change}, REVIEW])
    assert isinstance(first, Failure) and first.where == "feed, record 1" and reason in first.reason
    assert second == READ


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("{", "not valid JSON"),
        ('{"@type": "NewsArticle"}', "no ClaimReview"),
        ("<html></html>", "no ClaimReview"),
        ("a,b\n1,2\n", "no column for the url"),
        (b'{"a": "\xff"}', "not UTF-8"),
        ("[" * 100_000, "not"),
    ],
)
def test_a_file_without_fact_checks_is_refused(content: str | bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(content)


def test_entities_tags_and_doubled_marks_are_no_part_of_a_claim() -> None:
    (check,) = read({**REVIEW, "claimReviewed": 'He said ""it &amp; she"" <b>sank</b>.'})
    assert isinstance(check, FactCheck) and check.claim == 'He said "it & she" sank .'
