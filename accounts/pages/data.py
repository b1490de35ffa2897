"""All that is kept of oneself, to take along."""

from django.http import StreamingHttpResponse

from accounts.data import write_data
from accounts.limits.rates import DOWNLOADS
from accounts.pages.owner import OwnerRequest, owner_page


@owner_page
def data(request: OwnerRequest) -> StreamingHttpResponse:
    DOWNLOADS.spend(request.user.pk)
    return StreamingHttpResponse(
        write_data(request.user),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
