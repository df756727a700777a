"""What it takes until the first page is answered, beside importing what the app is built on."""

from __future__ import annotations

import resource
import subprocess
import sys

from benchmarks.measure import Figure, Work, interleaved, repeated
from benchmarks.servers import serving
from benchmarks.service import Service
from tests.support.server import PROJECT, LiveServer

IMPORTS = "import flask, sqlalchemy.orm, wtforms"
FIRST_ANSWER = "from wsgi import app; assert app.test_client().get('/sign-in').status_code == 200"


def measure(service: Service, rounds: int) -> dict[str, Figure]:
    """The app object as a server would load it; and all that `make run` does, with its checks."""
    works = {
        "app": Work(repeated(lambda: _run(service, FIRST_ANSWER))),
        "serve": Work(repeated(lambda: _serve(service))),
    }
    return interleaved(Work(repeated(lambda: _run(service, IMPORTS))), works, rounds, cpu_of_ended)


def cpu_of_ended() -> int:
    """The processor time of all programs that this one started and that have ended, in nanoseconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(1e9 * (used.ru_utime + used.ru_stime))


def _run(service: Service, code: str) -> None:
    environment = {
        "WELLBEING_INSTANCE": str(service.settings.instance),
        "DATABASE_URL": service.settings.database_url,
    }
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, check=True)


def _serve(service: Service) -> None:
    server = LiveServer(service.settings.instance, service.settings.database_url)
    with serving(server):
        server.kill()
