"""What a monitor asks."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ballots.health import what_is_wrong


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 where the database answers and draws are made in time, else 503 with the reason."""
    if reason := what_is_wrong(timezone.now()):
        answer = {"status": "failing", "reason": reason}
        return JsonResponse(answer, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ok"})
