"""The ways in: each does the same with the same values, and returns what it was told."""

from io import StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from accounts.tests.asking import ask
from conftest import browser_of
from lotteries.models import Lottery
from lottery_site.tests.doors.outcomes import words_of


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


class Page:
    def __init__(self, person: User | None = None) -> None:
        self.browser = browser_of(person)

    def post(self, url: str, **form: Any) -> str:
        return words_of(self.browser.post(url, form, follow=True))

    def register(self, email: str, username: str, password: str) -> str:
        url = reverse("accounts:register")
        return self.post(url, email=email, username=username, password=password)

    def sign_in(self, email: str, password: str) -> str:
        return self.post(reverse("accounts:sign_in"), username=email, password=password)

    def rename(self, username: str) -> str:
        return self.post(reverse("accounts:change_username"), username=username)

    def move(self, email: str, password: str) -> str:
        return self.post(reverse("accounts:change_email"), email=email, password=password)

    def leave(self, password: str) -> str:
        return self.post(reverse("accounts:close_account"), password=password)

    def submit(self, date: str, quantity: str, token: str) -> str:
        url = f"{reverse('ballots:open_lotteries')}{date}/ballots/"
        return self.post(url, quantity=quantity, token=token)


class Api:
    def __init__(self, person: User | None = None) -> None:
        self.person = person

    def ask(self, method: str, path: str, **options: Any) -> str:
        return words_of(ask(method, path, self.person, **options))

    def register(self, email: str, username: str, password: str) -> str:
        body = {"email": email, "username": username, "password": password}
        return self.ask("POST", "/user/register", body=body)

    def sign_in(self, email: str, password: str) -> str:
        form = {"username": email, "password": password}
        return words_of(Client().post("/api/auth/login", form))

    def rename(self, username: str) -> str:
        return self.ask("PATCH", "/user/me", body={"username": username})

    def move(self, email: str, password: str) -> str:
        return self.ask("POST", "/user/email", body={"email": email, "password": password})

    def leave(self, password: str) -> str:
        return self.ask("POST", "/user/close", body={"password": password})

    def submit(self, date: str, quantity: str, token: str) -> str:
        query = urlencode({"lottery_date": date, "quantity": quantity})
        return self.ask("POST", f"/ballots?{query}", headers={"Idempotency-Key": token})

    def open(self, date: str, name: str) -> str:
        return self.ask("POST", "/lotteries", body={"closure_date": date, "name": name})

    def close(self, date: str) -> str:
        query = urlencode({"lottery_date": date})
        return self.ask("POST", f"/lotteries/close_and_draw?{query}")

    def pass_over(self, date: str, number: int, reason: str, ground: str = "unreached") -> str:
        query = urlencode({"lottery_date": date})
        body = {"number": number, "ground": ground, "reason": reason}
        return self.ask("POST", f"/lotteries/pass_over?{query}", body=body)

    def hand_over(self, date: str, number: int) -> str:
        query = urlencode({"lottery_date": date})
        return self.ask("POST", f"/lotteries/hand_over?{query}", body={"number": number})

    def withdraw(self, date: str) -> str:
        return self.ask("DELETE", f"/lotteries/{date}")


class Admin(Page):
    """Django admin, whose addresses have the keys of lotteries instead of their dates."""

    def url(self, date: str, verb: str) -> str:
        found = Lottery.objects.filter(closure_date=date).first()
        return reverse(f"admin:lotteries_lottery_{verb}", args=[found.pk if found else uuid4()])

    def register(self, email: str, username: str, password: str) -> str:
        url = reverse("admin:accounts_user_add")
        return self.post(url, email=email, username=username, password=password)

    def sign_in(self, email: str, password: str) -> str:
        """At the door to which whoever is not signed in is sent."""
        (url, _), *_ = self.browser.get(reverse("admin:index"), follow=True).redirect_chain[::-1]
        return self.post(url, username=email, password=password)

    def open(self, date: str, name: str) -> str:
        url = reverse("admin:lotteries_lottery_add")
        numbers = {"places": 1, "ballots_each": 0, "claim_days": 0}
        return self.post(url, closure_date=date, name=name, **numbers)

    def close(self, date: str) -> str:
        return self.post(self.url(date, "close"))

    def pass_over(self, date: str, number: int, reason: str, ground: str = "unreached") -> str:
        url = self.url(date, "pass_over")
        return self.post(url, number=number, ground=ground, reason=reason)

    def hand_over(self, date: str, number: int) -> str:
        return self.post(self.url(date, "hand_over"), number=number)

    def withdraw(self, date: str) -> str:
        return self.post(self.url(date, "delete"), post="yes")


class Command:
    def __init__(self, person: User | None = None) -> None:
        """Whoever has the machine may do everything."""

    def register(self, email: str, username: str, password: str) -> str:
        with override_settings(LOTTERY_ADMIN_PASSWORD=password):
            return run("create_admin", f"--email={email}", f"--username={username}")

    def close(self, date: str) -> str:
        return run("close_lotteries", f"--date={date}", "--early")

    def pass_over(self, date: str, number: int, reason: str, ground: str = "unreached") -> str:
        which = (f"--date={date}", f"--number={number}", f"--ground={ground}")
        return run("pass_over", *which, f"--reason={reason}")

    def hand_over(self, date: str, number: int) -> str:
        return run("hand_over", f"--date={date}", f"--number={number}")

    def draw(self, date: str) -> str:
        return run("draw", f"--date={date}", "--beacon=answer.json")
