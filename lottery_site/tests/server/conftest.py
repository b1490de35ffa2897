from collections.abc import Iterator

import pytest

from lottery_site.tests.server.talking import Server, quick_server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with quick_server() as started:
        yield started
