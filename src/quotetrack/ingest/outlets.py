"""Who publishes under which domain, and which wire agency a text is credited to. The data is `outlets.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

UNKNOWN = "unknown"  # the outlet of an article that tells none
DATELINE_PARAGRAPHS = 12  # a saved page's text has up to ten lines of title, section and date above its dateline
LONGEST_CREDIT = 120  # characters of a line that only says whose report it is

_END = r"[.!?…”\"’')\]]"
_HELP = r"files?|inputs?|reporting|reports?|material"


@dataclass(frozen=True, slots=True)
class Outlet:
    """A newspaper, site or broadcaster. `timezone` is an IANA name; `wire` the agency whose own site it is."""

    slug: str
    name: str
    domains: tuple[str, ...]
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    wire: str | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """A news agency whose reports others print, and the ways in which they write its name."""

    slug: str
    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlets:
    """The outlets and agencies we know; where two name one domain or slug, the earlier one counts."""

    outlets: tuple[Outlet, ...]
    wires: tuple[Wire, ...]
    _credits: _Credits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_credits", _Credits.of(self.wires))

    def of_url(self, url: str) -> Outlet | None:
        """The outlet of the longest domain that the URL's host is, or ends with."""
        host = _host(url)
        if host is None:
            return None
        fitting = [
            (len(domain), -place, outlet)
            for place, outlet in enumerate(self.outlets)
            for domain in outlet.domains
            if host == domain or host.endswith(f".{domain}")
        ]
        return max(fitting, key=lambda fit: fit[:2])[2] if fitting else None

    def timezone_of(self, slug: str) -> str | None:
        """The IANA name of an outlet's time zone, where we know the outlet and it."""
        outlet = self.by_slug(slug)
        return outlet.timezone if outlet else None

    def by_slug(self, slug: str) -> Outlet | None:
        """The outlet with this slug."""
        return next((outlet for outlet in self.outlets if outlet.slug == slug), None)

    def name_for(self, url: str | None, told: str | None) -> str:
        """What to call the outlet: the slug of a domain that we know, else what we are told, else the domain itself."""
        known = self.of_url(url) if url else None
        if known:
            return known.slug
        return told or (_host(url) if url else None) or UNKNOWN

    def credit(self, text: str, byline: str | None, url: str | None) -> str | None:
        """The slug of the agency that an article credits: in its byline, in its text, or as its own publisher."""
        own_site = self.of_url(url) if url else None
        return (
            (self.wire_of_byline(byline) if byline else None)
            or self.wire_credit(text)
            or (own_site.wire if own_site else None)
        )

    def wire_of_byline(self, byline: str) -> str | None:
        """The slug of the first agency named: "Jane Roe and AFP", "Associated Press in Valencia"."""
        return self._credits.slug_of(self._credits.named.search(byline))

    def wire_credit(self, text: str) -> str | None:
        """The slug of the agency that a text is credited to: "SOURCE: AFP", "OSLO (AP) -", "... he said. — Reuters".

        Photo credits and agencies that are only mentioned do not count.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        heads, tails = lines[:DATELINE_PARAGRAPHS], lines[-DATELINE_PARAGRAPHS:]
        found = (
            *(self._credits.source.fullmatch(line) for line in lines if len(line) <= LONGEST_CREDIT),
            *(self._credits.dateline.match(line) for line in heads),
            *(self._credits.signed.search(line) for line in lines),
            *(self._credits.bracketed.search(line) for line in tails),
            *(self._credits.alone.fullmatch(line) for line in heads + tails),
            *(self._credits.helped.match(line) for line in tails if len(line) <= LONGEST_CREDIT),
        )
        return self._credits.slug_of(next(filter(None, found), None))


def load_outlets(extra: Path | None = None) -> Outlets:
    """Ours, and before them those of another file of the same form, which may so correct ours.

    Raises OSError where it cannot be read, tomllib.TOMLDecodeError or KeyError where it is not of that form.
    """
    ours = files("quotetrack.ingest").joinpath("outlets.toml").read_text("utf-8")
    tables = [tomllib.loads(text) for text in ((extra.read_text("utf-8"), ours) if extra else (ours,))]
    return Outlets(
        tuple(
            Outlet(
                slug=row["slug"],
                name=row["name"],
                domains=tuple(row["domains"]),
                country=row.get("country"),
                language=row.get("language"),
                timezone=row.get("timezone"),
                wire=row.get("wire"),
            )
            for table in tables
            for row in table.get("outlet", [])
        ),
        tuple(
            Wire(row["slug"], row["name"], tuple(row["patterns"])) for table in tables for row in table.get("wire", [])
        ),
    )


def _host(url: str) -> str | None:
    """The host of a web address without `www.`; None for `file:` and what is no address."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None
    return host.rstrip(".").removeprefix("www.") if host else None


@dataclass(frozen=True, slots=True)
class _Credits:
    """The forms in which a credit is printed, compiled once for all agencies; group `wire` is the agency's name."""

    named: re.Pattern[str]
    source: re.Pattern[str]
    dateline: re.Pattern[str]
    signed: re.Pattern[str]
    bracketed: re.Pattern[str]
    alone: re.Pattern[str]
    helped: re.Pattern[str]
    slugs: dict[str, str]

    @classmethod
    def of(cls, wires: tuple[Wire, ...]) -> _Credits:
        slugs = {pattern: wire.slug for wire in reversed(wires) for pattern in wire.patterns}
        longest_first = sorted(slugs, key=len, reverse=True)
        any_wire = "|".join(re.escape(pattern) for pattern in longest_first) or r"(?!)"
        wire = rf"(?<![\w./@])(?P<wire>{any_wire})(?![\w@]|\.\w)"
        return cls(
            named=re.compile(wire),
            # SOURCE:AFP    Source: The Associated Press / Reuters    Agency: PTI
            source=re.compile(rf"(?i:sources?|agenc(?:y|ies)|credit)\s*[:：]\s*(?i:the\s+)?{wire}(?:\W.*)?"),
            # BUDAPEST (AP) —    PARIS, Nov 7 (Reuters) -    (Reuters) -
            dateline=re.compile(rf"(?:[A-Z][\w .,'’/-]{{1,60}}\s)?\((?i:the\s+)?{wire}\)\s*[-–—:]"),
            # ... he told reporters. — Reuters
            signed=re.compile(rf"{_END}\s*[-–—]{{1,2}}\s*(?i:with\s+)?{wire}\.?$"),
            # ... he told reporters. (AFP)    Only at the end: further up it is a photo's credit.
            bracketed=re.compile(rf"{_END}\s*\((?i:with\s+)?{wire}\)\.?$"),
            # AFP    (AP)    By Reuters    © AFP    AFP/Reuters
            alone=re.compile(rf"(?i:by\s+|©\s*|with\s+)?[(\[–—-]?\s*(?i:the\s+)?{wire}[)\]]?(?:/(?:{any_wire}))?\.?"),
            # With files from The Associated Press    (With inputs from PTI)
            helped=re.compile(rf"\W*(?i:with|additional)\s+(?i:{_HELP})\b.{{0,60}}?{wire}"),
            slugs=slugs,
        )

    def slug_of(self, found: re.Match[str] | None) -> str | None:
        return self.slugs[found["wire"]] if found else None
