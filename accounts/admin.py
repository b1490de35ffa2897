"""Django admin of the accounts: participants and admins, and nobody's password."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.audit.admin import AuditEntryAdmin as AuditEntryAdmin  # Django looks for them here
from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request
from accounts.forms import RegisterForm
from accounts.mail.admin import MailAdmin as MailAdmin  # and here
from accounts.mail.models import Mail
from accounts.models import User
from accounts.registering import change_account, check_stake, delete_account, register
from accounts.shared.addresses import canonical_email
from accounts.shared.lookalikes import spelling
from accounts.shared.refusals import Refusal
from accounts.shared.texts import fold

# The admins' group follows the role, and there is no other.
admin.site.unregister(Group)


class NewUserForm(RegisterForm):
    class Meta(RegisterForm.Meta):
        fields = ("email", "username", "is_staff")  # type: ignore[assignment]  # one more


class ChangedUserForm(forms.ModelForm):
    def clean(self) -> None:
        """Says what cannot be changed now, before the verb refuses it: nothing typed is lost."""
        super().clean()
        if self.has_changed():
            try:
                check_stake(self.instance)
            except Refusal as refusal:
                raise ValidationError(str(refusal)) from refusal


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("username", "email", "is_staff", "is_active", "registered_at", "closed_at")
    list_filter = ("is_staff", "is_active")
    search_fields = ("username_key", "email")
    search_help_text = "A part of a username or of an e-mail address"
    ordering = ("username_key",)
    actions = None
    readonly_fields = ("participant", "registered_at", "email_confirmed_at", "closed_at")
    fields = ("username", "email", "is_staff", "is_active", *readonly_fields)
    own_readonly_fields = (*readonly_fields, "is_staff", "is_active")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        kind = ChangedUserForm if obj else NewUserForm
        return super().get_form(request, obj, change, **kwargs | {"form": kind})

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fields if obj else ("email", "username", "password", "is_staff")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody locks themselves out."""
        if obj is None:
            return ()
        return self.own_readonly_fields if obj == request.user else self.readonly_fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        term = search_term.strip()
        found = Q(username_key__contains=spelling(term)) | Q(email__contains=read_email_part(term))
        return queryset.filter(found), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Not ?password__startswith=…: it would tell the hash, digit by digit."""
        return lookup.split("__")[0] in self.list_filter

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_closed = obj is not None and obj.closed_at is not None
        return (
            not is_closed
            and self.is_reachable(request, obj)
            and super().has_change_permission(request, obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_kept = obj is not None and (obj == request.user or obj.closed_at is not None)
        return not is_kept and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Mails go with their account, although nobody may delete one by hand."""
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, needed - {Mail._meta.verbose_name}, protected

    def is_reachable(self, request: HttpRequest, obj: User | None) -> bool:
        """Superusers' accounts are for superusers."""
        is_superuser: bool = request.user.is_superuser
        return obj is None or is_superuser or not obj.is_superuser

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> User:
        if change:
            changed: User = super().save_form(request, form, change)
            return changed
        fields = dict(form.cleaned_data)
        by = actor_of_request(request, Door.ADMIN)
        return register(is_admin=fields.pop("is_staff"), by=by, **fields)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the group follows the role."""

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            change_account(obj, by=actor_of_request(request, Door.ADMIN))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        delete_account(obj, by=actor_of_request(request, Door.ADMIN))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form explains what cannot be; this is for what has changed while it was checked."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect(request.path)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.path)


def read_email_part(term: str) -> str:
    """The part of an address as addresses are stored; what can be none is searched as it is."""
    try:
        return canonical_email(term)
    except ValidationError:
        return fold(term)
