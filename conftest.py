"""The people whom the tests of all apps know: each has a role, and a browser signed in as them."""

import os

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import UserFactory, admin


def needs(part: str, *, present: object) -> pytest.MarkDecorator:
    """Skips a test where a part is not installed. Named in REQUIRE, it is tried and fails."""
    is_required = part in os.environ.get("REQUIRE", "").split()
    return pytest.mark.skipif(not present and not is_required, reason=f"needs {part}")


DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what uses the database of the settings; the rest need not run on each kind of it."""
    for item in items:
        is_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        fixtures = set(getattr(item, "fixturenames", ()))
        if is_case or fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite need not wait for the disk: no test pulls the plug."""
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        options["init_command"] = options["init_command"].replace("FULL", "OFF")


@pytest.fixture(autouse=True)
def _fast_and_simple(settings: Settings) -> None:
    """Passwords that hash fast, and static files that need no collecting."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def alice(db: None) -> User:
    """A participant."""
    return UserFactory.create(username="alice", email="alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    """Another participant."""
    return UserFactory.create(username="bob", email="bob@example.org")


@pytest.fixture
def adam(db: None) -> User:
    """A Lottery admin."""
    return admin("adam")


@pytest.fixture
def root(db: None) -> User:
    """A superuser."""
    return User.objects.create_superuser("root@example.org", "root", "a password for root")


def browser_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def stranger(db: None) -> Client:
    """The browser of somebody who is not signed in."""
    return browser_of(None)


@pytest.fixture
def alices_browser(alice: User) -> Client:
    return browser_of(alice)


@pytest.fixture
def bobs_browser(bob: User) -> Client:
    return browser_of(bob)


@pytest.fixture
def adams_browser(adam: User) -> Client:
    return browser_of(adam)


@pytest.fixture
def roots_browser(root: User) -> Client:
    return browser_of(root)
