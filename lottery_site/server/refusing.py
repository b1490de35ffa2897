"""What the main loop answers by itself, made of nothing that could be busy."""

import json
import re
from http import HTTPStatus

SENTENCES = {
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come in time.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The head of the request is too large.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The site is busy. Try again in a few seconds.",
}
OF_A_PROGRAM = re.compile(rb"[A-Z]+ /api/")


def refusal(status: HTTPStatus, received: bytes | bytearray) -> bytearray:
    """The sentence, for programs as problem details (RFC 9457); received is of their request."""
    body, kind = SENTENCES[status] + "\n", "text/plain; charset=utf-8"
    if OF_A_PROGRAM.match(received):
        problem = {"title": status.phrase, "status": status, "detail": SENTENCES[status]}
        body, kind = json.dumps(problem), "application/problem+json"
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Connection: close",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
    ]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        lines.append("Retry-After: 5")
    return bytearray("\r\n".join([*lines, "", body]).encode())
