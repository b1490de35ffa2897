"""The forms of the account pages."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.background import in_background
from accounts.models import User


class RegisterForm(forms.ModelForm):
    """What a new account is made of. The model and the password validators have the rules."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )

    class Meta:
        model = User
        fields = ("email", "username")
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "username": forms.TextInput(attrs={"autocomplete": "nickname"}),
        }

    def _post_clean(self) -> None:
        """Compares the password with the rest, once the rest is known."""
        super()._post_clean()  # type: ignore[misc]  # Django's forms do the same
        try:
            validate_password(self.cleaned_data.get("password", ""), self.instance)
        except ValidationError as error:
            if "password" in self.cleaned_data:
                self.add_error("password", error)


class SignInForm(AuthenticationForm):
    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": "This e-mail address and this password don't belong together. "
        "Try again, or choose a new password by e-mail.",
    }

    def clean_username(self) -> str:
        """In one spelling, so that wrong passwords are counted for the same account."""
        email: str = self.cleaned_data["username"]
        return email.lower()


class ResetPasswordForm(PasswordResetForm):
    """Its answer takes the same time whether the address has an account or not."""

    def save(self, **options: Any) -> None:  # type: ignore[override]
        site = {
            "domain_override": urlsplit(settings.SITE_URL).netloc,  # never what a request claims
            "use_https": settings.IS_HTTPS,
            "extra_email_context": {"project_name": settings.PROJECT_NAME},
        }
        in_background(lambda: super(ResetPasswordForm, self).save(**options | site))
