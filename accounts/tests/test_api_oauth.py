"""Signing in with the libraries that OAuth clients are built on (RFC 6749 and RFC 6750)."""

from collections.abc import Callable
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import LegacyApplicationClient
from pytest_django.live_server_helper import LiveServer
from requests_oauthlib import OAuth2Session

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import PASSWORD

SignIn = Callable[..., Any]
FORM = "application/x-www-form-urlencoded"


def with_requests_oauthlib(url: str, password: str, **options: Any) -> Any:
    client = LegacyApplicationClient(client_id="a client")
    with OAuth2Session(client=client, scope=["everything"]) as session:
        session.fetch_token(
            f"{url}/api/auth/login", username="alice@example.org", password=password, **options
        )
        return session.get(f"{url}/api/user/me").json()


def with_authlib(url: str, password: str, **options: Any) -> Any:
    with AuthlibSession("a client", "a secret", scope="everything", **options) as session:
        sign_in_with_authlib(session, url, password)
        return session.get(f"{url}/api/user/me").json()


def sign_in_with_authlib(session: Any, url: str, password: str) -> None:
    token = session.fetch_token(
        f"{url}/api/auth/login", username="alice@example.org", password=password
    )
    assert token["expires_in"] == 1440 * 60
    assert not token.is_expired()


CLIENTS: list[tuple[SignIn, dict[str, Any]]] = [
    (with_requests_oauthlib, {}),
    (with_requests_oauthlib, {"include_client_id": True, "client_secret": "a secret"}),
    (with_requests_oauthlib, {"include_client_id": False}),
    (with_authlib, {}),
    (with_authlib, {"token_endpoint_auth_method": "client_secret_post"}),
]


@pytest.fixture(autouse=True)
def _without_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.mark.parametrize(("sign_in", "options"), CLIENTS)
def test_it_signs_in(
    live_server: LiveServer, alice: User, sign_in: SignIn, options: dict[str, Any]
) -> None:
    assert sign_in(live_server.url, PASSWORD, **options)["email"] == "alice@example.org"


@pytest.mark.parametrize(("sign_in", "options"), CLIENTS)
def test_it_understands_why_not(
    live_server: LiveServer, alice: User, sign_in: SignIn, options: dict[str, Any]
) -> None:
    with pytest.raises(Exception, match="Invalid e-mail address or password") as error:
        sign_in(live_server.url, "wrong", **options)
    assert error.value.error == "invalid_grant"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ("username=alice@example.org&password=wrong", 401, "invalid_grant"),
        ("username=alice@example.org&password=wrong&grant_type=password", 401, "invalid_grant"),
        ("", 422, "invalid_request"),
        ("username=alice@example.org", 422, "invalid_request"),
        ("username=%00&password=x", 422, "invalid_request"),
        ("grant_type=client_credentials", 422, "unsupported_grant_type"),
        ("username=a&password=b&grant_type=refresh_token", 422, "unsupported_grant_type"),
    ],
)
def test_each_error_has_its_code(alice: User, form: str, status: int, error: str) -> None:
    answer = ask("POST", "/auth/login", data=form, content_type=FORM)
    body = answer.json()
    assert (answer.status_code, body["status"], body["error"]) == (status, status, error)
    assert set(body) == {"title", "status", "detail", "error", "error_description"}
    assert body["error_description"].isascii()
    assert not set(body["error_description"]) & {'"', "\\"}
    assert answer["Cache-Control"] == "no-store"


def test_what_is_too_often_has_a_code(alice: User) -> None:
    wrong = "username=alice@example.org&password=wrong"
    answers = [ask("POST", "/auth/login", data=wrong, content_type=FORM) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["error"] == "temporarily_unavailable"
    assert "Retry-After" in answers[-1]


def test_the_answer_says_how_long_the_token_lives(alice: User, settings: Any) -> None:
    settings.ACCESS_TOKEN_EXPIRE_MINUTES = 10
    form = f"username=alice@example.org&password={PASSWORD}"
    answer = ask("POST", "/auth/login", data=form, content_type=FORM)
    assert answer.json()["expires_in"] == 600
    assert answer.json()["token_type"] == "bearer"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["x", "a b", "é"])
def test_a_bad_token_is_named_in_the_header(db: None, token: str) -> None:
    answer = ask("GET", "/user/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    assert "not valid" in answer.json()["detail"]


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Digest x"])
def test_no_token_is_asked_for_without_an_error(db: None, header: str) -> None:
    answer = ask("GET", "/user/me", headers={"Authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
