"""An https site whose mails reach nobody is told so, at each start."""

from pathlib import Path

import pytest

from lottery_site.tests.processes import manage

WARNING = "Mails reach nobody: EMAIL_URL is consolemail://"


@pytest.mark.parametrize(
    ("url", "mail", "is_warned"),
    [
        ("https://lottery.example.org", "", True),
        ("https://lottery.example.org", "consolemail://", True),
        ("https://lottery.example.org", "smtp+tls://mail.example.org:587", False),
        ("http://lottery.example.org", "", False),
        ("", "", False),
    ],
)
def test_mails_that_are_printed_warn_on_an_https_site(
    tmp_path: Path, url: str, mail: str, is_warned: bool
) -> None:
    answer = manage("check", DATA_DIR=str(tmp_path), SITE_URL=url, EMAIL_URL=mail)
    assert answer.returncode == 0
    assert (WARNING in answer.stderr) == is_warned
