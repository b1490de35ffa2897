"""The API, put together from the apps, with its errors in one shape and its description."""

from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.views.decorators.http import require_safe
from ninja import Redoc, Swagger

from accounts.api.own import router as own_account
from accounts.api.routes import router as accounts
from accounts.api.signing_in import router as signing_in
from accounts.shared.problems import CONTENT_TYPE, problem
from ballots.api.proofs import router as proofs
from ballots.api.routes import lotteries, results, site
from ballots.api.submissions import router as submissions
from lottery_site.bodies import ChunksMiddleware, JsonParser
from lottery_site.description import DescribedAPI
from lottery_site.problems import HANDLERS
from lottery_site.skipping import refuse_what_is_skipped

PREFIX = "/api/"
DESCRIPTION = """\
Everything that people can do on this site, for programs. Sign in with `/auth/login` and send the
token as `Authorization: Bearer …`. Parameters and members that an operation does not know are
refused, and so is whatever is given twice. Lists are bounded: where more follows, the `Link` header
has the address of the next page. Errors are problem details (RFC 9457).
"""


api = DescribedAPI(
    title=f"{settings.PROJECT_NAME}: API",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    parser=JsonParser(),
)
ROUTERS = [
    ("", accounts),
    ("", own_account),
    ("", signing_in),
    ("/lotteries", lotteries),
    ("/lotteries", proofs),
    ("/results", results),
    ("/ballots", submissions),
    ("", site),
]
for prefix, router in ROUTERS:
    refuse_what_is_skipped(router)
    api.add_router(prefix, router)

for kind, handler in HANDLERS.items():
    api.add_exception_handler(kind, handler)


class ApiMiddleware:
    """Answers the API's addresses past all that only pages need: sessions, forms and messages.

    It takes each address with a slash at the end, too, and answers no program with a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        answer: Any = convert_exception_to_response(ChunksMiddleware(call_operation))
        self.answer: Callable[[HttpRequest], HttpResponse] = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.path_info = PREFIX + request.path_info.removeprefix(PREFIX).rstrip("/")
        response = self.answer(request)
        status = HTTPStatus(response.status_code)
        if status >= HTTPStatus.BAD_REQUEST and response.get("Content-Type") != CONTENT_TYPE:
            made = problem(status, status.description or status.phrase)
            response.content, response["Content-Type"] = made.content, CONTENT_TYPE
        response.setdefault("Cache-Control", "no-store")
        if not response.streaming:
            response.setdefault("Content-Length", str(len(response.content)))
        return response


def call_operation(request: HttpRequest) -> HttpResponse:
    """What the operation at the address answers. Raises Http404 where there is none."""
    found = request.resolver_match = find_operation(request.path_info)
    answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return answer


@lru_cache(256)
def find_operation(path: str) -> ResolverMatch:
    """Django tries one address after another, of which the API has very many."""
    return resolve(path)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return Swagger().render_page(request, api)


# ReDoc writes its styles into the page, and reads the description in a worker of its own making.
@csp_update({"style-src": [SELF, UNSAFE_INLINE], "worker-src": [SELF, "blob:"]})
@require_safe
def redoc(request: HttpRequest) -> HttpResponse:
    return Redoc({"disableSearch": True, "hideDownloadButton": True}).render_page(request, api)
