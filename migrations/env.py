"""Run the migrations on the connection that quotetrack passes, else on the database of the settings."""

from alembic import context
from sqlalchemy import Connection

from quotetrack.core.settings import Settings
from quotetrack.store.backends import FULL_TEXT_TABLE
from quotetrack.store.engine import engine_of, migrating
from quotetrack.store.tables import Base


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether Alembic should compare a table. Full text is a virtual table with five more tables of SQLite."""
    return kind != "table" or name is None or not name.startswith(FULL_TEXT_TABLE)


def is_compared(_object: object, name: str | None, _kind: str, _is_reflected: bool, _other: object) -> bool:
    """Return whether Alembic should compare an object. The key of an anchor has a hash of its words on PostgreSQL."""
    return name != "uq_anchors_article_url_start_exact"


def migrate(connection: Connection) -> None:
    with migrating(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=is_ours,
            include_object=is_compared,
            render_as_batch=True,  # SQLite alters a table by copying it
        )
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations need a database: --sql is not supported")
handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    url = context.config.get_main_option("sqlalchemy.url") or Settings().database
    with engine_of(url).connect() as opened:
        migrate(opened)
