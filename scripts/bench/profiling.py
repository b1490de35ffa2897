"""Where the time of a case goes, in this process and without a web server."""

import cProfile
import pstats
from itertools import cycle, islice
from typing import Any

from django.test import RequestFactory

from bench.cases import Case
from bench.wrk import Request

WARM, TIMES, LINES = 20, 400, 30


def profile(case: Case) -> None:
    """Asks its requests in turn, and prints the functions that took the most time."""
    from lottery_site.wsgi import application as app  # from here on with the limits of the web

    requests = cycle(case.requests)
    for request in islice(requests, WARM):
        call(app, request)
    with cProfile.Profile() as profiler:
        for request in islice(requests, TIMES):
            call(app, request)
    for order in ("tottime", "cumulative"):
        pstats.Stats(profiler).sort_stats(order).print_stats(LINES)


def call(app: Any, request: Request) -> None:
    headers = dict(request.headers)
    kind = headers.pop("Content-Type", "")
    made = RequestFactory(headers={"Host": "localhost", **headers}).generic(
        request.method, request.path, request.renew().body, content_type=kind
    )
    answer = app(made.environ, lambda *_: None)
    list(answer)
    if hasattr(answer, "close"):
        answer.close()
