"""The API's tokens, given and revoked as OAuth 2 has it (RFC 6749, sections 4.3 and 5)."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import user_logged_in
from django.http import HttpRequest, HttpResponse
from ninja import Form, Router, Status
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError

from accounts.api.bearer import Token
from accounts.api.schemas import AccessToken, Credentials
from accounts.limits.devices import remember_device
from accounts.models import User
from accounts.shared.problems import TokenProblem, problems
from accounts.signing_in import identify
from accounts.tokens import issue_token, revoke_token

FORM = "application/x-www-form-urlencoded"
View = Callable[..., HttpResponse]

router = Router(tags=["accounts"])


def add_oauth_errors(view: View) -> View:
    """Has each problem carry error and error_description, too, for OAuth clients."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponse:
        response = view(request, **values)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            error, description = oauth_error(request, response.status_code)
            body = json.loads(response.content)
            body |= {"error": error, "error_description": description}
            response.content = json.dumps(body)
        return response

    return answer


def oauth_error(request: HttpRequest, status: int) -> tuple[str, str]:
    """The code and its sentence, in the characters that RFC 6749, section 5.2, allows."""
    if status == HTTPStatus.UNAUTHORIZED:
        return "invalid_grant", "Invalid e-mail address or password."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "temporarily_unavailable", "Too many requests. Wait before the next one."
    is_read = status == HTTPStatus.UNPROCESSABLE_ENTITY
    if is_read and request.POST.get("grant_type", "password") != "password":
        return "unsupported_grant_type", "The grant type must be password."
    return "invalid_request", "Send username and password as a form."


@router.post(
    "/auth/login",
    response={200: AccessToken, **problems(400, 401, 422, 429, kind=TokenProblem)},
    openapi_extra={"requestBody": {"content": {FORM: {"schema": {"title": "Credentials"}}}}},
)
@decorate_view(add_oauth_errors)
def login(
    request: HttpRequest, response: HttpResponse, credentials: Form[Credentials]
) -> dict[str, Any]:
    """Gives a new access token for an e-mail address and its password."""
    user = identify(request, email=credentials.username, password=credentials.password)
    if user is None:
        raise AuthenticationError(
            message="Invalid sign-in: this e-mail address and this password don't belong together."
        )
    remember_device(response, user)
    # As the page does: the account keeps when it was last used.
    user_logged_in.send(sender=User, request=request, user=user)
    lifetime = settings.ACCESS_TOKEN_EXPIRE_MINUTES * 60
    return {"access_token": issue_token(user), "expires_in": lifetime}


@router.post("/auth/logout", auth=Token(), response={204: None, **problems(401)})
def logout(request: HttpRequest) -> Status[Any]:
    """Revokes the token that it is called with."""
    revoke_token(request.headers["Authorization"].partition(" ")[2])
    return Status(204, None)
