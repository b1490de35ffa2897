from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """What every page says of the site itself."""
    return {"project_name": settings.PROJECT_NAME, "time_zone": settings.TIME_ZONE}
