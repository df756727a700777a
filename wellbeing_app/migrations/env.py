"""Runs a migration inside the connection and transaction that `migrate` hands over."""

from alembic import context

from wellbeing_app.model import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
