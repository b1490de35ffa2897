"""The group whose members run the lotteries, with exactly the permissions that this takes."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

ADMIN_GROUP = "Lottery admins"


def grant_admin_permissions(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After the migrations of an app: the group's permissions for it are those it declares."""
    wanted = Q(codename__in=getattr(sender, "admin_permissions", ()))
    of_the_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    group, _ = Group.objects.using(using).get_or_create(name=ADMIN_GROUP)
    group.permissions.remove(*of_the_app.exclude(wanted))
    group.permissions.add(*of_the_app.filter(wanted))
