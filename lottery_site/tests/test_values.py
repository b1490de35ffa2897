"""What the text of a setting stands for, and which texts are refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from lottery_site import values

ROOT = Path("/srv/site")
NUMBER = values.whole_number(1, 100)
DATABASE = values.database(Path("/tmp"))  # noqa: S108  nothing is made there
TAKEN: list[tuple[Callable[[str], Any], str, Any]] = [
    (NUMBER, "1", 1),
    (NUMBER, "100", 100),
    (NUMBER, "007", 7),
    (values.rate, "600/m", (600, 60)),
    (values.rate, "1/s", (1, 1)),
    (values.rate, "1000000/h", (1_000_000, 3600)),
    (values.boolean, "TRUE", True),
    (values.boolean, "off", False),
    (values.time_zone, "Europe/Amsterdam", "Europe/Amsterdam"),
    (values.site_url, "https://lottery.example.org", "https://lottery.example.org"),
    (values.site_url, "HTTPS://Lottery.Example.ORG/", "https://lottery.example.org"),
    (values.site_url, "https://lottery.example.org:443", "https://lottery.example.org"),
    (values.site_url, "http://lottery.example.org:80/", "http://lottery.example.org"),
    (values.site_url, "http://lottery.example.org:443", "http://lottery.example.org:443"),
    (values.site_url, "http://localhost:8000", "http://localhost:8000"),
    (values.site_url, "http://192.0.2.7:8000", "http://192.0.2.7:8000"),
    (values.site_url, "http://[2001:DB8::7]:8000", "http://[2001:db8::7]:8000"),
    (values.site_url, "https://bücher.example", "https://xn--bcher-kva.example"),
    (values.site_url, "https://BÜCHER.example:8443/", "https://xn--bcher-kva.example:8443"),
    (values.site_url, "https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    (values.site_url, "https://straße.example", "https://xn--strae-oqa.example"),
    (values.site_url, "https://宝くじ.example", "https://xn--y8js3434a.example"),
    (values.site_url, "https://lottery.example.org.", "https://lottery.example.org"),
    (
        values.site_urls,
        "https://a.example, https://b.example",
        ["https://a.example", "https://b.example"],
    ),
    (values.sender, "lottery@example.org", "lottery@example.org"),
    (values.sender, "Lottery <lottery@example.org>", "Lottery <lottery@example.org>"),
    (values.sender, '"Lottery, the" <l@example.org>', '"Lottery, the" <l@example.org>'),
    (values.sender, "Lotería de Año Nuevo <l@example.org>", "Lotería de Año Nuevo <l@example.org>"),
    (values.sender, "<lottery@localhost>", "<lottery@localhost>"),
]
REFUSED: list[tuple[Callable[[str], Any], str]] = [
    *((NUMBER, text) for text in ("0", "101", "-1", "+1", "1.0", "1e1", "", " 5", "5 ", "1_0")),
    *((NUMBER, text) for text in ("１０", "٥", "5\n", "0x5", "five", "9" * 5000, "1,0")),
    *((values.rate, text) for text in ("60", "60/", "/m", "0/m", "60/d", "60/M", "60/m ", "6_0/m")),
    *((values.rate, text) for text in (" 60/m", "６０/m", "60 / m", "60/m/s", "-1/m", "1000001/s")),
    *((values.boolean, text) for text in ("maybe", "", "2", "１", "true ", "wahr")),
    *(
        (values.time_zone, text)
        for text in ("Amsterdam", "UTC ", " UTC", "", "../etc/passwd", "/UTC")
    ),
    *((values.time_zone, text) for text in ("localtime", "Europe/Amsterdam\n", "UTC+2", "\0")),
    *((values.ip_address, text) for text in ("localhost", "::1", "127.0.0.1 ", "127.1", "١.1.1.1")),
    *(
        (values.site_url, text)
        for text in ("lottery.example.org", "ftp://a.example", "https://", "")
    ),
    *((values.site_url, text) for text in ("https://a.example/path", "https://a.example?a=b")),
    *((values.site_url, text) for text in ("https://a.example#a", "https://me:pw@a.example")),
    *(
        (values.site_url, text)
        for text in ("https://a.example:99999", "https://a.example:", "https://.")
    ),
    *(
        (values.site_url, text)
        for text in ("https://a..example", "https://-a.example", "https://a_b.c")
    ),
    *(
        (values.site_url, text)
        for text in ("https://a.example:0", "https://a b.example", "https://a\n")
    ),
    *(
        (values.site_url, text)
        for text in ("https://[::1", "https://[a.example]", "https://[::1]x:8")
    ),
    *(
        (values.site_url, text)
        for text in ("https://a.example\\b", "https://a.example//", "https://\u200b.x")
    ),
    *(
        (values.site_url, text)
        for text in ("https://" + "a" * 64 + ".org", "https://a.example:８０")
    ),
    *(
        (values.sender, text)
        for text in ("lottery", "Lottery", "Lottery lottery@example.org", "<>")
    ),
    *(
        (values.sender, text)
        for text in ("a@example.org, b@example.org", "Lottery <lottery>", "a@b@c")
    ),
    *(
        (values.sender, text)
        for text in ("Lottery <a@example.org", "L <a@example.org>\nBcc: b@c.org")
    ),
    *((values.sender, text) for text in ("A: a@example.org;", "Lottery <a@example.org> x", "")),
    *(
        (values.mail, text)
        for text in ("", "pigeon://loft", "smtp://", "smtp://:25", "smtps://host:465")
    ),
    *(
        (values.mail, text)
        for text in ("smtp://host/path", "smtp://u:a#b@host", "smtp://u:a/b@host")
    ),
    *(
        (values.mail, text)
        for text in ("consolemail://x", "smtp://host:port", "smtp://u:a?b@host:25")
    ),
    *((DATABASE, text) for text in ("", "mysql://host/name", "sqlite://:memory:", "sqlite:///")),
    *(
        (DATABASE, text)
        for text in ("sqlite:///:memory:", "sqlite:///a#b", "sqlite:///a?b", "postgres://")
    ),
    *(
        (DATABASE, text)
        for text in ("postgres://host", "postgres://host/", "postgres://u:a#b@host/name")
    ),
    *((DATABASE, text) for text in ("postgres://u:a/b@host/name", "postgres://u:1/b@host/name")),
    *((DATABASE, text) for text in ("postgres://u:a?b@host/name", "postgres://host:port/name")),
    *(
        (DATABASE, f"postgres://host/name?{query}")
        for query in ("pool=on", "connect_timeout=9", "options=-c", "CONN_MAX_AGE=0", "POOLER=on")
    ),
    *(
        (DATABASE, f"postgres://host/name?{query}")
        for query in ("pooler=maybe", "pooler", "pooler=on&pooler=off", "prepare=", "&pooler=on")
    ),
]


@pytest.mark.parametrize(("parse", "text", "value"), TAKEN)
def test_it_takes(parse: Callable[[str], Any], text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(("parse", "text"), REFUSED)
def test_it_refuses(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises((ValueError, LookupError, ValidationError, ImproperlyConfigured)):
        parse(text)


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("plain", "plain"),
        ("a+b", "a+b"),
        ("a$b", "a$b"),
        ("a%2Fb%3Fc%23d%40e%25f%2Bg", "a/b?c#d@e%f+g"),
        ("a%b", "a%b"),
        ("pässword", "pässword"),
        ("a b", "a b"),
        ("a@b", "a@b"),
        ("a:b", "a:b"),
    ],
)
def test_a_password_in_an_address_is_what_was_written(written: str, password: str) -> None:
    mail = values.mail(f"smtp+tls://me:{written}@mail.example.org:587")
    assert (mail["EMAIL_HOST_PASSWORD"], mail["EMAIL_HOST"]) == (password, "mail.example.org")
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == (587, True)
    database = DATABASE(f"postgres://me:{written}@db.example.org:5432/lottery")
    assert (database["PASSWORD"], database["HOST"]) == (password, "db.example.org")
    assert (database["USER"], database["NAME"]) == ("me", "lottery")


def test_the_path_of_an_sqlite_file_is_what_was_written(tmp_path: Path) -> None:
    parse = values.database(tmp_path)
    for written, name in (("a+b", "a+b"), ("a%20b", "a b"), ("a%23b", "a#b"), ("a%3Fb", "a?b")):
        assert parse(f"sqlite:///{written}")["NAME"] == str(tmp_path / name)
        assert parse(f"sqlite:///{tmp_path}/{written}")["NAME"] == str(tmp_path / name)


@pytest.mark.parametrize(
    ("query", "has_pooler", "threshold"),
    [
        ("", False, 1),
        ("?pooler=on", True, 1),
        ("?pooler=on&prepare=off", True, None),
        ("?prepare=no&sslmode=require", False, None),
    ],
)
def test_an_address_says_what_a_pooler_can_do(
    query: str, has_pooler: bool, threshold: int | None
) -> None:
    found = DATABASE(f"postgres://host/name{query}")
    assert found["DISABLE_SERVER_SIDE_CURSORS"] == has_pooler
    assert found["OPTIONS"]["has_pooler"] == has_pooler
    assert found["OPTIONS"]["prepare_threshold"] == threshold
    assert found["OPTIONS"].get("sslmode") == ("require" if "sslmode" in query else None)
    assert set(found["OPTIONS"]) <= {
        "server_side_binding",
        "prepare_threshold",
        "has_pooler",
        "sslmode",
    }
