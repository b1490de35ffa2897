"""What all templates know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.pages.signing_in import DOORS
from ballots.editions.keeping import CSRF_TOKEN, WON, is_of_nobody


def site(request: HttpRequest) -> dict[str, object]:
    """What every page says of the site itself."""
    said: dict[str, object] = {
        "project_name": settings.PROJECT_NAME,
        "time_zone": settings.TIME_ZONE,
        "sends_mail": settings.SENDS_MAIL,
        "next_page": find_next_page(request),
    }
    blanks = {"csrf_token": CSRF_TOKEN, "blank_for_won": WON}
    return said | blanks if is_of_nobody(request) else said


def find_next_page(request: HttpRequest) -> str:
    """Where sign-in and registration lead back to from this page; "" for the front page.

    From their own pages it is where those would lead.
    """
    match = request.resolver_match
    if match is None or request.method != "GET":
        return ""
    if match.app_name == "accounts" and match.url_name in DOORS:
        asked = request.GET.get("next", "")
        return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
    return request.get_full_path()
