"""Hashing passwords: slow on purpose, and so only some at once, because others ask for pages."""

import os
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.shared.troubles import SiteBusy

AT_ONCE = max(1, (os.cpu_count() or 1) // settings.WEB_CONCURRENCY)  # of each process
turns = BoundedSemaphore(AT_ONCE)


class PasswordHasher(PBKDF2PasswordHasher):
    """Django's own, by as many threads at once as the machine has processors."""

    patience = 5.0  # seconds that a thread waits for its turn

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Raises SiteBusy."""
        if not turns.acquire(timeout=self.patience):
            raise SiteBusy
        try:
            return super().encode(password, salt, iterations)
        finally:
            turns.release()
