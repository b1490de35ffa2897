"""Which requests may be answered with what is kept, and what tells them apart."""

from collections.abc import Hashable
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connections, router
from django.http import parse_cookie

from ballots.editions.models import Edition

Environ = dict[str, Any]  # of a request, as the server gives it (PEP 3333)
# All of a request that an answer that is kept may follow from, but for who asks.
ASKED = (
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "PATH_INFO",
    "QUERY_STRING",
)


def is_plain(method: str | None, environ: Environ) -> bool:
    """Whether it asks for the answer and for nothing else, and sees what everybody sees.

    It has no body, which some addresses refuse, and no condition but If-None-Match.
    """
    if method != "GET" or has_body(environ) or "HTTP_IF_MATCH" in environ:
        return False
    return not is_in_transaction()


def has_body(environ: Environ) -> bool:
    is_long = environ.get("CONTENT_LENGTH", "") not in ("", "0")
    return is_long or "HTTP_TRANSFER_ENCODING" in environ


def is_strangers(environ: Environ) -> bool:
    """Whether nobody is signed in, and nothing is to be told."""
    if "HTTP_COOKIE" not in environ:
        return True
    known = parse_cookie(environ["HTTP_COOKIE"]).keys()
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & known


def is_in_transaction() -> bool:
    """Whether what is read here may be seen by nobody else, ever."""
    return connections[router.db_for_read(Edition)].in_atomic_block


def what_is_asked(environ: Environ) -> Hashable:
    """What tells a request from all that may have another answer, as it came."""
    return tuple(environ.get(name) for name in ASKED)
