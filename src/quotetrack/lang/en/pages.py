"""English words and phrases of news pages: bylines, wire credits, labels beside a date, furniture, paywall prompts."""

from __future__ import annotations

import re
from functools import cache

from quotetrack.lang import lines

# --- bylines ----------------------------------------------------------------------------------------------------------

# A line "By Jane Roe", "Story by Jane Roe", "Author: Jane Roe"; group `names` may still hold a post or place.
BYLINE = re.compile(r"\W*(?i:written\s+by|story\s+by|reported\s+by|by|author)\b\s*:?\s+(?P<names>[A-Z].*)")
BYLINE_START = re.compile(r"^\s*by\s+", re.I)
# What follows the names in a byline of a text: "Jane Roe | Harbour Post", "Jane Roe, political editor".
BYLINE_END = re.compile(r"\s*(?:[|•·/]|\s[–—-]\s|,\s+(?:[a-z]|[\w ]+\b(?i:editor|correspondent|reporter|writer)\b)).*")
# What follows the names in a byline of a page's markup: "Jane Roe Published 4 March", "Jane Roe 10:15".
MARKUP_BYLINE_END = re.compile(r"\s*(?:[·•|]|\b(?:posted|published|updated)\b|\d{1,2}[:.]\d{2}\b).*$", re.I)

_NAME_PART = r"(?:[A-Z][\w’'.-]*[a-z.]|[A-Z][’'][A-Z]\w+|de|del|della|van|der|den|von|bin|al|la|le|da|dos|el)"
_NAME = rf"[A-Z][\w’'.-]*(?:\s+{_NAME_PART}){{1,4}}"
# A line of names and nothing else: "Jane Roe and Bo van Lind".
NAMES_LINE = re.compile(rf"{_NAME}(?:(?:,|\s+and|,\s+and|\s+&)\s+{_NAME})*")

# --- sentences --------------------------------------------------------------------------------------------------------

FULL_STOP_END = re.compile(r"\.[\"”’')\]]*$")  # headlines may end in a question mark, but not in a full stop
OPENING_MARKS = '“‘"«„'

# --- wire credits: fragments of the patterns that name an agency ------------------------------------------------------

SOURCE_LABEL = r"(?i:sources?|agenc(?:y|ies)|credit)\s*[:：]\s*"  # SOURCE: AFP
DEFINITE_ARTICLE = r"(?i:the\s+)?"
CREDIT_START = r"(?i:by\s+|©\s*|with\s+)?"  # By Reuters, © AFP
SIGNED_WITH = r"(?i:with\s+)?"  # ... he said. — with AFP
HELP_START = r"\W*(?i:with|additional)\s+(?i:files?|inputs?|reporting|reports?|material)\b"  # With files from AP
# "AP Singh" and "P.A. Mwangi-Otieno", but not "AP Staff" and "PA Political Editor".
INITIALS_OF_A_NAME = re.compile(
    r"[A-Z]\.?[A-Z]\.?\s+(?!(?i:staff|news|photos?|media|sports?|business|political|national|foreign|world|wire|services?|bureau|"
    r"writers?|reporters?|correspondents?|editors?|journalists?|team|desk|and|in|with|via|for|from|at|of)\b)"
    r"(?!(?:[A-Z][\w’'-]*\s+){1,3}(?i:staff|writers?|reporters?|correspondents?|editors?|journalists?|bureau|desk)\b)"
    r"[A-Z][a-z’'-][\w’'-]*"
)
CREDITED_SENTENCE_END = r"[.!?…”\"’')\]]"
# A whole line "Source: AFP" below the text of a page.
SOURCE_LINE = re.compile(r"(?:source|agency)s?\s*[:：]\s*\S.{0,50}", re.IGNORECASE)

# --- dates and times: fragments ---------------------------------------------------------------------------------------

READING_TIME = r"\d+\s*min(?:ute)?s?\s*read"
DATE_LABELS = r"first|published|posted|updated|last|modified|issued|released|on|at|date|time|local"
BEFORE_TIME = r"(?:at\s+)?"  # March 4, 2031 at 8:13 PM
# A text of these words alone is a date, an age or a reading time, and no author.
DATE_WORDS = re.compile(
    r"(?:[\W\d]|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|"
    r"apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday|today|yesterday|now|just|ago|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|read|reading|time|"
    r"am|pm|utc|gmt|first|last|published|posted|updated|modified|on|at|an|a|st|nd|rd|th|uhr)\b)*",
    re.I,
)
AM_OR_PM = r"[ap]\.?m\b\.?"
# Hours east of Greenwich of the zones that pages print by letters. IST, AST and ET are missing, since each of them
# means more than one zone: such a time is read without a zone.
ZONE_HOURS = {
    "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "SGT": 8,
    "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip

# --- furniture: what belongs to the page and not to the article -------------------------------------------------------

# A line around the head of a copied page that is neither title nor name.
HEAD_FURNITURE = re.compile(
    rf"(?i)\W*(?:edit post|{READING_TIME}|share(?: this.*)?|listen(?: to.*)?|save|print|comments?.*|"
    r"advertisement.*|sign up.*|subscribe.*|skip to .*|read more.*|related.*|photo\b.*|image\b.*|file photo.*|"
    r"this (?:audio|article|story) (?:is|was) .*|most (?:popular|read).*|breaking news|(?:top|latest) stories|"
    r"editors?[’']?s? picks?|(?:published|updated|posted|last modified)\b.*|copy link.*|follow .*|recommended.*)"
)


@cache
def link_label() -> re.Pattern[str]:
    """Return the pattern of what stands in front of a link to another article, from `link_labels.txt`."""
    return re.compile(rf"\W{{0,3}}(?:{_any_of(lines('link_labels.txt'))})\s{{0,3}}[:|»>→–—-]?\s{{0,3}}", re.I)


@cache
def heading_of_no_article() -> re.Pattern[str]:
    """Return the pattern of the heading of a page that is no article, from `no_article.txt`."""
    return re.compile(rf"\W{{0,3}}(?:{_any_of(lines('no_article.txt'))})\W{{0,3}}", re.I)


@cache
def comments_heading() -> re.Pattern[str]:
    """Return the pattern of the heading of what readers write below an article, from `comment_headings.txt`."""
    return re.compile(rf"\W{{0,3}}(?:{_any_of(lines('comment_headings.txt'))})\W{{0,3}}", re.I)


@cache
def page_furniture() -> re.Pattern[str]:
    """Return the pattern of a whole paragraph that is a stock phrase of pages, from `page_furniture.txt`."""
    return re.compile(_any_of(lines("page_furniture.txt")), re.I | re.S)


@cache
def end_credit() -> re.Pattern[str]:
    """Return the pattern of a paragraph below an article that tells who helped with it, from `end_credits.txt`."""
    return re.compile(_any_of(lines("end_credits.txt")), re.I)


@cache
def paywall_prompt() -> re.Pattern[str]:
    """Return the pattern of the words with which a paywall cuts an article short, from `paywalls.txt`."""
    return re.compile(_any_of(lines("paywalls.txt")), re.I)


def _any_of(patterns: tuple[str, ...]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)
