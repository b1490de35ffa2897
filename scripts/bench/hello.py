"""The least that gunicorn can serve: what a request to the site is compared with."""

from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()  # gunicorn's settings start what sends mails, here as in the site


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]
