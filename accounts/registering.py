"""Every change to an account that has a rule goes through here, whichever door it comes by."""

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.groups import ADMIN_GROUP
from accounts.models import User
from accounts.shared.storing import store


@sensitive_variables("password")
@transaction.atomic
def register(*, email: str, username: str, password: str, is_admin: bool = False) -> User:
    """A new account. Raises ValidationError, by field, for what cannot be accepted."""
    user = User(email=email, username=username)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    store(user)
    if is_admin:
        set_role(user, is_admin=True)
    return user


@transaction.atomic
def set_role(user: User, *, is_admin: bool) -> None:
    """Makes the account an admin's or a participant's; the group follows the role."""
    user.is_staff = is_admin
    user.save(update_fields=["is_staff"])
    group = Group.objects.get(name=ADMIN_GROUP)
    if is_admin:
        user.groups.add(group)
    else:
        user.groups.remove(group)
