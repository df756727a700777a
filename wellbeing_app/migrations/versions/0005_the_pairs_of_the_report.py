"""The pairs of the report"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "paired_totals",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("episodes", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("surveys", sa.Integer(), nullable=False),
        sa.Column("revisions", sa.Integer(), nullable=False),
        sa.Column("last_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreements", sa.Integer(), nullable=False),
        sa.Column("withdrawals", sa.Integer(), nullable=False),
        sa.Column("windows", sa.String(length=80), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_paired_totals_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paired_totals")),
    )
    op.create_table(
        "paired_episode",
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("service_user_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "pathway",
            sa.Enum(
                "long_term_conditions",
                "mental_health",
                name="pathway",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("surveys", sa.SmallInteger(), nullable=False),
        sa.Column("revisions", sa.Integer(), nullable=False),
        sa.Column("last_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("first_cells", sa.String(length=8), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("first_proxy", sa.Boolean(), nullable=False),
        sa.Column("first_alike", sa.Boolean(), nullable=False),
        sa.Column("latest_cells", sa.String(length=8), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("latest_proxy", sa.Boolean(), nullable=False),
        sa.Column("latest_alike", sa.Boolean(), nullable=False),
        sa.Column("nearest_cells", sa.String(length=8), nullable=True),
        sa.Column("nearest_on", sa.Date(), nullable=True),
        sa.Column("nearest_proxy", sa.Boolean(), nullable=False),
        sa.Column("nearest_alike", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episode.id"], name=op.f("fk_paired_episode_episode_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_paired_episode")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agreement_purpose_withdrawn_on", ["purpose", "withdrawn_on", "service_user_id"], unique=False
        )

    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index(
            "ix_episode_discharge_review_on",
            ["discharge_review_on", "discharged_on", "re_referred_on"],
            unique=False,
        )
        batch_op.create_index("ix_episode_discharged_on", ["discharged_on", "re_referred_on"], unique=False)
        batch_op.create_index(
            "ix_episode_referred_on", ["referred_on", "joint_meeting_on", "took_up_on"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index("ix_episode_referred_on")
        batch_op.drop_index("ix_episode_discharged_on")
        batch_op.drop_index("ix_episode_discharge_review_on")

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_purpose_withdrawn_on")

    op.drop_table("paired_episode")
    op.drop_table("paired_totals")
