"""How often one address, or one account, may use the costly operations of the API.

Counted in each web process by itself: with two processes, up to twice the rate gets through.
"""

from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from accounts.client_address import client_address


class Throttle(BaseThrottle):
    """The rate of a setting, (requests, seconds), counted from one full period to the next."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def allow_request(self, request: HttpRequest) -> bool:
        most, seconds = getattr(settings, self.setting)
        key = f"{self.setting}/{self.who(request)}/{int(time() // seconds)}"
        cache.add(key, 0, seconds)
        try:
            return bool(cache.incr(key) <= most)
        except ValueError:  # the period ended meanwhile
            return True

    def wait(self) -> float:
        """Seconds until the next period."""
        seconds: int = getattr(settings, self.setting)[1]
        return seconds - time() % seconds

    def who(self, request: HttpRequest) -> object:
        raise NotImplementedError


class AddressThrottle(Throttle):
    def who(self, request: HttpRequest) -> object:
        return client_address(request)


class AccountThrottle(Throttle):
    def who(self, request: HttpRequest) -> object:
        return request.user.pk
