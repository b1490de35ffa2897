"""Changing the password, and getting a new one by mail: Django's own pages."""

from typing import Any

from django.contrib.auth import views
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts.client_address import client_network
from accounts.confirming import confirm_without_link
from accounts.forms import (
    ChangePasswordForm,
    NewPasswordForm,
    ResetPasswordForm,
)
from accounts.limits.devices import remember_device
from accounts.limits.guessing import forget_guesses
from accounts.limits.rates import RESET_MAILS_OF_A_NETWORK, password_hashes


class ChangePassword(SuccessMessageMixin, views.PasswordChangeView):
    form_class = ChangePasswordForm
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("accounts:account")
    success_message = "Your password is changed. You are signed out everywhere else."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"network": client_network(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        remember_device(response, form.user)
        return response


class ResetPassword(FormView):
    form_class = ResetPasswordForm
    template_name = "accounts/reset_password.html"
    success_url = reverse_lazy("accounts:reset_password_sent")

    def form_valid(self, form: Any) -> HttpResponse:
        RESET_MAILS_OF_A_NETWORK.spend(client_network(self.request))
        form.save()
        return super().form_valid(form)


@require_safe
def reset_password_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_password_sent.html")


class SetNewPassword(SuccessMessageMixin, views.PasswordResetConfirmView):
    form_class = NewPasswordForm
    template_name = "accounts/set_new_password.html"
    success_url = reverse_lazy("accounts:sign_in")
    success_message = "Your new password is set. Sign in with it."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        password_hashes().spend(client_network(request))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever has proved to own the address need not wait, whoever else guesses meanwhile."""
        response = super().form_valid(form)
        confirm_without_link(form.user)
        forget_guesses(form.user.email, client_network(self.request))
        remember_device(response, form.user)
        return response
