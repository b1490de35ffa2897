"""What holds of HEAD and OPTIONS at every address (RFC 9110, sections 9.3.2 and 9.3.7)."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase


class MethodsMiddleware:
    """HEAD is GET without the body; OPTIONS and refused methods are told which there are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"  # some answers have an ETag for GET alone
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allow = complete(response["Allow"])
            response["Allow"] = allow
            if asked == "OPTIONS":
                response.status_code = HTTPStatus.NO_CONTENT
                drop_body(response)
                del response["Content-Type"], response["Content-Length"]
        if asked == "HEAD":
            drop_body(response)
        return response


def drop_body(response: HttpResponseBase) -> None:
    """Leaves the headers, Content-Length included, as they are with the body."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.content = b""


def complete(allow: str) -> str:
    """The methods of an address, in one order, with those that come along."""
    methods = {*allow.split(", "), "OPTIONS"}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
