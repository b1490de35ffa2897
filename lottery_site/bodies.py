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


class JsonParser(Parser):
    """JSON that all readers understand alike (RFC 8259, and I-JSON, RFC 7493, section 2)."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises ValueError for another encoding than UTF-8, keys that repeat, and NaN."""
        return json.loads(
            request.body.decode("utf-8"),
            object_pairs_hook=pair_up,
            parse_constant=refuse_constant,
        )


def pair_up(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
