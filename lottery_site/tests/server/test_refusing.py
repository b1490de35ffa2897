"""What the server answers by itself is a sentence to people, and to programs a problem."""

from email.parser import BytesParser
from http import HTTPStatus

import pytest

from accounts.shared.problems import CONTENT_TYPE, problem
from lottery_site.server.refusing import SENTENCES, refusal
from lottery_site.tests.server.talking import Server

HEAD = b"GET /%b HTTP/1.1\r\nHost: local"


@pytest.mark.parametrize("status", SENTENCES)
@pytest.mark.parametrize("path", [b"", b"apis/", b"results/?next=/api/"])
def test_people_are_told_in_a_sentence(status: HTTPStatus, path: bytes) -> None:
    answer = bytes(refusal(status, HEAD % path))
    assert b"\r\nContent-Type: text/plain; charset=utf-8\r\n" in answer
    assert answer.endswith(f"\r\n\r\n{SENTENCES[status]}\n".encode())


@pytest.mark.parametrize("status", SENTENCES)
def test_programs_are_told_as_by_all_of_the_api(status: HTTPStatus) -> None:
    head, _, body = bytes(refusal(status, HEAD % b"api/ballots")).partition(b"\r\n\r\n")
    first, _, fields = head.partition(b"\r\n")
    assert first == f"HTTP/1.1 {status.value} {status.phrase}".encode()
    headers = BytesParser().parsebytes(fields)
    assert (headers["Content-Type"], headers["Content-Length"]) == (CONTENT_TYPE, str(len(body)))
    assert ("Retry-After" in headers) is (status is HTTPStatus.SERVICE_UNAVAILABLE)
    assert body == problem(status, SENTENCES[status]).content


def test_half_a_request_of_a_program_ends_in_a_problem(server: Server) -> None:
    answer = server.ask(HEAD % b"api/lotteries")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b'"detail": "The request did not come in time."}')
