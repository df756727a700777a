"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "service_record",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.String(length=40), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_service_record_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record")),
    )
    op.create_table(
        "service_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("first_name", sa.String(length=200), nullable=False),
        sa.Column("last_name", sa.String(length=200), nullable=False),
        sa.Column("search_name", sa.String(length=401), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("needs_interpreter", sa.Boolean(), nullable=False),
        sa.Column("needs_bsl", sa.Boolean(), nullable=False),
        sa.Column("needs_large_print", sa.Boolean(), nullable=False),
        sa.Column("access_notes", sa.Text(), nullable=False),
        sa.Column("may_telephone", sa.Boolean(), nullable=False),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("may_post", sa.Boolean(), nullable=False),
        sa.Column("safe_times", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["service_user.id"], name=op.f("fk_service_user_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_user")),
        sa.UniqueConstraint("reference", name=op.f("uq_service_user_reference")),
    )
    with op.batch_alter_table("service_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_user_date_of_birth"), ["date_of_birth"], unique=False)
        batch_op.create_index("ix_service_user_search_name", ["search_name"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_target_at", ["target", "at"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "advisor",
                "manager",
                "data_entry",
                "evaluator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("sees_team", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_staff_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_team_id"), ["team_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "take_part",
                "share_with_gp",
                "evaluation",
                "be_contacted",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_recorded_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_agreement_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["service_user_id"], ["service_user.id"], name=op.f("fk_agreement_service_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_recorded_by_id"], ["staff.id"], name=op.f("fk_agreement_withdrawal_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_service_user_id"), ["service_user_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("service_user_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.ForeignKeyConstraint(
            ["service_user_id"], ["service_user.id"], name=op.f("fk_audit_entry_service_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_actor_at", ["actor_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_service_user_at", ["service_user_id", "at"], unique=False)

    op.create_table(
        "break_glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("service_user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_user_id"], ["service_user.id"], name=op.f("fk_break_glass_service_user_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_break_glass_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    with op.batch_alter_table("break_glass", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_glass_service_user_id"), ["service_user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_break_glass_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "episode",
        sa.Column("id", sa.Uuid(), nullable=False),
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
        sa.Column("care_cluster", sa.Integer(), nullable=True),
        sa.Column("referred_by", sa.String(length=200), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("joint_meeting_on", sa.Date(), nullable=True),
        sa.Column("took_up_on", sa.Date(), nullable=True),
        sa.Column("discharge_review_on", sa.Date(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("re_referred_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "closing_reason",
            sa.Enum(
                "completed",
                "declined",
                "moved_away",
                "no_contact",
                "died",
                "other",
                name="closingreason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("closing_note", sa.String(length=2000), nullable=False),
        sa.Column("counting_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(pathway = 'mental_health') = (care_cluster IS NOT NULL)",
            name=op.f("ck_episode_care_cluster_with_mental_health"),
        ),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (closing_reason IS NULL)", name=op.f("ck_episode_closing_has_a_reason")
        ),
        sa.CheckConstraint(
            "care_cluster IS NULL OR care_cluster IN (4, 7, 11)", name=op.f("ck_episode_care_cluster_known")
        ),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name=op.f("fk_episode_advisor_id")),
        sa.ForeignKeyConstraint(
            ["service_user_id"], ["service_user.id"], name=op.f("fk_episode_service_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_episode_advisor_id"), ["advisor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_episode_service_user_id"), ["service_user_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first_administrator",
                "invitation",
                "new_password",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_one_time_link_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "safety_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_user_id", sa.Uuid(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["staff.id"], name=op.f("fk_safety_flag_closed_by_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["staff.id"], name=op.f("fk_safety_flag_raised_by_id")),
        sa.ForeignKeyConstraint(
            ["service_user_id"], ["service_user.id"], name=op.f("fk_safety_flag_service_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_flag")),
    )
    with op.batch_alter_table("safety_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_flag_service_user_id"), ["service_user_id"], unique=False)

    op.create_table(
        "safety_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_safety_action_by_id")),
        sa.ForeignKeyConstraint(["flag_id"], ["safety_flag.id"], name=op.f("fk_safety_action_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_action")),
    )
    with op.batch_alter_table("safety_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_action_flag_id"), ["flag_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "baseline", "follow_up", name="occasion", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_ticket_episode_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["staff.id"], name=op.f("fk_ticket_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_code")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_episode_id"), ["episode_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["staff.id"], name=op.f("fk_draft_saved_by_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_draft_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "form_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_form_opening_staff_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_form_opening_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_opening")),
    )
    with op.batch_alter_table("form_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_opening_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_ticket_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handed_over_ticket_id"], ["ticket.id"], name=op.f("fk_staff_session_handed_over_ticket_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "baseline", "follow_up", name="occasion", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("instrument_version", sa.String(length=40), nullable=False),
        sa.Column("feeling_positive", sa.SmallInteger(), nullable=True),
        sa.Column("lifestyle", sa.SmallInteger(), nullable=True),
        sa.Column("looking_after_yourself", sa.SmallInteger(), nullable=True),
        sa.Column("managing_symptoms", sa.SmallInteger(), nullable=True),
        sa.Column("work_volunteering", sa.SmallInteger(), nullable=True),
        sa.Column("money", sa.SmallInteger(), nullable=True),
        sa.Column("where_you_live", sa.SmallInteger(), nullable=True),
        sa.Column("family_friends", sa.SmallInteger(), nullable=True),
        sa.Column("unanswered", JSON, nullable=False),
        sa.Column("prompts", JSON, nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("date_reason", sa.String(length=500), nullable=False),
        sa.Column("helper", sa.String(length=200), nullable=False),
        sa.Column("with_interpreter", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "in_person",
                "telephone",
                "self_tablet",
                "self_paper",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "respondent",
            sa.Enum(
                "self",
                "self_with_help",
                "proxy",
                name="respondent",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("family_friends BETWEEN 1 AND 5", name=op.f("ck_survey_family_friends")),
        sa.CheckConstraint("feeling_positive BETWEEN 1 AND 5", name=op.f("ck_survey_feeling_positive")),
        sa.CheckConstraint("lifestyle BETWEEN 1 AND 5", name=op.f("ck_survey_lifestyle")),
        sa.CheckConstraint(
            "looking_after_yourself BETWEEN 1 AND 5", name=op.f("ck_survey_looking_after_yourself")
        ),
        sa.CheckConstraint("managing_symptoms BETWEEN 1 AND 5", name=op.f("ck_survey_managing_symptoms")),
        sa.CheckConstraint("money BETWEEN 1 AND 5", name=op.f("ck_survey_money")),
        sa.CheckConstraint("where_you_live BETWEEN 1 AND 5", name=op.f("ck_survey_where_you_live")),
        sa.CheckConstraint("work_volunteering BETWEEN 1 AND 5", name=op.f("ck_survey_work_volunteering")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_survey_episode_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_survey_recorded_by_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_survey_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_survey_ticket_id")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(
            "ix_survey_episode_occasion", ["episode_id", "occasion", "counts"], unique=False
        )

    op.create_table(
        "survey_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_version", sa.String(length=40), nullable=False),
        sa.Column("feeling_positive", sa.SmallInteger(), nullable=True),
        sa.Column("lifestyle", sa.SmallInteger(), nullable=True),
        sa.Column("looking_after_yourself", sa.SmallInteger(), nullable=True),
        sa.Column("managing_symptoms", sa.SmallInteger(), nullable=True),
        sa.Column("work_volunteering", sa.SmallInteger(), nullable=True),
        sa.Column("money", sa.SmallInteger(), nullable=True),
        sa.Column("where_you_live", sa.SmallInteger(), nullable=True),
        sa.Column("family_friends", sa.SmallInteger(), nullable=True),
        sa.Column("unanswered", JSON, nullable=False),
        sa.Column("prompts", JSON, nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("date_reason", sa.String(length=500), nullable=False),
        sa.Column("helper", sa.String(length=200), nullable=False),
        sa.Column("with_interpreter", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "in_person",
                "telephone",
                "self_tablet",
                "self_paper",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "respondent",
            sa.Enum(
                "self",
                "self_with_help",
                "proxy",
                name="respondent",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("family_friends BETWEEN 1 AND 5", name=op.f("ck_survey_revision_family_friends")),
        sa.CheckConstraint(
            "feeling_positive BETWEEN 1 AND 5", name=op.f("ck_survey_revision_feeling_positive")
        ),
        sa.CheckConstraint("lifestyle BETWEEN 1 AND 5", name=op.f("ck_survey_revision_lifestyle")),
        sa.CheckConstraint(
            "looking_after_yourself BETWEEN 1 AND 5", name=op.f("ck_survey_revision_looking_after_yourself")
        ),
        sa.CheckConstraint(
            "managing_symptoms BETWEEN 1 AND 5", name=op.f("ck_survey_revision_managing_symptoms")
        ),
        sa.CheckConstraint("money BETWEEN 1 AND 5", name=op.f("ck_survey_revision_money")),
        sa.CheckConstraint("where_you_live BETWEEN 1 AND 5", name=op.f("ck_survey_revision_where_you_live")),
        sa.CheckConstraint(
            "work_volunteering BETWEEN 1 AND 5", name=op.f("ck_survey_revision_work_volunteering")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_survey_revision_by_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_revision_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_revision")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_revision_survey_id_number")),
    )


def downgrade() -> None:
    op.drop_table("survey_revision")
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_episode_occasion")

    op.drop_table("survey")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_staff_id"))

    op.drop_table("staff_session")
    with op.batch_alter_table("form_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_opening_ticket_id"))

    op.drop_table("form_opening")
    op.drop_table("draft")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_episode_id"))

    op.drop_table("ticket")
    with op.batch_alter_table("safety_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_action_flag_id"))

    op.drop_table("safety_action")
    with op.batch_alter_table("safety_flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_flag_service_user_id"))

    op.drop_table("safety_flag")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_staff_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_episode_service_user_id"))
        batch_op.drop_index(batch_op.f("ix_episode_advisor_id"))

    op.drop_table("episode")
    with op.batch_alter_table("break_glass", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_glass_staff_id"))
        batch_op.drop_index(batch_op.f("ix_break_glass_service_user_id"))

    op.drop_table("break_glass")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_service_user_at")
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index("ix_audit_entry_actor_at")

    op.drop_table("audit_entry")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_service_user_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_team_id"))

    op.drop_table("staff")
    op.drop_table("team")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_target_at")

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("service_user", schema=None) as batch_op:
        batch_op.drop_index("ix_service_user_search_name")
        batch_op.drop_index(batch_op.f("ix_service_user_date_of_birth"))

    op.drop_table("service_user")
    op.drop_table("service_record")
