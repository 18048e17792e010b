"""Every setting: an environment variable ``ALUR_<NAME>``; the descriptions are the manual."""

from __future__ import annotations

import ipaddress
import os
import secrets
import tempfile
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRET_BYTES = 32
_MEGABYTE = 1024 * 1024
# Words of the demo password: easy to read aloud, and to type on a phone.
_WORDS = (
    "melati",
    "sungai",
    "bambu",
    "rotan",
    "kopi",
    "padi",
    "ombak",
    "teratai",
    "randu",
    "cendana",
    "pandan",
    "jambu",
)


class Settings(BaseSettings):
    """What an operator may decide. Everything has a value that works on one machine, except no secret."""

    model_config = SettingsConfigDict(env_prefix="ALUR_", extra="ignore")

    data_dir: Path = Field(Path("var"), description="Folder of the database, documents and secrets.")
    database_url: str = Field(
        "",
        description="SQLAlchemy address of the database; empty is SQLite in the data folder. "
        "PostgreSQL: postgresql+psycopg://user@host/alur.",
    )
    blobs_url: str = Field(
        "",
        description="Where documents' bytes are stored: empty is a folder in the data folder, else s3://….",
    )
    host: str = Field("127.0.0.1", description="Address the web process listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the web process listens on.")
    processes: int = Field(
        1, ge=1, le=64, description="Web processes; more need more memory, not more tasks."
    )
    threads: int = Field(8, ge=1, le=64, description="Threads of each web process.")
    secret: SecretStr = Field(
        SecretStr(""), description="Key that signs forms; empty is made once in the data folder (mode 600)."
    )
    demo: bool = Field(
        default=False, description="Demo accounts and cases; refuses any address but loopback."
    )
    demo_password: SecretStr = Field(
        SecretStr(""), description="Password of the demo accounts; empty is random per data folder."
    )
    behind_proxy: bool = Field(
        default=False,
        description="A proxy in front terminates TLS and sets X-Forwarded-For, -Proto and -Host.",
    )
    allowed_hosts: str = Field(
        "", description="Host names the server answers to, separated by commas; empty is loopback only."
    )
    office: str = Field("", description="Key of the office made by `alur init`; empty is the first one.")
    session_idle_hours: float = Field(
        12, gt=0, description="Hours without a request after which a session ends."
    )
    session_days: float = Field(7, gt=0, description="Days after which a session ends in any case.")
    password_link_hours: float = Field(72, gt=0, description="Hours a one-time password link can be used.")
    upload_megabytes: int = Field(
        50, ge=1, le=500, description="Largest document that can be uploaded, in MB."
    )
    http_hosts: str = Field(
        "",
        description="Hosts that service tasks may call, separated by commas; empty allows none. "
        "api.example.go.id: HTTPS at a public address; 10.0.0.5:8080: with the port any address, also HTTP.",
    )
    http_authorization: dict[str, SecretStr] = Field(
        {}, description='Authorization header by host, as JSON: {"api.example.go.id": "Bearer …"}.'
    )
    smtp_host: str = Field("", description="Mail server for letters of service tasks; empty sends none.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls; tls from the first byte; none only for a server on this machine."
    )
    smtp_user: str = Field("", description="Name to sign in to the mail server with; empty does not.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password for the mail server.")
    smtp_from: str = Field("", description="Address that letters come from.")
    seal_key: str = Field(
        "", description="File of the key that signs checkpoints; empty is made once in the data folder."
    )
    checkpoint_minutes: float = Field(
        10, gt=0, description="Minutes after which another checkpoint of the record is kept."
    )
    checkpoint_dir: str = Field(
        "", description="Folder that gets a copy of each kept checkpoint; empty is one in the data folder."
    )
    checkpoint_email: str = Field(
        "", description="Addresses that checkpoints are sent to, separated by commas; empty sends none."
    )
    checkpoint_email_hours: float = Field(
        24, gt=0, description="Hours after which the next checkpoint is sent by e-mail."
    )
    archive_dir: str = Field(
        "", description="Folder of archive files with old cases' texts; empty is one in the data folder."
    )
    log_level: str = Field("info", description="Least severe log line written: debug, info, warning, error.")

    @property
    def database(self) -> str:
        """Give the address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'alur.db'}"

    @property
    def blobs(self) -> str:
        """Give the place of the documents' bytes."""
        return self.blobs_url or (self.data_dir.resolve() / "blobs").as_uri()

    @property
    def seal_file(self) -> Path:
        """Give the file of the key that signs checkpoints."""
        return Path(self.seal_key or self.data_dir / "seal.key").resolve()

    @property
    def checkpoint_folder(self) -> Path:
        """Give the folder of checkpoints."""
        return Path(self.checkpoint_dir or self.data_dir / "checkpoints").resolve()

    @property
    def archive_folder(self) -> Path:
        """Give the folder of archive files."""
        return Path(self.archive_dir or self.data_dir / "archive").resolve()

    @property
    def session_idle(self) -> timedelta:
        """Give the time without a request after which a session ends."""
        return timedelta(hours=self.session_idle_hours)

    @property
    def session_life(self) -> timedelta:
        """Give the time after which a session ends in any case."""
        return timedelta(days=self.session_days)

    @property
    def upload_bytes(self) -> int:
        """Give the size of the largest document."""
        return self.upload_megabytes * _MEGABYTE

    @property
    def on_loopback(self) -> bool:
        """Tell whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def trusted_hosts(self) -> list[str]:
        """Name the hosts the server answers to."""
        named = [name.strip() for name in self.allowed_hosts.split(",") if name.strip()]
        if self.demo:  # a name that resolves to loopback must not reach the demo accounts
            named = []
        return named or ["localhost", "127.0.0.1", "[::1]", self.host]

    @property
    def told(self) -> dict[str, str]:
        """Give every setting as it may stand on record: of a secret only whether it is set."""
        return {name: _told(name, value) for name, value in self}

    @cached_property
    def signing_key(self) -> str:
        """Give the secret; made on first use, readable by its owner only."""
        return self.secret.get_secret_value() or self._kept("secret", secrets.token_urlsafe(_SECRET_BYTES))

    @cached_property
    def demo_key(self) -> str:
        """Give the password of the demo accounts."""
        words = f"{secrets.choice(_WORDS)}-{secrets.choice(_WORDS)}-{secrets.randbelow(90) + 10}"
        return self.demo_password.get_secret_value() or self._kept("demo-password", words)

    def _kept(self, name: str, fresh: str) -> str:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        path = self.data_dir / name
        kept = path.read_text().strip() if path.exists() else ""
        return kept or _keep(path, fresh)


def _told(name: str, value: object) -> str:
    """Write a setting without what is secret in it."""
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else ""
    if isinstance(value, dict):
        return ", ".join(sorted(value))  # by host; the values are secrets
    if name in {"database_url", "blobs_url"}:  # they may hold a password
        return str(value).partition(":")[0]
    return str(value)


def _keep(path: Path, fresh: str) -> str:
    """Write a secret, whole or not at all; of several processes at once the first one's counts."""
    handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and not path.read_text().strip():
            path.unlink()  # cut off by a crash: it never signed anything
        try:
            os.link(written, path)
        except FileExistsError:
            return path.read_text().strip()
        return fresh
    finally:
        Path(written).unlink()


def refusal(settings: Settings) -> str | None:
    """Say why a server must not start with these settings; None where it may."""
    if settings.demo and (not settings.on_loopback or settings.behind_proxy):
        return (
            f"--demo serves accounts with a password shown to everybody, and only on loopback: "
            f"expected the host 127.0.0.1 and no proxy, found {settings.host}"
            f"{' behind a proxy' if settings.behind_proxy else ''}."
        )
    if not settings.on_loopback and not settings.behind_proxy:
        return (
            f"Without TLS only loopback is served: expected the host 127.0.0.1, or ALUR_BEHIND_PROXY=1 "
            f"where a proxy terminates TLS; found {settings.host}."
        )
    if settings.behind_proxy and not settings.allowed_hosts.strip():
        return "Behind a proxy the server must know its names: set ALUR_ALLOWED_HOSTS (alur.example.go.id)."
    if len(settings.signing_key) < _SECRET_BYTES:
        return (
            f"The secret that signs forms is too short: expected {_SECRET_BYTES} characters or more in "
            f"ALUR_SECRET, or in {settings.data_dir / 'secret'}; without that file a new one is made."
        )
    return None
