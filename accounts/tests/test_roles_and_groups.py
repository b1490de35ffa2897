"""What Lottery admins may do, exactly."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from accounts.models import User
from accounts.registering import set_role

ALLOWED = {
    "ballots.pass_over",
    "accounts.add_user",
    "accounts.change_user",
    "accounts.view_user",
    "accounts.view_auditentry",
    "accounts.view_mail",
    "accounts.send_mail_again",
    "lotteries.add_lottery",
    "lotteries.add_note",
    "lotteries.delete_lottery",
    "lotteries.view_lottery",
    "ballots.close_ballotbox",
    "ballots.view_ballot",
    "ballots.view_draw",
}


def test_a_lottery_admin_has_exactly_these_permissions(adam: User) -> None:
    assert adam.get_all_permissions() == ALLOWED
    assert not adam.is_superuser


def test_migrating_again_restores_them(adam: User) -> None:
    group = adam.groups.get()
    group.permissions.set(Permission.objects.filter(codename__in=["view_ballot", "change_draw"]))
    call_command("migrate", verbosity=0)
    adam = User.objects.get(pk=adam.pk)
    assert adam.get_all_permissions() == ALLOWED


def test_a_participant_has_none(alice: User) -> None:
    assert alice.get_all_permissions() == set()


@pytest.mark.parametrize("is_admin", [True, False])
def test_the_group_follows_the_role(alice: User, is_admin: bool) -> None:
    for _ in range(2):
        set_role(alice, is_admin=is_admin)
        assert alice.groups.exists() == User.objects.get(pk=alice.pk).is_admin == is_admin
