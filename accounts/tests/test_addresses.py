"""E-mail addresses that are one."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.shared.addresses import canonical_email, readable_email

MUNICH = "nfdx@xn--mnchen-test-thb.de"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("alice@example.org", "alice@example.org"),
        (" Alice@EXAMPLE.org\n", "alice@example.org"),
        ("ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｏｒｇ", "alice@example.org"),
        ("alice@example。org", "alice@example.org"),
        ("\u212aelvin@example.org", "kelvin@example.org"),
        ("nfdx@mu\u0308nchen-test.de", MUNICH),
        ("nfdx@m\u00fcnchen-test.de", MUNICH),
        ("NFDX@MÜNCHEN-TEST.DE", MUNICH),
        ("nfdx@ｍüｎｃｈｅｎ-ｔｅｓｔ.de", MUNICH),
        (MUNICH, MUNICH),
        (MUNICH.upper(), MUNICH),
        ("a@faß.de", "a@xn--fa-hia.de"),
        ("a@fass.de", "a@fass.de"),
        ("a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"),
        ("a@例え.jp", "a@xn--r8jz45g.jp"),
        ("a@مثال.com", "a@xn--mgbh0fb.com"),
        ("a+b@example.org", "a+b@example.org"),
        ("admin@localhost", "admin@localhost"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_it_is_written_in_one_way(typed: str, kept: str) -> None:
    assert canonical_email(typed) == kept
    assert canonical_email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "a@exam\u200bple.org",
        "a@exam\u200cple.org",
        "a@exam\u200dple.org",
        "a@exam\u2060ple.org",
        "a@exam\ufeffple.org",
        "a@exam\u00adple.org",
        "a@mün\u034fchen.de",
        "al\u200bice@example.org",
        "a@xn--a.org",
        "a@xn--\u00fc.org",
        "a@-ü.org",
        "a@ü..org",
        "a@.ü",
        "a@💩.la",
        "a@ü\u202e.org",
        "a@\ud800.org",
        "a@" + "ü" * 64 + ".org",
        "a@" + "ü" * 990 + ".org",
        "a@" + "x" * 254,
        "a" * 2_000_000,
        "İ@example.org",
        "ı@example.org",
        "é@example.org",
        "a\0@example.org",
        "a\nb@example.org",
        "\ud800@example.org",
    ],
)
def test_what_nobody_could_write_to_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as error:
        canonical_email(typed)
    assert error.value.messages[0].endswith(".")


@given(st.text())
def test_any_text_is_refused_kindly_or_has_one_form(text: str) -> None:
    for typed in (text, f"a@{text}", f"{text}@example.org", f"a@xn--{text}.org"):
        try:
            kept = canonical_email(typed)
        except ValidationError:
            continue
        assert canonical_email(kept) == kept
        assert kept.isascii() or "@" not in kept


@pytest.mark.parametrize(
    ("kept", "readable"),
    [
        (MUNICH, "nfdx@m\u00fcnchen-test.de"),
        ("a@xn--r8jz45g.jp", "a@例え.jp"),
        ("alice@example.org", "alice@example.org"),
        ("admin@localhost", "admin@localhost"),
        ("a@xn--.de", "a@xn--.de"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_people_read_it_in_their_letters(kept: str, readable: str) -> None:
    assert readable_email(kept) == readable


def test_the_account_page_shows_both(client: Client, alice: User) -> None:
    alice.email = MUNICH
    alice.save()
    client.force_login(alice)
    page = client.get(reverse("accounts:account")).content.decode()
    assert f"nfdx@m\u00fcnchen-test.de ({MUNICH})" in page
