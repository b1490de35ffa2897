"""Closing one's account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts import closing
from accounts.client_address import client_network
from accounts.models import User
from accounts.pages.forms import ProofForm
from accounts.pages.owner import OwnerRequest, owner_form, posted
from accounts.shared.refusals import Refusal
from accounts.stakes import first_answer, held_places, undrawn_ballots


@sensitive_post_parameters("password")
@owner_form
def close_account(request: OwnerRequest) -> HttpResponse:
    """What goes, what stays, and a form that asks for the password."""
    user = request.user
    form = ProofForm(posted(request), user=user, network=client_network(request))
    refusal = why_not(user)
    if request.method == "POST" and not refusal and form.is_valid():
        closing.close_account(user)
        logout(request)
        messages.success(request, "Your account is closed. Your ballots stay in their lotteries.")
        return redirect(settings.LOGOUT_REDIRECT_URL)
    context: dict[str, object] = {"form": form, "refusal": refusal}
    if not refusal:
        context |= {
            "stake": first_answer(undrawn_ballots, user),
            "place": first_answer(held_places, user),
        }
    return render(request, "accounts/close_account.html", context)


def why_not(user: User) -> str:
    """Why the account cannot be closed now; empty where it can."""
    try:
        closing.check_closing(user)
    except Refusal as refusal:
        return str(refusal)
    return ""
