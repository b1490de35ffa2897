"""Another e-mail address, and another username."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts import choosing
from accounts.client_address import client_network
from accounts.confirming import queue_confirmation
from accounts.limits.rates import spend_confirmation
from accounts.models import User
from accounts.pages.forms import ChangeEmailForm, ChangeUsernameForm
from accounts.pages.owner import OwnerRequest, owner_form, posted
from accounts.shared.addresses import readable_email
from accounts.shared.refusals import Refusal


@sensitive_post_parameters("password")
@owner_form
def change_email(request: OwnerRequest) -> HttpResponse:
    """Mails a link to the new address: the change is made when it is confirmed there."""
    network = client_network(request)
    form = ChangeEmailForm(posted(request), user=request.user, network=network)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        spend_confirmation(email, network)
        queue_confirmation(request.user, to=email)
        messages.success(
            request,
            f"A link is on its way to {readable_email(email)}. Your address changes when you "
            "open it and press the button there.",
        )
        return redirect("accounts:account")
    return render(request, "accounts/change_email.html", {"form": form})


@owner_form
def change_username(request: OwnerRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)  # a copy: the page goes on with the old name
    form = ChangeUsernameForm(posted(request), instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            choosing.change_username(request.user, form.cleaned_data["username"])
        except (ValidationError, Refusal) as error:
            form.add_error(None, explain(error))
        else:
            messages.success(request, "Your username is changed.")
            return redirect("accounts:account")
    context = {"form": form, "refusal": why_not(user)}
    return render(request, "accounts/change_username.html", context)


def explain(error: Exception) -> Any:
    return error if isinstance(error, ValidationError) else str(error)


def why_not(user: User) -> str:
    """Why the name stays as it is now; empty where it need not."""
    try:
        choosing.check_renaming(user)
    except Refusal as refusal:
        return str(refusal)
    return ""
