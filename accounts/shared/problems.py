"""What went wrong, for programs: problem details in one shape (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse
from ninja import Field, Schema

CONTENT_TYPE = "application/problem+json"


class Problem(Schema):
    """Why a request was not done, and what to do instead."""

    title: str = Field(examples=["Bad Request"], description="The name of the status.")
    status: int = Field(examples=[400])
    detail: str = Field(examples=["not closed"], description="What is wrong, in words.")


class TokenProblem(Problem):
    """The same where tokens are given, with what OAuth clients read (RFC 6749, section 5.2)."""

    error: str = Field(examples=["invalid_grant"], description="The code of the error.")
    error_description: str = Field(examples=["Invalid e-mail address or password."])


def problem(status: int, detail: str, **headers: str) -> JsonResponse:
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def problems(*statuses: int, kind: type[Problem] = Problem) -> dict[int, type[Problem]]:
    """The error responses of an operation, for its description, besides those that all have."""
    return dict.fromkeys(statuses, kind)
