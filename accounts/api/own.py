"""What people do with their own account, beside changing the password."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Status

from accounts import choosing
from accounts.api.bearer import Token, caller
from accounts.api.schemas import NewEmail, Proof
from accounts.client_address import client_network
from accounts.closing import check_closing
from accounts.closing import close_account as close
from accounts.confirming import queue_confirmation
from accounts.data import write_data
from accounts.limits.rates import DOWNLOADS, spend_confirmation
from accounts.pages.forms import ChangeEmailForm, ProofForm
from accounts.shared.problems import problems

router = Router(tags=["accounts"], auth=Token())


def check(form: BaseForm) -> None:
    """Raises ValidationError, by field."""
    if not form.is_valid():
        raise ValidationError(dict(form.errors.as_data()))


@router.post("/user/email", response={204: None, **problems(401, 429)})
def change_email(request: HttpRequest, new: NewEmail) -> Status[Any]:
    """Mails a link to the new address: it is the account's once it is confirmed there."""
    network = client_network(request)
    form = ChangeEmailForm(new.dict(), user=caller(request), network=network)
    check(form)
    spend_confirmation(form.cleaned_data["email"], network)
    queue_confirmation(caller(request), to=form.cleaned_data["email"])
    return Status(204, None)


@router.post("/user/confirmation", response={204: None, **problems(401, 429)})
def send_confirmation(request: HttpRequest) -> Status[Any]:
    """Mails the link to confirm the address once more, while it is not confirmed."""
    user = caller(request)
    if not user.email_confirmed_at:
        spend_confirmation(user.email, client_network(request))
        queue_confirmation(user)
    return Status(204, None)


@router.post("/auth/logout_everywhere", response={204: None, **problems(401)})
def sign_out_everywhere(request: HttpRequest) -> Status[Any]:
    """Ends all sessions and access tokens, this one included."""
    choosing.sign_out_everywhere(caller(request))
    return Status(204, None)


@router.post("/user/close", response={204: None, **problems(401, 403, 409, 429)})
def close_account(request: HttpRequest, proof: Proof) -> Status[Any]:
    """Closes the account for good: ballots, participant code and proofs stay."""
    user = caller(request)
    check_closing(user)
    check(ProofForm(proof.dict(), user=user, network=client_network(request)))
    close(user)
    return Status(204, None)


@router.get("/user/data", response={200: dict[str, Any], **problems(401, 429)})
def get_data(request: HttpRequest) -> StreamingHttpResponse:
    """All that the site keeps about the one who calls."""
    DOWNLOADS.spend(caller(request).pk)
    return StreamingHttpResponse(write_data(caller(request)), content_type="application/json")
