"""What the API of accounts takes and answers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from accounts.shared.known_names import what_is_unknown

# Databases know no NUL character.
Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class Input(Schema):
    """What a client sends as JSON. A member that it does not have is refused, never skipped."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_unknown(cls, values: Any) -> Any:
        # Twice: what was sent, and then a getter of ninja's own around it.
        if isinstance(values, dict) and (wrong := what_is_unknown(values, cls.model_fields)):
            raise PydanticCustomError("unknown", "{wrong}", {"wrong": wrong.removesuffix(".")})
        return values


class Registration(Input):
    username: Text = Field(description="3 to 50 characters, public if you win.", examples=["carol"])
    email: Text = Field(examples=["carol@example.org"], json_schema_extra={"format": "email"})
    password: Text = Field(
        description="At least 8 characters, and hard to guess.", examples=["blue suede shoes 7"]
    )


class Account(Schema):
    id: UUID = Field(description="The participant code.", validation_alias="participant")
    email: str = Field(examples=["carol@example.org"])
    username: str = Field(examples=["carol"])
    registered_at: datetime
    email_confirmed_at: datetime | None = Field(
        description="Null until the link in the mail is used: taking part works before it."
    )
    is_shown_by_code: bool = Field(
        description="At a draw, the participant code alone is shown, and not the username."
    )
    wants_receipts: bool = Field(description="Mails with receipts are on.")
    wants_results: bool = Field(description="Mails with results are on.")


class Changes(Input):
    """What is left out, or null, stays as it is."""

    username: Text | None = Field(None, examples=["caroline"])
    is_shown_by_code: StrictBool | None = Field(None, examples=[True])
    wants_receipts: StrictBool | None = Field(None, examples=[True])
    wants_results: StrictBool | None = Field(None, examples=[True])


class NewEmail(Input):
    email: Text = Field(examples=["caroline@example.org"], json_schema_extra={"format": "email"})
    password: Text = Field(description="That of the account.", examples=["blue suede shoes 7"])


class Proof(Input):
    password: Text = Field(description="That of the account.", examples=["blue suede shoes 7"])


class NewPassword(Input):
    old_password: Text = Field(examples=["blue suede shoes 7"])
    new_password: Text = Field(examples=["green suede shoes 8"])


class Credentials(Schema):
    """The password flow of OAuth 2 (RFC 6749, section 4.3)."""

    username: Text = Field(description="The e-mail address.", examples=["carol@example.org"])
    password: Text = Field(examples=["blue suede shoes 7"])
    grant_type: Literal["password"] = "password"


class AccessToken(Schema):
    """The answer of OAuth 2 to a sign-in (RFC 6749, section 5.1)."""

    access_token: str = Field(description="Send it as: Authorization: Bearer …")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds from now.", examples=[86400])
