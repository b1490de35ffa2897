"""Switching off the mails of a kind by a link that stands in them, without signing in (RFC 8058).

The link works for ever, in the oldest of mails: all that it can do is to switch off.
"""

from dataclasses import dataclass

from django.core import signing

from accounts.mail.links import SWITCH_OFF, SWITCHES
from accounts.mail.models import Kind
from accounts.models import User
from accounts.refusals import LinkWorksNoMore


@dataclass(frozen=True)
class Switch:
    user: User
    kind: Kind

    @property
    def is_on(self) -> bool:
        return bool(getattr(self.user, SWITCHES[self.kind]))


def read_switch(token: str) -> Switch:
    """Raises LinkWorksNoMore for what is altered, and for an account that is gone."""
    try:
        pk, kind = signing.loads(token, salt=SWITCH_OFF)
    except signing.BadSignature as error:
        raise LinkWorksNoMore from error
    user = User.objects.filter(pk=pk, closed_at=None).first()
    if user is None:
        raise LinkWorksNoMore
    return Switch(user, Kind(kind))


def switch_off(token: str) -> Switch:
    """Done twice, it changes nothing. Raises LinkWorksNoMore."""
    switch = read_switch(token)
    User.objects.filter(pk=switch.user.pk).update(**{SWITCHES[switch.kind]: False})
    switch.user.refresh_from_db()
    return switch
