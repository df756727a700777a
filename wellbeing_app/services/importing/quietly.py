"""Work that makes very many objects, none of which points in a circle."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


def quietly(work: Callable[Given, Made]) -> Callable[Given, Made]:
    """Do it without Python looking for circles to throw away meanwhile: a quarter of the time was that."""

    @wraps(work)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return done
