"""What to say when a part of the system is not there. A test that needs it fails; it is never skipped."""

from typing import NoReturn

import pytest


def needs(package: str) -> NoReturn:
    remedy = f"run `apt-get install {package}`, or `make test` as root"
    pytest.fail(f"This test needs {package}: {remedy}.", pytrace=False)
