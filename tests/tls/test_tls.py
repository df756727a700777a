"""A tablet on a network of its own: Caddy with its own authority, which the tablet was told to trust.

Run by `make soak`. The browser is told of the authority as a tablet is; nothing is ignored.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import QUIET, TABLET, chromium
from tests.support.missing import needs
from tests.support.people import staff_of
from tests.support.server import LiveServer
from tests.support.tablet import CONTROLLED, finish, open_shell, pack, plan, says, stored
from wellbeing_app.services import sessions

ROOT = "caddy/pki/authorities/local/root.crt"
CADDYFILE = """{{
	admin off
	skip_install_trust
	auto_https disable_redirects
}}
https://localhost:{port} {{
	tls internal
	reverse_proxy 127.0.0.1:{behind}
}}
"""


class BehindCaddy(LiveServer):
    """Knows by which address it is reached, and that one proxy stands before it."""

    def __init__(self, instance: Path) -> None:
        super().__init__(instance)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.outside = f"https://localhost:{probe.getsockname()[1]}"

    def _environment(self) -> dict[str, str]:
        behind = {"WELLBEING_PUBLIC_URL": self.outside, "WELLBEING_TRUSTED_PROXIES": "1"}
        return {**super()._environment(), **behind}


def program(name: str, package: str) -> str:
    return shutil.which(name) or needs(package)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BehindCaddy]:
    server = BehindCaddy(tmp_path / "instance")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def authority(server: BehindCaddy, tmp_path: Path) -> Iterator[Path]:
    """Caddy in front of the server; yields the certificate of its own authority."""
    caddy = program("caddy", "caddy")
    config = tmp_path / "Caddyfile"
    port = server.outside.rsplit(":", 1)[1]
    config.write_text(CADDYFILE.format(port=port, behind=server.port))
    data = tmp_path / "data"
    environment = {**os.environ, "XDG_DATA_HOME": str(data), "HOME": str(tmp_path)}
    with (tmp_path / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            [caddy, "run", "--config", config, "--adapter", "caddyfile"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    until = time.monotonic() + 20
    while not (data / ROOT).exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert (data / ROOT).exists(), (tmp_path / "caddy.log").read_text()
    yield data / ROOT
    process.terminate()
    process.wait(10)


@pytest.fixture
def page(browser: Browser, server: BehindCaddy, authority: Path, tmp_path: Path) -> Iterator[Page]:
    """A tablet that trusts this authority, besides those that everybody trusts."""
    certutil = program("certutil", "libnss3-tools")
    trusted = tmp_path / ".pki/nssdb"
    trusted.mkdir(parents=True)
    subprocess.run([certutil, "-d", f"sql:{trusted}", "-N", "--empty-password"], check=True)
    told = ["-A", "-t", "C,,", "-n", "the office", "-i", authority]
    subprocess.run([certutil, "-d", f"sql:{trusted}", *told], check=True)
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=chromium(),
        args=QUIET,
        env={**os.environ, "HOME": str(tmp_path)},
        base_url=server.outside,
        viewport=TABLET,
    )
    yield context.pages[0]
    context.close()


def test_over_tls_of_its_own_authority_a_tablet_packs_works_alone_and_sends(
    page: Page, server: BehindCaddy
) -> None:
    crew = server.hire()
    (ticket,) = plan(server, crew.asha, "Zenobia")
    with server.database() as db:
        token = sessions.start(db, staff_of(db, crew.asha), "A tablet in the tests")
    cookie = {"name": "__Host-wellbeing", "value": token, "url": server.outside, "secure": True}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    pack(page)
    open_shell(page)
    page.wait_for_function(CONTROLLED)
    assert page.evaluate("() => isSecureContext && location.protocol") == "https:"
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#unlock")).to_be_visible()
    finish(page, crew.asha.id, ticket)
    says(page, "offline")
    page.context.set_offline(False)
    says(page, "sent")
    assert stored(page, "outbox") == []
    names = {one["name"]: one for one in page.context.cookies()}
    assert names["__Host-wellbeing"]["secure"]
