"""Which addresses may be fetched from."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from shared.fetching.judge import ForbiddenAddress, judge

FORBIDDEN = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address to refuse, nothing is bound
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.2.1",
    "169.254.169.254",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        judge(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_address_is_fetched_from(address: str) -> None:
    assert judge(address) == address


def test_network_on_the_list_is_fetched_from() -> None:
    assert judge("10.1.2.3", [ip_network("10.1.0.0/16")]) == "10.1.2.3"


def test_list_covers_another_spelling_of_its_address() -> None:
    assert judge("::ffff:10.1.2.3", [ip_network("10.1.0.0/16")]) == "10.1.2.3"


def test_list_opens_nothing_beside_it() -> None:
    with pytest.raises(ForbiddenAddress):
        judge("10.2.0.1", [ip_network("10.1.0.0/16"), ip_network("::1/128")])
