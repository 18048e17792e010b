"""Servers on loopback that a connector calls: HTTP, and a real SMTP server (aiosmtpd)."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "samples" / "loopback.pem"  # for localhost, with its key


@dataclass
class Web:
    """What an HTTP server was asked; ``answers`` are (status, headers, body) by path."""

    port: int
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    pause: float = 0.0  # between the bytes of a body
    hold: threading.Event | None = None  # until when nothing is answered

    @property
    def place(self) -> str:
        """Give host and port."""
        return f"127.0.0.1:{self.port}"


def secured() -> ssl.SSLContext:
    """Make the server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


class _Server(ThreadingHTTPServer):
    made: Web

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a caller had enough, or refused the certificate."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer as the test wants it; every method."""
        made = self.server.made
        told = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        made.asked.append((self.command, self.path, dict(self.headers), told))
        if made.hold is not None:
            made.hold.wait(60)
        usual = (200, {"Content-Type": "application/json"}, json.dumps({"nomor": 12}).encode())
        status, headers, body = made.answers.get(self.path, usual)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        step = 1 if made.pause else max(1, len(body))
        for at in range(0, len(body), step):
            self.wfile.write(body[at : at + step])
            time.sleep(made.pause)

    do_POST = do_PUT = do_GET  # noqa: N815 - the library's names

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Serve in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def web(*, tls: bool = False) -> Iterator[Web]:
    """Answer HTTP on a port of its own."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls:
        server.socket = secured().wrap_socket(server.socket, server_side=True)
    made = server.made = Web(port=server.server_address[1])
    with serving(server):
        yield made


class Post(MessageHandler):
    """Takes letters; refuses addresses by what stands before the @."""

    def __init__(self) -> None:
        """Start with an empty box."""
        super().__init__()
        self.letters: list[Message] = []
        self.port = 0

    def handle_message(self, message: Message) -> None:
        """Keep a letter."""
        self.letters.append(message)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse some."""
        if address.startswith("nobody"):
            return "550 No such mailbox"
        if address.startswith("later"):
            return "450 Try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def _known(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"alur", b"rahasia")
    return AuthResult(success=good, handled=good or mechanism not in ("LOGIN", "PLAIN"))


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        # It knocks at its own door once it listens; the port is known only then.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post(*, security: str = "none", sign_in: bool = False, **options: Any) -> Iterator[Post]:
    """Take letters on a port of its own."""
    box = Post()
    if security == "starttls":
        options |= {"tls_context": secured(), "require_starttls": True}
    elif security == "tls":
        options["ssl_context"] = secured()
    if sign_in:
        options |= {
            "authenticator": _known,
            "auth_required": True,
            "auth_require_tls": security == "starttls",
        }
    controller = _AnyPort(box, hostname="127.0.0.1", port=0, **options)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
