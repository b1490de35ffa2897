"""The site behind the proxy, with https."""

import re
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from django.urls import reverse

from ballots.tests.processes import process_environment, running, wait_until
from lottery_site.tests.processes import collect_static_files
from lottery_site.tests.proxy.proxying import free_port, is_open, proxy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

CAROL = {"username": "carol", "email": "carol@example.org", "password": "blue suede shoes 7"}


class Site(NamedTuple):
    url: str  # https://…, as people type it
    plain: str  # where the proxy answers without TLS
    direct: str  # where the site itself does
    static: Path  # the folder of its collected files


class TrustingSession(requests.Session):
    """One that knows the authority of the proxy's own, which certifies localhost."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.trust_env = False  # variables would say whom else to trust
        self.verify = str(folder / "caddy/pki/authorities/local/root.crt")

    def request(self, *args: Any, **options: Any) -> requests.Response:
        return super().request(*args, **{"timeout": 30, **options})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proxy")


@pytest.fixture(scope="module")
def site(django_db_setup: None, folder: Path) -> Iterator[Site]:
    port, url = free_port(), f"https://localhost:{free_port()}"
    environment = process_environment() | {
        "PORT": str(port),
        "SITE_URL": url,
        "TRUSTED_PROXIES": "",
        "WEB_CONCURRENCY": "1",
        "STATIC_ROOT": str(folder / "static"),
    }
    collect_static_files(environment)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:lottery_site.gunicorn"]
    with running(*command, "lottery_site.wsgi", env=environment):
        wait_until(lambda: is_open(port))
        with proxy(folder, port, SITE_URL=url) as plain:
            wait_until(lambda: has_certificate(folder, url))
            direct = f"http://localhost:{port}"
            yield Site(url, f"http://localhost:{plain}", direct, folder / "static")


def has_certificate(folder: Path, url: str) -> bool:
    try:
        return TrustingSession(folder).get(f"{url}/ping").ok
    except OSError:
        return False


@pytest.fixture
def browser(folder: Path) -> TrustingSession:
    return TrustingSession(folder)


def test_plain_http_leads_to_https(site: Site, browser: TrustingSession) -> None:
    answer = browser.get(f"{site.plain}/results/?page=2", allow_redirects=False)
    assert answer.status_code == HTTPStatus.MOVED_PERMANENTLY
    plain = site.plain.removeprefix("http://")
    assert answer.headers["Location"] == f"https://{plain}/results/?page=2"
    assert "Strict-Transport-Security" not in answer.headers


def test_probes_are_answered_by_any_name(site: Site) -> None:
    port = site.plain.rpartition(":")[2]
    answer = requests.get(f"http://127.0.0.1:{port}/ping", headers={"Host": "x"}, timeout=20)
    assert answer.text == "pong"


def test_answers_have_the_headers_of_the_site(site: Site, browser: TrustingSession) -> None:
    asked = {"Accept-Encoding": "identity", "Host": site.url.removeprefix("https://")}
    through = browser.get(site.url, headers=asked).headers
    direct = browser.get(site.direct, headers=asked | {"X-Forwarded-Proto": "https"}).headers
    assert through["Strict-Transport-Security"].startswith("max-age=31536000")
    for name in set(direct) - {"Server", "Date", "Connection"}:
        assert through[name] == direct[name], name
    assert set(through) - set(direct) == set()


def test_what_a_client_has_is_not_sent_again(site: Site, browser: TrustingSession) -> None:
    url = site.url + reverse("ballots:script")
    script = browser.get(url)
    assert script.headers["Content-Encoding"] in {"gzip", "zstd"}
    again = browser.get(url, headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_static_files_are_sent_as_they_were_compressed(
    site: Site, browser: TrustingSession
) -> None:
    path = re.search(r"/static/(site\.\w+\.css)", browser.get(site.url).text)
    assert path
    asked = {"Accept-Encoding": "zstd, gzip"}
    answer = browser.get(f"{site.url}/static/{path[1]}", headers=asked, stream=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    compressed = (site.static / f"{path[1]}.gz").read_bytes()
    assert answer.raw.read(decode_content=False) == compressed


def test_people_register_and_submit_forms(site: Site, browser: TrustingSession) -> None:
    url = site.url + reverse("accounts:register")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(url).text)
    assert token
    form = CAROL | {
        "password1": CAROL["password"],
        "password2": CAROL["password"],
        "csrfmiddlewaretoken": token[1],
    }
    answer = browser.post(url, data=form, headers={"Referer": url})
    assert answer.ok
    assert all(cookie.secure for cookie in browser.cookies)
    assert "carol" in browser.get(site.url + reverse("accounts:account")).text


def test_programs_send_bodies_in_chunks(site: Site, browser: TrustingSession) -> None:
    parts = iter(
        [b'{"username": "dave", "email": "dave@', b'example.org", "password": "7 suns up"}']
    )
    headers = {"Content-Type": "application/json"}
    answer = browser.post(f"{site.url}/api/user/register", data=parts, headers=headers)
    assert answer.status_code == HTTPStatus.CREATED, answer.text


def test_nothing_becomes_a_websocket(site: Site, browser: TrustingSession) -> None:
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    answer = browser.get(
        site.url, headers=asked | {"Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ=="}
    )
    assert answer.status_code == HTTPStatus.OK
    assert "Upgrade" not in answer.headers
