"""How often a password may be tried. An attempt is counted as failed before the password is looked at.

Three bounds within a quarter of an hour: for an account from one place, for a place, and for an
account from everywhere. A browser in which the person has signed in before is a place of its own
that only its own failures hold up: so nobody can lock a colleague out by wrong passwords.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from engine.errors import AlurError, say
from engine.storage import sessions
from engine.storage.transaction import Connection

WINDOW = timedelta(minutes=15)
MOST_FROM_PLACE = 6
MOST_PER_ACCOUNT = 30
MOST_PER_ADDRESS = 40
_SITE = 64  # bits: who has one IPv6 address has all of the network


class TooManyAttempts(AlurError):
    """Too many failed attempts for the account, or from where they come."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a password is typed; ``own`` where only the person's own failures count."""

    name: str
    own: bool = False


OWN_PAGE = Place(name="account page", own=True)  # somebody signed in confirms the present password


def address_place(address: str) -> Place:
    """Give the place of a network address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return Place(name=address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return Place(name=str(ip_network((parsed, _SITE), strict=False)))
    return Place(name=str(parsed))


def browser_place(browser: str) -> Place:
    """Give the place of a browser in which the person signed in before."""
    return Place(name=f"browser {browser}", own=True)


def reserve(connection: Connection, account: str, place: Place, now: datetime) -> UUID:
    """Count an attempt as failed, or refuse it; a right password takes it away again.

    One after the other: several attempts at once must not each see the one place that is left.
    """
    sessions.lock_failures(connection)
    since = now - WINDOW
    here, of_account, of_place = sessions.failures_since(connection, account, place.name, since)
    over = here >= MOST_FROM_PLACE
    if not place.own:
        over = over or of_account >= MOST_PER_ACCOUNT or of_place >= MOST_PER_ADDRESS
    if over:
        minutes = WINDOW // timedelta(minutes=1)
        raise TooManyAttempts(
            say("Too many failed attempts. Try again in %(minutes)s minutes.", minutes=minutes)
        )
    return sessions.add_failure(connection, account, place.name, now)
