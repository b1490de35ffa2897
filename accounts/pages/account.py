"""What is known of oneself, what one chooses, and an end to all sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import choosing
from accounts.models import User
from accounts.pages.forms import ChoicesForm
from accounts.pages.owner import OwnerRequest, owner_form, owner_page, posted


@owner_page
def account(request: OwnerRequest) -> HttpResponse:
    return render(request, "accounts/account.html")


@owner_form
def choices(request: OwnerRequest) -> HttpResponse:
    form = ChoicesForm(posted(request), instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        choosing.choose(request.user, **form.cleaned_data)
        messages.success(request, "Your choices are stored.")
        return redirect("accounts:account")
    return render(request, "accounts/choices.html", {"form": form})


@owner_form
def sign_out_everywhere(request: OwnerRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/sign_out_everywhere.html")
    choosing.sign_out_everywhere(request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, "You are signed out everywhere else, and all access tokens are gone.")
    return redirect("accounts:account")
