"""The site's addresses: each app's pages, and Django admin."""

from django.contrib import admin
from django.urls import include, path, register_converter

from lotteries.converters import DateConverter
from lottery_site.views import ping

register_converter(DateConverter, "date")

urlpatterns = [
    path("ping", ping, name="ping"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("ballots.urls")),
]
