"""Files that people came in from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = ("service_user", "episode", "ticket", "agreement")

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("episodes", sa.Integer(), nullable=False),
        sa.Column("surveys", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_import_batch_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    for table in TABLES:
        op.add_column(table, sa.Column("import_batch_id", sa.Uuid(), nullable=True))
    op.add_column("service_user", sa.Column("earlier_reference", sa.String(length=80), nullable=True))
    op.create_index("ix_service_user_earlier_reference", "service_user", ["earlier_reference"])
    op.create_index("ix_service_user_import_batch_id", "service_user", ["import_batch_id"])


def downgrade() -> None:
    op.drop_index("ix_service_user_import_batch_id", "service_user")
    op.drop_index("ix_service_user_earlier_reference", "service_user")
    op.drop_column("service_user", "earlier_reference")
    for table in TABLES:
        op.drop_column(table, "import_batch_id")
    op.drop_table("import_batch")
