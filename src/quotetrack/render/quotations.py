"""Nouns as people read them on a terminal, and as programs read them in JSON. No printing here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from quotetrack.core.domain import DateBasis, Link, LinkKind, Quotation, SaidOn, Sighting, Span, Utterance

if TYPE_CHECKING:
    from quotetrack.evaluation.metrics import Bin, Figures, Mistake
    from quotetrack.extract.explain import Explanation, MentionOption, NameOption, Reason
    from quotetrack.pipeline.nightly import Report
    from quotetrack.pipeline.standalone import Explained, Extracted

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

DECIMALS = 4  # of confidences and scores: more would be noise
NOBODY = "(nobody named)"
NOBODY_OF_THESE = "(nobody of the article)"
LONGEST_TOLD = 100  # characters of words in a list of errors
_HOW = {
    DateBasis.STATED_HERE: "the sentence says so",
    DateBasis.STATED_NEARBY: "the article says so nearby",
    DateBasis.IMPLIED: "fresh news: within the days up to publication",
    DateBasis.PAST: "a past occasion that the article dates",
    DateBasis.UNKNOWN: "the article does not say",
}


# JSON


def quotation_json(quotation: Quotation) -> dict[str, Json]:
    """One quotation as `extract` gives it; offsets are characters of the text."""
    found = quotation.attribution
    return {
        "parts": [_ends(part) for part in quotation.parts],
        "words": quotation.words,
        "kind": str(quotation.kind),
        "speaker": {"name": found.name if found else None, "mention": _ends_or_none(found.mention if found else None)},
        "cue": _ends_or_none(found.cue if found else None),
        "said": said_json(quotation.said),
        "method": found.method if found else None,
        "confidence": round(found.confidence, DECIMALS) if found else 0.0,
    }


def article_json(extracted: Extracted) -> dict[str, Json]:
    """One article with its quotations, and with the text into which they point: a page's is not the file's."""
    article = extracted.article
    return {
        "id": extracted.id,
        "outlet": article.outlet,
        "title": article.title,
        "author": article.byline,
        "published": _iso(article.published_at),
        "wire_credit": article.wire_credit,
        "text": article.text,
        "quotations": [quotation_json(quotation) for quotation in extracted.quotations],
    }


def said_json(said: SaidOn) -> dict[str, Json]:
    """The days of speaking; null is open."""
    return {"first": _iso(said.first), "last": _iso(said.last), "basis": str(said.basis)}


def utterance_json(utterance: Utterance, links: Sequence[Link], urls: Sequence[str | None]) -> dict[str, Json]:
    """An utterance as `show` gives it; `urls` are the sightings' links to the very words."""
    return {
        "id": utterance.id,
        "words": utterance.words,
        "speaker": utterance.speaker,
        "said": said_json(utterance.said),
        "outlets": list(utterance.outlets),
        "origins": list(utterance.origins),
        "variants": list(utterance.variants),
        "sightings": [
            {**sighting_json(sighting), **_more_json(sighting), "link": url}
            for sighting, url in zip(utterance.sightings, urls, strict=True)
        ],
        "links": [
            {
                "left": link.left,
                "right": link.right,
                "kind": str(link.kind),
                "score": link.score,
                "flags": [*link.flags],
            }
            for link in links
        ],
    }


def sighting_json(sighting: Sighting) -> dict[str, Json]:
    """A sighting as every command gives it."""
    return {
        "id": sighting.id,
        "article": sighting.article,
        "outlet": sighting.outlet,
        "url": sighting.url,
        "published": _iso(sighting.published_at),
        "parts": [_ends(part) for part in sighting.parts],
        "words": sighting.words,
        "wire_credit": sighting.wire_credit,
        "said": said_json(sighting.said),
    }


def _more_json(sighting: Sighting) -> dict[str, Json]:
    return {
        "speaker": sighting.speaker,
        "title": sighting.title,
        "author": sighting.author,
        "version_sha256": sighting.version_sha256,
        "method": sighting.method,
        "confidence": round(sighting.confidence, DECIMALS),
        "extractor": sighting.extractor,
        "current": sighting.is_current,
    }


def report_json(report: Report) -> dict[str, Json]:
    """What an ingest did."""
    return {
        **report.counts(),
        "unknown_outlet": report.unknown_outlet,
        "failures": [{"where": failure.where, "reason": failure.reason} for failure in report.failures],
    }


def explained_json(explained: Explained) -> dict[str, Json]:
    """One article as `explain` gives it: the text, and each quotation with what was weighed."""
    return {
        "id": explained.id,
        "title": explained.article.title,
        "published": _iso(explained.article.published_at),
        "text": explained.article.text,
        "quotations": [_explanation_json(e) for e in explained.explanations],
    }


def _explanation_json(explanation: Explanation) -> dict[str, Json]:
    quotation = explanation.quotation
    return {
        **quotation_json(quotation),
        "said_evidence": _ends_or_none(quotation.said_evidence),
        "occasion": quotation.occasion,
        "mentions": [
            {
                "mention": _ends(option.mention),
                "cue": _ends_or_none(option.cue),
                "method": option.method,
                **_option_json(option),
            }
            for option in explanation.mentions
        ],
        "names": [{"name": option.name, **_option_json(option)} for option in explanation.names],
    }


def _option_json(option: MentionOption | NameOption) -> dict[str, Json]:
    reasons: list[Json] = [
        {
            "feature": reason.feature,
            "says": reason.says,
            "value": reason.value,
            "rival": reason.rival_value,
            "effect": reason.effect,
        }
        for reason in option.reasons
    ]
    return {"score": option.score, "chosen": option.is_chosen, "reasons": reasons, "features": dict(option.features)}


def evaluation_json(
    figures: Mapping[str, Figures], mistakes: Mapping[str, Sequence[Mistake]], most: int, bins: Sequence[Bin]
) -> dict[str, Json]:
    """Figures by kind; with `most` also so many errors of each category, and the reliability table if there is one."""
    out: dict[str, Json] = {kind: _figures_json(one) for kind, one in figures.items()}
    if most:
        out["errors"] = {
            category: {"number": len(found), "examples": [_mistake_json(one) for one in found[:most]]}
            for category, found in mistakes.items()
        }
    if bins:
        out["reliability"] = [
            {"low": b.low, "high": b.high, "number": b.number, "confidence": b.confidence, "right": b.right}
            for b in bins
        ]
    return out


def _figures_json(figures: Figures) -> dict[str, Json]:
    out: dict[str, Json] = {"n": figures.number}
    for what, measure in figures.measures.items():
        entry: dict[str, Json] = {"p": measure.precision, "r": measure.recall, "f1": measure.f1}
        out[str(what)] = entry | ({"ci95": [*measure.interval]} if measure.interval else {})
    if figures.dates is not None:
        out["date"] = figures.dates
        out["date_by_basis"] = {basis: [*counts] for basis, counts in figures.by_basis.items()}
    return out


def _mistake_json(mistake: Mistake) -> dict[str, Json]:
    return {
        "article": mistake.article,
        "span": _ends(mistake.span),
        "words": mistake.words,
        "expected": mistake.expected,
        "given": mistake.given,
        "confidence": mistake.confidence,
    }


def _ends(span: Span) -> list[Json]:
    return [span.start, span.end]


def _ends_or_none(span: Span | None) -> list[Json] | None:
    return _ends(span) if span else None


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


# For people


def report_line(report: Report) -> str:
    """The summary of an ingest, on one line."""
    counts = report.counts()
    articles = ", ".join(f"{counts[name]} {name}" for name in ("new", "unchanged", "edited", "failed"))
    line = f"{articles}; {counts['quotations']} quotations; {counts['utterances']} utterances"
    if report.unknown_outlet:
        line += f"; {_number(report.unknown_outlet, 'article')} of an unknown outlet"
    return line


def quotations_table(quotations: Sequence[Quotation]) -> Table:
    """Quotations of one text: who, what, when, and by which rule."""
    table = Table("speaker", "words", "said", "found by", show_lines=True, expand=True)
    table.columns[1].ratio = 1
    for quotation in quotations:
        found = quotation.attribution
        how = f"{found.method}\n{found.confidence:.2f}" if found else ""
        said = f"{_days(quotation.said)}\n{quotation.said.basis}"
        table.add_row(Text(_name(found.name if found else None)), Text(quotation.words), said, how)
    return table


def explanation_lines(number: int, explanation: Explanation, text: str) -> Iterator[str]:
    """A quotation, whose it is and since when, and by which reasons: `->` stands before what was chosen."""
    quotation, found = explanation.quotation, explanation.quotation.attribution
    yield f"{number}. “{quotation.words}”"
    yield f"   {_name(found.name if found else None)}, {_days(quotation.said)} ({day_reason(quotation, text)})"
    if found is not None:
        cue = f", cue “{found.cue.of(text)}”" if found.cue else ""
        mention = f"mention “{one_line(found.mention.of(text))}”{cue}, " if found.mention else ""
        yield f"   {mention}by {found.method}, confidence {found.confidence:.2f}"
    if explanation.mentions:
        yield "   who is mentioned as the speaker:"
    for option in explanation.mentions:
        yield _option_line(one_line(option.mention.of(text)), option, f" by {option.method}")
        yield from _reason_lines(option.reasons)
    if explanation.names:
        yield "   whom the mention means:"
    elif found is not None:
        yield "   the name: as the mention gives it"
    for choice in explanation.names:
        yield _option_line(choice.name or NOBODY_OF_THESE, choice, "")
        yield from _reason_lines(choice.reasons)


def day_reason(quotation: Quotation, text: str) -> str:
    """How the day of speaking is known, with the phrase that tells it."""
    evidence = quotation.said_evidence
    told = f"{quotation.said.basis}: {_HOW[quotation.said.basis]}"
    return f"{told}, “{one_line(evidence.of(text))}”" if evidence else told


def one_line(words: str) -> str:
    """Words that may run over lines, as one."""
    return " ".join(words.split())


def _option_line(what: str, option: MentionOption | NameOption, method: str) -> str:
    return f"   {'->' if option.is_chosen else '  '} {option.score:+.2f} {what}{method}"


def _reason_lines(reasons: Sequence[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"            {reason.effect:+.2f} {reason.says}"


def figures_lines(figures: Mapping[str, Figures]) -> Iterator[str]:
    """A line a kind: parts, then precision, recall and F1 in per cent, with the 95 % interval where there is one."""
    for kind, one in figures.items():
        measured = [f"{kind:6}{one.number:6d}"]
        for what, measure in one.measures.items():
            shares = f"P {100 * measure.precision:.1f} R {100 * measure.recall:.1f} F1 {100 * measure.f1:.1f}"
            interval = f" [{100 * measure.interval[0]:.1f}-{100 * measure.interval[1]:.1f}]" if measure.interval else ""
            measured.append(f"{what} {shares}{interval}")
        if one.dates is not None:
            measured.append(f"date {100 * one.dates:5.1f}")
        yield " | ".join(measured)
        if any(measure.interval for measure in one.measures.values()) and one.by_basis:
            dated = (f"{basis} {right}/{number}" for basis, (right, number) in one.by_basis.items())
            yield f"       date by basis: {', '.join(dated)}"


def mistake_lines(mistakes: Mapping[str, Sequence[Mistake]], most: int) -> Iterator[str]:
    """How many errors of each category, and so many of them: where, the words, what was expected and what given."""
    for category, found in mistakes.items():
        yield f"{category}: {len(found)}"
        for mistake in found[:most]:
            words = shorten(one_line(mistake.words), LONGEST_TOLD, placeholder=" …")
            sure = f" ({mistake.confidence:.2f})" if mistake.confidence is not None else ""
            yield f"  {mistake.article} {mistake.span.start}-{mistake.span.end} “{words}”"
            yield f"    expected {_told(mistake.expected)}, given {_told(mistake.given)}{sure}"


def reliability_lines(bins: Sequence[Bin], error: float) -> Iterator[str]:
    """The table of confidence and share right, ready for a Markdown page; `error` is the mean distance of the two."""
    yield "| confidence | parts | mean confidence | share right |"
    yield "|---|---|---|---|"
    for b in bins:
        yield f"| {b.low:.2f} to {b.high:.2f} | {b.number} | {b.confidence:.3f} | {b.right:.3f} |"
    yield ""
    yield f"Expected calibration error: {error:.3f}"


def _told(value: str | None) -> str:
    return f"“{one_line(value)}”" if value else "nothing"


def utterance_lines(utterance: Utterance, urls: Sequence[str | None], *, with_wordings: bool = True) -> Iterator[str]:
    """Who said what, when and how we know, and everyone who carries it; `urls` open each page at the words.

    Without wordings where `render_variants.variant_lines` follows, which has them side by side.
    """
    yield f"“{utterance.words}”"
    yield f"  {_name(utterance.speaker)}, {_days(utterance.said)} ({_HOW[utterance.said.basis]})"
    outlets, origins = _number(len(utterance.outlets), "outlet"), _number(len(utterance.origins), "origin")
    yield f"  in {outlets} from {origins}; utterance {utterance.id}"
    for sighting, url in zip(utterance.sightings, urls, strict=True):
        yield f"  - {_carrier(sighting)}: {url or 'no address'}"
        if with_wordings and sighting.words != utterance.words:
            yield f"    has it as: “{sighting.words}”"
        if not sighting.is_current:
            yield "    no longer in the article"


def provenance_lines(utterance: Utterance, links: Sequence[Link]) -> Iterator[str]:
    """By which evidence the sightings of an utterance are one, and by which rule each was attributed."""
    yield "  how we know:"
    for sighting in utterance.sightings:
        places = " ".join(f"{part.start}-{part.end}" for part in sighting.parts)
        rule = f"by {sighting.method} ({sighting.confidence:.2f})" if sighting.method else "by no rule"
        version = (sighting.version_sha256 or "")[:12]
        yield f"  - sighting {sighting.id}: {_name(sighting.speaker)} {rule}; characters {places} of version {version}"
    for link in links:
        differs = f", but for: {', '.join(link.flags)}" if link.flags else ""
        yield f"  - {link.left} and {link.right}: {_SAME[link.kind]} ({link.score:.2f}){differs}"


_SAME = {
    LinkKind.EXACT: "the same words",
    LinkKind.CONTAINED: "one has the words of the other",
    LinkKind.REWORDED: "nearly the same words",
}


def _carrier(sighting: Sighting) -> str:
    wire = f" ({sighting.wire_credit})" if sighting.wire_credit and sighting.wire_credit != sighting.outlet else ""
    return f"{sighting.outlet or 'unknown'}{wire}, {sighting.published_on or 'undated'}"


def _name(speaker: str | None) -> str:
    return speaker or NOBODY


def _days(said: SaidOn) -> str:
    if said.first is None and said.last is None:
        return "day not told"
    if said.is_a_day():
        return str(said.first)
    if said.first is None:
        return f"by {said.last}"
    return f"{said.first} to {said.last}" if said.last else f"since {said.first}"


def _number(how_many: int, what: str) -> str:
    return f"{how_many} {what}" if how_many == 1 else f"{how_many} {what}s"
