"""Paper: printing forms and reports, and reading them back."""
