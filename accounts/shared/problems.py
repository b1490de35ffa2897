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


def problem(status: int, detail: str, **headers: str) -> JsonResponse:
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """The error responses of an operation, for its description."""
    return dict.fromkeys(statuses, Problem)
