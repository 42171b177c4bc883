"""Outlets by domain, and the wire agencies that articles credit. The data is in `outlets.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from quotetrack.core.domain import UNKNOWN_OUTLET
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.urls import bare_host
from quotetrack.lang.en.pages import (
    CREDIT_START,
    CREDITED_SENTENCE_END,
    DEFINITE_ARTICLE,
    HELP_START,
    INITIALS_OF_A_NAME,
    SIGNED_WITH,
    SOURCE_LABEL,
)

DATELINE_PARAGRAPHS = 12  # a saved page has up to ten lines of title, section and date above its dateline
LONGEST_CREDIT = 120  # characters of a line that only credits an agency

_MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "PR", "GU", "FM", "MH", "PW"})
_COUNTRIES_OF_BOTH_ORDERS = frozenset(
    {"CA", "CN", "HU", "JP", "KE", "KR", "LT", "TW", "ZA"}
)  # or with the year in front


class InvalidOutlets(QuotetrackError):
    """A file of outlets has another form. The message says which file, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A newspaper, site or broadcaster: a table `[[outlet]]` of the TOML file.

    slug: the short name that is stored with each article.
    name: the name for readers.
    domains: hosts that belong to the outlet; subdomains count as well.
    country: an ISO 3166 code, "GB".
    language: an ISO 639 code, "en".
    timezone: the IANA name of the main newsroom's time zone, "Europe/London".
    wire: the slug of a wire agency, if this is the agency's own site.
    """

    slug: str
    name: str
    domains: tuple[str, ...]
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    wire: str | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """A news agency whose reports others print: a table `[[wire]]` of the TOML file.

    slug: the short name that is stored as an article's wire credit, "AFP".
    name: the name for readers.
    patterns: the spellings of its name in bylines and credits: whole words, with their capitals. Where two patterns
        fit, the longer one counts.
    """

    slug: str
    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlets:
    """All known outlets and agencies. If two have the same domain or slug, the earlier one counts."""

    outlets: tuple[Outlet, ...]
    wires: tuple[Wire, ...]
    _credits: _Credits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_credits", _Credits.of(self.wires))

    def of_url(self, url: str) -> Outlet | None:
        """Return the outlet of the longest domain that is the URL's host or a parent domain of it."""
        host = bare_host(url)
        if host is None:
            return None
        matches = [
            (len(domain), -place, outlet)
            for place, outlet in enumerate(self.outlets)
            for domain in outlet.domains
            if host == domain or host.endswith(f".{domain}")
        ]
        return max(matches, key=lambda match: match[:2])[2] if matches else None

    def by_slug(self, slug: str) -> Outlet | None:
        """Return the outlet with a slug."""
        return next((outlet for outlet in self.outlets if outlet.slug == slug), None)

    def timezone_of(self, slug: str) -> str | None:
        """Return the IANA name of an outlet's time zone; None if the outlet or its zone is unknown."""
        outlet = self.by_slug(slug)
        return outlet.timezone if outlet else None

    def is_day_first(self, url: str) -> bool | None:
        """Return whether 05/03/2026 is 5 March in the country of an address; None if that is not known."""
        outlet = self.of_url(url)
        if outlet is None or outlet.country is None or outlet.country in _COUNTRIES_OF_BOTH_ORDERS:
            return None
        return outlet.country not in _MONTH_FIRST_COUNTRIES

    def name_for(self, url: str | None, given: str | None) -> str:
        """Return the name to store for an outlet: the slug of a known domain, else the given name, else the host."""
        known = self.of_url(url) if url else None
        if known:
            return known.slug
        return given or (bare_host(url) if url else None) or UNKNOWN_OUTLET

    def credit(self, text: str, byline: str | None, url: str | None) -> str | None:
        """Return the slug of the agency that an article credits in its byline or its text, or whose site it is on."""
        own_site = self.of_url(url) if url else None
        return (
            (self.wire_of_byline(byline) if byline else None)
            or self.wire_credit(text)
            or (own_site.wire if own_site else None)
        )

    def wire_of_byline(self, byline: str) -> str | None:
        """Return the slug of the first agency in a byline: "Jane Roe and AFP", "Associated Press in Valencia".

        Two letters in front of a surname are initials: "AP Singh" is a person, "AP Business Writer" a post.
        """
        names = (
            name for name in self._credits.named.finditer(byline) if not INITIALS_OF_A_NAME.match(byline, name.start())
        )
        return self._credits.slug_of(next(names, None))

    def wire_credit(self, text: str) -> str | None:
        """Return the slug of the agency that a text credits: "SOURCE: AFP", "OSLO (AP) -", "... he said. — Reuters".

        Photo credits and agencies that are only mentioned do not count.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        heads, tails = lines[:DATELINE_PARAGRAPHS], lines[-DATELINE_PARAGRAPHS:]
        matches = (
            *(self._credits.source.fullmatch(line) for line in lines if len(line) <= LONGEST_CREDIT),
            *(self._credits.dateline.match(line) for line in heads),
            *(self._credits.signed.search(line) for line in lines),
            *(self._credits.bracketed.search(line) for line in tails),
            *(self._credits.bare.fullmatch(line) for line in heads + tails),
            *(self._credits.helped.match(line) for line in tails if len(line) <= LONGEST_CREDIT),
        )
        return self._credits.slug_of(next(filter(None, matches), None))


def load_outlets(extra: Path | None = None) -> Outlets:
    """Load the bundled outlets, and before them those of another file of the same form, which may so override them.

    Raises OSError if the file cannot be read, and InvalidOutlets if it has another form.
    """
    try:
        return _load_outlets(extra)
    except tomllib.TOMLDecodeError as error:
        raise InvalidOutlets(f"{extra} is not valid TOML: {error}") from error
    except KeyError as error:
        raise InvalidOutlets(f"{extra}: an outlet has no {error}") from error


def _load_outlets(extra: Path | None) -> Outlets:
    bundled = files("quotetrack.ingest").joinpath("outlets.toml").read_text("utf-8")
    texts = (extra.read_text("utf-8"), bundled) if extra else (bundled,)
    tables = [tomllib.loads(text) for text in texts]
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


@dataclass(frozen=True, slots=True)
class _Credits:
    """The printed forms of a credit, compiled once for all agencies. Group `wire` of each is the agency's name."""

    named: re.Pattern[str]
    source: re.Pattern[str]
    dateline: re.Pattern[str]
    signed: re.Pattern[str]
    bracketed: re.Pattern[str]
    bare: re.Pattern[str]
    helped: re.Pattern[str]
    slugs: dict[str, str]

    @classmethod
    def of(cls, wires: tuple[Wire, ...]) -> _Credits:
        slugs = {pattern: wire.slug for wire in reversed(wires) for pattern in wire.patterns}
        longest_first = sorted(slugs, key=len, reverse=True)
        any_wire = "|".join(re.escape(pattern) for pattern in longest_first) or r"(?!)"
        wire = rf"(?<![\w./@])(?P<wire>{any_wire})(?![\w@]|\.\w)"
        the = DEFINITE_ARTICLE
        end = CREDITED_SENTENCE_END
        return cls(
            named=re.compile(wire),
            # SOURCE:AFP    Source: The Associated Press / Reuters    Agency: PTI
            source=re.compile(rf"{SOURCE_LABEL}{the}{wire}(?:\W.*)?"),
            # BUDAPEST (AP) —    PARIS, Nov 7 (Reuters) -    (Reuters) -
            dateline=re.compile(rf"(?:[A-Z][\w .,'’/-]{{1,60}}\s)?\({the}{wire}\)\s*[-–—:]"),
            # ... he told reporters. — Reuters
            signed=re.compile(rf"{end}\s*[-–—]{{1,2}}\s*{SIGNED_WITH}{wire}\.?$"),
            # ... he told reporters. (AFP)    Only near the end of a text: further up it is a photo credit.
            bracketed=re.compile(rf"{end}\s*\({SIGNED_WITH}{wire}\)\.?$"),
            # AFP    (AP)    By Reuters    © AFP    AFP/Reuters
            bare=re.compile(rf"{CREDIT_START}[(\[–—-]?\s*{the}{wire}[)\]]?(?:/(?:{any_wire}))?\.?"),
            # With files from The Associated Press    (With inputs from PTI)
            helped=re.compile(rf"{HELP_START}.{{0,60}}?{wire}"),
            slugs=slugs,
        )

    def slug_of(self, credit: re.Match[str] | None) -> str | None:
        return self.slugs[credit["wire"]] if credit else None
