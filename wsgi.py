"""The app object, nothing else."""

from wellbeing_app import create_app

app = create_app()
