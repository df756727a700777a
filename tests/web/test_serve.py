"""Two commands on a fresh machine: what `serve` and `demo` make, say and refuse."""

from __future__ import annotations

import hashlib
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import StartServer
from tests.support.server import PROJECT, LiveServer
from tests.support.visitor import Visitor
from wellbeing_app.model.sqlite import driver as sqlite3

pytestmark = pytest.mark.slow

PATIENCE = 60


class DemoServer(LiveServer):
    """The same with invented people, below the instance's folder."""

    command = ("wellbeing_app", "demo")


class BehindProxy(LiveServer):
    """The same behind a proxy that speaks TLS."""

    def _environment(self) -> dict[str, str]:
        behind = {"WELLBEING_PUBLIC_URL": "https://wellbeing.example", "WELLBEING_TRUSTED_PROXIES": "1"}
        return {**super()._environment(), **behind}


def run(instance: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command to its end, as somebody at a terminal sees it."""
    inherited = {"PATH": "/usr/bin:/bin", "WELLBEING_INSTANCE": str(instance), **environ}
    return subprocess.run(
        [sys.executable, "-m", "wellbeing_app", *command],
        cwd=PROJECT,
        env=inherited,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def fetch(url: str) -> str:
    with urlopen(url, timeout=PATIENCE) as response:
        return str(response.read(), "utf-8")


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def rows(server: LiveServer, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(server.instance / "wellbeing.sqlite")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def live_server(start_server: StartServer) -> LiveServer:
    """One that made its folder, its key and its tables itself."""
    return start_server(fresh=True)


def test_a_fresh_machine_gets_a_private_folder_key_and_database(live_server: LiveServer) -> None:
    assert mode(live_server.instance) == 0o700
    assert mode(live_server.instance / "secret.key") == 0o600
    assert mode(live_server.instance / "wellbeing.sqlite") == 0o600


def test_it_says_its_address_and_whether_there_are_pdf_files(live_server: LiveServer) -> None:
    assert f"runs at {live_server.url}" in live_server.output()
    assert re.search(r"PDF files: (on\.|off\. For them: apt-get install libpango)", live_server.output())


def test_the_first_administrators_link_opens_and_only_its_hash_is_kept(live_server: LiveServer) -> None:
    address, token = live_server.first_link().split("#")
    assert address == f"{live_server.url}/welcome"
    fetch(address)
    kept = rows(live_server, "SELECT token_hash FROM one_time_link WHERE used_at IS NULL")
    assert kept == [(hashlib.sha256(token.encode()).hexdigest(),)]
    assert token.encode() not in (live_server.instance / "wellbeing.sqlite").read_bytes()


def test_the_link_lasts_an_hour(live_server: LiveServer) -> None:
    query = "SELECT round((julianday(expires_at) - julianday(created_at)) * 24 * 60) FROM one_time_link"
    assert rows(live_server, query) == [(60.0,)]


def test_answers_do_not_tell_what_serves_them(live_server: LiveServer) -> None:
    with urlopen(f"{live_server.url}/health", timeout=PATIENCE) as response:
        assert response.headers["Server"] is None


def test_a_request_that_is_too_large_is_refused(live_server: LiveServer) -> None:
    connection = HTTPConnection("127.0.0.1", live_server.port, timeout=PATIENCE)
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Length", "50000000")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def sign_in_through_proxy(server: LiveServer) -> int:
    """The status of a form that a browser at https://wellbeing.example sends, and a proxy hands on."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    headers = {"X-Forwarded-Host": "wellbeing.example", "Origin": "https://wellbeing.example"}
    connection.request("POST", "/sign-in", "", headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_a_proxy_says_counts_where_proxies_are_trusted_and_nowhere_else(
    live_server: LiveServer, tmp_path: Path
) -> None:
    behind = BehindProxy(tmp_path / "instance")
    behind.start()
    assert sign_in_through_proxy(behind) == 422
    behind.stop()
    assert sign_in_through_proxy(live_server) == 403


def test_it_ends_when_asked_and_starts_again_with_what_was_there(start_server: StartServer) -> None:
    server = start_server()
    key = (server.instance / "secret.key").read_text()
    server.hire()
    server.stop()
    assert server.output().endswith("Ended.\n")
    server.start()
    assert (server.instance / "secret.key").read_text() == key
    assert rows(server, "SELECT count(*) FROM staff") == [(7,)]
    assert not (server.instance / "backups").exists()  # nothing was migrated


def test_once_somebody_administers_the_service_no_more_links_are_made(start_server: StartServer) -> None:
    server = start_server()
    server.stop()
    server.hire()
    before = server.output()
    server.start()
    server.stop()
    assert "welcome#" not in server.output().removeprefix(before)


def test_an_address_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = run(tmp_path, "serve", WELLBEING_PORT=str(other.getsockname()[1]))
    assert_sentence(ended, "already listens on 127.0.0.1:")


def test_a_second_server_in_the_same_folder_is_refused(live_server: LiveServer) -> None:
    ended = run(live_server.instance, "serve", WELLBEING_PORT="8099")
    assert_sentence(ended, f"already runs in {live_server.instance} (process {live_server.pid})")


def test_nothing_is_restored_or_migrated_under_a_running_server(live_server: LiveServer) -> None:
    copy = run(live_server.instance, "backup").stdout.split(" (")[0]
    assert_sentence(run(live_server.instance, "restore", copy, "--replace"), "already runs")
    assert_sentence(run(live_server.instance, "migrate"), "already runs")


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"WELLBEING_HOST": "0.0.0.0"}, "must start with https://"),
        ({"WELLBEING_HOST": "0.0.0.0", "WELLBEING_PUBLIC_URL": "http://localhost"}, "open to the network"),
        ({"WELLBEING_PUBLIC_URL": "http://wellbeing.example"}, "must start with https://"),
        ({"WELLBEING_COLOUR": "blue"}, "Unknown setting WELLBEING_COLOUR"),
        ({"WELLBEING_PORT": "many"}, "WELLBEING_PORT must be a whole number"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:9/nothing"}, "The database does not answer"),
    ],
)
def test_an_unsafe_or_impossible_start_is_refused_in_a_sentence(
    tmp_path: Path, environ: dict[str, str], sentence: str
) -> None:
    assert_sentence(run(tmp_path, "serve", **{"WELLBEING_PORT": "8098", **environ}), sentence)


def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("secret")
    assert_sentence(run(tmp_path, "serve"), "fewer than 32 characters")
    assert (tmp_path / "secret.key").read_text() == "secret"


def test_a_database_of_a_newer_app_is_refused_and_left_alone(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "instance")
    server.start()
    server.stop()
    file = server.instance / "wellbeing.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    ended = run(server.instance, "serve", WELLBEING_PORT=str(server.port))
    assert_sentence(ended, "version 9999, which this copy of the app does not know")
    assert file.read_bytes() == before


def assert_sentence(ended: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert ended.returncode == 1, ended.stdout
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") <= 4


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """The demo, beside a database of real people that it must not touch."""
    server = DemoServer(tmp_path_factory.mktemp("machine") / "instance")
    server.instance.mkdir()
    (server.instance / "wellbeing.sqlite").write_text("real people")
    server.start()
    yield server
    server.stop()


def sign_ins(server: LiveServer) -> list[list[str]]:
    file = server.instance / "demo" / "sign-ins.txt"
    return [line.split()[:2] for line in file.read_text("utf-8").splitlines()]


def test_the_demo_says_so_on_every_page(demo_server: DemoServer) -> None:
    assert "Demo data" in fetch(f"{demo_server.url}/sign-in")


def test_a_service_with_real_people_does_not_say_so_though_a_demo_lies_below_it(
    live_server: LiveServer,
) -> None:
    (live_server.instance / "demo").mkdir()
    assert "Demo data" not in fetch(f"{live_server.url}/sign-in")


def test_the_demo_leaves_real_data_alone_whatever_database_is_named(demo_server: DemoServer) -> None:
    assert (demo_server.instance / "wellbeing.sqlite").read_text() == "real people"
    assert (demo_server.instance / "demo" / "wellbeing.sqlite").stat().st_size > 100_000


def test_the_demo_prints_a_sign_in_for_each_role_and_keeps_the_table_private(demo_server: DemoServer) -> None:
    table = demo_server.instance / "demo" / "sign-ins.txt"
    assert mode(table) == 0o600
    assert table.read_text("utf-8") in demo_server.output()
    for role in ("advisor", "manager", "data entry", "evaluator", "administrator"):
        assert role in demo_server.output()


def test_a_password_of_the_table_signs_in(demo_server: DemoServer) -> None:
    for email, password in sign_ins(demo_server)[:2]:
        answer = Visitor(demo_server.url).submit("/sign-in", {"email": email, "password": password})
        assert (answer.status, answer.location) == (302, "/")


def test_the_demo_is_wiped_only_when_it_does_not_run_and_nothing_else_is(
    demo_server: DemoServer,
) -> None:
    """Last in this file: afterwards there is no demo."""
    before = sign_ins(demo_server)
    assert_sentence(run(demo_server.instance, "demo-wipe"), "already runs")
    demo_server.stop()
    demo_server.start()
    assert sign_ins(demo_server) == before
    demo_server.stop()
    assert run(demo_server.instance, "demo-wipe").returncode == 0
    assert [file.name for file in demo_server.instance.iterdir()] == ["wellbeing.sqlite"]
    assert "no demo data" in run(demo_server.instance, "demo-wipe").stdout
