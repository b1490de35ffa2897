"""What the tests in a browser share."""

import shutil

from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from accounts.tests.factories import PASSWORD

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)


def sign_in(page: Page, user: User) -> None:
    page.goto(reverse("accounts:sign_in"))
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
