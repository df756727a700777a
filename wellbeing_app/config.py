"""Settings: read once from the environment, typed, and refused when they would make an unsafe start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "WELLBEING_"
KNOWN = ("INSTANCE", "HOST", "PORT", "PUBLIC_URL", "TRUSTED_PROXIES")
PROJECT = Path(__file__).resolve().parent.parent
KEY_FILE = "secret.key"
DATABASE_FILE = "wellbeing.sqlite"
DEMO_MARK = "demo"
MINIMUM_KEY_LENGTH = 32


class UnsafeSettings(Exception):
    """The app must not start like this; the message says what to change."""


@dataclass(frozen=True)
class PasswordCost:
    """Argon2id work: passes over memory, memory in KiB, lanes. The default is OWASP's 46 MiB, one pass."""

    time: int = 1
    memory_kib: int = 46 * 1024
    lanes: int = 1


@dataclass(frozen=True)
class Settings:
    """Everything the app must be told from outside; a service's own choices live in its database."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = "http://127.0.0.1:8080"
    trusted_proxies: int = 0
    password_cost: PasswordCost = PasswordCost()
    testing: bool = False

    def __post_init__(self) -> None:
        if len(self.secret_key) < MINIMUM_KEY_LENGTH:
            raise UnsafeSettings(
                f"The secret key has fewer than {MINIMUM_KEY_LENGTH} characters. "
                f"Delete {KEY_FILE} in the instance folder and run 'make run' to have a new one made."
            )
        if not self.secure and not _is_loopback(urlsplit(self.public_url).hostname or ""):
            raise UnsafeSettings(
                "WELLBEING_PUBLIC_URL must start with https:// unless it is on this machine only: "
                "without TLS, health data would cross the network in clear."
            )
        if not self.secure and not _is_loopback(self.host):
            raise UnsafeSettings(
                "WELLBEING_HOST is open to the network while WELLBEING_PUBLIC_URL is not https://. "
                "Put the app behind TLS and set WELLBEING_PUBLIC_URL, or listen on 127.0.0.1."
            )

    @property
    def secure(self) -> bool:
        """Whether people reach the app by TLS, so that cookies may be marked Secure."""
        return self.public_url.startswith("https://")

    @property
    def is_demo(self) -> bool:
        """Whether the instance holds invented data; every page says so."""
        return (self.instance / DEMO_MARK).is_file()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; raises `UnsafeSettings` for an unknown, malformed or dangerous one."""
        _refuse_unknown(environ)
        instance = instance_folder(environ)
        host = environ.get(PREFIX + "HOST", "127.0.0.1")
        port = _number(environ, "PORT", 8080)
        return cls(
            instance=instance,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / DATABASE_FILE}",
            secret_key=_read_secret_key(instance),
            host=host,
            port=port,
            public_url=environ.get(PREFIX + "PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
            trusted_proxies=_number(environ, "TRUSTED_PROXIES", 0),
        )


def instance_folder(environ: Mapping[str, str]) -> Path:
    """Where the database, the keys and the backups of this machine are kept."""
    return Path(environ.get(PREFIX + "INSTANCE") or PROJECT / "instance").resolve()


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {PREFIX + name for name in KNOWN}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise UnsafeSettings(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(PREFIX + name, str(default))
    if not text.isdecimal():
        raise UnsafeSettings(f"{PREFIX}{name} must be a whole number, not '{text}'.")
    return int(text)


def _read_secret_key(instance: Path) -> str:
    file = instance / KEY_FILE
    if not file.exists():
        raise UnsafeSettings(f"There is no {KEY_FILE} in {instance}. Run 'make run', which makes one.")
    return file.read_text().strip()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
