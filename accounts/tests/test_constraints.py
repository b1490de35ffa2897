"""What the database itself refuses of an account, should the code ever try."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.tests.factories import UserFactory


def assert_refused(**fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory.create(**fields)


@pytest.mark.parametrize("email", ["alice@example.org", "Alice@Example.org"])
def test_two_accounts_of_one_address(alice: User, email: str) -> None:
    assert_refused(email=email)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("alice", "ALICE"),
        ("Émile", "ÉMILE"),
        ("istanbul", "ıstanbul".replace("ı", "i")),
        ("Straße", "STRASSE"),
        ("ａｌｉｃｅ", "alice"),
        ("e\u0301mile", "\u00e9mile"),
    ],
)
def test_two_spellings_of_one_username(db: None, first: str, second: str) -> None:
    UserFactory.create(username=first)
    assert_refused(username=second)


def test_an_address_in_upper_case(alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(email=LiteralEmail("ALICE@example.org"))


def LiteralEmail(text: str) -> Any:  # noqa: N802
    """Past the field, which would write it in lower case."""
    from django.db.models import CharField, Value

    return Value(text, output_field=CharField())


@pytest.mark.parametrize("username", ["", "ab", "x" * 51])
def test_a_username_of_another_length(db: None, username: str) -> None:
    with pytest.raises((IntegrityError, Exception)):
        UserFactory.create(username=username)


def test_a_superuser_who_is_no_admin(db: None) -> None:
    assert_refused(is_superuser=True, is_staff=False)


def test_participant_codes_are_random_uuids(db: None) -> None:
    codes = {user.participant for user in UserFactory.create_batch(5)}
    assert len(codes) == 5
    assert {code.version for code in codes} == {4}
