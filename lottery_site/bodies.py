"""What clients send, read whole and with one meaning, or refused."""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest
from ninja.parser import Parser

from accounts.shared.problems import problem

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class ReadChunks:
    """Reads bodies sent in chunks (RFC 9112, section 7.1), which Django takes for empty.

    Only programs send them, so what is refused is told as a problem, whatever the address.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" not in environ:
            return self.application(environ, start_response)
        if not environ.get("wsgi.input_terminated"):  # the server would never say where it ends
            return refuse(HTTPStatus.LENGTH_REQUIRED, "Send the body's length.", start_response)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = environ["wsgi.input"].read(most + 1)
        if len(body) > most:
            detail = f"Send at most {most} bytes."
            return refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, start_response)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self.application(environ, start_response)


def refuse(status: HTTPStatus, detail: str, start_response: StartResponse) -> Iterable[bytes]:
    answer = problem(status, detail)
    headers = [("Content-Length", str(len(answer.content))), *answer.items()]
    start_response(f"{status.value} {status.phrase}", headers)
    return [answer.content]


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


def what_is_unclear(error: BaseException | None) -> str:
    """Why a body could not be parsed, in the words of its sender."""
    if isinstance(error, UnclearBody):
        return f"The body is refused. {error}"
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, column {error.colno}"
        return f"The body is not JSON: see {place}."
    return "The body is not JSON in UTF-8, or its numbers or its depth are beyond measure."
