"""The site's addresses: each app's pages, and Django admin."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path, register_converter
from django.views.generic import RedirectView

from accounts.pages.signing_in import SignOut, admin_sign_in
from lotteries.dates import DateConverter
from lottery_site.api import api, docs, redoc
from lottery_site.views import no_page, ping

# The admin has no door of its own to passwords: all are under the same limits.
change_password = RedirectView.as_view(pattern_name="accounts:change_password")
admin.site.site_header = admin.site.site_title = f"{settings.PROJECT_NAME} administration"
register_converter(DateConverter, "date")

handler400 = "lottery_site.views.bad_request"
handler500 = "lottery_site.views.server_error"

urlpatterns = [
    path("ping", ping, name="ping"),
    path("api/", api.urls),
    re_path("^docs/?$", docs, name="docs"),
    re_path("^redoc/?$", redoc, name="redoc"),
    path("admin/login/", admin_sign_in, name="admin_sign_in"),
    path("admin/logout/", SignOut.as_view(), name="admin_sign_out"),
    re_path("^admin/password_change/(?:done/)?$", change_password, name="admin_change_password"),
    path("admin/r/<path:row>", no_page, name="admin_page_of_a_row"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("ballots.urls")),
]
