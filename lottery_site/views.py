from django.http import HttpRequest, HttpResponse


def ping(request: HttpRequest) -> HttpResponse:
    """That the process answers, and nothing more."""
    return HttpResponse("pong", content_type="text/plain")
