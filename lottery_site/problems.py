"""Whatever goes wrong in the API, as a problem in one shape."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InputError

from accounts.shared.explaining import explain
from accounts.shared.problems import problem
from accounts.shared.refusals import Refusal
from ballots.damage import DAMAGES
from lottery_site.bodies import explain_body
from lottery_site.refusals import find_damage_behind

SIGN_IN = "Sign in: send an access token from /auth/login as Authorization: Bearer …"
INVALID = "This access token is not valid, or no longer. Sign in again for a new one."
# Of values that are well written, but taken or over.
CODES_OF_CONFLICT = {"unique", "unavailable"}


def explain_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(refusal.status, str(refusal), **refusal.headers)


def explain_damage(request: HttpRequest, error: Exception) -> HttpResponse:
    """Raises the error again where no rows are damaged."""
    if refusal := find_damage_behind(error):
        return explain_refusal(request, refusal)
    raise error


def explain_model(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the rules of the models don't allow: all of it, in a sentence or more."""
    codes = {each.code for errors in error.update_error_dict({}).values() for each in errors}
    is_conflict = codes <= CODES_OF_CONFLICT
    status = HTTPStatus.BAD_REQUEST if is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, explain(error))


def explain_sign_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """A token that is none has its error in the header, too (RFC 6750, section 3)."""
    if error.message != "Unauthorized":  # what was said where the sign-in was refused
        return problem(error.status_code, error.message, **{"WWW-Authenticate": "Bearer"})
    if request.headers.get("Authorization", "").lower().startswith("bearer "):
        header = f'Bearer error="invalid_token", error_description="{INVALID}"'
        return problem(error.status_code, INVALID, **{"WWW-Authenticate": header})
    return problem(error.status_code, SIGN_IN, **{"WWW-Authenticate": "Bearer"})


def explain_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RequestDataTooBig):
        return explain_request(request, error.__cause__)
    if error.message.startswith("Cannot parse request body"):
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, explain_body(error.__cause__))
    return problem(error.status_code, error.message)


def explain_request(request: HttpRequest, error: Exception) -> HttpResponse:
    """What Django cannot read at all, or will not."""
    if isinstance(error, RequestDataTooBig):
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
    reason = str(error) if isinstance(error, BadRequest) else "It has too much, or is damaged."
    return problem(HTTPStatus.BAD_REQUEST, f"The request cannot be read. {reason}")


def explain_input(request: HttpRequest, error: InputError) -> HttpResponse:
    """Each wrong value with its name, in one sentence each."""
    details = [f"{name_in(each['loc'])}: {words_for(each)}." for each in error.errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(details))


def words_for(error: dict[str, Any]) -> str:
    """Without the pattern, which only says that no database keeps a NUL."""
    if error["type"] == "string_pattern_mismatch":
        return "There is a character in it that cannot be kept"
    return str(error["msg"]).removeprefix("Value error, ")


def name_in(place: tuple[str | int, ...]) -> str:
    """What the caller calls the value: a body has no name, the one of our parameter is ours."""
    kind, *names = place
    if kind == "body":
        return ".".join(map(str, names[1:])) or "body"
    return ".".join(map(str, names))


HANDLERS: dict[type[Exception], Any] = dict.fromkeys(DAMAGES, explain_damage) | {
    Refusal: explain_refusal,
    ValidationError: explain_model,
    AuthenticationError: explain_sign_in,
    HttpError: explain_http,
    BadRequest: explain_request,
    SuspiciousOperation: explain_request,
    MultiPartParserError: explain_request,
    InputError: explain_input,
}
