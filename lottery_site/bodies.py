"""What clients send, read whole and with one meaning, or refused."""

import json
from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from ninja.parser import Parser

from accounts.shared.problems import problem


class ChunksMiddleware:
    """Reads bodies sent in chunks (RFC 9112, section 7.1), which Django takes for empty.

    Only programs send them, so what is refused is told as a problem, whatever the address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        environ = request.META
        if "HTTP_TRANSFER_ENCODING" not in environ:
            return self.get_response(request)
        if not environ.get("wsgi.input_terminated"):  # the server would never say where it ends
            return problem(HTTPStatus.LENGTH_REQUIRED, "Send the body's length.")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            body = environ["wsgi.input"].read(most + 1)
        except (OSError, ParseException):  # no chunks, or not all of them
            return problem(HTTPStatus.BAD_REQUEST, "The chunks of the body cannot be read.")
        if len(body) > most:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Send at most {most} bytes.")
        environ["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)  # where Django reads from, and has nothing yet
        return self.get_response(request)


class UnclearBody(ValueError):
    """JSON that two readers could take for two things."""


class JsonParser(Parser):
    """JSON that all readers understand alike (RFC 8259, and I-JSON, RFC 7493, section 2)."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises UnclearBody for names that repeat, NaN, and whatever is no object.

        ValueError or RecursionError where it is no JSON in UTF-8, or none that fits in here.
        """
        found = json.loads(
            request.body.decode("utf-8"),
            object_pairs_hook=pair_up,
            parse_constant=refuse_constant,
        )
        if not isinstance(found, dict):
            raise UnclearBody("It must be a JSON object, in braces.")
        return found


def pair_up(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise UnclearBody("A name is in it twice.")
    return found


def refuse_constant(name: str) -> NoReturn:
    raise UnclearBody(f"{name} is no number.")


def explain_body(error: BaseException | None) -> str:
    """Why a body could not be parsed, in the words of its sender."""
    if isinstance(error, UnclearBody):
        return f"The body is refused. {error}"
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, column {error.colno}"
        return f"The body is not JSON: see {place}."
    return "The body is not JSON in UTF-8, or its numbers or its depth are beyond measure."
