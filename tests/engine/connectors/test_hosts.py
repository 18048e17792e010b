"""Where a connector may go."""

from __future__ import annotations

import ipaddress

import pytest

from engine.connectors import CallFailed
from engine.connectors.hosts import AllowedHosts, is_public


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0",  # noqa: S104 - never bound
         "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "::7f00:1",
    ],
)  # fmt: skip
def test_the_machine_and_the_inner_network_are_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("https", "example.go.id", 443),
        ("http", "localhost", 80),
        ("https", "localhost", 8443),
        ("https", "localhost.example.go.id", 443),
        ("http", "127.0.0.1", 443),
        ("http", "10.0.0.1", 81),
    ],
)
def test_what_is_not_named_is_not_called(scheme: str, host: str, port: int) -> None:
    hosts = AllowedHosts(("localhost", " 10.0.0.1:80 ", ""))
    with pytest.raises(CallFailed, match="not among the hosts") as failed:
        hosts.addresses(scheme, host, port)
    assert (failed.value.code, failed.value.final) == ("not-allowed", True)


def test_a_name_that_leads_to_the_inner_network_is_not_called() -> None:
    with pytest.raises(CallFailed, match="inner network"):
        AllowedHosts(("localhost",)).addresses("https", "localhost", 443)


def test_named_with_its_port_it_may_be_called() -> None:
    hosts = AllowedHosts(("LOCALHOST:8080", "[::1]:8080"))
    assert "127.0.0.1" in hosts.addresses("http", "localhost", 8080)
    assert hosts.addresses("http", "[::1]", 8080) == ["::1"]


def test_a_name_that_does_not_exist_may_exist_later() -> None:
    with pytest.raises(CallFailed, match="cannot be found") as failed:
        AllowedHosts(("nobody.invalid",)).addresses("https", "nobody.invalid", 443)
    assert (failed.value.code, failed.value.final) == ("unreachable", False)
