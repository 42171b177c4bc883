"""Judgements of people about two quotations, and the anchors of all decisions: appended or revoked, never changed.

A decision points at characters of an article, which is named by its URL. They are found again in every version of the
article, so that the decision survives a new extractor, an edited article, and its import into another database. If they
are found in none, the decision is an orphan. A decision that a step has still to apply stands in `decisions_to_apply`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from quotetrack.core.anchors import parts_at, surroundings
from quotetrack.core.corrections import LEAST_COMMON, share_in_common
from quotetrack.core.domain import Anchor, Judgement, Span, hull_of
from quotetrack.core.texts import gettext
from quotetrack.store.backends.statements import among, ids_of, insert_absent, insert_one
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    AnchorRow,
    ArticleRow,
    ArticleVersionRow,
    DecisionToApplyRow,
    JudgedPairRow,
    JudgementRow,
    QuotationRow,
)


class AppliedKind(StrEnum):
    """The kinds of decision that a step applies."""

    JUDGEMENT = "judgement"
    CORRECTION = "correction"
    ARTICLE = "article"


class ImportResult(StrEnum):
    """What became of a decision that was made in another database.

    `KNOWN`: it, or the same one by somebody else, was here already. `OVERRULED`: a later decision here says otherwise,
    or has removed the article.
    """

    NEW = "new"
    KNOWN = "known"
    OVERRULED = "overruled"


# Judgements


def put_judgement(
    session: Session, left: int, right: int, *, same: bool, decided_by: str, now: datetime, reason: str | None = None
) -> int:
    """Store that two sightings are the same utterance or not, and return the id of the judgement.

    If the same judgement is in force, its id is returned; somebody else's agreement is stored beside it, as a judgement
    that was never in force. The opposite judgement is revoked. Raises LookupError for an id that is no sighting, and
    ValueError for two equal ids.
    """
    if left == right:
        raise ValueError(gettext("sighting %(id)s was given twice: give two different sightings", id=left))
    anchors = [anchor_of_sighting(session, each) for each in sorted((left, right))]
    for judgement in _between(session, left, right):
        if judgement.same == same:
            if judgement.decided_by != decided_by:
                _put_agreement(session, judgement.id, decided_by, now)
            return judgement.id
        revoke_judgement(session, judgement.id, now)
    ids = [put_anchor(session, url, anchor) for url, anchor in anchors]
    return put_judgement_of_anchors(session, ids[0], ids[1], same=same, decided_by=decided_by, at=now, reason=reason)


def _put_agreement(session: Session, judgement_id: int, decided_by: str, now: datetime) -> None:
    agreed = session.get_one(JudgementRow, judgement_id)
    ends = {"left_anchor_id": agreed.left_anchor_id, "right_anchor_id": agreed.right_anchor_id, "same": agreed.same}
    insert_one(session, JudgementRow, {**ends, "decided_by": decided_by, "decided_at": now, "revoked_at": now})


def put_judgement_of_anchors(
    session: Session, left: int, right: int, *, same: bool, decided_by: str, at: datetime, reason: str | None
) -> int:
    """Store a judgement about the characters of two anchors, and return its id."""
    row = {"left_anchor_id": left, "right_anchor_id": right, "same": same, "reason": reason}
    judgement_id = insert_one(session, JudgementRow, {**row, "decided_by": decided_by, "decided_at": at})
    apply_later(session, AppliedKind.JUDGEMENT, [judgement_id])
    return judgement_id


def import_judgement(
    session: Session,
    ends: tuple[tuple[str, Anchor], tuple[str, Anchor]],
    *,
    same: bool,
    decided_by: str,
    at: datetime,
    reason: str | None,
) -> ImportResult:
    """Store a judgement of another database about two anchors, each given with the URL of its article.

    Of two opposite judgements about the same quotations the later one stands, and the other is revoked. Raises
    ValueError for a judgement that contradicts others by way of a third quotation, whatever is later.
    """
    left, right = (put_anchor(session, url, anchor) for url, anchor in ends)
    if _was_judged(session, left, right, same=same, decided_by=decided_by, at=at):
        return ImportResult.KNOWN
    if contradicting := _contradicting(session, left, right, same=same):
        verdict = "the same" if same else "different"
        raise ValueError(
            f"two quotations cannot be {verdict}: this contradicts what was judged here "
            f"({', '.join(f'j{each}' for each in contradicting)}). Undo one of these judgements first"
        )
    opposite = [judgement for judgement in _about_anchors(session, left, right) if judgement.same != same]
    if any(judgement.decided_at > at for judgement in opposite):
        return ImportResult.OVERRULED
    for judgement in opposite:
        revoke_judgement(session, judgement.id, at)
    put_judgement_of_anchors(session, left, right, same=same, decided_by=decided_by, at=at, reason=reason)
    return ImportResult.NEW


def _contradicting(session: Session, left: int, right: int, *, same: bool) -> list[int]:
    """Return the judgements in force that exclude a new one about two anchors, by way of others; empty if none do.

    For "same" they are those that tell apart what would be joined, for "different" those that join the two. A judgement
    about the two themselves is not among them.
    """
    joined, joining = {left: {left}, right: {right}}, set[int]()
    apart: dict[int, tuple[int, int]] = {}
    for members in joined.values():
        fresh = set(members)
        while fresh:
            found = [each for each in _judged_anchors(session, fresh) if {each[1], each[2]} != {left, right}]
            joining |= {judgement_id for judgement_id, _, _, is_same in found if is_same}
            apart |= {judgement_id: (one, other) for judgement_id, one, other, is_same in found if not is_same}
            fresh = {each for _, one, other, is_same in found if is_same for each in (one, other)} - members
            members |= fresh
    if not same:
        return sorted(joining) if right in joined[left] else []
    together = joined[left] | joined[right]
    return sorted(judgement_id for judgement_id, pair in apart.items() if together.issuperset(pair))


def _judged_anchors(session: Session, anchors: Iterable[int]) -> list[tuple[int, int, int, bool]]:
    """Return the judgements in force that are about one of the anchors: id, both anchors, and the verdict."""
    columns = (JudgementRow.id, JudgementRow.left_anchor_id, JudgementRow.right_anchor_id, JudgementRow.same)
    in_force = select(*columns).where(JudgementRow.revoked_at.is_(None))
    ends = (JudgementRow.left_anchor_id, JudgementRow.right_anchor_id)
    rows = session.execute(union_all(*(in_force.where(end.in_(among())) for end in ends)), ids_of(anchors))
    return sorted({(judgement_id, left, right, same) for judgement_id, left, right, same in rows})


def _was_judged(session: Session, left: int, right: int, *, same: bool, decided_by: str, at: datetime) -> bool:
    """Return whether this judgement was stored before, in force or not, or somebody else's like it is in force."""
    ends = (JudgementRow.left_anchor_id, JudgementRow.right_anchor_id)
    of_both = or_(*(and_(one == left, other == right) for one, other in (ends, ends[::-1])))
    is_this = and_(JudgementRow.decided_by == decided_by, JudgementRow.decided_at == at)
    known = select(JudgementRow.id).where(of_both, JudgementRow.same == same)
    return session.scalar(known.where(or_(JudgementRow.revoked_at.is_(None), is_this)).limit(1)) is not None


def _about_anchors(session: Session, left: int, right: int) -> list[Judgement]:
    """Return the judgements in force about the anchors, or about sightings in which both are found."""
    anchors = [session.get_one(AnchorRow, anchor_id) for anchor_id in (left, right)]
    found = [set(sightings_at(session, anchor)) for anchor in anchors]
    of_both = (_is_about(literal(anchor.article_url)) for anchor in anchors)
    ids = session.scalars(select(JudgementRow.id).where(*of_both, JudgementRow.revoked_at.is_(None))).all()
    characters = {(anchor.article_url, anchor_of(anchor)) for anchor in anchors}
    return [
        judgement
        for judgement in read_judgements(session, ids)
        if set(zip(judgement.where, judgement.anchors, strict=True)) == characters
        or any({one, other} & found[0] and {one, other} & found[1] for one, other, _ in judgement.pairs)
    ]


def revoke_judgements(session: Session, left: int, right: int, now: datetime) -> list[int]:
    """Revoke the judgements in force between two sightings, and return their ids."""
    revoked = [judgement.id for judgement in _between(session, left, right)]
    for judgement_id in revoked:
        revoke_judgement(session, judgement_id, now)
    return revoked


def revoke_judgement(session: Session, judgement_id: int, now: datetime) -> bool:
    """Revoke a judgement. Return False if there is none with this id in force."""
    row = session.get(JudgementRow, judgement_id)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at = now
    session.flush()
    apply_later(session, AppliedKind.JUDGEMENT, [judgement_id])
    return True


def read_judgements(session: Session, ids: Sequence[int] | None = None) -> list[Judgement]:
    """Return the judgements in force, oldest first, orphans included; or those of these ids, revoked or not."""
    if ids is None:
        rows = session.scalars(select(JudgementRow).order_by(JudgementRow.id).where(JudgementRow.revoked_at.is_(None)))
    else:
        rows = session.scalars(_judgements_among(), ids_of(ids))
    return [_judgement(session, row) for row in rows]


@cache
def _judgements_among() -> Select[JudgementRow]:
    return select(JudgementRow).order_by(JudgementRow.id).where(JudgementRow.id.in_(among()))


def urls_of_judgements(session: Session, ids: Sequence[int]) -> list[str]:
    """Return the URLs of the articles that these judgements are about."""
    return sorted(session.scalars(_urls_of_judgements(), ids_of(ids)))


@cache
def _urls_of_judgements() -> Select[str]:
    ends = or_(AnchorRow.id == JudgementRow.left_anchor_id, AnchorRow.id == JudgementRow.right_anchor_id)
    wanted = select(AnchorRow.article_url).distinct().join_from(JudgementRow, AnchorRow, ends)
    return wanted.where(JudgementRow.id.in_(among()))


def judgements_on(session: Session, quotation_ids: Iterable[int]) -> list[Judgement]:
    """Return the judgements in force about any of these quotations, oldest first."""
    pairs = session.execute(_judged_pairs(), ids_of(quotation_ids))
    return read_judgements(session, sorted({judgement_id for judgement_id, *_ in pairs}))


def _between(session: Session, left: int, right: int) -> list[Judgement]:
    """Return the judgements in force between two sightings. Only those about their articles are read."""
    ids = session.scalars(_about_articles(), {"left": left, "right": right}).all()
    judgements = read_judgements(session, ids) if ids else []
    return [j for j in judgements if any({one, other} == {left, right} for one, other, _ in j.pairs)]


@cache
def _about_articles() -> Select[int]:
    urls = select(ArticleRow.url).join_from(QuotationRow, ArticleVersionRow).join(ArticleRow)
    of_left, of_right = (urls.where(QuotationRow.id == bindparam(each)).scalar_subquery() for each in ("left", "right"))
    return select(JudgementRow.id).where(_is_about(of_left), _is_about(of_right), JudgementRow.revoked_at.is_(None))


def _is_about(url: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition for judgements about an article."""
    anchors = select(AnchorRow.id).where(AnchorRow.article_url == url)
    return or_(JudgementRow.left_anchor_id.in_(anchors), JudgementRow.right_anchor_id.in_(anchors))


def _judgement(session: Session, row: JudgementRow) -> Judgement:
    left, right = session.get_one(AnchorRow, row.left_anchor_id), session.get_one(AnchorRow, row.right_anchor_id)
    return Judgement(
        id=row.id,
        anchors=(anchor_of(left), anchor_of(right)),
        where=(left.article_url, right.article_url),
        left=sightings_at(session, left),
        right=sightings_at(session, right),
        same=row.same,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        is_revoked=row.revoked_at is not None,
    )


# Judgements as the linker takes them


def find_judged_pairs(session: Session) -> set[int]:
    """Find the sightings of every judgement that waits, and return those that it joins or keeps apart, or did before.

    Sightings that share their wording with others wait to be linked again: one about which a person decided is linked
    by itself, and not as a copy of another.
    """
    waiting = decisions_to_apply(session, AppliedKind.JUDGEMENT)
    if not waiting:
        return set()
    of_waiting = JudgedPairRow.judgement_id.in_(among())
    pairs = session.execute(select(JudgedPairRow.left_id, JudgedPairRow.right_id).where(of_waiting), ids_of(waiting))
    touched = {end for pair in pairs for end in pair}
    dropped = delete(JudgedPairRow).where(of_waiting).execution_options(synchronize_session=False)
    session.execute(dropped, ids_of(waiting))
    rows: list[dict[str, object]] = []
    for judgement in read_judgements(session, waiting):
        if not judgement.is_revoked:
            touched |= {*judgement.left, *judgement.right}
            rows += [
                {"judgement_id": judgement.id, "left_id": left, "right_id": right, "same": same}
                for left, right, same in judgement.pairs
            ]
    insert_absent(session, JudgedPairRow, rows, ("judgement_id", "left_id", "right_id"))
    session.execute(_link_copies_again(), ids_of(touched))
    were_applied(session, AppliedKind.JUDGEMENT, waiting)
    return touched


@cache
def _link_copies_again() -> Executable:
    other = aliased(QuotationRow)
    is_copy = exists().where(other.wording_id == QuotationRow.wording_id, other.id != QuotationRow.id)
    again = update(QuotationRow).where(QuotationRow.id.in_(among()), is_copy).values(linked_by=None)
    return again.execution_options(synchronize_session=False)


def judged_pairs(session: Session, quotation_ids: Iterable[int]) -> list[tuple[int, int, bool]]:
    """Return the pairs of sightings that judgements in force are about and that have one of these quotations.

    Each is two quotation ids, and whether the two are the same utterance.
    """
    rows = session.execute(_judged_pairs(), ids_of(quotation_ids))
    return sorted({(left, right, same) for _, left, right, same in rows})


@cache
def _judged_pairs() -> CompoundSelect[int, int, int, bool]:
    wanted = select(JudgedPairRow.judgement_id, JudgedPairRow.left_id, JudgedPairRow.right_id, JudgedPairRow.same)
    return union_all(*(wanted.where(end.in_(among())) for end in (JudgedPairRow.left_id, JudgedPairRow.right_id)))


def find_judgements_again(session: Session, article_url: str | None = None) -> None:
    """Let the judgements in force wait to be applied: all, or those about an article."""
    wanted = select(JudgementRow.id).where(JudgementRow.revoked_at.is_(None))
    if article_url is not None:
        anchors = select(AnchorRow.id).where(AnchorRow.article_url == article_url)
        wanted = wanted.where(or_(JudgementRow.left_anchor_id.in_(anchors), JudgementRow.right_anchor_id.in_(anchors)))
    apply_later(session, AppliedKind.JUDGEMENT, list(session.scalars(wanted)))


# Decisions that wait


def apply_later(session: Session, kind: AppliedKind, ids: Iterable[int]) -> None:
    """Let decisions wait for the step that applies them."""
    rows = [{"kind": str(kind), "decision_id": decision_id} for decision_id in ids]
    insert_absent(session, DecisionToApplyRow, rows, ("kind", "decision_id"))


def decisions_to_apply(session: Session, kind: AppliedKind) -> list[int]:
    """Return the ids of the decisions that wait, oldest first."""
    return list(session.scalars(_to_apply(), {"kind": str(kind)}))


@cache
def _to_apply() -> Select[int]:
    wanted = select(DecisionToApplyRow.decision_id).where(DecisionToApplyRow.kind == bindparam("kind"))
    return wanted.order_by(DecisionToApplyRow.decision_id)


def were_applied(session: Session, kind: AppliedKind, ids: Iterable[int]) -> None:
    """Take decisions from the list of those that wait."""
    session.execute(_were_applied(), {"kind": str(kind), **ids_of(ids)})


@cache
def _were_applied() -> Executable:
    of_kind = DecisionToApplyRow.kind == bindparam("kind")
    statement = delete(DecisionToApplyRow).where(of_kind, DecisionToApplyRow.decision_id.in_(among()))
    return statement.execution_options(synchronize_session=False)


# Anchors


def anchor_of_sighting(session: Session, quotation_id: int) -> tuple[str, Anchor]:
    """Return the URL of a sighting's article, and its characters. Raises LookupError for an id that is no sighting."""
    url, text, parts = _sighting(session, quotation_id)
    return url, anchor_at(text, parts)


def version_of_sighting(session: Session, quotation_id: int) -> tuple[str, Span]:
    """Return the text of a sighting's version, and the characters from its first to its last. Raises LookupError."""
    _, text, parts = _sighting(session, quotation_id)
    return text, hull_of(parts)


def _sighting(session: Session, quotation_id: int) -> tuple[str, str, list[Span]]:
    found = session.execute(_place_of_sighting(), {"quotation": quotation_id}).one_or_none()
    if found is None:
        raise LookupError(gettext("there is no sighting %(id)s", id=quotation_id))
    url, text, parts = found
    return url, text, [Span(start, end) for start, end in parts]


@cache
def _place_of_sighting() -> Select[str, str, list[list[int]]]:
    wanted = select(ArticleRow.url, ArticleVersionRow.text, QuotationRow.parts)
    wanted = wanted.join_from(QuotationRow, ArticleVersionRow).join(ArticleRow)
    return wanted.where(QuotationRow.id == bindparam("quotation"), is_sighting())


def anchor_at(text: str, parts: Sequence[Span]) -> Anchor:
    """Return the anchor of some characters of a text."""
    start, end = parts[0].start, parts[-1].end
    prefix, suffix = surroundings(text, start, end)
    inside = tuple(Span(part.start - start, part.end - start) for part in parts)
    return Anchor(start, text[start:end], prefix, suffix, inside)


def put_anchor(session: Session, article_url: str, anchor: Anchor) -> int:
    """Store an anchor, and return its id; that of the stored one with the same characters, if there is one."""
    place = {"url": article_url, "start": anchor.start, "exact": anchor.exact}
    anchor_id = session.scalar(_anchor_at_place(), place)
    if anchor_id is not None:
        return anchor_id
    row = {
        "article_url": article_url,
        "start": anchor.start,
        "exact": anchor.exact,
        "prefix": anchor.prefix,
        "suffix": anchor.suffix,
        "parts": [[part.start, part.end] for part in anchor.parts],
    }
    return insert_one(session, AnchorRow, row)


@cache
def _anchor_at_place() -> Select[int]:
    characters = (AnchorRow.start == bindparam("start"), AnchorRow.exact == bindparam("exact"))
    return select(AnchorRow.id).where(AnchorRow.article_url == bindparam("url"), *characters)


def anchor_of(row: AnchorRow) -> Anchor:
    """Return the anchor of a row."""
    return Anchor(row.start, row.exact, row.prefix, row.suffix, tuple(Span(start, end) for start, end in row.parts))


def sightings_at(session: Session, row: AnchorRow) -> tuple[int, ...]:
    """Return the sightings that an anchor's characters are in the stored versions of its article."""
    texts = session.execute(texts_of_article(), {"url": row.article_url})
    places = {version_id: parts_at(text, anchor_of(row)) for version_id, text in texts}
    spans = {version_id: hull_of(parts) for version_id, parts in places.items() if parts}
    ids = (_sighting_at(session, version_id, span) for version_id, span in sorted(spans.items()))
    return tuple(quotation_id for quotation_id in ids if quotation_id is not None)


@cache
def texts_of_article() -> Select[int, str]:
    """Return the statement for the id and text of each version of an article, which is given as `url`."""
    versions = select(ArticleVersionRow.id, ArticleVersionRow.text).join_from(ArticleVersionRow, ArticleRow)
    return versions.where(ArticleRow.url == bindparam("url"))


def _sighting_at(session: Session, version_id: int, span: Span) -> int | None:
    """Return the sighting that shares most characters with a span of a version; None if it shares too few."""
    near = session.execute(_sightings_near(), {"version": version_id, "first": span.start, "last": span.end})
    common = {quotation_id: share_in_common(span, Span(start, end)) for quotation_id, start, end in near}
    best = max(common, key=lambda quotation_id: common[quotation_id], default=None)
    return best if best is not None and common[best] >= LEAST_COMMON else None


@cache
def _sightings_near() -> Select[int, int, int]:
    wanted = select(QuotationRow.id, QuotationRow.start, QuotationRow.end).join_from(QuotationRow, ArticleVersionRow)
    near = wanted.where(QuotationRow.version_id == bindparam("version"), is_sighting())
    near = near.where(QuotationRow.start < bindparam("last"), QuotationRow.end > bindparam("first"))
    return near.order_by(QuotationRow.id)
