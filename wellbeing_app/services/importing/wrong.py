"""What is wrong with the text of a cell."""

from __future__ import annotations


class Wrong(ValueError):
    """The text is no such value; its argument is the code of what is wrong."""
