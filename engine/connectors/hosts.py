"""Where a connector may go: hosts the operator names, and of these no machine of the inner network.

A name is looked up once, and the connection goes to the address that was checked: a name that points
elsewhere a moment later (DNS rebinding) leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

from engine.connectors import CallFailed
from engine.errors import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_HTTPS = 443
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AllowedHosts:
    """``name`` allows HTTPS to a public address; ``name:port`` any address, with or without TLS."""

    def __init__(self, named: Iterable[str]) -> None:
        """Take them as the setting writes them; IPv6 addresses stand in brackets."""
        self._named = {one.strip().lower().rstrip(".") for one in named} - {""}

    def addresses(self, scheme: str, host: str, port: int) -> list[str]:
        """Give the addresses of a host that may be called, or raise CallFailed."""
        self.must_be_named(scheme, host, port)
        exactly = f"{host}:{port}" in self._named
        found = _looked_up(host, port)
        if not exactly and not all(map(is_public, found)):
            sentence = say(
                "%(host)s is a machine of the inner network. Where it may be called, ALUR_HTTP_HOSTS names "
                "it with its port.",
                host=host,
            )
            raise CallFailed(sentence, code="not-allowed", final=True)
        return [str(one) for one in found]

    def must_be_named(self, scheme: str, host: str, port: int) -> None:
        """Raise CallFailed for a host that the setting does not name."""
        usual = scheme == "https" and port == _HTTPS
        if f"{host}:{port}" in self._named or (usual and host in self._named):
            return
        sentence = say(
            "%(host)s is not among the hosts that may be called (ALUR_HTTP_HOSTS).",
            host=host if usual else f"{host}:{port}",
        )
        raise CallFailed(sentence, code="not-allowed", final=True)


def is_public(address: Address) -> bool:
    """Tell an address of the internet from one of the machine, the local network, or reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _looked_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        sentence = say("The name %(host)s cannot be found.", host=host)
        raise CallFailed(sentence, code="unreachable") from error
    texts = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
    return [ipaddress.ip_address(text) for text in texts]
