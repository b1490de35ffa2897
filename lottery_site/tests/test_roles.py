"""Every address of the site, and what it answers to each kind of person."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.audit.models import AuditEntry
from accounts.audit.writing import operator, write_entry
from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from accounts.models import User
from ballots.models import Ballot, BallotBox, Holding
from ballots.tests.factories import open_box

# stranger, alice (who has the ballots), bob (another participant), adam (a Lottery admin), root
GET = {
    "ping": "200 200 200 200 200",
    "docs": "200 200 200 200 200",
    "redoc": "200 200 200 200 200",
    "admin_sign_in": "302 403 403 302 302",
    "admin_change_password": "302 302 302 302 302",
    "admin_sign_out": "302 302 302 302 302",
    # Everybody's pages.
    "ballots:home": "200 200 200 200 200",
    "ballots:open_lotteries": "200 200 200 200 200",
    "ballots:lottery": "200 200 200 200 200",
    "ballots:results": "200 200 200 200 200",
    "ballots:results_file": "200 200 200 200 200",
    "ballots:health": "200 200 200 200 200",
    "ballots:check": "200 200 200 200 200",
    "ballots:record": "200 200 200 200 200",
    "ballots:head": "200 200 200 200 200",
    "ballots:proof": "200 200 200 200 200",
    "ballots:consistency": "200 200 200 200 200",
    "ballots:feed": "200 200 200 200 200",
    "ballots:script": "200 200 200 200 200",
    "ballots:witness_script": "200 200 200 200 200",
    "ballots:calendar": "200 200 200 200 200",
    "ballots:lottery_calendar": "200 200 200 200 200",
    "ballots:fairness": "200 200 200 200 200",
    "ballots:draw_protocol": "200 200 200 200 200",
    "ballots:draw_vector": "200 200 200 200 200",
    # Alice's.
    "ballots:my_ballots": "302 200 200 200 200",
    "ballots:my_entry": "302 200 404 404 404",
    "ballots:claim": "302 200 404 404 404",
    "ballots:decline": "302 200 404 404 404",
    "ballots:submission": "302 200 404 404 404",
    "ballots:receipt": "302 200 404 404 404",
    "ballots:receipt_json": "302 200 404 404 404",
    "ballots:receipts": "302 200 404 404 404",
    "ballots:submission_receipts": "302 200 404 404 404",
    "ballots:submission_receipts_json": "302 200 404 404 404",
    "ballots:submit_ballots": "302 302 302 302 302",
    # Accounts.
    "accounts:account": "302 200 200 200 200",
    "accounts:register": "200 302 302 302 302",
    "accounts:sign_in": "200 302 302 302 302",
    "accounts:sign_out": "302 302 302 302 302",
    "accounts:send_confirmation": "302 200 200 200 200",
    "accounts:confirm_email": "410 410 410 410 410",
    "accounts:unsubscribe": "410 410 410 410 410",
    "accounts:change_email": "302 200 200 200 200",
    "accounts:change_username": "302 200 200 200 200",
    "accounts:choices": "302 200 200 200 200",
    "accounts:sign_out_everywhere": "302 200 200 200 200",
    "accounts:data": "302 200 200 200 200",
    "accounts:close_account": "302 200 200 200 200",
    "accounts:change_password": "302 200 200 200 200",
    "accounts:reset_password": "200 200 200 200 200",
    "accounts:reset_password_sent": "200 200 200 200 200",
    "accounts:set_new_password": "200 200 200 200 200",
    # Django admin: whoever is no admin is sent to sign in.
    "admin:index": "302 302 302 200 200",
    "admin:login": "302 403 403 302 302",
    "admin:logout": "302 302 302 302 302",
    "admin:password_change": "302 302 302 302 302",
    "admin:password_change_done": "302 302 302 302 302",
    "admin:autocomplete": "302 302 302 403 403",
    "admin:jsi18n": "302 302 302 200 200",
    "admin:view_on_site": "404 404 404 404 404",
    "admin_page_of_a_row": "404 404 404 404 404",
    "admin:app_list": "302 302 302 200 200",
    "admin:(?P<url>.*)$": "302 302 302 404 404",
    "admin:lotteries_lottery_changelist": "302 302 302 200 200",
    "admin:lotteries_lottery_add": "302 302 302 200 200",
    "admin:lotteries_lottery_add_note": "302 302 302 200 200",
    "admin:lotteries_lottery_change": "302 302 302 200 200",
    "admin:lotteries_lottery_close": "302 302 302 200 200",
    "admin:lotteries_lottery_pass_over": "302 302 302 200 200",
    "admin:lotteries_lottery_ballots": "302 302 302 200 200",
    "admin:lotteries_lottery_participants": "302 302 302 200 200",
    "admin:lotteries_lottery_places": "302 302 302 200 200",
    "admin:lotteries_lottery_hand_over": "302 302 302 200 200",
    "admin:lotteries_lottery_history": "302 302 302 200 200",
    "admin:lotteries_lottery_delete": "302 302 302 302 302",
    "admin:lotteries/lottery/<path:object_id>/": "302 302 302 302 302",
    "admin:ballots_ballot_changelist": "302 302 302 200 200",
    "admin:ballots_ballot_add": "302 302 302 403 403",
    "admin:ballots_ballot_change": "302 302 302 200 200",
    "admin:ballots_ballot_history": "302 302 302 200 200",
    "admin:ballots_ballot_delete": "302 302 302 403 403",
    "admin:ballots/ballot/<path:object_id>/": "302 302 302 302 302",
    "admin:ballots_holding_changelist": "302 302 302 200 200",
    "admin:ballots_holding_add": "302 302 302 403 403",
    "admin:ballots_holding_change": "302 302 302 302 302",
    "admin:ballots_holding_history": "302 302 302 200 200",
    "admin:ballots_holding_delete": "302 302 302 403 403",
    "admin:ballots/holding/<path:object_id>/": "302 302 302 302 302",
    "admin:ballots_draw_changelist": "302 302 302 200 200",
    "admin:ballots_draw_results": "302 302 302 200 200",
    "admin:ballots_draw_add": "302 302 302 403 403",
    "admin:ballots_draw_change": "302 302 302 200 200",
    "admin:ballots_draw_history": "302 302 302 200 200",
    "admin:ballots_draw_delete": "302 302 302 403 403",
    "admin:ballots/draw/<path:object_id>/": "302 302 302 302 302",
    "admin:accounts_user_changelist": "302 302 302 200 200",
    "admin:accounts_user_add": "302 302 302 200 200",
    "admin:accounts_user_change": "302 302 302 200 200",
    "admin:accounts_user_history": "302 302 302 200 200",
    "admin:accounts_user_delete": "302 302 302 403 200",
    "admin:accounts/user/<path:object_id>/": "302 302 302 302 302",
    "admin:accounts_mail_changelist": "302 302 302 200 200",
    "admin:accounts_mail_add": "302 302 302 403 403",
    "admin:accounts_mail_change": "302 302 302 200 200",
    "admin:accounts_mail_history": "302 302 302 200 200",
    "admin:accounts_mail_delete": "302 302 302 403 403",
    "admin:accounts/mail/<path:object_id>/": "302 302 302 302 302",
    "admin:accounts_auditentry_changelist": "302 302 302 200 200",
    "admin:accounts_auditentry_export": "302 302 302 200 200",
    "admin:accounts_auditentry_add": "302 302 302 403 403",
    "admin:accounts_auditentry_change": "302 302 302 200 200",
    "admin:accounts_auditentry_history": "302 302 302 200 200",
    "admin:accounts_auditentry_delete": "302 302 302 403 403",
    "admin:accounts/auditentry/<path:object_id>/": "302 302 302 302 302",
}
# What each of them may do. The rest of the addresses take no POST, or nothing from it.
POST = {
    "ballots:submit_ballots": "302 302 302 403 403",
    "ballots:claim": "302 422 404 404 404",
    "ballots:decline": "302 302 404 404 404",
    "accounts:register": "200 302 302 302 302",
    "accounts:sign_in": "200 302 302 302 302",
    "accounts:sign_out": "302 302 302 302 302",
    "accounts:send_confirmation": "302 302 302 302 302",
    "accounts:confirm_email": "410 410 410 410 410",
    "accounts:unsubscribe": "410 410 410 410 410",
    "accounts:change_email": "302 200 200 200 200",
    "accounts:change_username": "302 200 200 200 200",
    "accounts:choices": "302 302 302 302 302",
    "accounts:sign_out_everywhere": "302 302 302 302 302",
    "accounts:close_account": "302 200 200 200 200",
    "accounts:change_password": "302 200 200 200 200",
    "accounts:reset_password": "200 200 200 200 200",
    "accounts:set_new_password": "200 200 200 200 200",
    "admin:logout": "302 302 302 302 302",
    "admin:password_change": "302 302 302 302 302",
    "admin:accounts_mail_add": "302 302 302 403 403",
    "admin:accounts_mail_change": "302 302 302 403 403",
    "admin:accounts_mail_delete": "302 302 302 403 403",
    "admin:accounts_auditentry_change": "302 302 302 403 403",
    "admin:accounts_auditentry_delete": "302 302 302 403 403",
    "admin:lotteries_lottery_add": "302 302 302 200 200",
    "admin:lotteries_lottery_add_note": "302 302 302 200 200",
    "admin:lotteries_lottery_change": "302 302 302 403 403",
    "admin:lotteries_lottery_close": "302 302 302 302 302",
    "admin:lotteries_lottery_pass_over": "302 302 302 200 200",
    "admin:lotteries_lottery_places": "302 302 302 200 200",
    "admin:lotteries_lottery_hand_over": "302 302 302 200 200",
    "admin:lotteries_lottery_delete": "302 302 302 302 302",
    "admin:ballots_ballot_add": "302 302 302 403 403",
    "admin:ballots_ballot_change": "302 302 302 403 403",
    "admin:ballots_ballot_delete": "302 302 302 403 403",
    "admin:ballots_holding_add": "302 302 302 403 403",
    "admin:ballots_holding_change": "302 302 302 302 302",
    "admin:ballots_holding_delete": "302 302 302 403 403",
    "admin:ballots_draw_add": "302 302 302 403 403",
    "admin:ballots_draw_change": "302 302 302 403 403",
    "admin:ballots_draw_delete": "302 302 302 403 403",
    "admin:accounts_user_add": "302 302 302 200 200",
    "admin:accounts_user_change": "302 302 302 200 200",
    "admin:accounts_user_delete": "302 302 302 403 302",
}


def addresses(
    patterns: list[URLPattern | URLResolver], namespace: str = "", prefix: str = ""
) -> Iterator[str]:
    """The name of each address, or its pattern where it has none."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            start = "" if pattern.namespace else route
            yield from addresses(pattern.url_patterns, inner, start)
        else:
            yield namespace + (pattern.name or route)


def test_the_table_has_every_address() -> None:
    found = {name for name in addresses(get_resolver().url_patterns) if not name.startswith("api-")}
    assert sorted(GET) == sorted(found)  # test_api_roles.py has the table of the API
    assert set(POST) <= set(GET)


@pytest.fixture
def browsers(
    stranger: Client,
    alices_browser: Client,
    bobs_browser: Client,
    adams_browser: Client,
    roots_browser: Client,
) -> list[Client]:
    return [stranger, alices_browser, bobs_browser, adams_browser, roots_browser]


@pytest.fixture
def urls(drawn: BallotBox, bob: User) -> dict[str, str]:
    """An address of each name, of what alice has where it is anybody's."""
    box, day = drawn, drawn.lottery.closure_date
    ballot = Ballot.objects.get(box=box, number=2)
    args: dict[str, list[Any]] = {
        "ballots:lottery": [day],
        "ballots:check": [day],
        "ballots:record": [day],
        "ballots:head": [day],
        "ballots:proof": [day],
        "ballots:consistency": [day],
        "ballots:receipts": [day],
        "ballots:submission_receipts": [day, 1],
        "ballots:submission_receipts_json": [day, 1],
        "ballots:lottery_calendar": [day],
        "ballots:draw_vector": ["known-answers.json"],
        "ballots:submit_ballots": [open_box().lottery.closure_date],
        "ballots:my_entry": [day],
        "ballots:claim": [day],
        "ballots:decline": [day],
        "ballots:submission": [day, 1],
        "ballots:receipt": [day, 2],
        "ballots:receipt_json": [day, 2],
        "accounts:set_new_password": ["uid", "token"],
        "accounts:confirm_email": ["token"],
        "accounts:unsubscribe": ["token"],
        "admin:view_on_site": [1, 1],
        "admin_page_of_a_row": ["1/1/"],
        "admin:app_list": ["lotteries"],
    }
    write_entry(operator(), "close", box)
    keys = {"lottery": box.pk, "ballot": ballot.pk, "draw": box.pk, "user": bob.pk}
    keys["holding"] = Holding.objects.get(drawn__draw=box.pk).pk
    keys["auditentry"] = AuditEntry.objects.get().pk
    keys["mail"] = queue_mail(Kind.PASSWORD_CHANGED, bob).pk
    found = {}
    for name in GET:
        _, model, verb = [*name.split("_", 2), "", ""][:3] if "admin:" in name else ("", "", "")
        if name.endswith("<path:object_id>/"):
            model = name.split("/")[1]
            found[name] = f"/admin/{name.split(':')[1].split('<')[0]}{keys[model]}/"
        elif name == "admin:(?P<url>.*)$":
            found[name] = "/admin/no/such/page/"
        elif model in keys and verb not in {"changelist", "add", "export", "results"}:
            found[name] = reverse(name, args=[keys[model]])
        else:
            found[name] = reverse(name, args=args.get(name))
    found["ballots:proof"] += "?number=1"
    found["ballots:consistency"] += "?from=1"
    found["admin:ballots_ballot_changelist"] += f"?box__exact={box.pk}"
    return found


@pytest.mark.parametrize("name", GET)
def test_what_each_may_see(browsers: list[Client], urls: dict[str, str], name: str) -> None:
    answers = " ".join(str(browser.get(urls[name]).status_code) for browser in browsers)
    assert answers == GET[name]


@pytest.mark.parametrize("name", POST)
def test_what_each_may_do(browsers: list[Client], urls: dict[str, str], name: str) -> None:
    form = {"quantity": "1", "token": "00000000-0000-4000-8000-000000000001"}
    answers = [str(browser.post(urls[name], form).status_code) for browser in browsers]
    assert " ".join(answers) == POST[name]


@pytest.mark.parametrize("name", sorted(set(GET) - set(POST)))
def test_the_others_change_nothing(browsers: list[Client], urls: dict[str, str], name: str) -> None:
    before = state()
    for browser in browsers:
        assert browser.post(urls[name], {"post": "yes"}).status_code < 500
    assert state() == before


def state() -> list[Any]:
    models = (User, BallotBox, Ballot)
    return [sorted(map(str, model._default_manager.values_list())) for model in models]
