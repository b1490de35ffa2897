"""A mail as it is sent: written anew at each try, so that no link that works lies in the table."""

from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine, engines

from accounts.mail.links import SWITCHES, confirm_url, reset_url, unsubscribe_url
from accounts.mail.models import Mail
from accounts.models import User

LONGEST_SUBJECT = 200  # characters


def write_mail(mail: Mail, user: User) -> EmailMultiAlternatives:
    """The mail to the user, as text and HTML, with the headers of mails that machines send."""
    facts = gather_facts(mail, user)
    message = EmailMultiAlternatives(
        subject=one_line(render(f"mail/{mail.kind}_subject.txt", facts))[:LONGEST_SUBJECT],
        body=render(f"mail/{mail.kind}.txt", facts),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to or user.email],  # no name beside it: people's names are no part of a header
        headers=write_headers(mail, user),
    )
    message.attach_alternative(render(f"mail/{mail.kind}.html", facts), "text/html")
    return message


def gather_facts(mail: Mail, user: User) -> dict[str, Any]:
    """What its templates know. They call what can be called: links are made where they stand."""
    facts: dict[str, Any] = mail.facts
    return facts | {
        "user": user,
        "project_name": settings.PROJECT_NAME,
        "site_url": settings.SITE_URL,
        "confirm_url": lambda: confirm_url(mail, user),
        "reset_url": lambda: reset_url(user),
        "unsubscribe_url": lambda: unsubscribe_url(user, mail.kind) if is_optional(mail) else "",
    }


def write_headers(mail: Mail, user: User) -> dict[str, str]:
    """The same at each try, so that what arrives twice can be known by its Message-ID."""
    headers = {
        "Message-ID": f"<{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Date": format_datetime(mail.queued_at),
        "Auto-Submitted": "auto-generated",  # RFC 3834, section 5
    }
    if is_optional(mail):
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(user, mail.kind)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058, section 3.1
    return headers


def is_optional(mail: Mail) -> bool:
    """Whether its reader can switch this kind off."""
    return mail.kind in SWITCHES


def render(template: str, facts: dict[str, Any]) -> str:
    """Text as it is, and HTML with what is not its own escaped."""
    engine: Engine = engines["django"].engine  # type: ignore[attr-defined]  # of DjangoTemplates
    context = Context(facts, autoescape=template.endswith(".html"))
    return engine.get_template(template).render(context).strip() + "\n"


def one_line(text: str) -> str:
    return " ".join(text.split())
