"""Add the key that all forms of an article's address share, and fill it in.

Code before this one leaves it NULL: such an article is found by its exact address.
"""

import sqlalchemy as sa
from alembic import op

from quotetrack.core.urls import article_key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1000

articles = sa.table("articles", sa.column("id", sa.Integer), sa.column("url", sa.String), sa.column("address_key"))


def upgrade() -> None:
    op.add_column("articles", sa.Column("address_key", sa.Text(), nullable=True))
    op.create_index(op.f("ix_articles_address_key"), "articles", ["address_key"])
    _fill_in(op.get_bind())


def downgrade() -> None:
    op.drop_index(op.f("ix_articles_address_key"), "articles")
    op.drop_column("articles", "address_key")


def _fill_in(connection: sa.Connection) -> None:
    wanted = sa.select(articles.c.id, articles.c.url).order_by(articles.c.id).limit(ROWS_AT_ONCE)
    statement = articles.update().where(articles.c.id == sa.bindparam("row"))
    statement = statement.values(address_key=sa.bindparam("of_row"))
    last = 0
    while rows := connection.execute(wanted.where(articles.c.id > last)).all():
        connection.execute(statement, [{"row": id_, "of_row": article_key(url) or url} for id_, url in rows])
        last = rows[-1].id
