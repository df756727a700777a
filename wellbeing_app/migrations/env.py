"""Runs a migration inside the connection and transaction that `migrate` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from wellbeing_app.model import Base
from wellbeing_app.model.base import Json, UtcDateTime


def in_plain_types(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """How a new migration writes our own types: as what they are to the database, come what may."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Json):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    transactional_ddl=True,
    render_as_batch=True,
    render_item=in_plain_types,
)
context.run_migrations()
