"""The forms of the account pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.choosing import change_password
from accounts.fields import EmailFormField
from accounts.limits.rates import RESET_MAILS_TO_AN_ADDRESS
from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from accounts.models import User
from accounts.refusals import TooManyRequests
from accounts.signing_in import identify, is_password_of


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
    username = EmailFormField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": "This e-mail address and this password don't belong together. "
        "Try again, or choose a new password by e-mail.",
    }

    def clean(self) -> dict[str, Any]:
        """Raises TooManyRequests and TooManyWrongPasswords."""
        fields = self.cleaned_data
        if self.request and "username" in fields and "password" in fields:
            self.user_cache = identify(
                self.request, email=fields["username"], password=fields["password"]
            )
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return fields


class NewPasswordForm(SetPasswordForm):
    def save(self, commit: bool = True) -> User:
        """Raises AccountGone."""
        user: User = self.user
        change_password(user, self.cleaned_data["new_password1"])
        return user


class ChangePasswordForm(NewPasswordForm, PasswordChangeForm):
    """Django's, with limits."""

    def __init__(self, user: User, *args: Any, network: str, **options: Any) -> None:
        super().__init__(user, *args, **options)
        self.network = network

    def clean_old_password(self) -> str:
        """Raises TooManyRequests and TooManyWrongPasswords."""
        password: str = self.cleaned_data["old_password"]
        # Two: the old one and the new one.
        if not is_password_of(self.user, password, network=self.network, hashes=2):
            message = self.error_messages["password_incorrect"]
            raise ValidationError(message, code="password_incorrect")
        return password


class ResetPasswordForm(forms.Form):
    """Its answer takes the same time whether the address has an account or not: nobody looks."""

    email = EmailFormField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self) -> None:
        email = self.cleaned_data["email"]
        try:
            RESET_MAILS_TO_AN_ADDRESS.spend(email)
        except TooManyRequests:
            return  # in silence: the page says the same of all addresses, with an account or not
        queue_mail(Kind.RESET, None, to=email)
