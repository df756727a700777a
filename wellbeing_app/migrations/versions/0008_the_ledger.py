"""The ledger: activities, placements, hours, wider outcomes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "befriending_plus",
                "education",
                "community_group",
                "therapeutic",
                name="theme",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "setting",
            sa.Enum(
                "individual", "group", name="setting", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_activity_capacity_of_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("provider", "name", name=op.f("uq_activity_provider_name")),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_placement_activity_id")),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episode.id"], name=op.f("fk_placement_episode_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_placement_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "episode_id", "activity_id", "began_on", name=op.f("uq_placement_episode_id_activity_id_began_on")
        ),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_episode_id"), ["episode_id"], unique=False)

    op.create_table(
        "wider_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employment",
                "training",
                "volunteering",
                "physical_activity",
                "peer_support",
                "voluntary_sector",
                name="outcomekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episode.id"], name=op.f("fk_wider_outcome_episode_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_wider_outcome_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wider_outcome")),
        sa.UniqueConstraint("episode_id", "kind", name=op.f("uq_wider_outcome_episode_id_kind")),
    )
    op.create_table(
        "delivered_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_delivered_hours_some_hours")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_delivered_hours_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_delivered_hours_placement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_delivered_hours_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivered_hours")),
    )
    with op.batch_alter_table("delivered_hours", schema=None) as batch_op:
        batch_op.create_index("ix_delivered_hours_activity_id_on", ["activity_id", "on"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivered_hours_placement_id"), ["placement_id"], unique=False)

    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index("ix_episode_closed_on", ["closed_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index("ix_episode_closed_on")

    with op.batch_alter_table("delivered_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivered_hours_placement_id"))
        batch_op.drop_index("ix_delivered_hours_activity_id_on")

    op.drop_table("delivered_hours")
    op.drop_table("wider_outcome")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_episode_id"))
        batch_op.drop_index(batch_op.f("ix_placement_activity_id"))

    op.drop_table("placement")
    op.drop_table("activity")
