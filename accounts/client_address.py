"""Where a request comes from."""

import re
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# 192.0.2.7, 192.0.2.7:5678, 2001:db8::7, [2001:db8::7], [2001:db8::7]:5678, each also in quotes.
# AWS, Azure and HAProxy can write the port, and RFC 7239 (section 6) both brackets and quotes.
ITEM = re.compile(
    r'"?(?:\[(?P<bracketed>[^]]+)\](?::\d+)?|(?P<with_port>[^:]+):\d+|(?P<bare>[^]["]+))"?'
)


def client_address(request: HttpRequest) -> str:
    """What the outermost of the trusted proxies saw; all that stands before it is a mere claim.

    Each proxy appends the address that it was asked from to X-Forwarded-For (RFC 7239, section 5.2,
    says the same of its successor). Where fewer addresses stand there than proxies are trusted, the
    first one is what the outermost of them saw.
    """
    items = request.headers.get("X-Forwarded-For", "").split(",")
    seen = [item.strip() for item in items if item.strip()]
    if not settings.TRUSTED_PROXIES or not seen:
        return str(read_address(request.META.get("REMOTE_ADDR", "")))
    return str(read_address(seen[-settings.TRUSTED_PROXIES :][0]))


def client_network(request: HttpRequest) -> str:
    """What limits count by: an IPv4 address, or the /64 of an IPv6 one, which one person has."""
    address = client_address(request)
    return address if "." in address else str(ip_network((address, 64), strict=False))


def read_address(item: str) -> IPv4Address | IPv6Address:
    """The address in an item of X-Forwarded-For, whatever form the proxy writes it in.

    What is no address gets one of its own: were it taken for the proxy's, then all whose address
    cannot be read would be one person, and the wrong passwords of one would lock out the others.
    """
    found = ITEM.fullmatch(item)
    text = (found["bracketed"] or found["with_port"] or found["bare"]) if found else ""
    try:
        address = ip_address(text.partition("%")[0].strip())  # a zone (fe80::1%eth0) is no address
    except ValueError:
        return make_up_address(item)
    return getattr(address, "ipv4_mapped", None) or address


def make_up_address(text: str) -> IPv6Address:
    """Always the same one for the same text, in a /64 of its own of the private fd00::/8."""
    return IPv6Address(b"\xfd" + sha256(text.encode()).digest()[:7] + bytes(8))
