"""The evaluation's arithmetic, on plain numbers: no database, no web, no words."""
