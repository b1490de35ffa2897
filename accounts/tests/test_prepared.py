"""A prepared query finds what its queryset finds, each time that it is asked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F, QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Session, User
from accounts.shared.prepared import PreparedQuery
from accounts.tests.factories import UserFactory


def values_of(user: Any, before: Any) -> QuerySet[User, tuple[Any, ...]]:
    users = User.objects.filter(pk=user, registered_at__lt=before).exclude(closed_at__lt=before)
    return users.values_list("pk", "username", "is_staff", "registered_at", "closed_at")


def sessions_of(user: Any) -> QuerySet[Session]:
    return Session.objects.filter(user=user).select_related("user").order_by("pk")


def users_named(name: Any) -> QuerySet[User]:
    return User.objects.filter(username=name).only("username", "is_active")


def test_rows_have_the_same_values(
    alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prepared, at = PreparedQuery(values_of, "user", "before"), timezone.now()
    for user in (alice, bob):
        with django_assert_num_queries(1):
            found = prepared(user.pk, at)
        assert found == list(values_of(user.pk, at))
        assert found[0][:3] == (user.pk, user.username, False)
    assert prepared(alice.pk, at - timedelta(days=1)) == []
    assert prepared.first(uuid4(), at) is None


def test_instances_come_with_their_relations(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = timezone.now()
    for key in ("one", "two"):
        Session.objects.create(session_key=key, user=alice, expire_date=at)
    prepared = PreparedQuery(sessions_of, "user")
    with django_assert_num_queries(1):
        one, two = prepared(alice.pk)
        assert (one.user, two.user) == (alice, alice)
    assert one.expire_date == at
    assert vars(one.user).keys() == vars(User.objects.get(pk=alice.pk)).keys()


def test_a_relation_that_is_missing_is_none(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Session.objects.create(session_key="one", user_id=uuid4(), expire_date=timezone.now())
    (found,) = PreparedQuery(
        lambda key: Session.objects.filter(pk=key).select_related("user"), "key"
    )("one")
    with django_assert_num_queries(0):
        assert found.user is None


def test_what_is_left_out_is_read_when_it_is_asked_for(alice: User) -> None:
    UserFactory.create()
    found = PreparedQuery(users_named, "name").first("alice")
    assert found
    assert found.get_deferred_fields() >= {"email", "password"}
    assert found.email == alice.email


def test_annotations_come_along(alice: User) -> None:
    prepared = PreparedQuery(
        lambda user: User.objects.filter(pk=user).annotate(also=F("registered_at")), "user"
    )
    found: Any = prepared.first(alice.pk)
    assert (found, found.also) == (alice, alice.registered_at)
