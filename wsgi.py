"""The app object, nothing else."""

from wellbeing_app import for_wsgi

app = for_wsgi()
