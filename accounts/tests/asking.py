"""Questions to the API, as a program asks them."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.tokens import issue_token


def ask(method: str, path: str, user: User | None = None, **options: Any) -> Any:
    """The answer at this path below /api, to whoever has a token of the user; body is JSON."""
    headers = options.pop("headers", {})
    if user:
        headers = headers | {"Authorization": f"Bearer {issue_token(user)}"}
    if (body := options.pop("body", None)) is not None:
        options |= {"data": json.dumps(body), "content_type": "application/json"}
    return Client().generic(method, f"/api{path}", headers=headers, **options)
