"""What an export leaves out of a person, an episode or a survey, it leaves out on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from wellbeing_app.exports import codebook
from wellbeing_app.exports.records import Records
from wellbeing_app.exports.tables import long_header
from wellbeing_app.model import Episode, ServiceUser, Survey
from wellbeing_app.services import dataset
from wellbeing_app.services.levels import Level

PAGE = Path(__file__).resolve().parents[2] / "docs/data.md"
KEYS = {"id", "ticket_id", "episode_id", "service_user_id", "merged_into_id", "import_batch_id"}
WHEN_AND_WHO = {"created_at", "version", "recorded_at", "recorded_by_id", "revision", "counting_decided_at"}
TOLD_OTHERWISE = {"reference", "search_name", "advisor_id", "language"}
NOT_TOLD = {"moved"}  # days that were moved: docs/data.md says so


@pytest.mark.parametrize("table", [ServiceUser, Episode, Survey])
def test_a_new_column_is_exported_or_left_out_on_purpose(table: type) -> None:
    columns = {column.name for column in table.__table__.c}  # type: ignore[attr-defined]
    exported = {column.name for column in dataset.COLUMNS} | set(dataset.ANSWERS)
    assert columns - exported - KEYS - WHEN_AND_WHO - TOLD_OTHERWISE == NOT_TOLD & columns


@pytest.mark.parametrize("level", [Level.FULL, Level.NO_FREE_TEXT, Level.NO_IDENTIFIERS])
def test_every_column_is_in_the_codebook_and_on_the_page(level: Level) -> None:
    page = PAGE.read_text("utf-8")
    header = long_header(Records(level))
    assert len(header) == len(set(header))
    assert [name for name in header if name not in codebook.ABOUT or f"`{name}`" not in page] == []


def test_data_for_research_have_no_column_that_could_name_somebody() -> None:
    kept = set(Records(Level.NO_IDENTIFIERS).header)
    telling = {dataset.Kind.IDENTIFIER, dataset.Kind.FREE_TEXT}
    assert kept & {column.name for column in dataset.EVERY_COLUMN if column.kind in telling} == set()
