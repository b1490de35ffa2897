"""A client that is generated from the API's description uses every operation of it."""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from lottery_site.api import api
from lottery_site.tests.descriptions import operations

PACKAGE = "lottery_client"
SECRET, OTHER_SECRET = "blue suede shoes 7", "green suede shoes 8"


def description() -> dict[str, Any]:
    text = json.dumps(api.get_openapi_schema())
    return dict(json.loads(text))


def test_an_independent_validator_passes_the_description() -> None:
    assert list(OpenAPIV31SpecValidator(description()).iter_errors()) == []


def test_the_names_of_operations_are_those_of_their_functions() -> None:
    """They are the names of methods in clients: no move of the code may change them."""
    assert sorted(each["operationId"] for each in operations().values()) == OPERATIONS


OPERATIONS = [
    "add_note",
    "change_account",
    "change_email",
    "change_password",
    "close_account",
    "close_and_draw",
    "create_lottery",
    "get_account",
    "get_consistency",
    "get_data",
    "get_head",
    "get_lottery",
    "get_proof",
    "get_receipt",
    "get_record",
    "get_winner",
    "hand_over_prize",
    "health",
    "list_ballots_of_lottery",
    "list_lotteries",
    "list_my_ballots",
    "list_my_receipts",
    "list_results",
    "login",
    "logout",
    "pass_over_winner",
    "ping",
    "register",
    "send_confirmation",
    "sign_out_everywhere",
    "submit",
    "withdraw",
]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package of the generated client; the generator has nothing to complain of."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(description()))
    tools = Path(sys.executable).parent
    command = [str(tools / "openapi-python-client"), "generate", "--path", "openapi.json"]
    made = subprocess.run(
        [*command, "--output-path", PACKAGE, "--meta", "none", "--fail-on-warning"],
        cwd=folder,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(PACKAGE)
    finally:
        sys.path.remove(str(folder))


class GeneratedClient:
    """Calls the generated functions by their names, and remembers which."""

    def __init__(self, package: ModuleType, url: str) -> None:
        self.package, self.url = package, url
        self.models = importlib.import_module(f"{PACKAGE}.models")
        found = pkgutil.walk_packages(package.__path__, f"{PACKAGE}.")
        self.paths = {each.name.rpartition(".")[2]: each.name for each in found}
        self.used: set[str] = set()
        self.client = package.Client(base_url=url)

    def sign_in(self, email: str, password: str) -> None:
        form = self.models.LoginCredentials(username=email, password=password)
        token = self("login", 200, body=form).access_token
        self.close()
        self.client = self.package.AuthenticatedClient(base_url=self.url, token=token)

    def close(self) -> None:
        self.client.get_httpx_client().close()

    def __call__(self, operation: str, status: int, **values: Any) -> Any:
        """What the answer is parsed to; the test fails where it has another status."""
        self.used.add(operation)
        function = importlib.import_module(self.paths[operation]).sync_detailed
        answer = function(client=self.client, **values)
        assert answer.status_code == status, answer.content
        return answer.parsed


@pytest.mark.once
def test_a_generated_client_does_all_that_the_api_can(
    live_server: LiveServer, generated: ModuleType, bob: User, adam: User
) -> None:
    drawn, opened, empty = BoxFactory.create(), open_box(), open_box(days=2)
    submit(drawn, bob, 3)
    draw(drawn)
    with closing(GeneratedClient(generated, live_server.url)) as call:
        do_as_participant(call, opened.lottery.closure_date)
        adam.set_password(SECRET)
        adam.save()
        call.sign_in(adam.email, SECRET)
        do_as_admin(call, drawn, opened, empty)
    assert call.used == set(OPERATIONS)


def do_as_participant(call: GeneratedClient, closure_date: Any) -> None:
    account = {"username": "carol", "email": "carol@example.org", "password": SECRET}
    carol = call("register", 201, body=call.models.Registration(**account))
    assert (
        "already exists" in call("register", 400, body=call.models.Registration(**account)).detail
    )
    call.sign_in("carol@example.org", SECRET)
    assert call("get_account", 200).id == carol.id
    made = call("submit", 201, lottery_date=closure_date, quantity=2, idempotency_key="one")
    assert [receipt.number for receipt in made.receipts] == [1, 2]
    assert [ballot.user_id for ballot in call("list_my_ballots", 200)] == [carol.id] * 2
    mine = call("list_my_receipts", 200, closure_date=closure_date)
    assert [receipt.number for receipt in mine] == [2, 1]
    assert call("get_receipt", 200, ballot_id=made.id).participant == carol.id
    assert "not closed" in call("get_winner", 400, closure_date=closure_date).detail
    assert "for admins" in call("close_and_draw", 403, lottery_date=closure_date).detail
    passwords = call.models.NewPassword(old_password=SECRET, new_password=OTHER_SECRET)
    call("change_password", 204, body=passwords)
    call.sign_in("carol@example.org", OTHER_SECRET)
    do_with_own_account(call)
    call("logout", 204)
    assert "not valid" in call("get_account", 401).detail


def do_with_own_account(call: GeneratedClient) -> None:
    changes = call.models.Changes(username="caroline", is_shown_by_code=True)
    assert call("change_account", 200, body=changes).username == "caroline"
    email = call.models.NewEmail(email="caroline@example.org", password=OTHER_SECRET)
    call("change_email", 204, body=email)
    call("send_confirmation", 204)
    assert call("get_data", 200).additional_properties["account"]["username"] == "caroline"
    wrong = call.models.Proof(password=SECRET)
    assert "not your password" in call("close_account", 422, body=wrong).detail
    call("sign_out_everywhere", 204)
    call.sign_in("carol@example.org", OTHER_SECRET)


def do_as_admin(call: GeneratedClient, drawn: Any, opened: Any, empty: Any) -> None:
    day = opened.lottery.closure_date
    assert [each.is_closed for each in call("list_lotteries", 200, limit=1)] == [False]
    call("withdraw", 204, closure_date=empty.lottery.closure_date)
    again = call.models.LotteryIn(closure_date=empty.lottery.closure_date, places=3)
    assert call("create_lottery", 201, body=again).places == 3
    note = call.models.NoteIn(text="There is room for three.")
    noted = call("add_note", 201, closure_date=again.closure_date, body=note)
    assert call("get_lottery", 200, closure_date=again.closure_date).notes == [noted]
    assert len(call("list_ballots_of_lottery", 200, closure_date=day)) == 2
    assert call("get_lottery", 200, closure_date=day).winning_ballot_id is None
    assert call("get_record", 200, closure_date=day).drawn is None
    assert call("get_head", 200, closure_date=day).ballot_count == 2
    assert call("get_proof", 200, closure_date=day, number=1).number == 1
    assert call("get_consistency", 200, closure_date=day, from_=1).to == 2
    assert call("close_and_draw", 200, lottery_date=day).is_closed
    assert isinstance(call("get_winner", 200, closure_date=day).id, UUID)
    assert [each.ballot_count for each in call("list_results", 200)] == [2, 3]
    prize = call.models.HandOver(number=call("get_record", 200, closure_date=day).drawn[0].number)
    assert call("hand_over_prize", 200, lottery_date=day, body=prize).places[0].handed_over_at
    number = drawn.draw.winner.number
    reason = call.models.PassOver(
        number=number, ground=call.models.PassOverGround.UNREACHED, reason="no such address"
    )
    day = drawn.lottery.closure_date
    passed = call("pass_over_winner", 200, lottery_date=day, body=reason)
    assert passed.winner is None  # nobody else took part
    assert call("ping", 200).status == call("health", 200).status == "ok"
