"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """What the outermost of the trusted proxies saw; all that stands before it is a mere claim.

    Each proxy appends the address that it was asked from to X-Forwarded-For (RFC 7239, section 5.2,
    says the same of its successor).
    """
    own: str | None = request.META.get("REMOTE_ADDR") or None
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    if not 0 < settings.TRUSTED_PROXIES <= len(seen):
        return own
    try:
        return str(ip_address(seen[-settings.TRUSTED_PROXIES].strip()))
    except ValueError:
        return own
