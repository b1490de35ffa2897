"""The API of accounts: registering, and the tokens that programs sign in with."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, user_logged_in
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from ninja import Field, Form, Router, Schema, Status
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled
from ninja.security import HttpBearer
from pydantic import StringConstraints

from accounts.models import User
from accounts.registering import register as register_account
from accounts.shared.problems import problems
from accounts.throttles import AddressThrottle
from accounts.tokens import issue_token, revoke_token, user_of

router = Router(tags=["accounts"])

# Databases know no NUL character.
Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
# As long as an address can be: the log of wrong passwords takes no longer ones.
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00]*$")]


class Token(HttpBearer):
    """An access token of anybody with an account. Cookies sign nobody in here."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of(token)
        if user:
            request.user = user
        return user


class AdminToken(Token):
    """An access token of an admin."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = super().authenticate(request, token)
        if user and not user.is_admin:
            raise AuthorizationError(message="This is for admins.")
        return user


class Registration(Schema):
    username: Text = Field(description="3 to 50 characters, public if you win.", examples=["carol"])
    email: Email = Field(examples=["carol@example.org"], json_schema_extra={"format": "email"})
    password: Text = Field(
        description="At least 8 characters, and hard to guess.", examples=["blue suede shoes 7"]
    )


class Account(Schema):
    id: UUID = Field(description="The participant code.", validation_alias="participant")
    email: str = Field(examples=["carol@example.org"])
    username: str = Field(examples=["carol"])
    registered_at: datetime


class Credentials(Schema):
    """The password flow of OAuth 2 (RFC 6749, section 4.3)."""

    username: Email = Field(description="The e-mail address.", examples=["carol@example.org"])
    password: Text = Field(examples=["blue suede shoes 7"])
    grant_type: Literal["password"] = "password"


class AccessToken(Schema):
    access_token: str = Field(description="Send it as: Authorization: Bearer …")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105


@router.post(
    "/user/register",
    response={201: Account, **problems(400, 422, 429)},
    throttle=AddressThrottle("REGISTER_RATE"),
)
def register(request: HttpRequest, account: Registration) -> Status[Any]:
    """Makes a new account of a participant."""
    try:
        return Status(201, register_account(**account.dict()))
    except ValidationError as error:
        codes = {each.code for each in as_list(error)}
        status = 400 if codes == {"unique"} else 422
        raise HttpError(status, explained(error)) from error


class NewPassword(Schema):
    old_password: Text = Field(examples=["blue suede shoes 7"])
    new_password: Text = Field(examples=["green suede shoes 8"])


@router.get("/user/me", auth=Token(), response={200: Account, **problems(401)})
def get_account(request: HttpRequest) -> User:
    """Whose token this is."""
    return cast(User, request.user)


@router.post(
    "/user/password",
    auth=Token(),
    response={204: None, **problems(401, 422, 429)},
    throttle=AddressThrottle("LOGIN_RATE"),
)
def change_password(request: HttpRequest, passwords: NewPassword) -> Status[Any]:
    """Changes the password. All tokens end with the old one."""
    old, new = passwords.old_password, passwords.new_password
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    form = PasswordChangeForm(cast(User, request.user), data)
    if not form.is_valid():
        detail = explained(ValidationError(form.errors.as_data()))
        raise HttpError(422, detail.replace("new_password2", "new_password"))
    form.save()
    return Status(204, None)


@router.post(
    "/auth/login",
    response={200: AccessToken, **problems(401, 422, 429)},
    throttle=AddressThrottle("LOGIN_RATE"),
)
def login(request: HttpRequest, credentials: Form[Credentials]) -> dict[str, str]:
    """Gives a new access token for an e-mail address and its password."""
    user = authenticate(
        request, username=credentials.username.lower(), password=credentials.password
    )
    if getattr(request, "axes_locked_out", False):
        # Said here, in the API's own words, instead of with the page for people.
        request.axes_locked_out = False  # type: ignore[attr-defined]
        raise Throttled(int(settings.AXES_COOLOFF_TIME * 3600))
    if not isinstance(user, User):
        raise AuthenticationError(
            message="This e-mail address and this password don't belong together."
        )
    # As the page does: it ends the count of wrong passwords.
    user_logged_in.send(sender=User, request=request, user=user)
    return {"access_token": issue_token(user)}


@router.post("/auth/logout", auth=Token(), response={204: None, **problems(401)})
def logout(request: HttpRequest) -> Status[Any]:
    """Revokes the token that it is called with."""
    revoke_token(request.headers["Authorization"].partition(" ")[2])
    return Status(204, None)


def as_list(error: ValidationError) -> list[ValidationError]:
    """All single errors of a form's or a model's."""
    fields = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return [each for errors in fields for each in errors]


def explained(error: ValidationError) -> str:
    """All that is wrong, in a sentence or more."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        message if field == NON_FIELD_ERRORS else f"{field}: {message}"
        for field, messages in error.message_dict.items()
        for message in messages
    )
