"""Makes an admin: the first one at the first start, others by hand."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.urls import reverse

from accounts.audit.writing import operator
from accounts.models import User
from accounts.registering import register
from accounts.shared.commands import SiteCommand
from accounts.shared.explaining import explain

# The option or setting to change.
NAMES = {"password": "LOTTERY_ADMIN_PASSWORD", "email": "--email", "username": "--username"}


class Command(SiteCommand):
    help = "Makes a Lottery admin, whose password is LOTTERY_ADMIN_PASSWORD or made up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--username",
            default=settings.LOTTERY_ADMIN_USERNAME,
            help="LOTTERY_ADMIN_USERNAME if left out",
        )
        parser.add_argument(
            "--email",
            default=settings.LOTTERY_ADMIN_EMAIL,
            help="what it signs in with; LOTTERY_ADMIN_EMAIL if left out",
        )
        parser.add_argument(
            "--first", action="store_true", help="only where the site has no admin yet"
        )

    def handle(self, *args: Any, username: str, email: str, first: bool, **options: Any) -> None:
        if not self.is_there(email, or_any=first):
            self.create(username, email)

    def is_there(self, email: str, *, or_any: bool = False) -> bool:
        """Whether there is this admin, or any at all; says who, and where to sign in."""
        admins = User.objects.filter(is_staff=True, is_active=True)
        admin = admins.filter(email=email).first() or (admins.first() if or_any else None)
        if admin:
            self.tell(admin)
            if not or_any:
                self.stdout.write("It was an admin already, and nothing was changed.")
        return admin is not None

    def tell(self, admin: User) -> None:
        address = f"{settings.SITE_URL}{reverse('admin:index')}"
        self.stdout.write(f"Admin: {admin.email}, sign in at {address}")

    def create(self, username: str, email: str) -> None:
        given = settings.LOTTERY_ADMIN_PASSWORD
        password = given or secrets.token_urlsafe(12)
        try:
            self.tell(
                register(
                    email=email, username=username, password=password, is_admin=True, by=operator()
                )
            )
        except ValidationError as error:
            if self.is_there(email):  # made by another process meanwhile
                return
            raise CommandError(f"No admin was made. {explain(error, NAMES)}") from error
        shown = "that of LOTTERY_ADMIN_PASSWORD" if given else f"{password} (shown only now)"
        self.stdout.write(f"Password: {shown}")
