"""The connectors there are: our own, and those of installed packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points

from engine.connectors import Connector, Connectors
from engine.connectors.email import Email, MailServer
from engine.connectors.hosts import AllowedHosts
from engine.connectors.http import Http
from engine.errors import AlurError, say

GROUP = "alur.connectors"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What the operator allows to go out."""

    http_hosts: tuple[str, ...] = ()
    http_authorization: Mapping[str, str] = field(default_factory=dict, repr=False)
    mail: MailServer | None = field(default=None, repr=False)


def connectors_of(outgoing: Outgoing) -> Connectors:
    """Give every connector by its name; one that cannot be loaded, or takes another's name, is an error."""
    http = Http(AllowedHosts(outgoing.http_hosts), outgoing.http_authorization)
    found: dict[str, Connector] = {"http": http, "email": Email(outgoing.mail)}
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        one = _loaded(point)
        if one.name in found:
            raise AlurError(say("Two connectors are named %(name)s.", name=one.name))
        found[one.name] = one
    return found


def _loaded(point: EntryPoint) -> Connector:
    try:
        one = point.load()
        one = one() if isinstance(one, type) else one
        complete = isinstance(one.name, str) and callable(one.call)
        names = [*one.needed, *one.optional]
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:300]
        raise AlurError(
            say("The connector %(name)s cannot be loaded: %(detail)s", name=point.value, detail=detail)
        ) from error
    if not complete or not all(isinstance(name, str) for name in names):
        raise AlurError(say("%(name)s is no connector: see docs/operating.md.", name=point.value))
    connector: Connector = one
    return connector
