"""What holds of HEAD and OPTIONS at every address (RFC 9110, sections 9.3.2 and 9.3.7)."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from lottery_site.api import PREFIX


class MethodsMiddleware:
    """HEAD is GET without the body; OPTIONS and refused methods are told which there are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.method
        if asked == "HEAD" and request.path_info.startswith(PREFIX):
            request.method = "GET"  # the pages know HEAD themselves
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allow = complete(response["Allow"])
            if asked == "OPTIONS":
                return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": allow})
            response["Allow"] = allow
        if asked == "HEAD" and not response.streaming:
            response.content = b""
        return response


def complete(allow: str) -> str:
    """The methods of an address, in one order, with those that come along."""
    methods = {*allow.split(", "), "OPTIONS"}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
