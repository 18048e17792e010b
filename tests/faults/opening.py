"""Opens an office for a load: its database, the processes that serve it, whom its service tasks call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.clock import Clock, SetClock
from engine.connectors.email import MailServer
from engine.connectors.registry import Outgoing
from engine.opening import Places, open_engine
from tests.faults.agenda import Agenda, agenda
from tests.faults.load import BEFORE, Load
from tests.listening import Post, post
from tests.live import Server
from tests.offices import SAMPLES, furnish

SENDER = "alur@contoh.go.id"


@contextmanager
def load_of(database: str, folder: Path) -> Iterator[Load]:
    """Furnish an office at the present time, on the disk that its processes will read; nothing runs yet."""
    with agenda() as called, post() as box:
        made = _furnished(database, folder / "var", called, box)
        try:
            yield made
        finally:
            made.close()


def _furnished(database: str, var: Path, called: Agenda, box: Post) -> Load:
    mail = MailServer(host="127.0.0.1", port=box.port, sender=SENDER, security="none")
    places = Places(
        database=database,
        blobs=str(var / "blobs"),
        sandbox_workers=1,
        outgoing=Outgoing(http_hosts=(called.place,), mail=mail),
    )
    clock = SetClock(Clock().now() - BEFORE)
    engine = open_engine(places, clock)
    office = furnish(engine, clock, "kantor", *(SAMPLES / key for key in ("izin", "laporan", "edaran")))
    clock.set(Clock().now())
    settings = {
        "http_hosts": called.place,
        "smtp_host": mail.host,
        "smtp_port": str(mail.port),
        "smtp_security": mail.security,
        "smtp_from": mail.sender,
    }
    web, *workers = (
        Server(var, database=database, command=(command,), **settings)
        for command in ("web", "worker", "worker")
    )
    return Load(office=office, web=web, workers=(workers[0], workers[1]), agenda=called, post=box)
