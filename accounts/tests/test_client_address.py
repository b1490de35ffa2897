"""Where a request comes from, in every form that proxies write it in."""

from ipaddress import ip_address
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.client_address import client_address, client_network, read_address

PROXY = "10.0.0.1"


def ask(forwarded: str | None, **extra: Any) -> Any:
    """A request from the proxy, with this X-Forwarded-For."""
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return RequestFactory().get("/", headers=headers, **{"REMOTE_ADDR": PROXY} | extra)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.7", PROXY),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "1.1.1.1, 192.0.2.7", "192.0.2.7"),
        (1, "1.1.1.1,192.0.2.7", "192.0.2.7"),  # two lines of the header, as gunicorn joins them
        (2, "1.1.1.1, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        (2, "1.1.1.1,192.0.2.7,10.0.0.2", "192.0.2.7"),
        (1, "192.0.2.7, ", "192.0.2.7"),
        (2, "1.1.1.1,, 192.0.2.7 ,,10.0.0.2,", "192.0.2.7"),
        (2, "192.0.2.7", "192.0.2.7"),  # one of two proxies wrote it: it is no reason to forget it
        (9, "192.0.2.7, 10.0.0.2", "192.0.2.7"),
        (1, "", PROXY),
        (1, " , ,", PROXY),
        (1, None, PROXY),
    ],
)
def test_it_is_what_the_outermost_trusted_proxy_saw(
    settings: Settings, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address(ask(forwarded)) == address


FORMS = [
    ("192.0.2.7", "192.0.2.7"),  # nginx, Caddy, Apache, Traefik, Cloudflare, HAProxy
    (" 192.0.2.7\t", "192.0.2.7"),
    ('"192.0.2.7"', "192.0.2.7"),
    ("192.0.2.7:5678", "192.0.2.7"),  # Azure; AWS with client ports
    ('"192.0.2.7:5678"', "192.0.2.7"),
    ("2001:db8::7", "2001:db8::7"),
    ("2001:DB8:0:0:0:0:0:7", "2001:db8::7"),
    ("2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8::7"),
    ("[2001:db8::7]", "2001:db8::7"),
    ("[2001:db8::7]:443", "2001:db8::7"),  # AWS and Azure
    ('"[2001:db8::7]"', "2001:db8::7"),
    ('"[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),  # the example of RFC 7239
    ("fe80::1%eth0", "fe80::1"),
    ("fe80::1%25eth0", "fe80::1"),
    ("[fe80::1%eth0]:443", "fe80::1"),
    ("::1", "::1"),
    ("::ffff:192.0.2.7", "192.0.2.7"),
    ("::ffff:c000:207", "192.0.2.7"),
    ("[::ffff:192.0.2.7]:5678", "192.0.2.7"),
    ("::FFFF:192.0.2.7", "192.0.2.7"),
]
UNREADABLE = [
    "unknown",  # Squid that tells nothing
    "_hidden",
    "_hidden:443",
    "localhost",
    "nonsense",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.7:port",
    "192.0.2.7:",
    "192.0.002.7",
    "0xc0000207",
    "3221225991",
    "192.0.2.7/32",
    "[2001:db8::7",
    "2001:db8::7]",
    "[2001:db8::7]443",
    "[192.0.2.7",
    "[]",
    '"',
    "%eth0",
    "192.0.2.7 192.0.2.8",
    "for=192.0.2.7",
    "١٩٢.0.2.7",
    "x" * 8000,
]


@pytest.mark.parametrize(("form", "address"), FORMS)
def test_every_form_of_an_address_is_that_address(
    settings: Settings, form: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client_address(ask(form)) == address
    assert client_address(ask(None, REMOTE_ADDR=form.strip())) == address


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_somebody_of_its_own(settings: Settings, text: str) -> None:
    settings.TRUSTED_PROXIES = 1
    networks = {client_network(ask(other)) for other in [*UNREADABLE, "192.0.2.7", PROXY]}
    assert len(networks) == len(UNREADABLE) + 2
    assert client_address(ask(text)) == client_address(ask(f"1.1.1.1, {text}"))
    assert client_address(ask(text)).startswith("fd")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
    ],
)
def test_a_network_is_an_ipv4_address_or_64_bits_of_an_ipv6_one(address: str, network: str) -> None:
    assert client_network(ask(None, REMOTE_ADDR=address)) == network


@given(st.text(max_size=60))
def test_whatever_stands_there_an_address_comes_out(text: str) -> None:
    address = str(read_address(text))
    assert str(ip_address(address)) == address


@given(st.ip_addresses(), st.integers(0, 65535))
def test_a_port_changes_nothing(address: Any, port: int) -> None:
    text = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
    assert read_address(text) == read_address(str(address))
