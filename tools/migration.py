"""Write the next migration: what the model has and the newest migration has not.

    python -m tools.migration "Say why an episode was closed"

Alembic does not see CHECK constraints: add those by hand. `tests/house/test_schema.py` says what is missing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script

from wellbeing_app import migrations
from wellbeing_app.model.database import create_engine_for


def write(message: str) -> Path:
    """Compare the model with a database made by the migrations there are, and write down the difference."""
    engine = create_engine_for("sqlite://")
    migrations.migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        number = f"{int(migrations.head()) + 1:04}"
        script = command.revision(config, message, autogenerate=True, rev_id=number)
    assert isinstance(script, Script)
    path = Path(script.path)
    for tidy in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", path], check=True)
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(write(sys.argv[1]))
