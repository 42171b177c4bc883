"""Erase removed articles: the text of their versions, and all that was made of it. A row with the URL stays.

What a person decided about single quotations of the article goes too, because it repeats their words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Select, UpdateBase, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from quotetrack.core.domain import ArticleField
from quotetrack.store.articles import follow_decisions, texts_of
from quotetrack.store.backends import backend_of
from quotetrack.store.backends.statements import batches, numbers
from quotetrack.store.decisions import AppliedKind, decisions_to_apply, were_applied
from quotetrack.store.quotations import full_texts_of
from quotetrack.store.speakers import WITH_SPEAKER
from quotetrack.store.tables import (
    AnchorRow,
    ArticleDecisionRow,
    ArticleRow,
    ArticleVersionRow,
    CorrectionRow,
    EmbeddingRow,
    FactCheckMatchRow,
    FailureRow,
    FetchRow,
    JudgedPairRow,
    JudgementRow,
    LinkRow,
    NoteRow,
    PageRow,
    QuotationRow,
    RelatedRow,
    ReportedStatementRow,
    SpeakerDecisionRow,
    SpeakerNameRow,
    SpeakerRow,
    TalkingPointMemberRow,
    WordingRow,
)

ERASED = "the article was removed"  # in place of the reason of a failure, which may quote the article


def articles_to_erase(session: Session) -> list[int]:
    """Return the removed articles that wait to be erased.

    An article whose quotations are still linked is left out: the linker first takes them out of their utterances.
    """
    waiting = select(numbers(decisions_to_apply(session, AppliedKind.ARTICLE)).c.value)
    wanted = select(ArticleRow.id).join(ArticleDecisionRow, ArticleDecisionRow.article_url == ArticleRow.url)
    wanted = wanted.where(ArticleDecisionRow.id.in_(waiting), ArticleRow.removed_at.is_not(None))
    is_linked = exists().where(
        QuotationRow.version_id == ArticleVersionRow.id,
        ArticleVersionRow.article_id == ArticleRow.id,
        or_(QuotationRow.wording_id.is_not(None), QuotationRow.retired_at.is_(None)),
    )
    return list(session.scalars(wanted.where(~is_linked).distinct().order_by(ArticleRow.id)))


def erase_article(session: Session, article_id: int) -> set[str]:
    """Erase a removed article. Return the hashes of its evidence, but for evidence that another article has too.

    The article waits until `were_erased`, so that an interrupted erasure is repeated.
    """
    article = session.get_one(ArticleRow, article_id)
    backend_of(session).drop_full_text(session, full_texts_of(session, article_id))
    versions = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == article_id)
    ids = list(session.scalars(select(QuotationRow.id).where(QuotationRow.version_id.in_(versions))))
    reported = list(session.scalars(select(ReportedStatementRow).where(ReportedStatementRow.version_id.in_(versions))))
    _erase_statements(session, ids, reported, "\n".join(texts_of(session, session.scalars(versions)).values()))
    _erase_decisions(session, article)
    _run(session, delete(NoteRow).where(NoteRow.version_id.in_(versions)))
    blank = {"text": "", "title": None, "byline": None, "extract_error": None}
    _run(session, update(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id).values(blank))
    _run(session, update(FailureRow).where(FailureRow.place == article.url).values(reason=ERASED))
    session.expire_all()
    return _own_evidence(session, article_id)


def were_erased(session: Session, article_ids: Iterable[int]) -> None:
    """Take erased articles from the list of those that wait."""
    decisions = select(ArticleDecisionRow.id).join(ArticleRow, ArticleRow.url == ArticleDecisionRow.article_url)
    decisions = decisions.where(ArticleRow.id.in_(select(numbers(article_ids).c.value)))
    were_applied(session, AppliedKind.ARTICLE, session.scalars(decisions))


def _run(session: Session, statement: UpdateBase) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _among(ids: Iterable[int]) -> Select[int]:
    return select(numbers(ids).c.value)


# Statements, with what was made of them


def _erase_statements(
    session: Session, ids: Sequence[int], reported: Sequence[ReportedStatementRow], text: str
) -> None:
    """Delete these quotations and reported statements with all that was made of them.

    `text` is that of all versions of their article.
    """
    quotations = list(session.scalars(select(QuotationRow).where(QuotationRow.id.in_(_among(ids)))))
    words = {row.words for row in quotations}
    rows: list[QuotationRow | ReportedStatementRow] = [*quotations, *reported]
    text_keys = {key for row in rows for key in (row.words_sha256, row.context_sha256)}
    speakers = {row.speaker_id for row in rows if row.speaker_id is not None}
    of_points = TalkingPointMemberRow.reported_id.in_(_among(row.id for row in reported))
    _run(session, delete(TalkingPointMemberRow).where(of_points))
    erased = delete(ReportedStatementRow).where(ReportedStatementRow.id.in_(_among(row.id for row in reported)))
    _run(session, erased)
    for table in (LinkRow, RelatedRow, JudgedPairRow):
        _run(session, delete(table).where(or_(table.left_id.in_(_among(ids)), table.right_id.in_(_among(ids)))))
    _run(session, delete(FactCheckMatchRow).where(FactCheckMatchRow.quotation_id.in_(_among(ids))))
    _run(session, delete(QuotationRow).where(QuotationRow.id.in_(_among(ids))))
    _print_wordings_as_elsewhere(session, words)
    _erase_vectors(session, text_keys)
    _erase_speakers(session, speakers, text)


def _print_wordings_as_elsewhere(session: Session, words: Collection[str]) -> None:
    """Let wordings that other quotations have stand as those print them."""
    elsewhere = select(func.min(QuotationRow.words)).where(QuotationRow.wording_id == WordingRow.id).scalar_subquery()
    for batch in batches(sorted(words)):
        _run(session, update(WordingRow).where(WordingRow.words.in_(batch)).values(words=elsewhere))


def _erase_vectors(session: Session, text_keys: Collection[str]) -> None:
    """Delete the vectors of texts that no statement has any more."""
    for batch in batches(sorted(text_keys)):
        used = {
            key
            for table in WITH_SPEAKER
            for column in (table.words_sha256, table.context_sha256)
            for key in session.scalars(select(column).where(column.in_(batch)))
        }
        _run(session, delete(EmbeddingRow).where(EmbeddingRow.text_key.in_(set(batch) - used)))


def _erase_speakers(session: Session, ids: Collection[int], text: str) -> None:
    """Delete the speakers of these ids or named in this text, unless anything else quotes them or a person decided.

    A corrected speaker is named in the text and has no quotation left.
    """
    others = aliased(SpeakerRow)
    is_needed = or_(
        *(exists().where(table.speaker_id == SpeakerRow.id) for table in WITH_SPEAKER),
        exists().where(SpeakerDecisionRow.speaker_id == SpeakerRow.id),
        exists().where(others.merged_into_id == SpeakerRow.id),
        SpeakerRow.merged_into_id.is_not(None),
        SpeakerRow.wikidata_id.is_not(None),
    )
    unneeded = session.execute(select(SpeakerRow.id, SpeakerRow.name).where(~is_needed))
    gone = [speaker_id for speaker_id, name in unneeded if speaker_id in ids or name in text]
    _run(session, delete(SpeakerNameRow).where(SpeakerNameRow.speaker_id.in_(_among(gone))))
    _run(session, delete(SpeakerRow).where(SpeakerRow.id.in_(_among(gone))))


# Decisions


def _erase_decisions(session: Session, article: ArticleRow) -> None:
    """Delete the decisions about the article's characters, and blank the title and author that a person gave it."""
    anchors = select(AnchorRow.id).where(AnchorRow.article_url == article.url)
    either = or_(JudgementRow.left_anchor_id.in_(anchors), JudgementRow.right_anchor_id.in_(anchors))
    judgements = list(session.scalars(select(JudgementRow.id).where(either)))
    corrections = list(session.scalars(select(CorrectionRow.id).where(CorrectionRow.anchor_id.in_(anchors))))
    were_applied(session, AppliedKind.JUDGEMENT, judgements)
    were_applied(session, AppliedKind.CORRECTION, corrections)
    _run(session, delete(JudgedPairRow).where(JudgedPairRow.judgement_id.in_(_among(judgements))))
    _run(session, delete(JudgementRow).where(JudgementRow.id.in_(_among(judgements))))
    _run(session, delete(CorrectionRow).where(CorrectionRow.id.in_(_among(corrections))))
    _run(session, delete(AnchorRow).where(AnchorRow.article_url == article.url))
    texts = ArticleDecisionRow.field.in_([ArticleField.TITLE, ArticleField.AUTHOR])
    blank = {"value": None, "revoked_at": func.coalesce(ArticleDecisionRow.revoked_at, article.removed_at)}
    of_article = ArticleDecisionRow.article_url == article.url
    _run(session, update(ArticleDecisionRow).where(of_article, texts).values(blank))
    session.expire_all()
    follow_decisions(session, article)


# Evidence


def _own_evidence(session: Session, article_id: int) -> set[str]:
    """Return the hashes of the bytes that were read for this article and for no other."""
    pages = select(PageRow.id).where(PageRow.article_id == article_id)
    versions = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == article_id)
    is_own = or_(FetchRow.page_id.in_(pages), func.coalesce(FetchRow.version_id, 0).in_(versions))
    read = select(ArticleVersionRow.evidence_sha256).where(ArticleVersionRow.article_id == article_id)
    own = {*session.scalars(read), *session.scalars(select(FetchRow.body_sha256).where(is_own))}
    hashes = {each for each in own if each is not None}
    of_others = select(ArticleVersionRow.evidence_sha256).where(
        ArticleVersionRow.evidence_sha256.in_(hashes), ArticleVersionRow.article_id != article_id
    )
    fetched = select(FetchRow.body_sha256).where(FetchRow.body_sha256.in_(hashes), ~is_own)
    return hashes - {*session.scalars(of_others), *session.scalars(fetched)}
