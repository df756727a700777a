"""`python -m wellbeing_app …`: every command."""

from wellbeing_app import create_app
from wellbeing_app.cli import commands

if __name__ == "__main__":
    commands(obj=create_app, prog_name="python -m wellbeing_app")
