"""How often what takes long is done: a little in `make test`, a lot in `make soak`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=10, help="how often the server is killed in tests/faults")
    parser.addoption("--boxes", type=int, default=300, help="how many sealed boxes go there and back")
    parser.addoption(
        "--surveys", type=int, default=300, help="how many surveys a tablet sends in tests/faults"
    )
    parser.addoption("--reports", type=int, default=6, help="how many shared reports are read with a solver")
    parser.addoption("--cells", type=int, default=4000, help="how many hostile texts become cells")
    parser.addoption("--tablet-runs", type=int, default=25, help="how many visits something happens to")
    parser.addoption("--mutations", type=int, default=20_000, help="how many slips in codes on paper")
    parser.addoption("--scans", type=int, default=6, help="how many pages of each journey are read")
    parser.addoption("--bad-files", type=int, default=300, help="how many ruined files are sent to be read")
    parser.addoption("--forms", type=int, default=3, help="how many paper forms are typed in")
    parser.addoption("--seed", type=int, help="the seed of those visits, to have the same again")
    parser.addoption("--first-run", type=int, default=1, help="the number of the first of them")


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How often to kill the server: ten times, or as `make soak` says."""
    return int(request.config.getoption("--kills"))


@pytest.fixture(scope="session")
def tablet_runs(request: pytest.FixtureRequest) -> int:
    """To how many visits something happens: 25, or as `make soak` says."""
    return int(request.config.getoption("--tablet-runs"))


@pytest.fixture(scope="session")
def mutations(request: pytest.FixtureRequest) -> int:
    """How many slips in codes: twenty thousand, or as `make soak` says."""
    return int(request.config.getoption("--mutations"))


@pytest.fixture(scope="session")
def forms_to_type(request: pytest.FixtureRequest) -> int:
    """How many paper forms are typed in: three, or as `make soak` says."""
    return int(request.config.getoption("--forms"))


@pytest.fixture(scope="session")
def boxes(request: pytest.FixtureRequest) -> int:
    """How many sealed boxes: a few hundred, or as `make soak` says."""
    return int(request.config.getoption("--boxes"))


@pytest.fixture(scope="session")
def surveys_sent(request: pytest.FixtureRequest) -> int:
    """How many surveys are sent over a line that breaks: or as `make soak` says."""
    return int(request.config.getoption("--surveys"))
