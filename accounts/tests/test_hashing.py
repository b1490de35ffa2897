"""Passwords are hashed by a few threads at once, and as Django does it."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.hashing import AT_ONCE, PasswordHasher, turns
from accounts.shared.troubles import SiteBusy


class QuickHasher(PasswordHasher):
    iterations = 1
    patience = 0.01


def test_a_hash_is_that_of_django() -> None:
    found = QuickHasher().encode("blue suede shoes", "salt")
    assert found == PBKDF2PasswordHasher().encode("blue suede shoes", "salt", 1)


def test_whoever_comes_when_all_turns_are_taken_is_told_that_the_site_is_busy() -> None:
    for _ in range(AT_ONCE):
        assert turns.acquire(blocking=False)
    try:
        with pytest.raises(SiteBusy):
            QuickHasher().encode("blue suede shoes", "salt")
    finally:
        turns.release(AT_ONCE)
    assert QuickHasher().encode("blue suede shoes", "salt")
