"""How the wordings of one utterance differ, and who picked it up when: for `show`, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from quotetrack.core.domain import Judgement, Related, Sighting, Utterance
from quotetrack.core.worddiff import Change, DiffStep, printed_step
from quotetrack.linking.variants import Variant, variants
from quotetrack.render.quotations import DECIMALS, Json

LONGEST_SHOWN = 12  # words of one cut: of a longer one its ends are shown
ENDS_SHOWN = 4  # words


# For people


def variant_lines(utterance: Utterance, *, colours: bool) -> Iterator[str]:
    """Who had it first and who picked it up, then each wording beside the fullest: `[-cut-]`, `{+added+}`."""
    yield from _pick_up_lines(utterance)
    found = variants(utterance)
    if len(found) == 1:
        return
    yield f"  in {len(found)} wordings:"
    for number, variant in enumerate(found, start=1):
        size = f"{len(variant.words.split())} words"
        yield f"  {number}. {'the fullest, ' if number == 1 else ''}{size}{_summary(variant)}: {_carriers(variant)}"
        if number > 1:
            yield f"     {' '.join(_shown(step, colours) for step in variant.steps)}"
        if variant.flags:
            yield f"     wording differs: {', '.join(variant.flags)}"


def related_lines(related: Sequence[Related]) -> Iterator[str]:
    """Other statements of the speaker to the same effect, the nearest first."""
    if related:
        yield "  related statements, in other words or on another occasion:"
    for other in related:
        yield f"  - utterance {other.utterance_id} ({other.cosine:.2f}): “{other.words}”"


def judgement_lines(judgements: Sequence[Judgement]) -> Iterator[str]:
    """What people judged, and for each half the sighting that it is today, or that it has to be looked for."""
    for judgement in judgements:
        verdict = "the same" if judgement.same else "different"
        why = f": {judgement.reason}" if judgement.reason else ""
        when = judgement.decided_at.date()
        yield f"{judgement.id}. {verdict}, says {judgement.decided_by}, {when}{why}"
        halves = zip(judgement.anchors, judgement.where, (judgement.left, judgement.right), strict=True)
        for anchor, where, sightings in halves:
            now = f"sighting {', '.join(map(str, sightings))}" if sightings else "NOT FOUND any more"
            yield f"   {now}: “{_short(anchor.exact)}” in {where}"


def _pick_up_lines(utterance: Utterance) -> Iterator[str]:
    carriers = _pick_up(utterance)
    outlets, origins = len(utterance.outlets), len(utterance.origins)
    first = carriers[0]
    of_origins = f"{origins} origin{'' if origins == 1 else 's'} in {outlets} outlet{'' if outlets == 1 else 's'}"
    yield f"  first seen {first.published_on or 'on a day not told'} in {_with_wire(first)}; {of_origins}"
    days = [(day, [*group]) for day, group in groupby(carriers, key=lambda s: str(s.published_on or "undated"))]
    if len(carriers) > 1:
        told = "; ".join(f"{day}: {', '.join(map(_with_wire, group))}" for day, group in days)
        yield f"  picked up {told}"


def _pick_up(utterance: Utterance) -> list[Sighting]:
    """The first sighting of each outlet, in order of publication."""
    first: dict[str | None, Sighting] = {}
    for sighting in sorted(utterance.sightings, key=_moment):
        first.setdefault(sighting.outlet, sighting)
    return list(first.values())


def _moment(sighting: Sighting) -> tuple[str, str]:
    """By the day, then by the hour where one is told."""
    return str(sighting.published_on or "~"), str(sighting.published_at or "~")


def _with_wire(sighting: Sighting) -> str:
    wire = sighting.wire_credit
    return f"{sighting.outlet or 'unknown'}{f' ({wire})' if wire and wire != sighting.outlet else ''}"


def _summary(variant: Variant) -> str:
    changes: tuple[Change, ...] = ("cut", "added", "changed")
    return "".join(f", {variant.number(change)} {change}" for change in changes if variant.number(change))


def _carriers(variant: Variant) -> str:
    return ", ".join(variant.outlets)


def _shown(step: DiffStep, colours: bool) -> str:
    return printed_step(step, cut=_short(step.before), in_colour=colours)


def _short(words: str) -> str:
    printed = words.split()
    if len(printed) <= LONGEST_SHOWN:
        return " ".join(printed)
    return " ".join([*printed[:ENDS_SHOWN], "…", *printed[-ENDS_SHOWN:]])


# JSON


def variants_json(utterance: Utterance, related: Sequence[Related]) -> dict[str, Json]:
    """What `show --json` adds: order of pick-up, wordings aligned with the fullest, related statements."""
    carriers = _pick_up(utterance)
    return {
        "first_seen": _iso(carriers[0]),
        "pick_up": [
            {"outlet": one.outlet, "origin": one.origin, "published": _iso(one), "sighting": one.id} for one in carriers
        ],
        "wordings": [_variant_json(variant) for variant in variants(utterance)],
        "related": related_json(related),
    }


def related_json(related: Sequence[Related]) -> list[Json]:
    """Related statements, the nearest first."""
    return [
        {
            "utterance": one.utterance_id,
            "words": one.words,
            "speaker": one.speaker,
            "cosine": round(one.cosine, DECIMALS),
        }
        for one in related
    ]


def judgements_json(judgements: Sequence[Judgement]) -> list[Json]:
    """What people judged, with the characters they pointed at."""
    return [
        {
            "id": one.id,
            "same": one.same,
            "decided_by": one.decided_by,
            "decided_at": one.decided_at.isoformat(),
            "reason": one.reason,
            "orphan": one.is_orphan,
            "halves": [
                {
                    "url": where,
                    "start": anchor.start,
                    "exact": anchor.exact,
                    "prefix": anchor.prefix,
                    "suffix": anchor.suffix,
                    "sightings": list(sightings),
                }
                for anchor, where, sightings in zip(one.anchors, one.where, (one.left, one.right), strict=True)
            ],
        }
        for one in judgements
    ]


def _variant_json(variant: Variant) -> dict[str, Json]:
    return {
        "words": variant.words,
        "outlets": list(variant.outlets),
        "sightings": [sighting.id for sighting in variant.sightings],
        "cut": variant.number("cut"),
        "added": variant.number("added"),
        "changed": variant.number("changed"),
        "flags": list(variant.flags),
        "aligned": [{"change": step.change, "fullest": step.before, "here": step.after} for step in variant.steps],
    }


def _iso(sighting: Sighting) -> str | None:
    return sighting.published_at.isoformat() if sighting.published_at else None
