"""What the main loop answers by itself, made of nothing that could be busy."""

from http import HTTPStatus

SENTENCES = {
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come in time.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The head of the request is too large.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The site is busy. Try again in a few seconds.",
}


def refusal(status: HTTPStatus) -> bytearray:
    body = SENTENCES[status] + "\n"
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
    ]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        lines.append("Retry-After: 5")
    return bytearray("\r\n".join([*lines, "", body]).encode())
